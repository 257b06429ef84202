//! HTTP for one connector: its own pool, no redirects, no proxies, addresses checked, time limited.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, Response};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::input::{Caps, Input};
use super::xml::{check_encoding, not_understood};
use crate::connector::failure::Failure;
use crate::connector::policy::{AddressPolicy, NotAllowed, Target, refusal};

const CONNECT: Duration = Duration::from_secs(5);
/// Shorter than servers usually keep an idle connection, so that none breaks under a request.
const KEEP_IDLE: Duration = Duration::from_secs(20);
/// The longest wait a server may ask for.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(3_600);
/// Chunks on their way from the network to the parser.
const CHUNKS: usize = 4;

/// How long one exchange may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    idle: Duration,
    total: Duration,
    end: Instant,
}

impl Limits {
    /// From now on: `total` in all, `idle` without progress.
    pub fn start(idle: Duration, total: Duration) -> Self {
        Self { idle, total, end: Instant::now() + total }
    }

    /// Waits for `progress` as long as both limits allow.
    pub async fn wait<T>(&self, progress: impl Future<Output = T>) -> Result<T, Failure> {
        let idle_end = Instant::now() + self.idle;
        let limit = if idle_end < self.end { self.idle } else { self.total };
        timeout_at(idle_end.min(self.end), progress).await.map_err(|_| Failure::TimedOut { limit })
    }
}

/// The HTTP side of one connector.
pub struct Http {
    target: Arc<Target>,
    client: Client,
}

impl Http {
    /// Fails when the policy does not let this address be called.
    pub fn new(address: &str, policy: &Arc<AddressPolicy>) -> Result<Self, Failure> {
        let target = Arc::new(Target::parse(address)?);
        policy.check(&target)?;
        let resolver = CheckedResolver { target: target.clone(), policy: policy.clone() };
        let builder = match target.url.scheme() {
            "https" => Client::builder(),
            // Reading the machine's certificates takes a while, and plain http needs none.
            _ => Client::builder().tls_certs_only([]),
        };
        let client = builder
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .retry(reqwest::retry::never())
            .http1_only()
            .referer(false)
            .connect_timeout(CONNECT)
            .pool_idle_timeout(KEEP_IDLE)
            .dns_resolver(resolver)
            .user_agent("Gleichlauf")
            .build()
            .map_err(|error| Failure::Unreachable { detail: error.to_string() })?;
        Ok(Self { target, client })
    }

    /// The connector's address, with its query.
    pub fn url(&self) -> &Url {
        &self.target.url
    }

    /// Sends a SOAP request; `action` is unquoted.
    pub async fn post(
        &self,
        action: &str,
        envelope: String,
        limits: &Limits,
    ) -> Result<Response, Failure> {
        let request = self
            .client
            .post(self.url().clone())
            .header(CONTENT_TYPE, "text/xml; charset=utf-8")
            .header("SOAPAction", format!("\"{action}\""))
            .body(envelope);
        limits.wait(request.send()).await?.map_err(|error| self.failure(&error))
    }

    /// Fetches a document of the same origin.
    pub async fn get(&self, url: Url, limits: &Limits) -> Result<Response, Failure> {
        limits.wait(self.client.get(url).send()).await?.map_err(|error| self.failure(&error))
    }

    /// Why there was no response at all.
    fn failure(&self, error: &reqwest::Error) -> Failure {
        let causes = causes(error);
        if let Some(refused) = causes.iter().find_map(|cause| cause.downcast_ref::<NotAllowed>()) {
            return refusal(&self.target, refused.line.clone());
        }
        let detail = causes.last().map_or_else(String::new, ToString::to_string);
        if let Some(error) = causes.iter().find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
            return match error {
                rustls::Error::InvalidCertificate(_) => Failure::BadCertificate { detail },
                _ => Failure::Unreachable { detail: format!("TLS: {detail}") },
            };
        }
        if error.is_connect() && error.is_timeout() {
            let detail = format!("no connection within {} s", CONNECT.as_secs());
            return Failure::Unreachable { detail };
        }
        if error.is_connect() || error.is_builder() {
            return Failure::Unreachable { detail };
        }
        Failure::BrokenOff { detail }
    }
}

