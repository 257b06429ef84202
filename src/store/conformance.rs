//! Conformance tests and what they found. How far a test has come stands in its job.

use super::error::StoreError;
use super::row::{Row, args, to_json};
use super::{Read, Result, Tx, jobs};
use crate::clock::Millis;
use crate::conformance::{Check, Verdict, Writing};
use crate::connections::{ConnectionId, ErpConnection};
use crate::connector::types::ActorType;
use crate::history::{Action, Actor, Event, Subject};
use crate::runs::conformance::{Cell, ConformanceRun, Tally, Tested};
use crate::runs::{Job, JobId, Task, Trigger};

const COLUMNS: &str =
    "job_id, connection_id, asked_at, writing, kinds, connector_name, address, form";

/// Has a connection tested; the new run. `None`: a test of it waits or goes on already.
pub async fn ask(
    tx: &mut Tx,
    actor: &Actor,
    connection: &ErpConnection,
    writing: Option<&Writing>,
) -> Result<Option<JobId>> {
    tx.alone().await?;
    let (id, task) = (connection.id, Task::Conformance);
    let is_going = jobs::find_waiting(&mut *tx, id, task).await?.is_some()
        || jobs::find_running(&mut *tx, id, task).await?.is_some();
    if is_going {
        return Ok(None);
    }
    tx.record(actor, &asked(connection, writing)).await?;
    let now = tx.clock().now();
    let new = jobs::NewJob {
        connection: id,
        task,
        trigger: Trigger::Person,
        due_at: now,
        attempt: 0,
        requested_by: &actor.name,
        requested_by_id: actor.id,
    };
    jobs::enqueue(tx, &new).await?;
    let job = jobs::find_waiting(&mut *tx, id, task).await?.ok_or(StoreError::Overtaken)?;
    insert(tx, &job, connection, writing).await?;
    Ok(Some(job.id))
}

async fn insert(
    tx: &mut Tx,
    job: &Job,
    connection: &ErpConnection,
    writing: Option<&Writing>,
) -> Result<()> {
    let writing = writing.map(to_json).transpose()?;
    tx.execute_one(
        "INSERT INTO conformance_run (job_id, connection_id, asked_at, writing, kinds, connector_name, address, form) \
         VALUES ($1, $2, $3, $4, '[]', $5, $6, '')",
        args![
            job.id,
            connection.id,
            job.due_at,
            writing.as_deref(),
            &connection.connector_name,
            &connection.connector_address
        ],
    )
    .await
}

fn event(action: Action, connection: &ErpConnection) -> Event {
    let subject = Subject::new("conformance", connection.id, &connection.name);
    Event::new(action, subject).in_connection(connection.id, &connection.name)
}

fn asked(connection: &ErpConnection, writing: Option<&Writing>) -> Event {
    let event = event(Action::ConformanceAsked, connection)
        .after("writes", if writing.is_some() { "yes" } else { "no" });
    match writing {
        Some(writing) => {
            let event =
                event.after("actor-type", writing.kind.as_str()).after("marker", &writing.marker);
            match writing.marked() {
                Some(actor) => event.after("actor", actor.to_string()),
                None => event,
            }
        }
        None => event,
    }
}

/// Notes which types the connector has, and in which form it answers.
pub async fn begin(tx: &mut Tx, run: JobId, kinds: &[ActorType], form: &str) -> Result<()> {
    let sql = "UPDATE conformance_run SET kinds = $2, form = $3 WHERE job_id = $1";
    tx.execute_one(sql, args![run, to_json(&kinds)?, form]).await
}

/// Keeps what a check came to.
pub async fn add(tx: &mut Tx, run: JobId, cell: &Cell) -> Result<()> {
    let why = cell.why.as_ref().map(to_json).transpose()?;
    tx.execute_one(
        "INSERT INTO conformance_result (run_id, actor_type, check_name, verdict, reason, took_us, timings) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![
            run,
            cell.kind.as_str(),
            cell.check.as_str(),
            cell.verdict.as_str(),
            why.as_deref(),
            i64::try_from(cell.took.as_micros()).unwrap_or(i64::MAX),
            to_json(&cell.timings)?
        ],
    )
    .await
}

