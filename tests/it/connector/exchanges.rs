//! Recorded exchanges of .NET: our requests mean what .NET's meant, and its answers are read whole.

use std::collections::BTreeMap;
use std::path::PathBuf;

use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::handover;
use gleichlauf::connector::types::*;
use gleichlauf::connector::{Answer, Connector};

use super::{connect, fixture};
use crate::support::peer::{Peer, xml};
use crate::support::xml::Element;

const EVERYTHING: usize = 100_000;

#[tokio::test]
async fn requests_and_answers_in_the_services_own_namespace() {
    assert_eq!(replay("own-namespace").await, 43);
}

#[tokio::test]
async fn requests_and_answers_in_nets_default_namespace() {
    assert_eq!(replay("default-namespace").await, 9);
}

fn folder(form: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/soap").join(form)
}

/// The names of the exchanges in a folder, such as `007-WSSaveConnection`; without the one that asks for
/// a type which we cannot ask for.
fn names(form: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder(form))
        .unwrap()
        .filter_map(|file| {
            let name = file.unwrap().file_name().into_string().unwrap();
            name.strip_suffix(".request.xml").map(ToOwned::to_owned)
        })
        .filter(|name| name != "027-WSGetActors" || form != "own-namespace")
        .collect();
    names.sort();
    names
}

/// Makes the call of every recorded request to a server that gives the recorded answer.
async fn replay(form: &'static str) -> usize {
    let names = names(form);
    for name in &names {
        let answer = fixture(&format!("{form}/{name}.response-200.xml"));
        let config = fixture(&format!("{form}/001-WSGetConfigData.response-200.xml"));
        let told = answer.clone();
        let peer = Peer::answering(move |request| {
            xml(if request.operation() == "WSGetConfigData" { &config } else { &told })
        })
        .await;
        let request = Element::parse(&fixture(&format!("{form}/{name}.request.xml")));
        let got = call(&*connect(&peer), &request.get("Body").children[0]).await;
        let answer = Element::parse(&answer);
        compare(name, got, &answer.get("Body").children[0].children[0]);
        let sent = peer.requests().pop().unwrap();
        let action = format!(
            "\"http://www.superoffice.net/EIS/Connector/1.0/IErpConnectorWS/{}\"",
            sent.operation()
        );
        assert!(sent.head.contains(&action), "{}", sent.head);
        assert!(sent.head.contains("text/xml; charset=utf-8"), "{}", sent.head);
        if sent.operation() != "WSTestConfigData" || !has_null_settings(&request) {
            let mut recorded = request;
            recorded.empty_instead_of_null(&["ErpKey", "LastModified"]);
            assert_eq!(Element::parse(&sent.body), recorded, "{name}");
        }
    }
    names.len()
}

/// Settings that are null: we send empty ones.
fn has_null_settings(request: &Element) -> bool {
    let body = request.get("Body").children[0].get("request");
    body.get("ConnectionInfo").is_nil
}

/// What came back, whatever the operation.
#[derive(Debug, Default)]
struct Got {
    fields: Vec<FieldInfo>,
    strings: Vec<String>,
    items: BTreeMap<String, String>,
    actors: Vec<Actor>,
}

