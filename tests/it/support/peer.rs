//! A server that does with each request what a test says, byte by byte.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    /// Path and query.
    pub target: String,
    pub head: String,
    pub body: String,
}

impl Request {
    /// The operation asked for, such as `WSGetActors`; blank when it is no SOAP request.
    pub fn operation(&self) -> &str {
        let from = self.body.find("<WS").map_or("", |at| &self.body[at + 1..]);
        from.split([' ', '>', '/']).next().unwrap()
    }
}

/// Gone when dropped.
pub struct Peer {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
    task: JoinHandle<()>,
}

impl Peer {
    /// Calls `script` with each request and the stream to answer on, one request per connection.
    pub async fn start<F>(script: impl Fn(Request, TcpStream) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (script, log) = (Arc::new(script), seen.clone());
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (script, log) = (script.clone(), log.clone());
                tokio::spawn(async move {
                    if let Some(request) = read_request(&mut stream).await {
                        log.lock().unwrap().push(request.clone());
                        script(request, stream).await;
                    }
                });
            }
        });
        Self { address, seen, task }
    }

    /// Answers every request with what `answer` makes of it: a whole HTTP response.
    pub async fn answering(answer: impl Fn(&Request) -> Vec<u8> + Send + Sync + 'static) -> Self {
        Self::start(move |request, mut stream| {
            let bytes = answer(&request);
            async move {
                let _ = stream.write_all(&bytes).await;
                let _ = stream.shutdown().await;
            }
        })
        .await
    }

    pub fn url(&self) -> String {
        format!("http://{}/Services/ErpConnectorWS.svc", self.address)
    }

    pub fn requests(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A whole response with a body.
pub fn response(status: &str, kind: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// A response with status 200 and XML.
pub fn xml(body: impl AsRef<[u8]>) -> Vec<u8> {
    response("200 OK", "text/xml; charset=utf-8", body)
}

async fn read_request(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let mut wanted = usize::MAX;
    let mut head = 0;
    while bytes.len() < wanted {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
        if head == 0
            && let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n")
        {
            head = at + 4;
            wanted = head + content_length(&String::from_utf8_lossy(&bytes[..head]));
        }
    }
    let body = String::from_utf8(bytes.split_off(head)).ok()?;
    let head = String::from_utf8(bytes).ok()?;
    let target = head.split(' ').nth(1)?.to_owned();
    Some(Request { target, head, body })
}

fn content_length(head: &str) -> usize {
    head.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, value)| value.trim().parse().unwrap())
}
