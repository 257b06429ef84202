//! Our own client on our own host: the contract survives both directions whole.

use std::sync::Arc;
use std::time::Duration;

use gleichlauf::connector::client::ErpClient;
use gleichlauf::connector::failure::{Failure, RefusalCode};
use gleichlauf::connector::handover;
use gleichlauf::connector::registry::Patience;
use gleichlauf::connector::types::*;

use super::Served;
use crate::connector::{registry, strings};
use crate::support::fake_connector::{FakeConnector, config, fields};

fn settings(password: &str, company: &str) -> Settings {
    [("Server", "erp"), ("Password", password), ("Company", company)].into_iter().collect()
}

/// A client over the wire, its connection saved.
async fn client(served: &Served) -> ErpClient {
    let registry = registry(&[served.address.to_string()]);
    let guid = ConnectionGuid::random().unwrap();
    let settings = settings(" p&<w>\"ö\t", "01");
    let client = registry.client(&served.url(), guid, settings, Patience::Background).unwrap();
    client.save().await.unwrap();
    client
}

fn name_of(text: &str) -> FieldValues {
    [("Name".to_owned(), text.to_owned())].into()
}

#[tokio::test]
async fn configuration_passes_unchanged() {
    let fake = FakeConnector::new(1);
    let served = Served::one(&fake);
    let client = client(&served).await;
    let erp = client.connector();
    assert_eq!(erp.config_fields().await.unwrap().value, config());
    let form = erp.wire_form().unwrap();
    assert_eq!(form.data_namespace, form.service_namespace);

    let refused = erp.test_config(&settings("wrong", "01")).await.unwrap_err();
    let Failure::Refused(refusal) = refused else { panic!("{refused:?}") };
    assert_eq!(refusal.user_text, "US:\"Refused\";GE:\"Abgelehnt\"");
    assert_eq!((refusal.tech_text.as_str(), refusal.code), ("bad password", None));
    let warned = erp.test_config(&settings("right", "02")).await.unwrap();
    assert_eq!(warned.state, State::Warning);
    assert_eq!(warned.user_text, "US:\"Closed for posting\"");
    client.test().await.unwrap();
    let unknown = erp.test_connection(&ConnectionGuid::new("dead")).await.unwrap_err();
    assert!(unknown.is_unknown_connection());
    client.delete().await.unwrap();
    assert!(erp.test_connection(client.guid()).await.unwrap_err().is_unknown_connection());
}

#[tokio::test]
async fn descriptions_and_lists_pass_unchanged() {
    let fake = FakeConnector::new(1);
    let served = Served::one(&fake);
    let client = client(&served).await;
    let kinds = client.actor_types().await.unwrap().value;
    let (customer, person) = (ActorType::Customer, ActorType::Person);
    assert_eq!(kinds, [customer, ActorType::Supplier, person, ActorType::Project]);
    for kind in kinds {
        assert_eq!(client.actor_fields(kind).await.unwrap().value, fields(kind));
        assert_eq!(client.searchable_fields(kind).await.unwrap().value.len(), fields(kind).len());
    }
    let countries = client.list("Country").await.unwrap().value;
    assert_eq!(
        countries[1],
        ListItem { key: "AT".into(), text: "US:\"Austria\";GE:\"Österreich\"".into() }
    );
    let some = client.list_items("Country", &strings(&["NO", "XX"])).await.unwrap().value;
    assert_eq!(some.len(), 1);
    assert!(matches!(client.list("Nothing").await, Err(Failure::Refused(_))));
}

