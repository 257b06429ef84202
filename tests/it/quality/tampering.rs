//! L2: whoever has the database in hand, but not the key, changes nothing unseen: eight kinds of tampering,
//! each at a hundred random places.

use gleichlauf::history::chain::{self, SignedHead};
use gleichlauf::history::{Action, Actor, Entry, Event, Subject};
use gleichlauf::store::history_log::{self, Filter};
use gleichlauf::store::page::Place;
use gleichlauf::store::{Store, history};

use crate::durability::chance::{Chance, seed};
use crate::support::database::{Database, is_postgres, store};

const ROWS: i64 = 60;

const COLUMNS: [&str; 16] = [
    "at",
    "actor_kind",
    "actor_id",
    "actor_name",
    "actor_role",
    "address",
    "connection_id",
    "connection_name",
    "action",
    "subject_kind",
    "subject_id",
    "subject_name",
    "before_values",
    "after_values",
    "previous_hash",
    "hash",
];

/// A history with copies of its rows and of every head it ever had, and without its triggers.
struct Victim {
    store: Store,
    database: Database,
    rows: Vec<Entry>,
    heads: Vec<SignedHead>,
    chance: Chance,
}

impl Victim {
    async fn new() -> Self {
        let (store, _, database) = store().await;
        let mut heads = Vec::new();
        for number in 0..ROWS {
            write(&store, number).await;
            heads.push(history::database_head(&store).await.unwrap());
        }
        let filter = Filter { is_oldest_first: true, ..Filter::default() };
        let rows = history_log::page(&store, &filter, Place::First, ROWS).await.unwrap().items;
        let triggers = match is_postgres() {
            true => "DROP TRIGGER history_no_change ON history;",
            false => {
                "DROP TRIGGER history_no_update; DROP TRIGGER history_no_delete; \
                 DROP TRIGGER history_no_replace;"
            }
        };
        let kept = "CREATE TABLE kept AS SELECT * FROM history; \
                    CREATE TABLE kept_head AS SELECT * FROM history_head";
        assert!(database.sql(&format!("{triggers}{kept}")));
        Self { store, database, rows, heads, chance: Chance::new(seed()) }
    }

    /// A random row number from `from` to `to`, both included.
    fn row(&mut self, from: i64, to: i64) -> i64 {
        from + i64::try_from(self.chance.below(u64::try_from(to - from + 1).unwrap())).unwrap()
    }

    /// Tampers with the untouched history, and gives whether that is found.
    async fn is_found(&self, sql: &str) -> bool {
        let back = "DELETE FROM history; INSERT INTO history SELECT * FROM kept; \
                    DELETE FROM history_head; INSERT INTO history_head SELECT * FROM kept_head";
        assert!(self.database.sql(&format!("{back}; {sql}")), "{sql}");
        let (_, findings) = history::verify(&self.store, &[]).await.unwrap();
        !findings.is_empty()
    }

    /// Some column of some row, and every other time the hashes after it made to fit.
    fn change(&mut self, number: u64) -> String {
        let row = self.row(1, ROWS);
        let column = COLUMNS[usize::try_from(self.chance.below(16)).unwrap()];
        if number.is_multiple_of(2) || column.ends_with("hash") {
            return match column {
                "at" | "actor_id" | "connection_id" | "subject_id" => format!(
                    "UPDATE history SET {column} = COALESCE({column}, 41) + 1 WHERE seq = {row}"
                ),
                _ => format!("UPDATE history SET {column} = {column} || 'x' WHERE seq = {row}"),
            };
        }
        let mut forged = self.rows[usize::try_from(row).unwrap() - 1..].to_vec();
        forged[0].actor_name.push('x');
        let changed =
            format!("UPDATE history SET actor_name = actor_name || 'x' WHERE seq = {row}");
        format!("{changed}; {}", fitted(&mut forged))
    }