/// The error and what lies behind it. An I/O error hides what it wraps from `source`.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> Vec<&'e (dyn Error + 'static)> {
    let mut causes = vec![error];
    let mut current = error;
    loop {
        let wrapped = current
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
            .map(|inner| inner as &(dyn Error + 'static));
        match wrapped.or_else(|| current.source()) {
            Some(next) => current = next,
            None => return causes,
        }
        causes.push(current);
    }
}

/// Reads a response while it arrives, on a thread that may block; `parse` sees its bytes unpacked.
pub async fn read<T: Send + 'static>(
    mut response: Response,
    caps: Caps,
    limits: &Limits,
    parse: impl FnOnce(Input) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    check_charset(response.headers())?;
    let (send, receive) = mpsc::channel(CHUNKS);
    let parsed = tokio::task::spawn_blocking(move || parse(Input::from_channel(receive, caps)));
    pump(&mut response, send, limits).await?;
    let parsed = timeout_at(limits.end, parsed).await;
    match parsed.map_err(|_| Failure::TimedOut { limit: limits.total })? {
        Ok(read) => read,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(error) => Err(Failure::BrokenOff { detail: error.to_string() }),
    }
}

/// Hands the body over chunk by chunk, until it ends or the reader has had enough.
async fn pump(
    response: &mut Response,
    send: mpsc::Sender<Bytes>,
    limits: &Limits,
) -> Result<(), Failure> {
    loop {
        let chunk = tokio::select! {
            chunk = limits.wait(response.chunk()) => chunk?,
            () = send.closed() => return Ok(()),
        };
        let Some(chunk) = chunk.map_err(|error| broken_off(&error))? else { return Ok(()) };
        // A reader that waits for its own consumer is no lack of progress of the server's.
        let sent = timeout_at(limits.end, send.send(chunk)).await;
        if sent.map_err(|_| Failure::TimedOut { limit: limits.total })?.is_err() {
            return Ok(());
        }
    }
}

fn broken_off(error: &reqwest::Error) -> Failure {
    let causes = causes(error);
    let is_bad_data = |cause: &&(dyn Error + 'static)| {
        let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        matches!(kind, Some(io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput))
    };
    if causes.iter().any(is_bad_data) {
        return not_understood("the answer cannot be unpacked");
    }
    Failure::BrokenOff { detail: causes.last().map_or_else(String::new, ToString::to_string) }
}

fn check_charset(headers: &HeaderMap) -> Result<(), Failure> {
    let Some(kind) = headers.get(CONTENT_TYPE) else { return Ok(()) };
    let kind = kind.to_str().unwrap_or_default().to_ascii_lowercase();
    match kind.split_once("charset=") {
        Some((_, charset)) => check_encoding(charset.split(';').next().unwrap_or_default().trim()),
        None => Ok(()),
    }
}

/// Whether the response says that it is XML.
pub fn is_xml(response: &Response) -> bool {
    kind(response).contains("xml") && !is_html(response)
}

/// Whether the response says that it is a web page.
pub fn is_html(response: &Response) -> bool {
    kind(response).contains("html")
}

fn kind(response: &Response) -> String {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.unwrap_or_default().to_ascii_lowercase()
}

/// The failure a response's status stands for.
pub fn status_failure(response: &Response) -> Failure {
    let retry_after = retry_after(response.headers()).map(|wait| wait.min(MAX_RETRY_AFTER));
    Failure::HttpStatus { status: response.status().as_u16(), retry_after }
}

/// `Retry-After` in seconds, or as a date: then reckoned from the response's own date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let wanted = text(RETRY_AFTER)?.trim();
    if let Ok(seconds) = wanted.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = |text: &str| jiff::fmt::rfc2822::parse(text).ok().map(|at| at.timestamp());
    let wait = date(wanted)?.duration_since(date(text(DATE)?)?);
    Some(Duration::try_from(wait).unwrap_or_default())
}

/// Resolves the connector's name, and keeps only addresses the policy allows: the very ones the socket
/// will connect to.
struct CheckedResolver {
    target: Arc<Target>,
    policy: Arc<AddressPolicy>,
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (target, policy) = (self.target.clone(), self.policy.clone());
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let mut refused = None;
            let mut allowed = Vec::new();
            for address in found {
                match policy.check_resolved(&target, address.ip()) {
                    Ok(()) => allowed.push(address),
                    Err(why) => refused = Some(why),
                }
            }
            match refused {
                Some(why) if allowed.is_empty() => Err(why.into()),
                _ => Ok(Box::new(allowed.into_iter()) as Addrs),
            }
        })
    }
}