#[tokio::test]
async fn actors_are_found_made_and_changed() {
    let fake = FakeConnector::new(9);
    let served = Served::one(&fake);
    let client = client(&served).await;
    let (customer, wanted) = (ActorType::Customer, strings(&["Name", "Limit", "Nonsense"]));
    let found = client.search(customer, "", &wanted, 4).await.unwrap().value;
    assert_eq!((found.actors.len(), found.more), (4, true));
    let all = client.actors(customer, &strings(&["C1", "C9", "C99"]), &wanted).await.unwrap().value;
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].fields["Name"], "Ærø & Söhne <1>");
    assert_eq!(all[0].fields.len(), 2);

    let restriction = |field: &str, operator, values: &[&str]| Restriction {
        field: field.into(),
        operator,
        values: strings(values),
    };
    let between = [
        restriction("Limit", Operator::Between, &["[F:2.5]", "[F:4.5]"]),
        restriction("Country", Operator::OneOf, &["DE", "NO"]),
    ];
    let found = client.search_advanced(customer, &between, &[], 9).await.unwrap().value;
    let keys: Vec<_> = found.actors.iter().map(|actor| actor.key.as_str()).collect();
    assert_eq!(keys, ["C2", "C3"]);
    for operator in Operator::ALL {
        let values = if operator.takes_two_values() { &["[I:1]", "[I:2]"][..] } else { &["[I:1]"] };
        let restriction = restriction("Rating", operator, values);
        client.search_advanced(customer, &[restriction], &[], 9).await.unwrap();
    }
    let person = ActorType::Person;
    let under = client.search_by_parent(person, "", customer, "C5", &[], 9).await.unwrap().value;
    assert_eq!(under.actors[0].parent, Some(ActorRef { kind: customer, key: "C5".into() }));

    let odd = " a\tb\r\nc]]>&lt; 🌷\u{202e}";
    let parent = Some(ActorRef { kind: customer, key: "C1".into() });
    let new = NewActor { kind: ActorType::Project, fields: name_of(odd), parent: parent.clone() };
    let made = client.create_actor(&new).await.unwrap().value;
    assert_eq!((&made.fields["Name"], &made.parent), (&odd.to_owned(), &parent));
    let nameless = NewActor { fields: FieldValues::new(), ..new };
    assert!(matches!(client.create_actor(&nameless).await, Err(Failure::Refused(_))));
    let changed = Actor { fields: name_of("Umbau"), ..made.clone() };
    let saved = client.save_actors(&[changed]).await.unwrap().value;
    assert!(saved[0].last_modified > made.last_modified);
    assert_eq!(fake.dump(ActorType::Project)[&made.key]["Name"], "Umbau");
    let bad = NewActor { kind: ActorType::Project, fields: name_of("\u{1}"), parent: None };
    let failure = client.create_actor(&bad).await.unwrap_err();
    assert_eq!(failure, Failure::NotSendable { field: "Name".into() });
}

#[tokio::test]
async fn thousands_of_actors_are_handed_over_one_by_one() {
    let fake = FakeConnector::new(3_000);
    let served = Served::one(&fake);
    let client = client(&served).await;
    let wanted: Vec<String> = fields(ActorType::Customer).into_iter().map(|f| f.key).collect();
    let (send, mut receive) = handover::channel(1 << 20);
    let taking = async {
        let mut last = String::new();
        let mut count = 0;
        while let Some(actor) = receive.recv().await {
            assert!(actor.last_modified > last);
            last = actor.last_modified;
            count += 1;
        }
        count
    };
    let reading = client.actors_since(ActorType::Customer, "", &wanted, send);
    let (reply, count) = tokio::join!(reading, taking);
    assert_eq!((reply.unwrap().state, count), (State::Ok, 3_000));
    let found = client.search(ActorType::Customer, "", &wanted, 10_000).await.unwrap().value;
    assert_eq!(found.actors.len(), 3_000);
}

#[tokio::test]
async fn a_refusal_before_the_first_actor_is_a_refusal() {
    let fake = FakeConnector::new(3);
    let served = Served::one(&fake);
    let client = client(&served).await;
    fake.fail("GetActorsByTimestamp", Failure::refused_as(RefusalCode::UnknownField, "Colour"));
    let (send, _receive) = handover::channel(1 << 20);
    let failure = client.actors_since(ActorType::Customer, "", &[], send).await.unwrap_err();
    let Failure::Refused(refusal) = failure else { panic!("{failure:?}") };
    assert_eq!(refusal.code, Some(RefusalCode::UnknownField));
}

