//! A connector that forgot a connection gets its configuration once, however many callers meet it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use gleichlauf::connector::Connector;
use gleichlauf::connector::client::{ErpClient, ResendGate};
use gleichlauf::connector::failure::{Failure, RefusalCode};
use gleichlauf::connector::policy::AddressPolicy;
use gleichlauf::connector::registry::{Patience, Registry};
use gleichlauf::connector::types::*;

use crate::support::fake_connector::FakeConnector;

struct Setup {
    fake: Arc<FakeConnector>,
    registry: Registry,
    guid: ConnectionGuid,
}

impl Setup {
    fn new() -> Self {
        let fake = FakeConnector::new(3);
        let plugin: Arc<dyn Connector> = fake.clone();
        let plugins = BTreeMap::from([("fake".to_owned(), plugin)]);
        let registry = Registry::new(AddressPolicy::default(), plugins);
        Self { fake, registry, guid: ConnectionGuid::random().unwrap() }
    }

    fn client(&self) -> ErpClient {
        let settings =
            [("Server", "s"), ("Password", "p"), ("Company", "01")].into_iter().collect();
        let guid = self.guid.clone();
        self.registry.client("plugin://fake", guid, settings, Patience::Background).unwrap()
    }

    /// How often each operation was called.
    fn count(&self, operation: &str) -> usize {
        self.fake.calls().iter().filter(|(call, _)| *call == operation).count()
    }
}

#[tokio::test]
async fn ten_callers_at_once_send_one_configuration() {
    let setup = Setup::new();
    setup.fake.delay(Duration::from_millis(50));
    let clients: Vec<_> = (0..10).map(|_| setup.client()).collect();
    let calls = clients.iter().map(|client| client.search(ActorType::Customer, "", &[], 9));
    for answer in futures_util::future::join_all(calls).await {
        assert_eq!(answer.unwrap().value.actors.len(), 3);
    }
    assert_eq!(setup.count("SaveConnection"), 1);
}

#[tokio::test]
async fn a_creation_is_repeated_once_and_made_once() {
    let setup = Setup::new();
    let fields = BTreeMap::from([("Name".to_owned(), "New".to_owned())]);
    let new = NewActor { kind: ActorType::Customer, fields, parent: None };
    setup.client().create_actor(&new).await.unwrap();
    assert_eq!(setup.fake.dump(ActorType::Customer).len(), 4);
    assert_eq!(setup.count("CreateActor"), 2);
}

#[tokio::test]
async fn forgotten_again_within_a_minute_is_an_error() {
    let setup = Setup::new();
    setup.client().test().await.unwrap();
    setup.fake.forget();
    assert!(setup.client().test().await.unwrap_err().is_unknown_connection());
    assert!(setup.client().test().await.unwrap_err().is_unknown_connection());
    assert_eq!(setup.count("SaveConnection"), 1);
}

#[tokio::test]
async fn after_a_while_the_configuration_is_sent_again() {
    let setup = Setup::new();
    let gate = Arc::new(ResendGate::new(Duration::from_millis(200)));
    let settings = || [("Server", "s"), ("Password", "p"), ("Company", "01")].into_iter().collect();
    for _ in 0..2 {
        let (guid, fake) = (setup.guid.clone(), setup.fake.clone());
        ErpClient::new(fake, guid, settings(), gate.clone()).test().await.unwrap();
        setup.fake.forget();
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    assert_eq!(setup.count("SaveConnection"), 2);
}

#[tokio::test]
async fn unknown_again_after_the_resend_stops_there() {
    let setup = Setup::new();
    let unknown = || Failure::refused_as(RefusalCode::UnknownConnection, "");
    setup.fake.fail("TestConnection", unknown());
    setup.fake.fail("TestConnection", unknown());
    assert!(setup.client().test().await.unwrap_err().is_unknown_connection());
    let calls = setup.fake.calls();
    let names: Vec<_> = calls.iter().map(|(call, _)| *call).collect();
    assert_eq!(names, ["TestConnection", "SaveConnection", "TestConnection"]);
}

#[tokio::test]
async fn a_refused_configuration_is_not_tried_again_within_a_minute() {
    let setup = Setup::new();
    setup.fake.fail("SaveConnection", Failure::refused("US:\"No\"", ""));
    let failure = setup.client().test().await.unwrap_err();
    assert!(matches!(&failure, Failure::Refused(refusal) if refusal.user_text.contains("No")));
    assert!(setup.client().test().await.unwrap_err().is_unknown_connection());
    assert_eq!(setup.count("SaveConnection"), 1);
}

#[tokio::test]
async fn connections_do_not_wait_for_each_other() {
    let setup = Setup::new();
    setup.client().test().await.unwrap();
    let other = Setup { guid: ConnectionGuid::random().unwrap(), ..setup };
    other.client().test().await.unwrap();
    assert_eq!(other.count("SaveConnection"), 2);
}
