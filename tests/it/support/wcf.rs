//! A real .NET connector of one's own: WCF on Mono, from `tests/wcf`, gone when dropped.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::Mutex;

use serde_json::Value;

/// In which namespace the connector's data types are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The service's own.
    Own,
    /// .NET's default.
    Default,
}

pub struct Wcf {
    child: Child,
    _output: ChildStdout,
    port: u16,
    http: reqwest::Client,
}

impl Wcf {
    /// Starts a connector with that many customers, and as many persons.
    pub async fn start(form: Form, customers: usize) -> Self {
        let program =
            tokio::task::spawn_blocking(move || program("Connector", form)).await.unwrap();
        for _ in 0..5 {
            if let Some((child, output, port)) = launch(&program, customers) {
                let http = reqwest::Client::builder().no_proxy().build().unwrap();
                return Self { child, _output: output, port, http };
            }
        }
        panic!("the .NET connector does not start; run tests/all, which installs Mono");
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/Services/ErpConnectorWS.svc", self.port)
    }

    /// The line of the configuration file that lets it be called.
    pub fn line(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// A user of the ERP changes a value; the new timestamp.
    pub async fn set(&self, kind: &str, key: &str, field: &str, value: &str) -> String {
        let pairs = [("type", kind), ("key", key), ("field", field), ("value", value)];
        self.control("set", &pairs).await.as_str().unwrap().to_owned()
    }

    /// A row disappears from the ERP.
    pub async fn delete(&self, kind: &str, key: &str) {
        self.control("delete", &[("type", kind), ("key", key)]).await;
    }

    /// The connector forgets its connections.
    pub async fn forget(&self) {
        self.control("forget", &[]).await;
    }

    /// Every call takes that long from now on.
    pub async fn delay(&self, ms: u64) {
        self.control("delay", &[("ms", &ms.to_string())]).await;
    }

    /// The next such call (`*`: any) ends in a fault.
    pub async fn fail(&self, call: &str) {
        self.control("fail", &[("call", call)]).await;
    }

    /// The calls since the last time this was asked: method and connection.
    pub async fn calls(&self) -> Vec<(String, String)> {
        let calls = self.control("calls", &[("clear", "1")]).await;
        let pair = |call: &Value| {
            let (method, connection) = call.as_str().unwrap().split_once('\t').unwrap();
            (method.to_owned(), connection.to_owned())
        };
        calls.as_array().unwrap().iter().map(pair).collect()
    }

    /// What the ERP holds, by key: `modified`, `parent`, `values`.
    pub async fn dump(&self, kind: &str) -> serde_json::Map<String, Value> {
        match self.control("dump", &[("type", kind)]).await {
            Value::Object(rows) => rows,
            other => panic!("{other}"),
        }
    }

    async fn control(&self, command: &str, pairs: &[(&str, &str)]) -> Value {
        let start = format!("http://127.0.0.1:{}/control/{command}", self.port + 1);
        let url = reqwest::Url::parse_with_params(&start, pairs).unwrap();
        let answer = self.http.get(url).send().await.unwrap();
        assert!(answer.status().is_success(), "{command}: {}", answer.status());
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }
}

impl Drop for Wcf {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs a .NET client of the contract, `tests/wcf/Client.cs`, on a connector; what it says.
pub async fn run_client(form: Form, address: String) -> String {
    let run = move || Command::new("mono").arg(program("Client", form)).arg(address).output();
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    let output = output.expect("no Mono; run tests/all, which installs it");
    [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap()).concat()
}

/// The compiled program; compiled again when its source is newer.
fn program(name: &str, form: Form) -> PathBuf {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _guard = ONE_AT_A_TIME.lock().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wcf");
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{form:?}.exe"));
    let sources = [source.join("Contract.cs"), source.join(format!("{name}.cs"))];
    let changed = |path: &Path| path.metadata().and_then(|m| m.modified()).ok();
    if changed(&program) > sources.iter().map(|path| changed(path)).max().flatten() {
        return program;
    }
    let fresh = program.with_extension(format!("{}.exe", std::process::id()));
    let mut command = Command::new("mcs");
    command.arg("-nologo").arg(format!("-out:{}", fresh.display())).args(&sources);
    for library in ["System.ServiceModel", "System.Runtime.Serialization", "System.Web"] {
        command.arg(format!("-r:{library}.dll"));
    }
    if form == Form::Default {
        command.arg("-d:SPLIT");
    }
    let status = command.status().expect("no C# compiler; run tests/all, which installs Mono");
    assert!(status.success(), "the .NET connector does not compile; run tests/all");
    std::fs::rename(fresh, &program).unwrap();
    program
}

/// Starts it on two neighbouring free ports; `None` when somebody else took one of them meanwhile.
fn launch(program: &Path, customers: usize) -> Option<(Child, ChildStdout, u16)> {
    let port = free_pair();
    let mut child = Command::new("mono")
        .arg(program)
        .arg(port.to_string())
        .arg(customers.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("no Mono; run tests/all, which installs it");
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    while !line.starts_with("control") {
        line.clear();
        if output.read_line(&mut line).unwrap_or(0) == 0 {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
    }
    Some((child, output.into_inner(), port))
}

fn free_pair() -> u16 {
    loop {
        let first = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = first.local_addr().unwrap().port();
        if port < u16::MAX && TcpListener::bind(("127.0.0.1", port + 1)).is_ok() {
            return port;
        }
    }
}