#[tokio::test]
async fn a_connector_that_throws_is_a_fault_and_a_forgotten_connection_is_sent_again() {
    let fake = FakeConnector::new(3);
    let served = Served::one(&fake);
    let client = client(&served).await;
    fake.fail("TestConnection", Failure::TimedOut { limit: Duration::from_secs(30) });
    let failure = client.test().await.unwrap_err();
    assert!(matches!(&failure, Failure::Fault { code, .. } if code == "InternalServiceFault"));
    assert!(failure.is_unclear());
    fake.calls();
    fake.forget();
    client.test().await.unwrap();
    let calls: Vec<_> = fake.calls().into_iter().map(|(call, _)| call).collect();
    assert_eq!(calls, ["TestConnection", "SaveConnection", "TestConnection"]);
}

#[tokio::test]
async fn a_panic_in_a_connector_is_a_fault_and_the_host_goes_on() {
    let fake = FakeConnector::new(3);
    let served = Served::one(&fake);
    let client = client(&served).await;
    for operation in ["TestConnection", "GetActorsByTimestamp"] {
        fake.throw(operation);
        let failure = match operation {
            "TestConnection" => client.test().await,
            _ => {
                client
                    .actors_since(ActorType::Customer, "", &[], handover::channel(1 << 20).0)
                    .await
            }
        };
        let failure = failure.unwrap_err();
        assert!(matches!(&failure, Failure::Fault { code, .. } if code == "InternalServiceFault"));
        client.test().await.unwrap();
    }
}

#[tokio::test]
async fn a_long_answer_that_fails_half_way_is_broken_off() {
    let fake = FakeConnector::new(3_000);
    let served = Served::one(&fake);
    let client = client(&served).await;
    let wanted: Vec<String> = fields(ActorType::Customer).into_iter().map(|f| f.key).collect();
    for (length, is_fault) in [(10, true), (2_000, false)] {
        fake.cut_polls(length);
        let (send, mut receive) = handover::channel(1 << 20);
        let taken = async {
            let mut count = 0;
            while receive.recv().await.is_some() {
                count += 1;
            }
            count
        };
        let asked = client.actors_since(ActorType::Customer, "", &wanted, send);
        let (answer, count) = tokio::join!(asked, taken);
        let failure = answer.unwrap_err();
        assert_eq!(matches!(failure, Failure::Fault { .. }), is_fault, "{failure:?}");
        assert_eq!(matches!(failure, Failure::BrokenOff { .. }), !is_fault, "{failure:?}");
        assert!(count <= length);
    }
}

#[tokio::test]
async fn connectors_are_told_apart_by_name() {
    let (one, two) = (FakeConnector::new(1), FakeConnector::new(2));
    let served: Served = Served::start(vec![
        ("First", one.clone() as Arc<_>),
        ("Second & Söhne", two.clone() as Arc<_>),
    ]);
    let registry = registry(&[served.address.to_string()]);
    let ask = async |query: &str| {
        let address = format!("{}{query}", served.url());
        registry.connect(&address, Patience::Interactive).unwrap().config_fields().await
    };
    ask("").await.unwrap();
    assert_eq!((one.calls().len(), two.calls().len()), (1, 0));
    ask("?ConnectorName=Second%20%26%20S%C3%B6hne").await.unwrap();
    assert_eq!((one.calls().len(), two.calls().len()), (0, 1));
    let failure = ask("?ConnectorName=Third").await.unwrap_err();
    assert!(
        matches!(&failure, Failure::Fault { text, .. } if text.contains("\"Third\"")),
        "{failure:?}"
    );
}
