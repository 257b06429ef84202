//! Taking out the oldest rows of the history, which only whoever runs the portal can do, on its machine. A
//! row says so, with a signed anchor that the rest begins after; everything else stays refused.

use super::dialect::Dialect;
use super::open::{POSTGRES_TRIGGER, SQLITE_NO_DELETE};
use super::row::args;
use super::{Read, Result, Store, Tx};
use crate::clock::Millis;
use crate::history::anchor::Anchor;
use crate::history::{Action, Actor, Event, Subject};
use crate::i18n::format::iso;

/// What was taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pruned {
    pub rows: i64,
    /// The newest row that is gone.
    pub last: i64,
}

/// Takes out the rows up to the first one of this moment or later. `None`: there is none so old.
pub async fn prune(store: &Store, before: Millis) -> Result<Option<Pruned>> {
    let mut tx = store.begin().await?;
    tx.alone().await?;
    let Some((pruned, anchor)) = oldest(&mut tx, before).await? else { return Ok(None) };
    let event = Event::new(Action::HistoryPruned, Subject::only("portal"))
        .after("rows", pruned.rows.to_string())
        .after("older-than", iso(before));
    tx.record(&Actor::system(), &anchor.note(event)).await?;
    // The triggers know no exception. They are away for as long as nobody else can write, and are back
    // with the commit or without it.
    let (off, on) = match store.dialect() {
        Dialect::Sqlite => ("DROP TRIGGER history_no_delete", SQLITE_NO_DELETE),
        Dialect::Postgres => ("DROP TRIGGER history_no_change ON history", POSTGRES_TRIGGER),
    };
    tx.execute(off, args![]).await?;
    tx.execute("DELETE FROM history WHERE seq <= $1", args![pruned.last]).await?;
    tx.execute(on, args![]).await?;
    tx.commit().await?;
    Ok(Some(pruned))
}

/// The rows before a moment, without a gap from the oldest on.
async fn oldest(mut tx: &mut Tx, before: Millis) -> Result<Option<(Pruned, Anchor)>> {
    let sql = "SELECT seq, hash FROM history WHERE seq < \
               COALESCE((SELECT MIN(seq) FROM history WHERE at >= $1), \
               (SELECT MAX(seq) + 1 FROM history)) ORDER BY seq DESC LIMIT 1";
    let Some(last) = tx.row(sql, args![before]).await? else { return Ok(None) };
    let (seq, hash) = (last.int("seq")?, last.text("hash")?);
    let count = "SELECT COUNT(*) AS rows FROM history WHERE seq <= $1";
    let counted = tx.row(count, args![seq]).await?;
    let rows = counted.map_or(Ok(0), |row| row.int("rows"))?;
    let anchor = tx.store.0.head.sign_anchor(seq, &hash);
    Ok(Some((Pruned { rows, last: seq }, anchor)))
}