async fn call(erp: &dyn Connector, wrapper: &Element) -> Answer<Got> {
    let none = Element::parse("<x xmlns='n'/>");
    let request = wrapper.find("request").unwrap_or(&none);
    let id = ConnectionGuid::new(request.text_of("ConnectionGuid"));
    let kind = || ActorType::parse(request.text_of("ActorType")).unwrap();
    let fields = request.strings("FieldKeys");
    let settings: Settings = request.dictionary("ConnectionInfo").into_iter().collect();
    let nothing = |()| Got::default();
    let infos = |fields| Got { fields, ..Got::default() };
    let texts = |strings| Got { strings, ..Got::default() };
    let many = |actors| Got { actors, ..Got::default() };
    let found = |found: Found| Got { actors: found.actors, ..Got::default() };
    let items = |items: Vec<ListItem>| Got {
        items: items.into_iter().map(|item| (item.key, item.text)).collect(),
        ..Got::default()
    };
    let list = request.text_of("ListName");
    let text = request.text_of("SearchText");
    match wrapper.name.as_str() {
        "WSGetConfigData" => erp.config_fields().await.map(|r| r.map(infos)),
        "WSTestConfigData" => erp.test_config(&settings).await.map(|r| r.map(nothing)),
        "WSSaveConnection" => erp.save_connection(&id, &settings).await.map(|r| r.map(nothing)),
        "WSTestConnection" => erp.test_connection(&id).await.map(|r| r.map(nothing)),
        "WSDeleteConnection" => erp.delete_connection(&id).await.map(|r| r.map(nothing)),
        "WSGetSupportedActorTypes" => {
            let names =
                |kinds: Vec<ActorType>| texts(kinds.iter().map(|k| k.to_string()).collect());
            erp.actor_types(&id).await.map(|r| r.map(names))
        }
        "WSGetSupportedActorTypeFields" => {
            erp.actor_fields(&id, kind()).await.map(|r| r.map(infos))
        }
        "WSGetSearchableFields" => erp.searchable_fields(&id, kind()).await.map(|r| r.map(texts)),
        "WSGetActors" => {
            let keys = request.strings("ErpKeys");
            erp.actors(&id, kind(), &keys, &fields).await.map(|r| r.map(many))
        }
        "WSSearchActors" => {
            erp.search(&id, kind(), text, &fields, EVERYTHING).await.map(|r| r.map(found))
        }
        "WSSearchActorByParent" => {
            let parent = ActorType::parse(request.text_of("ParentActorType")).unwrap();
            let key = request.text_of("ParentActorErpKey");
            let answer =
                erp.search_by_parent(&id, kind(), text, parent, key, &fields, EVERYTHING).await;
            answer.map(|r| r.map(found))
        }
        "WSSearchActorsAdvanced" => {
            let restrictions: Vec<_> =
                request.get("Restrictions").children.iter().map(restriction).collect();
            let answer = erp.search_advanced(&id, kind(), &restrictions, &fields, EVERYTHING).await;
            answer.map(|r| r.map(found))
        }
        "WSCreateActor" => {
            let actor = actor(request.get("Actor"));
            let new = NewActor { kind: actor.kind, fields: actor.fields, parent: actor.parent };
            erp.create_actor(&id, &new).await.map(|r| r.map(|actor| many(vec![actor])))
        }
        "WSSaveActors" => {
            let actors: Vec<_> = request.get("Actors").children.iter().map(actor).collect();
            erp.save_actors(&id, &actors).await.map(|r| r.map(many))
        }
        "WSGetList" => erp.list(&id, list).await.map(|r| r.map(items)),
        "WSGetListItems" => {
            let keys = request.strings("ListItemKeys");
            erp.list_items(&id, list, &keys).await.map(|r| r.map(items))
        }
        "WSGetActorsByTimestamp" => {
            let (send, mut receive) = handover::channel(1 << 20);
            let since = request.text_of("UpdatedOnOrAfter");
            let reply = erp.actors_since(&id, kind(), since, &fields, send).await?;
            let mut actors = Vec::new();
            while let Some(actor) = receive.recv().await {
                actors.push(actor);
            }
            Ok(reply.map(|()| many(actors)))
        }
        other => panic!("{other}"),
    }
}

fn restriction(element: &Element) -> Restriction {
    Restriction {
        field: element.text_of("FieldKey").to_owned(),
        operator: Operator::parse(element.text_of("Operator")).unwrap(),
        values: element.strings("Values"),
    }
}

fn actor(element: &Element) -> Actor {
    let parent = ActorType::parse(element.text_of("ParentActorType"));
    Actor {
        kind: ActorType::parse(element.text_of("ActorType")).unwrap(),
        key: element.text_of("ErpKey").to_owned(),
        last_modified: element.text_of("LastModified").to_owned(),
        fields: element.dictionary("FieldValues"),
        parent: parent
            .map(|kind| ActorRef { kind, key: element.text_of("ParentErpKey").to_owned() }),
    }
}

fn compare(name: &str, got: Answer<Got>, result: &Element) {
    let reply = match got {
        Err(Failure::Refused(refusal)) => {
            assert_eq!(result.text_of("State"), "Error", "{name}");
            assert_eq!(refusal.user_text, result.text_of("UserExplanation"), "{name}");
            assert_eq!(refusal.tech_text, result.text_of("TechExplanation"), "{name}");
            let code = refusal.code.map_or(String::new(), |code| code.as_str().to_owned());
            assert_eq!(code, result.text_of("ErrorCode"), "{name}");
            return;
        }
        other => other.unwrap_or_else(|failure| panic!("{name}: {failure:?}")),
    };
    let state = match result.text_of("State") {
        "Ok" => State::Ok,
        "Warning" => State::Warning,
        other => panic!("{name}: {other}"),
    };
    assert_eq!(reply.state, state, "{name}");
    assert_eq!(reply.user_text, result.text_of("UserExplanation"), "{name}");
    let got = reply.value;
    assert_eq!(got.strings, result.strings("Items"), "{name}");
    assert_eq!(got.items, result.dictionary("ListItems"), "{name}");
    let mut actors: Vec<_> =
        result.find("Actors").map_or(vec![], |a| a.children.iter().map(actor).collect());
    actors.extend(result.find("Actor").map(actor));
    assert_eq!(got.actors, actors, "{name}");
    let fields = result.find("FieldMetaDataObjects").map_or(&[][..], |f| &f.children);
    assert_eq!(got.fields.len(), fields.len(), "{name}");
    for (got, field) in got.fields.iter().zip(fields) {
        assert_eq!(got.key, field.text_of("FieldKey"));
        assert_eq!(got.name, field.text_of("DisplayName"));
        assert_eq!(got.description, field.text_of("DisplayDescription"));
        assert_eq!(got.kind.as_str(), field.text_of("FieldType"));
        assert_eq!(got.list, field.text_of("ListName"));
        assert_eq!(got.default, field.text_of("DefaultValue"));
        assert_eq!(got.access.as_str(), field.text_of("Access"));
        assert_eq!(got.rank.to_string(), field.text_of("Rank"));
        assert_eq!(got.max_length.to_string(), field.text_of("MaxLength"));
    }
}
