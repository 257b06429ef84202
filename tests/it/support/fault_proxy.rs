//! A TCP proxy that lets a request through and keeps the answer to itself: the other side has done its work,
//! and the caller does not know. It can also be away altogether.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The proxy; gone when dropped.
pub struct FaultProxy {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    serving: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    /// Requests with this text in them lose their answers.
    losing: Option<&'static str>,
    /// After losing an answer the proxy is away.
    leaves_then: bool,
    is_away: bool,
    lost: usize,
}

impl FaultProxy {
    pub async fn start(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = state.clone();
        let serving = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                // Dropping it is the refusal.
                if !lock(&shared).is_away {
                    tokio::spawn(pass(client, target, shared.clone()));
                }
            }
        });
        Self { address, state, serving }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The answers to all requests with this text in them get lost from now on.
    pub fn lose_answers_to(&self, text: &'static str) {
        *lock(&self.state) = State { losing: Some(text), ..State::default() };
    }

    /// The same, and after the first one nobody is there any more.
    pub fn lose_answer_and_leave(&self, text: &'static str) {
        *lock(&self.state) = State { losing: Some(text), leaves_then: true, ..State::default() };
    }

    /// All is well again. Gives how many answers got lost.
    pub fn heal(&self) -> usize {
        std::mem::take(&mut *lock(&self.state)).lost
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap()
}

/// One connection, which carries one request after the other.
async fn pass(client: TcpStream, target: SocketAddr, state: Arc<Mutex<State>>) {
    let Ok(server) = TcpStream::connect(target).await else { return };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let request = Arc::new(Mutex::new(Vec::new()));
    tokio::select! {
        () = requests(from_client, to_server, &request, &state) => {}
        () = answers(from_server, to_client, &request, &state) => {}
    }
}

async fn requests(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    request: &Mutex<Vec<u8>>,
    state: &Mutex<State>,
) {
    let mut chunk = vec![0; 65_536];
    while let Ok(length @ 1..) = from.read(&mut chunk).await {
        if lock(state).is_away {
            return;
        }
        request.lock().unwrap().extend_from_slice(&chunk[..length]);
        if to.write_all(&chunk[..length]).await.is_err() {
            return;
        }
    }
}

/// The first byte of an answer says that the work was done: either the answer is passed on, and another
/// request may come, or both sides are cut off.
async fn answers(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    request: &Mutex<Vec<u8>>,
    state: &Mutex<State>,
) {
    let mut chunk = vec![0; 65_536];
    while let Ok(length @ 1..) = from.read(&mut chunk).await {
        let request = std::mem::take(&mut *request.lock().unwrap());
        if loses(state, &request) {
            return;
        }
        if to.write_all(&chunk[..length]).await.is_err() {
            return;
        }
    }
}

/// Whether the answer to this request gets lost.
fn loses(state: &Mutex<State>, request: &[u8]) -> bool {
    let mut now = lock(state);
    let is_it = |text: &str| request.windows(text.len()).any(|part| part == text.as_bytes());
    let is_lost = now.losing.is_some_and(is_it);
    if is_lost {
        now.lost += 1;
        now.is_away = now.leaves_then;
    }
    is_lost
}
