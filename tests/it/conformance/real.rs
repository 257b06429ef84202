//! Real connectors over the wire: the practice ERP, and a .NET connector in both of its forms. They pass.

use gleichlauf::conformance::{Check, Outcome, Target, Verdict, Writing};
use gleichlauf::connector::registry::Patience;
use gleichlauf::connector::types::{ActorRef, ActorType, ConnectionGuid, Settings};

use super::{LIMITS, Matrix, client, test, test_within};
use crate::connector::registry;
use crate::host::Served;
use crate::practice::{Erp, login};
use crate::support::wcf::{Form, Wcf};

fn new(kind: ActorType, parent: Option<ActorRef>) -> Writing {
    Writing { kind, marker: "Gleichlauf-Test".into(), target: Target::New { parent } }
}

fn customer(key: &str) -> Option<ActorRef> {
    Some(ActorRef { kind: ActorType::Customer, key: key.to_owned() })
}

/// Nothing failed, and nothing was left untried but for what there is not.
#[track_caller]
fn passes(matrix: &Matrix, written: Option<ActorType>) {
    assert!(matrix.failures().is_empty(), "{:#?}", matrix.words(Verdict::Failed));
    for (kind, check, why) in matrix.not_tried() {
        let expected = match check {
            Check::ListsComplete | Check::ListItems => "conformance-no-lists",
            Check::ParentSearch => "conformance-no-parents",
            Check::Create | Check::Save => "conformance-writing-not-asked",
            _ => "–",
        };
        assert_eq!(why, expected, "{check:?} of {kind}");
    }
    if let Some(kind) = written {
        for (check, message) in
            [(Check::Create, "conformance-created"), (Check::Save, "conformance-saved")]
        {
            let outcome = &matrix.get(kind, check).outcome;
            let Outcome::Remarked(reason) = outcome else { panic!("{outcome:?}") };
            assert_eq!(reason.key.id(), message);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_database_the_practice_erp_passes_everything() {
    let erp = Erp::new().await;
    // Whatever a connection to it is configured with.
    let few = [("MaxHits", "[I:60]"), ("Factor", "[F:1.17]")];
    for settings in [login("01", &[]), login("02", &few)] {
        let client = client(erp.connector.clone(), settings).await;
        passes(&test(&client, None).await, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_database_the_practice_erp_passes_everything_over_soap_and_is_written_to() {
    let erp = Erp::new().await;
    let served = Served::start(vec![("Practice", erp.connector.clone())]);
    let registry = registry(&[served.address.to_string()]);
    let guid = ConnectionGuid::random().unwrap();
    let client =
        registry.client(&served.url(), guid, login("01", &[]), Patience::Background).unwrap();
    client.save().await.unwrap();
    let first = client.search(ActorType::Customer, "", &[], 1).await.unwrap().value.actors;
    for writing in [
        new(ActorType::Customer, None),
        new(ActorType::Supplier, None),
        new(ActorType::Person, customer(&first[0].key)),
        new(ActorType::Project, None),
    ] {
        let matrix = test_within(LIMITS, &client, Some(&writing), &[writing.kind]).await;
        passes(&matrix, Some(writing.kind));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_database_a_net_connector_passes_in_the_services_own_namespace() {
    a_net_connector_passes(Form::Own).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_database_a_net_connector_passes_in_nets_default_namespace() {
    a_net_connector_passes(Form::Default).await;
}

async fn a_net_connector_passes(form: Form) {
    let wcf = Wcf::start(form, 60).await;
    let settings: Settings =
        [("Server", "erp"), ("User", "s"), ("Password", "p"), ("Company", "01")]
            .into_iter()
            .collect();
    let registry = registry(&[wcf.line()]);
    let guid = ConnectionGuid::random().unwrap();
    let client = registry.client(&wcf.address(), guid, settings, Patience::Background).unwrap();
    client.save().await.unwrap();
    wcf.calls().await;
    passes(&test(&client, None).await, None);
    let writes = ["WSCreateActor", "WSSaveActors", "WSSaveConnection"];
    assert!(wcf.calls().await.iter().all(|(call, _)| !writes.contains(&call.as_str())));
    let writing = new(ActorType::Person, customer("C000001"));
    passes(&test(&client, Some(&writing)).await, Some(writing.kind));
    let persons = wcf.dump("Person").await;
    let made = persons.values().filter(|row| {
        row["values"]["LastName"].as_str().is_some_and(|name| name.starts_with("Gleichlauf-Test "))
    });
    assert_eq!(made.count(), 1);
}
