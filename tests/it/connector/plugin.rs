//! Connectors built into the binary are reached by name, like any other.

use std::collections::BTreeMap;
use std::sync::Arc;

use gleichlauf::connector::Connector;
use gleichlauf::connector::handover;
use gleichlauf::connector::policy::AddressPolicy;
use gleichlauf::connector::registry::{Patience, Registry};
use gleichlauf::connector::types::{ActorType, ConnectionGuid};

use super::strings;
use crate::support::fake_connector::FakeConnector;

#[tokio::test]
async fn a_plugin_is_a_connector_like_any_other() {
    let fake = FakeConnector::new(4);
    let plugin: Arc<dyn Connector> = fake.clone();
    let plugins = BTreeMap::from([("fake".to_owned(), plugin)]);
    let registry = Registry::new(AddressPolicy::default(), plugins);
    let settings = [("Server", "s"), ("Password", "p"), ("Company", "01")].into_iter().collect();
    let guid = ConnectionGuid::random().unwrap();
    let client = registry.client("plugin://fake", guid, settings, Patience::Background).unwrap();
    assert_eq!(client.connector().wire_form(), None);

    let stamp = fake.set(ActorType::Customer, "C3", "Phone", "7");
    fake.delete(ActorType::Customer, "C4");
    let (send, mut receive) = handover::channel(1 << 20);
    let phone = strings(&["Phone"]);
    client.actors_since(ActorType::Customer, &stamp, &phone, send).await.unwrap();
    let changed = receive.recv().await.unwrap();
    assert_eq!((changed.key.as_str(), changed.fields["Phone"].as_str()), ("C3", "7"));
    assert_eq!(receive.recv().await, None);
    assert_eq!(client.search(ActorType::Customer, "", &[], 9).await.unwrap().value.actors.len(), 3);
}
