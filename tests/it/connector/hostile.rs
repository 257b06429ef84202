//! Answers made to hurt: refused early, with little read, and nothing else opened or called.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::handover;
use gleichlauf::connector::types::{ActorType, ConnectionGuid};
use tokio::io::AsyncWriteExt;

use super::{Wrapped, connect, fixture, read_actors, wrap};
use crate::support::peer::{Peer, xml};

fn what(failure: &Failure) -> &str {
    match failure {
        Failure::NotUnderstood { what } | Failure::TooLarge { what } => what,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_dtd_is_refused_whatever_is_in_it() {
    let canary = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    canary.set_nonblocking(true).unwrap();
    let near = format!("http://{}/x", canary.local_addr().unwrap());
    let laughs: String = (1..9)
        .map(|n| format!("<!ENTITY l{n} '{}'>", format!("&l{};", n - 1).repeat(10)))
        .collect();
    let quadratic = format!("<!ENTITY q '{}'>", "q".repeat(100_000));
    let subsets = [
        String::new(),
        format!("SYSTEM '{near}'"),
        format!("PUBLIC '-//x' '{near}'"),
        "SYSTEM 'file:///etc/passwd'".to_owned(),
        "[<!ENTITY x 'y'>]".to_owned(),
        "[<!ENTITY x SYSTEM 'file:///etc/passwd'>]".to_owned(),
        format!("[<!ENTITY x SYSTEM '{near}'>]"),
        format!("[<!ENTITY % x SYSTEM '{near}'> %x;]"),
        "[<!ENTITY % a '<!ENTITY b SYSTEM \"file:///etc/passwd\">'> %a;]".to_owned(),
        format!("[<!ENTITY l0 'ha'>{laughs}]"),
        format!("[{quadratic}]"),
        "[<!ATTLIST e a CDATA 'x'>]".to_owned(),
        "[<!ELEMENT e ANY>]".to_owned(),
        format!("[<!NOTATION n SYSTEM '{near}'>]"),
        "[<!-- ]> -->]".to_owned(),
        "[<?x ]>?>]".to_owned(),
    ];
    let body = wrap("<d:Actors/>");
    for subset in &subsets {
        for (name, around) in [("e", ""), ("s:Envelope", ""), ("e", "<?xml version='1.0'?>\n")] {
            let document = format!("{around}<!DOCTYPE {name} {subset}>{body}");
            let failure = read_actors(&document).unwrap_err();
            assert!(what(&failure).contains("DOCTYPE"), "{subset}: {failure:?}");
        }
    }
    let late = body.replace("<s:Body>", "<s:Body><!DOCTYPE e []>");
    assert!(what(&read_actors(&late).unwrap_err()).contains("DOCTYPE"));
    assert!(canary.accept().is_err());
}

#[test]
fn nothing_but_the_five_entities_and_characters_is_resolved() {
    for entity in ["&x;", "&nbsp;", "&x", "&", "&#0;", "&#x110000;", "&#xD800;", "&#;", "&#x;"] {
        let text = format!("<d:TechExplanation>{entity}</d:TechExplanation>");
        let failure = read_actors(wrap(&text)).unwrap_err();
        assert!(matches!(failure, Failure::NotUnderstood { .. }), "{entity}: {failure:?}");
    }
}

#[test]
fn inclusions_and_instructions_are_not_followed() {
    let include =
        "<x:include xmlns:x='http://www.w3.org/2001/XInclude' href='file:///etc/passwd'/>";
    let hint = "<d:Actors i:schemaLocation='urn:x http://127.0.0.1:1/x.xsd'/>";
    assert_eq!(read_actors(wrap(include)).unwrap().len(), 0);
    assert_eq!(read_actors(wrap(hint)).unwrap().len(), 0);
    let sheet = format!("<?xml-stylesheet href='http://127.0.0.1:1/'?>{}", wrap(""));
    assert!(what(&read_actors(&sheet).unwrap_err()).contains("processing instruction"));
}

#[test]
fn caps_hold_inside_one_document() {
    let deep = format!("{}{}", "<d:a>".repeat(10_000), "</d:a>".repeat(10_000));
    let attributes = " a=''".repeat(100_000);
    let namespaces: String = (0..60_000).map(|n| format!(" xmlns:n{n}='u'")).collect();
    let long_name = "n".repeat(100 << 20);
    let value = "v".repeat((1 << 20) + 1);
    let longer = "v".repeat((1 << 20) + 2_000);
    let in_pieces = "&amp;".repeat((1 << 20) + 1);
    for (inside, cap) in [
        (deep, "deep"),
        (format!("<d:a{attributes}/>"), "attributes"),
        (format!("<d:a {}/>", "a='' ".repeat(1_001)), "attributes"),
        (format!("<d:a{namespaces}/>"), "namespace declarations"),
        (format!("<d:{long_name}/>"), "1 MiB"),
        (format!("<d:a b='{longer}'/>"), "1 MiB"),
        (format!("<!--{longer}-->"), "1 MiB"),
        (format!("<d:TechExplanation>{value}</d:TechExplanation>"), "1 MiB"),
        (format!("<d:TechExplanation>{in_pieces}</d:TechExplanation>"), "1 MiB"),
        (format!("<d:TechExplanation><![CDATA[{value}]]></d:TechExplanation>"), "1 MiB"),
        ("<d:a/>".repeat(1_100_000), "too many elements"),
        (format!("<d:a>{}</d:a>", " ".repeat(1000)).repeat(11_000), "10 MiB"),
    ] {
        let failure = read_actors(wrap(&inside)).unwrap_err();
        assert!(what(&failure).contains(cap), "{cap}: {failure:?}");
        assert!(matches!(failure, Failure::TooLarge { .. }), "{cap}: {failure:?}");
    }
    let exactly = "v".repeat(1 << 20);
    read_actors(wrap(&format!("<d:TechExplanation>{exactly}</d:TechExplanation>"))).unwrap();
}

/// Sends `start`, then `again` for ever; counts the bytes that were taken.
async fn endless(start: String, again: String) -> (Peer, Arc<AtomicU64>) {
    let config = fixture("own-namespace/001-WSGetConfigData.response-200.xml");
    let (start, again) = (Arc::new(start), Arc::new(again));
    let sent = Arc::new(AtomicU64::new(0));
    let count = sent.clone();
    let peer = Peer::start(move |request, mut stream| {
        let (config, start, again, count) =
            (config.clone(), start.clone(), again.clone(), count.clone());
        async move {
            if request.operation() == "WSGetConfigData" {
                let _ = stream.write_all(&xml(config)).await;
                return;
            }
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n\r\n";
            let _ = stream.write_all(head.as_bytes()).await;
            let mut next = start.as_bytes();
            while stream.write_all(next).await.is_ok() {
                count.fetch_add(next.len() as u64, Ordering::SeqCst);
                next = again.as_bytes();
            }
        }
    })
    .await;
    (peer, sent)
}

#[tokio::test]
async fn an_endless_answer_is_left_at_the_cap() {
    let Wrapped { before, .. } = Wrapped::new();
    let key = "1".repeat(10_000);
    let actor = format!("<d:ErpActorWS><d:ErpKey>{key}</d:ErpKey></d:ErpActorWS>").repeat(10);
    for (start, again, most) in [
        (format!("{before}<d:TechExplanation>"), "x".repeat(1 << 16), 8 << 20),
        (format!("{before}<d:"), "n".repeat(1 << 16), 8 << 20),
        (format!("{before}<d:Actors>"), actor, 24 << 20),
        (format!("{before}<d:Actors>"), " ".repeat(1 << 16), 24 << 20),
        (" ".to_owned(), "\n".repeat(1 << 16), 24 << 20),
    ] {
        let (peer, sent) = endless(start, again).await;
        let erp = connect(&peer);
        let failure = erp.actors(&ConnectionGuid::zero(), ActorType::Customer, &[], &[]).await;
        assert!(matches!(failure, Err(Failure::TooLarge { .. })), "{failure:?}");
        let sent = sent.load(Ordering::SeqCst);
        assert!(sent < most, "{sent}");
    }
}

#[tokio::test]
async fn a_search_reads_no_more_than_it_was_asked_for() {
    let Wrapped { before, .. } = Wrapped::new();
    let actor = "<d:ErpActorWS><d:ErpKey>1</d:ErpKey></d:ErpActorWS>".repeat(1_000);
    let (peer, sent) =
        endless(format!("{before}<d:Actors>").replace("GetActors", "SearchActors"), actor).await;
    let erp = connect(&peer);
    let found =
        erp.search(&ConnectionGuid::zero(), ActorType::Customer, "", &[], 7).await.unwrap().value;
    assert_eq!((found.actors.len(), found.more), (7, true));
    assert!(sent.load(Ordering::SeqCst) < 16 << 20);
}

#[tokio::test]
async fn a_stream_of_actors_is_held_back_by_its_reader_and_capped_by_the_actor() {
    let Wrapped { before, .. } = Wrapped::new();
    let before = before.replace("GetActors", "GetActorsByTimestamp");
    let actor = "<d:ErpActorWS><d:ErpKey>1</d:ErpKey></d:ErpActorWS>".repeat(1_000);
    let (peer, sent) = endless(format!("{before}<d:Actors>"), actor).await;
    let erp = connect(&peer);
    let (send, mut receive) = handover::channel(1 << 20);
    let id = ConnectionGuid::zero();
    let reading = erp.actors_since(&id, ActorType::Customer, "", &[], send);
    let taking = async {
        receive.recv().await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        assert!(sent.load(Ordering::SeqCst) < 24 << 20);
        drop(receive);
    };
    let (answer, ()) = tokio::join!(reading, taking);
    assert!(matches!(answer, Err(Failure::BrokenOff { .. })), "{answer:?}");

    let value = format!("<d:x>{}</d:x>", "x".repeat(1 << 19));
    let (peer, sent) = endless(format!("{before}<d:Actors><d:ErpActorWS>"), value).await;
    let (send, _receive) = handover::channel(1 << 20);
    let answer = connect(&peer).actors_since(&id, ActorType::Customer, "", &[], send).await;
    assert!(
        matches!(&answer, Err(Failure::TooLarge { what }) if what.contains("4 MiB")),
        "{answer:?}"
    );
    assert!(sent.load(Ordering::SeqCst) < 16 << 20);
}

#[tokio::test]
async fn a_packed_answer_is_counted_unpacked() {
    let Wrapped { before, .. } = Wrapped::new();
    let mut gzip = Command::new("gzip")
        .args(["-9", "-c"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = gzip.stdin.take().unwrap();
    let feeding = std::thread::spawn(move || {
        input.write_all(before.as_bytes()).unwrap();
        let blanks = format!("<d:x>{}</d:x>", " ".repeat(1 << 19));
        for _ in 0..128 {
            input.write_all(blanks.as_bytes()).unwrap();
        }
    });
    let packed = gzip.wait_with_output().unwrap().stdout;
    feeding.join().unwrap();
    assert!(packed.len() < 200_000);
    let config = fixture("own-namespace/001-WSGetConfigData.response-200.xml");
    let peer = Peer::answering(move |request| {
        if request.operation() == "WSGetConfigData" {
            return xml(&config);
        }
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
            packed.len()
        );
        [head.as_bytes(), &packed].concat()
    })
    .await;
    let answer =
        connect(&peer).actors(&ConnectionGuid::zero(), ActorType::Customer, &[], &[]).await;
    assert!(
        matches!(&answer, Err(Failure::TooLarge { what }) if what.contains("10 MiB")),
        "{answer:?}"
    );
}
