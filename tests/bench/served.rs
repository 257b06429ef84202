//! The portal as a process of its own: `gleichlauf serve` on a folder.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::answer::{Connection, header, status};
use super::companies::{LOGIN, PASSWORD};

/// A running portal; ends when dropped.
pub struct Served {
    pub address: String,
    child: Child,
}

impl Served {
    /// Starts it; it may not answer yet.
    pub fn start(folder: &Path) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let file = folder.join("gleichlauf.toml");
        let assets = concat!(env!("CARGO_MANIFEST_DIR"), "/static");
        let lines = format!("listen = \"{free}\"\nstatic_folder = {assets:?}\n");
        std::fs::write(&file, lines).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_gleichlauf"))
            .arg("serve")
            .arg("--config")
            .arg(file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { address: free.to_string(), child }
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Asks until it answers.
    pub async fn first_answer(&self, request: &[u8]) {
        loop {
            if let Ok(mut connection) = Connection::open(&self.address).await {
                assert_eq!(status(connection.ask(request).await.unwrap()), "200");
                return;
            }
            tokio::time::sleep(std::time::Duration::from_micros(200)).await;
        }
    }

    /// Signs somebody in; gives the cookies.
    pub async fn sign_in(&self) -> String {
        let mut connection = Connection::open(&self.address).await.unwrap();
        let form = connection.ask(&get("/sign-in", "", "")).await.unwrap().to_owned();
        let token = form.split("name=\"csrf\" value=\"").nth(1).unwrap();
        let token = token.split('"').next().unwrap();
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("login", LOGIN), ("password", PASSWORD), ("csrf", token)])
            .finish();
        let request = format!(
            "POST /sign-in HTTP/1.1\r\nHost: localhost\r\nCookie: {}\r\nContent-Length: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n{body}",
            cookies(&form),
            body.len()
        );
        let answer = connection.ask(request.as_bytes()).await.unwrap();
        assert_eq!((status(answer), header(answer, "location")), ("303", Some("/")), "{answer}");
        cookies(answer)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn cookies(answer: &str) -> String {
    let head = answer.split("\r\n\r\n").next().unwrap();
    let sent = head.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
    sent.map(|cookie| cookie.split(';').next().unwrap()).collect::<Vec<_>>().join("; ")
}

/// A request for a page, with more header lines if need be.
pub fn get(path: &str, cookies: &str, more: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n{more}\r\n")
        .into_bytes()
}