    /// A row that never was, with every number and hash after it made to fit.
    fn insert(&mut self) -> String {
        let after = self.row(0, ROWS);
        let template = usize::try_from(after.max(1)).unwrap() - 1;
        let mut forged = vec![Entry { seq: after + 1, ..self.rows[template].clone() }];
        forged[0].previous_hash = match after {
            0 => String::new(),
            _ => self.rows[template].hash.clone(),
        };
        forged.extend(
            self.rows[usize::try_from(after).unwrap()..]
                .iter()
                .cloned()
                .map(|row| Entry { seq: row.seq + 1, ..row }),
        );
        let source = after.max(1);
        format!(
            "UPDATE history SET seq = -seq WHERE seq > {after}; \
             UPDATE history SET seq = 1 - seq WHERE seq < 0; \
             INSERT INTO history SELECT {}, at, actor_kind, actor_id, actor_name, actor_role, address, \
             connection_id, connection_name, action, subject_kind, subject_id, subject_name, before_values, \
             after_values, previous_hash, hash FROM kept WHERE seq = {source}; {}",
            after + 1,
            fitted(&mut forged)
        )
    }

    fn swap(&mut self) -> String {
        let one = self.row(1, ROWS - 1);
        let other = self.row(one + 1, ROWS);
        format!(
            "UPDATE history SET seq = -1 WHERE seq = {one}; \
             UPDATE history SET seq = {one} WHERE seq = {other}; \
             UPDATE history SET seq = {other} WHERE seq = -1"
        )
    }

    /// Everything after a row is gone, and the head moved back, with a signature or without its own.
    fn cut(&mut self, with_signature: bool) -> String {
        let last = self.row(1, ROWS - 1);
        let head = &self.heads[usize::try_from(last).unwrap() - 1];
        let signed = match with_signature {
            true => format!(", signature = '{}'", head.signature),
            false => String::new(),
        };
        format!(
            "DELETE FROM history WHERE seq > {last}; \
             UPDATE history_head SET seq = {last}, hash = '{}'{signed}",
            head.hash
        )
    }

    fn tamper(&mut self, kind: &str, number: u64) -> String {
        match kind {
            "change" => self.change(number),
            "delete the first" => format!("DELETE FROM history WHERE seq <= {}", self.row(1, 30)),
            "delete in the middle" => {
                format!("DELETE FROM history WHERE seq = {}", self.row(2, ROWS - 1))
            }
            "delete the last" => {
                format!("DELETE FROM history WHERE seq >= {}", self.row(2, ROWS))
            }
            "insert" => self.insert(),
            "swap" => self.swap(),
            "cut the tail" => self.cut(false),
            _ => self.cut(true),
        }
    }
}

/// Hashes made anew from the first of these rows on, and the head with them; only the key is missing.
fn fitted(forged: &mut [Entry]) -> String {
    let mut previous = forged[0].previous_hash.clone();
    let mut sql = String::new();
    for row in forged {
        row.previous_hash = previous;
        row.hash = chain::hash(row);
        sql += &format!(
            "UPDATE history SET previous_hash = '{}', hash = '{}' WHERE seq = {}; \
             UPDATE history_head SET seq = {2}, hash = '{1}'; ",
            row.previous_hash, row.hash, row.seq
        );
        previous = row.hash.clone();
    }
    sql
}

async fn write(store: &Store, number: i64) {
    let subject = Subject::new("company", number, format!("Łódź & Söhne {number}"));
    let event = Event::new(Action::RecordChanged, subject).in_connection(3, "Nord").changed(
        "phone",
        "",
        number.to_string(),
    );
    let mut tx = store.begin().await.unwrap();
    tx.record(&Actor::user(7, "Anna Berg", "admin", "192.0.2.1"), &event).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_kinds_of_tampering_are_found_at_a_hundred_places_each() {
    // Every statement starts a program, and PostgreSQL's takes its time.
    let places = if is_postgres() { 5 } else { 100 };
    let mut victim = Victim::new().await;
    for kind in [
        "change",
        "delete the first",
        "delete in the middle",
        "delete the last",
        "insert",
        "swap",
        "cut the tail",
        "older backup",
    ] {
        assert!(!victim.is_found("SELECT 1").await, "a false alarm before: {kind}");
        for number in 0..places {
            let sql = victim.tamper(kind, number);
            assert!(victim.is_found(&sql).await, "not found: {kind}: {sql}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_rows_raise_no_false_alarm() {
    let (store, _, _database) = store().await;
    let mut tx = store.begin().await.unwrap();
    for number in 0..10_000_i64 {
        let subject = Subject::new("company", number, "Łódź & Söhne");
        let event = Event::new(Action::RecordChanged, subject).changed("phone", "", "\u{0}'\"\\");
        tx.record(&Actor::engine(), &event).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(history::verify(&store, &[]).await.unwrap(), (10_000, vec![]));
}
