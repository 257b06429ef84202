//! PostgreSQL's own command line, to look into a database from outside. One that stays spares a start per question.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};

/// psql on one database, for many questions; it ends with the first that fails.
pub struct Psql {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Psql {
    const END: &str = "-- that was all --";

    pub fn open(database: &str) -> Self {
        let mut child = Command::new("psql")
            .args(["-qAtX", "-v", "ON_ERROR_STOP=1", database])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, output }
    }

    pub fn ask(&mut self, sql: &str) -> Result<String, String> {
        let question = format!("{sql}\n;\n\\echo '{}'\n", Self::END);
        // Whether it is still there is seen from its answer.
        let _ = self.child.stdin.as_mut().unwrap().write_all(question.as_bytes());
        let mut answer = String::new();
        loop {
            let start = answer.len();
            if self.output.read_line(&mut answer).unwrap() == 0 {
                let mut said = String::new();
                self.child.stderr.as_mut().unwrap().read_to_string(&mut said).unwrap();
                return Err(said);
            }
            if answer[start..].trim_end() == Self::END {
                answer.truncate(start);
                return Ok(answer);
            }
        }
    }
}

impl Drop for Psql {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
