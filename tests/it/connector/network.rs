//! What a network can do to a call: told apart precisely, and never waited for too long.

use std::time::{Duration, Instant};

use gleichlauf::connector::Connector;
use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::registry::Patience;
use gleichlauf::connector::soap::http::Limits;
use gleichlauf::connector::types::{ActorType, ConnectionGuid};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use super::{connect, fixture, registry, wrap};
use crate::support::peer::{Peer, Request, response, xml};
use crate::support::tls;

async fn ask(erp: &dyn Connector) -> Result<usize, Failure> {
    let answer = erp.actors(&ConnectionGuid::zero(), ActorType::Customer, &[], &[]).await;
    answer.map(|reply| reply.value.len())
}

/// Asks a server that answers `GetConfigData` as it should, and anything else with these bytes.
async fn ask_for(bytes: Vec<u8>) -> Result<usize, Failure> {
    let config = fixture("own-namespace/001-WSGetConfigData.response-200.xml");
    let peer = Peer::answering(move |request| {
        if request.operation() == "WSGetConfigData" { xml(&config) } else { bytes.clone() }
    })
    .await;
    ask(&*connect(&peer)).await
}

#[tokio::test]
async fn a_closed_port_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let registry = registry(&[address.to_string()]);
    let erp = registry.connect(&format!("http://{address}/"), Patience::Interactive).unwrap();
    let failure = ask(&*erp).await.unwrap_err();
    assert!(
        matches!(&failure, Failure::Unreachable { detail } if detail.contains("refused")),
        "{failure:?}"
    );
    assert!(!failure.is_unclear() && failure.is_passing());
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_unreachable() {
    let registry = registry(&[]);
    let erp = registry.connect("https://erp.invalid/x", Patience::Interactive).unwrap();
    let failure = ask(&*erp).await.unwrap_err();
    assert!(matches!(failure, Failure::Unreachable { .. }), "{failure:?}");
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_is_told_apart() {
    let server = tls::Server::start();
    let registry = registry(&[server.address.to_string()]);
    let address = format!("https://{}/", server.address);
    let erp = registry.connect(&address, Patience::Interactive).unwrap();
    let failure = ask(&*erp).await.unwrap_err();
    assert!(matches!(failure, Failure::BadCertificate { .. }), "{failure:?}");
    assert!(!failure.is_unclear());
}

#[tokio::test]
async fn a_server_without_tls_is_unreachable_over_https() {
    let peer = Peer::answering(|_| Vec::new()).await;
    let registry = registry(&[peer.address.to_string()]);
    let address = peer.url().replace("http:", "https:");
    let erp = registry.connect(&address, Patience::Interactive).unwrap();
    let failure = ask(&*erp).await.unwrap_err();
    assert!(matches!(failure, Failure::Unreachable { .. }), "{failure:?}");
}

/// What a server does after it has read the request.
#[derive(Clone, Copy)]
enum Slow {
    Silent,
    HeadersOnly,
    ByteByByte,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_waits_ten_seconds_at_most() {
    let slow = |how: Slow| async move {
        let peer = Peer::start(move |_, stream| dawdle(how, stream)).await;
        let begun = Instant::now();
        let failure = ask(&*connect(&peer)).await.unwrap_err();
        assert_eq!(failure, Failure::TimedOut { limit: Duration::from_secs(10) });
        assert!(failure.is_unclear());
        begun.elapsed()
    };
    let never_accepting = async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let registry = registry(&[address.to_string()]);
        let erp = registry.connect(&format!("http://{address}/"), Patience::Interactive).unwrap();
        let begun = Instant::now();
        assert!(ask(&*erp).await.is_err());
        begun.elapsed()
    };
    let waited = tokio::join!(
        slow(Slow::Silent),
        slow(Slow::HeadersOnly),
        slow(Slow::ByteByByte),
        never_accepting
    );
    for waited in [waited.0, waited.1, waited.2, waited.3] {
        assert!(
            waited >= Duration::from_secs(10) && waited < Duration::from_secs(15),
            "{waited:?}"
        );
    }
}

async fn dawdle(how: Slow, mut stream: TcpStream) {
    let config = xml(fixture("own-namespace/001-WSGetConfigData.response-200.xml"));
    let at_once = match how {
        Slow::Silent => 0,
        Slow::HeadersOnly => config.windows(4).position(|w| w == b"\r\n\r\n").unwrap() + 4,
        Slow::ByteByByte => 1,
    };
    stream.write_all(&config[..at_once]).await.unwrap();
    for byte in &config[at_once..] {
        tokio::time::sleep(Duration::from_millis(500)).await;
        if matches!(how, Slow::ByteByByte) && stream.write_all(&[*byte]).await.is_err() {
            return;
        }
    }
}

#[tokio::test]
async fn waiting_ends_at_the_nearer_of_two_limits() {
    let (idle, total) = (Duration::from_millis(50), Duration::from_millis(120));
    let limits = Limits::start(idle, total);
    let never = || std::future::pending::<()>();
    assert_eq!(limits.wait(never()).await, Err(Failure::TimedOut { limit: idle }));
    assert_eq!(limits.wait(async { 7 }).await, Ok(7));
    assert_eq!(limits.wait(never()).await, Err(Failure::TimedOut { limit: idle }));
    assert_eq!(limits.wait(never()).await, Err(Failure::TimedOut { limit: total }));
}

#[tokio::test]
async fn an_answer_cut_anywhere_is_no_answer() {
    let actor = "<d:Actors><d:ErpActorWS><d:ErpKey>1</d:ErpKey></d:ErpActorWS></d:Actors>";
    let whole = xml(wrap(actor));
    assert_eq!(ask_for(whole.clone()).await, Ok(1));
    for length in 0..whole.len() {
        let failure = ask_for(whole[..length].to_vec()).await.unwrap_err();
        assert!(matches!(failure, Failure::BrokenOff { .. }), "{length}: {failure:?}");
        assert!(failure.is_unclear());
    }
    // Without a length the end of the connection is the end of the answer: the document has to tell.
    let body = wrap(actor);
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n";
    for length in (0..body.len()).step_by(7) {
        let failure = ask_for(format!("{head}{}", &body[..length]).into_bytes()).await.unwrap_err();
        assert!(matches!(failure, Failure::NotUnderstood { .. }), "{length}: {failure:?}");
    }
}

#[tokio::test]
async fn a_reset_connection_is_broken_off() {
    let peer = Peer::start(|_, stream| async move {
        stream.set_zero_linger().unwrap();
    })
    .await;
    let failure = ask(&*connect(&peer)).await.unwrap_err();
    assert!(matches!(failure, Failure::BrokenOff { .. }), "{failure:?}");
}

#[tokio::test]
async fn a_status_is_kept_with_what_the_server_says_about_waiting() {
    let page = "<html><body>Sorry";
    for (status, unclear, passing) in [
        ("500 Oops", true, true),
        ("502 Bad", true, true),
        ("503 Away", true, true),
        ("429 Slow", false, true),
        ("401 Who", false, false),
        ("403 No", false, false),
        ("404 Not", false, false),
        ("405 Not", true, false),
        ("302 Elsewhere", true, false),
    ] {
        let failure = ask_for(response(status, "text/html", page)).await.unwrap_err();
        let Failure::HttpStatus { status: got, retry_after } = &failure else {
            panic!("{failure:?}")
        };
        assert!(status.starts_with(&got.to_string()));
        assert_eq!(*retry_after, None);
        assert_eq!((failure.is_unclear(), failure.is_passing()), (unclear, passing), "{status}");
    }
    for (header, wait) in [
        ("Retry-After: 120", Some(120)),
        ("Retry-After: 100000", Some(3_600)),
        ("Retry-After: soon", None),
        (
            "Date: Wed, 21 Oct 2026 07:28:00 GMT\r\nRetry-After: Wed, 21 Oct 2026 07:29:30 GMT",
            Some(90),
        ),
    ] {
        let answer = format!("HTTP/1.1 503 Away\r\n{header}\r\nContent-Length: 0\r\n\r\n");
        let failure = ask_for(answer.into_bytes()).await.unwrap_err();
        let retry_after = wait.map(Duration::from_secs);
        assert_eq!(failure, Failure::HttpStatus { status: 503, retry_after }, "{header}");
    }
}

#[tokio::test]
async fn what_is_no_answer_is_not_understood() {
    let page = "<html><body><br>Sorry</body></html>";
    for answer in [
        response("200 OK", "text/html", page),
        response("200 OK", "text/xml", page),
        response("200 OK", "text/xml", ""),
        response("204 Nothing", "text/xml", ""),
        response("200 OK", "text/xml; charset=iso-8859-1", wrap("")),
        response("200 OK", "application/json", "{\"a\":1}"),
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope".to_vec(),
    ] {
        let failure = ask_for(answer.clone()).await.unwrap_err();
        let text = String::from_utf8_lossy(&answer).into_owned();
        assert!(matches!(failure, Failure::NotUnderstood { .. }), "{failure:?} for {text}");
    }
    let no_http = ask_for(b"220 mail.example.org ESMTP\r\n".to_vec()).await.unwrap_err();
    assert!(matches!(no_http, Failure::BrokenOff { .. }), "{no_http:?}");
}

#[tokio::test]
async fn a_fault_is_a_fault_whatever_its_status() {
    let fault = fixture("faults/exception-in-connector.response-500.xml");
    for status in ["500 Error", "400 Bad", "200 OK"] {
        let failure = ask_for(response(status, "text/xml", &fault)).await.unwrap_err();
        let Failure::Fault { code, text } = failure else { panic!("{failure:?}") };
        assert_eq!(code, "InternalServiceFault");
        assert!(text.starts_with("The server was unable"));
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let canary = Peer::answering(|_| xml("")).await;
    let to = canary.url();
    let own = |request: &Request| format!("{}x", request.target);
    for location in
        [to.clone(), to.replace("http:", "https:"), "file:///etc/passwd".into(), String::new()]
    {
        for status in [301, 302, 303, 307, 308] {
            let location = location.clone();
            let peer = Peer::answering(move |request| {
                let to = if location.is_empty() { own(request) } else { location.clone() };
                format!("HTTP/1.1 {status} Go\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n")
                    .into_bytes()
            })
            .await;
            let failure = ask(&*connect(&peer)).await.unwrap_err();
            assert!(matches!(failure, Failure::HttpStatus { status: got, .. } if got == status));
            assert_eq!(peer.requests().len(), 1);
        }
    }
    assert_eq!(canary.requests().len(), 0);
}
