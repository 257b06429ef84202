//! The form of a connector's wire is learned, never guessed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::types::{ActorType, ConnectionGuid, NewActor};

use super::{connect, fixture};
use crate::support::peer::{Peer, Request, response, xml};

const SERVICE: &str = "http://www.superoffice.net/EIS/Connector/1.0";
const DEFAULT: &str = "http://schemas.datacontract.org/2004/07/SuperOffice.ErpSync";

fn recorded(form: &str, operation: &str) -> Vec<u8> {
    let number = match operation {
        "WSGetConfigData" => "001",
        "WSSaveConnection" => "007",
        "WSGetActors" => "025",
        "WSCreateActor" => "036",
        other => panic!("{other}"),
    };
    xml(fixture(&format!("{form}/{number}-{operation}.response-200.xml")))
}

fn fault(name: &str) -> Vec<u8> {
    response("500 Error", "text/xml", fixture(&format!("faults/{name}.response-500.xml")))
}

fn id() -> ConnectionGuid {
    ConnectionGuid::new("3f2504e0-4f89-11d3-9a0c-0305e82c3301")
}

#[tokio::test]
async fn the_form_is_learned_once_and_before_the_first_call() {
    let peer = Peer::answering(|request| recorded("default-namespace", request.operation())).await;
    let erp = connect(&peer);
    assert_eq!(erp.wire_form(), None);
    for _ in 0..2 {
        assert!(!erp.actors(&id(), ActorType::Customer, &[], &[]).await.unwrap().value.is_empty());
    }
    assert_eq!(erp.wire_form().unwrap().data_namespace, DEFAULT);
    let operations: Vec<_> = peer.requests().iter().map(|r| r.operation().to_owned()).collect();
    assert_eq!(operations, ["WSGetConfigData", "WSGetActors", "WSGetActors"]);
}

/// A connector whose service is called something else, and which says so only in its description.
fn described(request: &Request) -> Vec<u8> {
    let main = fixture("wsdl-default-namespace/service.wsdl");
    let other =
        |text: String| text.replace(SERVICE, "urn:erp").replace("localhost:8080", "elsewhere");
    if request.target.ends_with("?wsdl") {
        return xml(other(main));
    }
    let is_usual = request.head.contains(&format!("{SERVICE}/IErpConnectorWS"));
    if is_usual || request.operation().is_empty() {
        return fault("unknown-action");
    }
    assert!(request.head.contains("\"urn:erp/IErpConnectorWS/WS"), "{}", request.head);
    let answer = recorded("default-namespace", request.operation());
    let body = String::from_utf8(answer).unwrap();
    xml(other(body.split_once("\r\n\r\n").unwrap().1.to_owned()))
}

#[tokio::test]
async fn an_unknown_action_makes_us_read_the_description() {
    let peer = Peer::answering(described).await;
    let erp = connect(&peer);
    erp.actors(&id(), ActorType::Customer, &[], &[]).await.unwrap();
    let form = erp.wire_form().unwrap();
    assert_eq!(
        (form.service_namespace.as_str(), form.data_namespace.as_str()),
        ("urn:erp", DEFAULT)
    );
    assert_eq!(form.actions.len(), 17);
    // What the description imports lies at another origin, and is not asked for.
    let targets: Vec<_> = peer.requests().into_iter().map(|r| r.target).collect();
    assert_eq!(targets.iter().filter(|t| t.contains("wsdl")).count(), 1, "{targets:?}");
}

#[tokio::test]
async fn imports_of_the_same_origin_are_read_up_to_ten_and_two_mebibytes() {
    let peer = Peer::answering(|request| {
        let Some((_, n)) = request.target.split_once("wsdl") else { return fault("unknown-action") };
        let n: usize = n.trim_start_matches('=').parse().unwrap_or(0);
        xml(format!(
            "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/'><w:import location='?wsdl={}'/>\
             <w:import location='http://127.0.0.1:1/?wsdl=7'/></w:definitions>",
            n + 1
        ))
    })
    .await;
    let failure = connect(&peer).test_connection(&id()).await.unwrap_err();
    assert!(matches!(&failure, Failure::Fault { code, .. } if code == "ActionNotSupported"));
    let targets: Vec<_> = peer.requests().into_iter().map(|r| r.target).collect();
    assert_eq!(targets.iter().filter(|t| t.contains("wsdl")).count(), 11, "{targets:?}");

    let peer = Peer::answering(|request| {
        if !request.target.contains("wsdl") {
            return fault("unknown-action");
        }
        let padding = " ".repeat(3 << 19);
        xml(format!(
            "<w:definitions xmlns:w='http://schemas.xmlsoap.org/wsdl/'><w:import location='?wsdl=1'/>\
             <w:import location='?wsdl=2'/><w:types><!--{padding}--></w:types></w:definitions>"
        ))
    })
    .await;
    connect(&peer).test_connection(&id()).await.unwrap_err();
    assert!(peer.requests().iter().filter(|r| r.target.contains("wsdl")).count() <= 2);
}

#[tokio::test]
async fn an_answer_in_another_form_is_learned_from_and_the_call_repeated_once() {
    let is_new = Arc::new(AtomicBool::new(false));
    let told = is_new.clone();
    let peer = Peer::answering(move |request| {
        let form = if told.load(Ordering::SeqCst) { "own-namespace" } else { "default-namespace" };
        recorded(form, request.operation())
    })
    .await;
    let erp = connect(&peer);
    erp.actors(&id(), ActorType::Customer, &[], &[]).await.unwrap();
    is_new.store(true, Ordering::SeqCst);
    assert!(!erp.actors(&id(), ActorType::Customer, &[], &[]).await.unwrap().value.is_empty());
    assert_eq!(erp.wire_form().unwrap().data_namespace, SERVICE);
    let last = peer.requests().pop().unwrap();
    assert!(last.body.contains(&format!("xmlns:d=\"{SERVICE}\"")));
    assert_eq!(peer.requests().len(), 5);
}

#[tokio::test]
async fn a_creation_is_never_repeated_by_learning() {
    let calls = AtomicUsize::new(0);
    let peer = Peer::answering(move |request| {
        let first = calls.fetch_add(1, Ordering::SeqCst) == 0;
        recorded(if first { "default-namespace" } else { "own-namespace" }, request.operation())
    })
    .await;
    let new = NewActor { kind: ActorType::Customer, fields: Default::default(), parent: None };
    let failure = connect(&peer).create_actor(&id(), &new).await.unwrap_err();
    assert!(failure.is_unclear(), "{failure:?}");
    let requests = peer.requests();
    assert_eq!(requests.iter().filter(|r| r.operation() == "WSCreateActor").count(), 1);
}
