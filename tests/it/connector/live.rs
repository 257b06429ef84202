//! All seventeen operations on a running .NET connector, in both of its forms.

use gleichlauf::connector::failure::{Failure, RefusalCode};
use gleichlauf::connector::handover;
use gleichlauf::connector::registry::Patience;
use gleichlauf::connector::types::*;

use super::{registry, strings};
use crate::support::wcf::{Form, Wcf};

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_works_in_the_services_own_namespace() {
    every_operation(Form::Own, "http://www.superoffice.net/EIS/Connector/1.0").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_works_in_nets_default_namespace() {
    let data = "http://schemas.datacontract.org/2004/07/SuperOffice.ErpSync";
    every_operation(Form::Default, data).await;
}

fn settings(password: &str) -> Settings {
    [("Server", "erp"), ("User", "sync"), ("Password", password), ("Company", "01")]
        .into_iter()
        .collect()
}

async fn every_operation(form: Form, data: &str) {
    let wcf = Wcf::start(form, 40).await;
    let registry = registry(&[wcf.line()]);
    let guid = ConnectionGuid::random().unwrap();
    let client = registry
        .client(&wcf.address(), guid.clone(), settings("p&ss<w>ört"), Patience::Interactive)
        .unwrap();
    let erp = client.connector().clone();

    let config = erp.config_fields().await.unwrap().value;
    let kinds: Vec<FieldType> = config.iter().map(|field| field.kind).collect();
    assert!(FieldType::ALL.iter().all(|kind| kinds.contains(kind)));
    assert_eq!(erp.wire_form().unwrap().data_namespace, data);
    let refused = erp.test_config(&settings("wrong")).await.unwrap_err();
    assert!(matches!(refused, Failure::Refused(r) if r.user_text.contains("User or password")));
    assert_eq!(erp.test_config(&settings("right")).await.unwrap().state, State::Ok);
    let companies = erp.list(&ConnectionGuid::zero(), "Company").await.unwrap().value;
    assert_eq!(companies.len(), 2);

    let unknown = erp.test_connection(&guid).await.unwrap_err();
    let Failure::Refused(refusal) = unknown else { panic!("{unknown:?}") };
    assert_eq!(refusal.code, Some(RefusalCode::UnknownConnection));
    client.save().await.unwrap();
    client.test().await.unwrap();
    assert_eq!(client.actor_types().await.unwrap().value.len(), 4);
    let fields = client.actor_fields(ActorType::Customer).await.unwrap().value;
    assert_eq!(fields[0].access, Access::Mandatory);
    assert!(!client.searchable_fields(ActorType::Customer).await.unwrap().value.is_empty());
    assert_eq!(client.list("Country").await.unwrap().value.len(), 4);
    let items = client.list_items("Country", &strings(&["DE", "xx"])).await.unwrap().value;
    assert_eq!(items.len(), 1);

    let wanted = strings(&["Name", "Phone", "Balance"]);
    let found = client.search(ActorType::Customer, "", &wanted, 10).await.unwrap().value;
    assert_eq!((found.actors.len(), found.more), (10, true));
    let by_name = Restriction {
        field: "Name".into(),
        operator: Operator::Begins,
        values: strings(&[found.actors[0].fields["Name"].as_str()]),
    };
    let exact = client.search_advanced(ActorType::Customer, &[by_name], &wanted, 100).await;
    let exact = exact.unwrap().value;
    assert!(!exact.more && exact.actors.contains(&found.actors[0]));
    let children = client
        .search_by_parent(ActorType::Person, "", ActorType::Customer, "C000001", &[], 10)
        .await
        .unwrap();
    assert_eq!(children.value.actors[0].parent.as_ref().unwrap().key, "C000001");
    let keys = strings(&["C000002", "nowhere"]);
    let two = client.actors(ActorType::Customer, &keys, &wanted).await.unwrap().value;
    assert_eq!(two.len(), 1);

    let odd = "A & B <C> \"d\"\t'e'\nLine 2 \u{a0} 🌷 ";
    let new = NewActor {
        kind: ActorType::Customer,
        fields: [("Name".to_owned(), odd.to_owned())].into(),
        parent: None,
    };
    let made = client.create_actor(&new).await.unwrap().value;
    assert_eq!(made.fields["Name"], odd);
    let mut changed = made.clone();
    changed.fields = [("Phone".to_owned(), "+49 1".to_owned())].into();
    let saved = client.save_actors(&[changed]).await.unwrap().value;
    assert!(saved[0].last_modified > made.last_modified);
    let dump = wcf.dump("Customer").await;
    assert_eq!(dump[&made.key]["values"]["Phone"], "+49 1");
    assert_eq!(dump[&made.key]["values"]["Name"], odd);

    let (send, mut receive) = handover::channel(1 << 20);
    let since = saved[0].last_modified.clone();
    let (reply, first) = tokio::join!(
        client.actors_since(ActorType::Customer, &since, &wanted, send),
        receive.recv()
    );
    assert_eq!(reply.unwrap().state, State::Ok);
    assert_eq!(first.unwrap().key, made.key);

    let stamp = wcf.set("Customer", "C000001", "Phone", "7").await;
    wcf.delete("Customer", "C000002").await;
    wcf.delay(300).await;
    let begun = std::time::Instant::now();
    let keys = strings(&["C000001", "C000002"]);
    let left = client.actors(ActorType::Customer, &keys, &wanted).await.unwrap().value;
    assert!(begun.elapsed().as_millis() >= 300);
    assert_eq!((left.len(), &left[0].last_modified), (1, &stamp));
    wcf.delay(0).await;

    wcf.fail("WSTestConnection").await;
    let fault = client.test().await.unwrap_err();
    assert!(
        matches!(&fault, Failure::Fault { code, .. } if code == "InternalServiceFault"),
        "{fault:?}"
    );
    client.delete().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_connection_is_sent_again_once_and_the_call_repeated() {
    let wcf = Wcf::start(Form::Default, 5).await;
    let registry = registry(&[wcf.line()]);
    let guid = ConnectionGuid::random().unwrap();
    let client = |patience| {
        registry.client(&wcf.address(), guid.clone(), settings("right"), patience).unwrap()
    };
    client(Patience::Interactive).save().await.unwrap();
    wcf.forget().await;
    wcf.calls().await;
    let (page, engine) = (client(Patience::Interactive), client(Patience::Background));
    let (one, two) = tokio::join!(
        page.search(ActorType::Customer, "", &[], 100),
        engine.actor_fields(ActorType::Customer),
    );
    assert_eq!(one.unwrap().value.actors.len(), 5);
    assert!(!two.unwrap().value.is_empty());
    let calls = wcf.calls().await;
    assert_eq!(calls.iter().filter(|(call, _)| call == "WSSaveConnection").count(), 1, "{calls:?}");
}
