//! What can be asked of the history on the command line, and the two things that may be done to it there
//! and nowhere else: accepting a database that was put back, and taking out what is old.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use ed25519_dalek::VerifyingKey;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::app;
use crate::clock::Clock;
use crate::config::Config;
use crate::history::chain::{SignedHead, hex, unhex};
use crate::history::checker::{Checker, Finding};
use crate::history::line::Line;
use crate::store::{Store, history, history_head, history_prune};

#[derive(Subcommand)]
pub enum Audit {
    /// Check that no row was changed, removed, added or cut off; ends with 1 when one was
    Verify {
        /// The portal's configuration file
        #[arg(long, required_unless_present = "export")]
        config: Option<PathBuf>,
        /// Check a complete export (JSON lines) instead, on any machine
        #[arg(long, requires = "public_key", conflicts_with = "config")]
        export: Option<PathBuf>,
        /// The portal's public key, as `audit key` prints it
        #[arg(long, requires = "export")]
        public_key: Option<String>,
        /// Further copies of the signed head, kept elsewhere
        #[arg(long)]
        head: Vec<PathBuf>,
    },
    /// Print the public key with which anyone can check signed heads and exports
    Key {
        #[arg(long)]
        config: PathBuf,
    },
    /// Go on with a database that the head file does not fit, for example a backup that was put back; the
    /// history then says so
    Accept {
        #[arg(long)]
        config: PathBuf,
    },
    /// Take out the oldest rows of an intact history; a row with a signed anchor says so
    Prune {
        #[arg(long)]
        config: PathBuf,
        /// The first day whose rows stay, as 2024-01-01; days are those of UTC
        #[arg(long)]
        before: Date,
    },
}

pub async fn carry_out(command: Audit) -> anyhow::Result<ExitCode> {
    match command {
        Audit::Verify { export: Some(export), public_key, head, .. } => {
            verify_export(&export, &public_key.unwrap_or_default(), &read_heads(&head)?)
        }
        Audit::Verify { config: Some(config), head, .. } => {
            verify(&open(&config).await?, &read_heads(&head)?).await
        }
        Audit::Verify { .. } => bail!("either --config or --export is needed"),
        Audit::Key { config } => {
            println!("{}", hex(history::public_key(&open(&config).await?).as_bytes()));
            Ok(ExitCode::SUCCESS)
        }
        Audit::Accept { config } => accept(&open(&config).await?).await,
        Audit::Prune { config, before } => prune(&open(&config).await?, before).await,
    }
}

async fn open(path: &Path) -> anyhow::Result<Store> {
    app::open_store(&Config::from_file(path)?, Clock::machine()).await
}

fn read_heads(paths: &[PathBuf]) -> anyhow::Result<Vec<SignedHead>> {
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path)?;
        anyhow::Ok(serde_json::from_str(&text)?)
    };
    paths.iter().map(|path| read(path).with_context(|| path.display().to_string())).collect()
}

async fn verify(store: &Store, others: &[SignedHead]) -> anyhow::Result<ExitCode> {
    let (rows, findings) = history::verify(store, others).await?;
    Ok(report(rows, &findings))
}

/// The export's newest row carries its own signature; heads that are newer than it say nothing about it.
fn verify_export(path: &Path, key: &str, heads: &[SignedHead]) -> anyhow::Result<ExitCode> {
    let key = read_key(key).context("--public-key is not a key as `audit key` prints it")?;
    let mut newest: Option<SignedHead> = None;
    let lines = || anyhow::Ok(BufReader::new(File::open(path)?).lines().enumerate());
    for (number, line) in lines().with_context(|| path.display().to_string())? {
        let line = line?;
        let row: Line<'_> =
            serde_json::from_str(&line).with_context(|| format!("line {}", number + 1))?;
        newest = newest.or_else(|| row.head());
    }
    let last = newest.as_ref().map(|head| head.seq);
    let (heads, later): (Vec<_>, Vec<_>) =
        heads.iter().cloned().partition(|head| last.is_none_or(|last| head.seq <= last));
    let mut checker = Checker::new(key, &heads);
    for (_, line) in lines()? {
        checker.take(&serde_json::from_str::<Line<'_>>(&line?)?.into());
    }
    for head in later {
        println!("the head of row {} is newer than this export and was not compared", head.seq);
    }
    let rows = checker.rows();
    Ok(report(rows, &checker.finish(newest.as_ref())))
}

fn read_key(text: &str) -> Option<VerifyingKey> {
    let bytes = <[u8; 32]>::try_from(unhex(text.trim())?).ok()?;
    VerifyingKey::from_bytes(&bytes).ok()
}

async fn accept(store: &Store) -> anyhow::Result<ExitCode> {
    match history_head::accept(store).await? {
        Some(trouble) => println!("accepted, and noted in the history: {trouble}"),
        None => println!("the head file fits the history; there is nothing to accept"),
    }
    Ok(ExitCode::SUCCESS)
}

/// What is not as it was written must stay, so that it can be looked into.
async fn prune(store: &Store, before: Date) -> anyhow::Result<ExitCode> {
    let (rows, findings) = history::verify(store, &[]).await?;
    if !findings.is_empty() {
        println!("nothing was taken out, because the history is not intact:");
        return Ok(report(rows, &findings));
    }
    let first = before.to_zoned(TimeZone::UTC)?.timestamp().as_millisecond();
    match history_prune::prune(store, first).await? {
        Some(pruned) => println!("{} rows were taken out, up to row {}", pruned.rows, pruned.last),
        None => println!("no row is older than that; nothing was taken out"),
    }
    Ok(ExitCode::SUCCESS)
}

fn report(rows: i64, findings: &[Finding]) -> ExitCode {
    for finding in findings {
        println!("{}", in_words(finding));
    }
    println!("{rows} rows checked, {} findings", findings.len());
    ExitCode::from(u8::from(!findings.is_empty()))
}

fn in_words(finding: &Finding) -> String {
    match finding {
        Finding::Altered { seq } => format!("row {seq} was changed after it was written"),
        Finding::Broken { seq } => {
            format!("rows are missing, swapped or were added before row {seq}")
        }
        Finding::Cut { last, signed } => {
            format!("the history ends at row {last}, but row {signed} was signed")
        }
        Finding::Replaced { seq } => format!("row {seq} is not the one that was signed"),
        Finding::BadSignature { which } => {
            format!("the signed head ({which}) does not fit this portal's key")
        }
        Finding::Unsigned { from } => format!("rows from {from} on were never signed"),
        Finding::HeadMissing => "the head file is missing, though the history has rows; put it \
             back, or go on without it by `gleichlauf audit accept`"
            .to_owned(),
        Finding::HeadUnreadable { why } => why.clone(),
    }
}
