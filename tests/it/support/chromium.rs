//! Debian's Chromium behind its own driver, on a port and with a profile of their own; gone when dropped.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tempfile::TempDir;

pub struct Chromium {
    driver: Child,
    /// Kept open, or the driver would fail at its next line.
    _output: BufReader<ChildStdout>,
    port: u16,
    session: String,
    http: reqwest::Client,
    _profile: TempDir,
}

impl Chromium {
    /// Opens a window of a reader of this language; without scripts if `scripts` is false.
    pub async fn open(language: &str, scripts: bool) -> (Self, Client) {
        let (driver, output, port) = tokio::task::spawn_blocking(launch).await.unwrap();
        let profile = tempfile::tempdir().unwrap();
        let address = format!("http://127.0.0.1:{port}");
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities(language, scripts, &profile));
        let client = builder.connect(&address).await.expect("no Chromium; run tests/all");
        let session = client.session_id().await.unwrap().unwrap();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        (Self { driver, _output: output, port, session, http, _profile: profile }, client)
    }

    /// Any command of the driver's for this window.
    pub async fn command(&self, path: &str, body: &serde_json::Value) -> serde_json::Value {
        let address = format!("http://127.0.0.1:{}/session/{}/{path}", self.port, self.session);
        let request = self.http.post(address).header("Content-Type", "application/json");
        let text = request.body(body.to_string()).send().await.unwrap().text().await.unwrap();
        let mut answer: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert!(answer["value"]["error"].is_null(), "{path}: {text}");
        answer["value"].take()
    }

    /// A command of the developer tools.
    pub async fn devtools(&self, name: &str, parameters: serde_json::Value) -> serde_json::Value {
        let body = json!({ "cmd": name, "params": parameters });
        self.command("goog/cdp/execute", &body).await
    }

    /// The driver closes the browser, also after a test that failed.
    fn close(&self) -> std::io::Result<()> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        let request = format!(
            "DELETE /session/{} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
            self.session
        );
        stream.write_all(request.as_bytes())?;
        let _ = stream.read(&mut [0; 1024])?;
        Ok(())
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.close();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn capabilities(
    language: &str,
    scripts: bool,
    profile: &TempDir,
) -> serde_json::Map<String, serde_json::Value> {
    let mut preferences = json!({ "intl.accept_languages": language });
    if !scripts {
        preferences["profile.managed_default_content_settings.javascript"] = json!(2);
    }
    let arguments = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-software-rasterizer",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--window-size=1280,1000",
    ];
    let mut arguments: Vec<String> = arguments.map(str::to_owned).into();
    arguments.push(format!("--lang={language}"));
    arguments.push(format!("--user-data-dir={}", profile.path().display()));
    let options = json!({ "args": arguments, "prefs": preferences });
    let log = json!({ "browser": "ALL" });
    let all = [("goog:chromeOptions".to_owned(), options), ("goog:loggingPrefs".to_owned(), log)];
    all.into_iter().collect()
}

/// The driver takes any free port, and ends where another program took the same one of the other kind of address
/// in that moment; then it is started once more.
fn launch() -> (Child, BufReader<ChildStdout>, u16) {
    let mut ended = Vec::new();
    while ended.len() < 5 {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("no chromedriver; run tests/all, which installs it");
        let mut output = BufReader::new(driver.stdout.take().unwrap());
        match port_of(&mut output) {
            Some(port) => return (driver, output, port),
            None => ended.push(driver.wait().unwrap()),
        }
    }
    panic!("the driver ended: {ended:?}");
}

/// Where it says that it listens.
fn port_of(output: &mut BufReader<ChildStdout>) -> Option<u16> {
    let mut line = String::new();
    while output.read_line(&mut line).unwrap() > 0 {
        let port = line.trim_end().trim_end_matches('.').rsplit("on port ").next().unwrap();
        if let (true, Ok(port)) = (line.contains("started successfully"), port.parse()) {
            return Some(port);
        }
        line.clear();
    }
    None
}
