//! The program itself as a process of its own, on files that outlive it: killed at any moment, stopped at a
//! fail point, started again.

use std::fs::{self, File};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use gleichlauf::clock::Clock;
use gleichlauf::sync::failpoint::Point;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::{sleep, timeout};

use super::database::Database;
use super::licences;
use super::records::Records;
use crate::practice;

/// Far longer than anything takes, on the slowest machine.
const LIMIT: Duration = Duration::from_secs(240);

/// What a portal leaves on disk: database, key, licence, configuration.
pub struct Installation {
    pub records: Records,
}

/// A running portal; killed when dropped.
pub struct Program {
    pub address: String,
    child: Child,
    _output: Lines<BufReader<ChildStdout>>,
}

impl Installation {
    /// A portal that may call these connector addresses, with a licence and nobody in it.
    pub async fn new(allowed: &[String]) -> Self {
        let database = Database::fresh();
        let store = database.open(&Clock::machine()).await;
        licences::put_keys(database.folder());
        licences::install(&store, "2099-12-31").await;
        let lines = format!(
            "database = {:?}\nkey_file = {:?}\nhistory_head = {:?}\n[connectors]\nallowed = {allowed:?}\n",
            database.settings.database, database.settings.key_file, database.settings.head_file,
        );
        fs::write(database.folder().join("gleichlauf.toml"), lines).unwrap();
        let practice = database.folder().join("practice-erp.db");
        fs::write(practice, practice::filled_file().await).unwrap();
        Self { records: Records { store, database } }
    }

    /// Starts the portal, to run until it is killed or comes to the fail point.
    pub async fn start(&self, failpoint: Option<Point>) -> Program {
        let folder = self.records.database.folder();
        let log = File::options().create(true).append(true).open(folder.join("log")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_gleichlauf"));
        command
            .args(["demo", "--listen", "127.0.0.1:0", "--folder"])
            .arg(folder)
            .env("CARGO_MANIFEST_DIR", env!("CARGO_MANIFEST_DIR"))
            .env_remove("GLEICHLAUF_FAILPOINT")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true);
        if let Some(point) = failpoint {
            command.env("GLEICHLAUF_FAILPOINT", point.to_string());
        }
        let mut child = command.spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = timeout(LIMIT, output.next_line()).await.expect("it does not start").unwrap();
        let first = first.unwrap_or_else(|| panic!("it does not start: {}", read_log(folder)));
        let address = first.split_whitespace().last().unwrap().to_owned();
        Program { address, child, _output: output }
    }

    /// What the program has had to say so far.
    pub fn log(&self) -> String {
        read_log(self.records.database.folder())
    }
}

fn read_log(folder: &Path) -> String {
    fs::read_to_string(folder.join("log")).unwrap_or_default()
}

impl Program {
    /// As `kill -9` does.
    pub async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }

    /// Waits until it has ended by itself.
    pub async fn ended(&mut self) -> ExitStatus {
        timeout(LIMIT, self.child.wait()).await.expect("it goes on and on").unwrap()
    }
}

/// Waits until something is so.
pub async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !is_so().await {
        assert!(begun.elapsed() < LIMIT, "it never came about that {what}");
        sleep(Duration::from_millis(50)).await;
    }
}