/// That a test ended, with what it found.
pub async fn ended(mut db: impl Read, connection: &ErpConnection, run: JobId) -> Result<Event> {
    let tally = tally(&mut db, run).await?;
    Ok(event(Action::ConformanceEnded, connection)
        .after("passed", tally.good().to_string())
        .after("failed", tally.failed.to_string())
        .after("not-tried", tally.not_tried.to_string()))
}

pub async fn find(mut db: impl Read, run: JobId) -> Result<Option<ConformanceRun>> {
    let sql = format!("SELECT {COLUMNS} FROM conformance_run WHERE job_id = $1");
    match db.row(&sql, args![run]).await? {
        Some(row) => read(&mut db, &row).await,
        None => Ok(None),
    }
}

/// The runs of a connection, newest first.
pub async fn list(
    mut db: impl Read,
    connection: ConnectionId,
    limit: i64,
) -> Result<Vec<ConformanceRun>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM conformance_run WHERE connection_id = $1 ORDER BY job_id DESC LIMIT $2"
    );
    let mut runs = Vec::new();
    for row in db.rows(&sql, args![connection, limit]).await? {
        runs.extend(read(&mut db, &row).await?);
    }
    Ok(runs)
}

/// The newest run of the connection that is older than this one and found something.
pub async fn find_before(
    mut db: impl Read,
    run: &ConformanceRun,
) -> Result<Option<ConformanceRun>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM conformance_run r WHERE connection_id = $1 AND job_id < $2 \
         AND EXISTS (SELECT 1 FROM conformance_result WHERE run_id = r.job_id) ORDER BY job_id DESC LIMIT 1"
    );
    match db.row(&sql, args![run.job.connection_id, run.job.id]).await? {
        Some(row) => read(&mut db, &row).await,
        None => Ok(None),
    }
}

/// What a run has found so far; checks of other versions of the program are left out.
pub async fn cells(mut db: impl Read, run: JobId) -> Result<Vec<Cell>> {
    let sql = "SELECT actor_type, check_name, verdict, reason, took_us, timings FROM conformance_result \
               WHERE run_id = $1";
    let mut cells = Vec::new();
    for row in db.rows(sql, args![run]).await? {
        let Some(check) = Check::parse(&row.text("check_name")?) else { continue };
        cells.push(Cell {
            kind: row.named("actor_type", ActorType::parse)?,
            check,
            verdict: row.named("verdict", Verdict::parse)?,
            why: row.opt_json("reason")?,
            took: micros(row.int("took_us")?),
            timings: row.json("timings")?,
        });
    }
    cells.sort_by_key(|cell| (cell.check, cell.kind));
    Ok(cells)
}

fn micros(micros: i64) -> std::time::Duration {
    std::time::Duration::from_micros(u64::try_from(micros).unwrap_or_default())
}

async fn tally(db: &mut impl Read, run: JobId) -> Result<Tally> {
    let sql = "SELECT verdict, COUNT(*) AS number FROM conformance_result WHERE run_id = $1 GROUP BY verdict";
    let mut tally = Tally::default();
    for row in db.rows(sql, args![run]).await? {
        tally.add(row.named("verdict", Verdict::parse)?, row.int("number")?);
    }
    Ok(tally)
}

async fn read(db: &mut impl Read, row: &Row) -> Result<Option<ConformanceRun>> {
    let id: JobId = row.int("job_id")?;
    let Some(job) = jobs::find_with(db, id).await? else { return Ok(None) };
    let asked_at: Millis = row.int("asked_at")?;
    Ok(Some(ConformanceRun {
        asked_at,
        writing: row.opt_json("writing")?,
        kinds: row.json("kinds")?,
        connector: Tested {
            name: row.text("connector_name")?,
            address: row.text("address")?,
            form: row.text("form")?,
        },
        tally: tally(db, id).await?,
        job,
    }))
}
