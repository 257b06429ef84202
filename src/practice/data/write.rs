//! Changing actors: each operation is one transaction, and each changed row takes the client's next
//! number and leaves a line among the changes in it. A row whose values stay the same is not touched.

use serde::Serialize;
use sqlx::{Sqlite, SqliteConnection, Transaction};

use super::changes::{self, Author, Change, Difference};
use super::rows::{self, Shelf};
use super::{PracticeError, Result, Row, json};
use crate::clock::Millis;
use crate::connector::types::{Actor, ActorRef, FieldValues, NewActor};
use crate::practice::objection::Objection;
use crate::practice::{Practice, check, model, search};

/// New values for an actor that exists.
#[derive(Clone, Debug)]
pub struct Edit {
    pub of: ActorRef,
    /// Only these fields are written.
    pub fields: FieldValues,
    /// Stays as it is when absent.
    pub parent: Option<ActorRef>,
    /// The change number the writer has seen; a newer one refuses the edit.
    pub seen: Option<i64>,
}

impl From<&Actor> for Edit {
    fn from(actor: &Actor) -> Self {
        Self {
            of: ActorRef { kind: actor.kind, key: actor.key.clone() },
            fields: actor.fields.clone(),
            parent: actor.parent.clone(),
            seen: None,
        }
    }
}

impl Practice {
    /// Makes a new actor; the ERP gives key and number.
    pub async fn create(&self, client: &str, by: &Author, new: &NewActor) -> Result<Row> {
        let mut values = check::for_create(new.kind, &new.fields)?;
        check::parent(new.kind, new.parent.as_ref())?;
        let mut desk = self.desk(client, by).await?;
        desk.parent_exists(new.parent.as_ref()).await?;
        let number = next_in_series(&mut desk.tx, client, new.kind.as_str()).await?;
        values.insert(model::number_field(new.kind).to_owned(), number.to_string());
        let mut row = Row {
            kind: new.kind,
            key: format!("{}{number}", model::key_letter(new.kind)),
            parent: new.parent.clone(),
            modified: 0,
            changed_at: desk.at,
            values,
        };
        desk.put(None, &mut row).await?;
        desk.tx.commit().await?;
        Ok(row)
    }

    /// Writes all of these, or none when one is refused; gives the rows as they are now.
    pub async fn save(&self, client: &str, by: &Author, edits: &[Edit]) -> Result<Vec<Row>> {
        let mut desk = self.desk(client, by).await?;
        let mut saved = Vec::with_capacity(edits.len());
        for edit in edits {
            saved.push(desk.save(edit).await.map_err(|error| named(error, edit))?);
        }
        desk.tx.commit().await?;
        Ok(saved)
    }

    /// Books one value as the ERP itself does, also where others may only read.
    pub async fn book(&self, client: &str, of: &ActorRef, field: &str, raw: &str) -> Result<Row> {
        let values = check::for_booking(of.kind, field, raw)?;
        let mut desk = self.desk(client, &Author::Books).await?;
        let row = desk.find(of).await?;
        let row = desk.overwrite(row, values, None).await?;
        desk.tx.commit().await?;
        Ok(row)
    }

    /// Removes an actor that nobody hangs on.
    pub async fn delete(&self, client: &str, by: &Author, of: &ActorRef) -> Result<()> {
        const SQL: &str = "DELETE FROM actor WHERE client = $1 AND kind = $2 AND key = $3";
        let mut desk = self.desk(client, by).await?;
        let mut row = desk.find(of).await?;
        let children = rows::count_children(&mut *desk.tx, client, of).await?;
        if children > 0 {
            return Err(Objection::HasChildren { of: of.clone(), children }.into());
        }
        row.modified = desk.note(&row, "deleted", &[]).await?;
        let query = sqlx::query(SQL).bind(client).bind(of.kind.as_str()).bind(&of.key);
        query.execute(&mut *desk.tx).await?;
        Ok(desk.tx.commit().await?)
    }

    async fn desk<'a>(&self, client: &'a str, by: &'a Author) -> Result<Desk<'a>> {
        let tx = self.write.begin_with("BEGIN IMMEDIATE").await?;
        Ok(Desk { tx, client, by, at: self.clock.now() })
    }
}

fn named(error: PracticeError, edit: &Edit) -> PracticeError {
    match error {
        PracticeError::Objection(why) => {
            Objection::InBatch { actor: edit.of.clone(), why: Box::new(why) }.into()
        }
        other => other,
    }
}

/// Where one person's or one connector's changes are made.
struct Desk<'a> {
    tx: Transaction<'static, Sqlite>,
    client: &'a str,
    by: &'a Author,
    at: Millis,
}

impl Desk<'_> {
    async fn save(&mut self, edit: &Edit) -> Result<Row> {
        let values = check::for_save(edit.of.kind, &edit.fields)?;
        let row = self.find(&edit.of).await?;
        if edit.seen.is_some_and(|seen| seen != row.modified) {
            return Err(Objection::ChangedMeanwhile(edit.of.clone()).into());
        }
        if edit.parent.is_some() && edit.parent != row.parent {
            check::parent(edit.of.kind, edit.parent.as_ref())?;
            self.parent_exists(edit.parent.as_ref()).await?;
        }
        self.overwrite(row, values, edit.parent.clone()).await
    }

    async fn overwrite(
        &mut self,
        before: Row,
        values: FieldValues,
        parent: Option<ActorRef>,
    ) -> Result<Row> {
        let mut row = before.clone();
        row.values.extend(values);
        row.parent = parent.or(row.parent);
        if row == before {
            return Ok(row);
        }
        self.put(Some(&before), &mut row).await?;
        Ok(row)
    }

    async fn find(&mut self, of: &ActorRef) -> Result<Row> {
        let shelf = Shelf { client: self.client, kind: of.kind };
        let row = rows::find(&mut self.tx, shelf, &of.key).await?;
        row.ok_or_else(|| Objection::NoSuchActor(of.clone()).into())
    }

    async fn parent_exists(&mut self, parent: Option<&ActorRef>) -> Result<()> {
        match parent {
            Some(parent) => self.find(parent).await.map(|_| ()),
            None => Ok(()),
        }
    }

    async fn put(&mut self, before: Option<&Row>, row: &mut Row) -> Result<()> {
        let action = if before.is_some() { "changed" } else { "created" };
        let differences = changes::differences(before, row);
        row.modified = self.note(row, action, &differences).await?;
        row.changed_at = self.at;
        write_rows(&mut self.tx, self.client, std::slice::from_ref(row)).await
    }

    /// Takes the next number, and writes down what was done under it.
    async fn note(&mut self, row: &Row, action: &str, what: &[Difference]) -> Result<i64> {
        let modified = next_in_series(&mut self.tx, self.client, "change").await?;
        let change = Change {
            modified,
            of: row.actor_ref(),
            name: search::name(row.kind, &row.values),
            author: self.by.clone(),
            at: self.at,
            action: action.to_owned(),
            differences: what.to_vec(),
        };
        changes::insert(&mut self.tx, self.client, &change).await?;
        Ok(modified)
    }
}

/// Writes rows over what there is under their keys, however many in one statement.
pub(in crate::practice) async fn write_rows(
    connection: &mut SqliteConnection,
    client: &str,
    rows: &[Row],
) -> Result<()> {
    const SQL: &str =
        "INSERT INTO actor (client, kind, key, parent_kind, parent_key, label, search,
            modified, changed_at, field_values)
        SELECT $1, value ->> 'kind', value ->> 'key', value ->> 'parent_kind',
            value ->> 'parent_key', value ->> 'label', value ->> 'search', value ->> 'modified',
            value ->> 'changed_at', value ->> 'values'
        FROM json_each($2) WHERE true
        ON CONFLICT (client, kind, key) DO UPDATE SET parent_kind = excluded.parent_kind,
            parent_key = excluded.parent_key, label = excluded.label, search = excluded.search,
            modified = excluded.modified, changed_at = excluded.changed_at,
            field_values = excluded.field_values";
    let rows: Vec<RowToWrite<'_>> = rows.iter().map(RowToWrite::new).collect();
    sqlx::query(SQL).bind(client).bind(json(&rows)?).execute(connection).await?;
    Ok(())
}

/// A row with what is derived from it.
#[derive(Serialize)]
struct RowToWrite<'a> {
    kind: &'a str,
    key: &'a str,
    parent_kind: Option<&'a str>,
    parent_key: Option<&'a str>,
    label: String,
    search: String,
    modified: i64,
    changed_at: Millis,
    values: &'a FieldValues,
}

impl<'a> RowToWrite<'a> {
    fn new(row: &'a Row) -> Self {
        Self {
            kind: row.kind.as_str(),
            key: &row.key,
            parent_kind: row.parent.as_ref().map(|parent| parent.kind.as_str()),
            parent_key: row.parent.as_ref().map(|parent| parent.key.as_str()),
            label: search::label(row.kind, &row.values),
            search: search::haystack(&row.key, &row.values),
            modified: row.modified,
            changed_at: row.changed_at,
            values: &row.values,
        }
    }
}

async fn next_in_series(
    connection: &mut SqliteConnection,
    client: &str,
    name: &str,
) -> Result<i64> {
    const SQL: &str =
        "UPDATE series SET last = last + 1 WHERE client = $1 AND name = $2 RETURNING last";
    Ok(sqlx::query_scalar(SQL).bind(client).bind(name).fetch_one(connection).await?)
}
