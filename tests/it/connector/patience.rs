//! A person waits ten seconds in all, however many calls a page needs and whoever else is in the way.

use std::sync::Arc;
use std::time::Duration;

use gleichlauf::connector::Connector;
use gleichlauf::connector::client::{ErpClient, ResendGate};
use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::types::{ActorType, ConnectionGuid, Settings};

use super::strings;
use crate::support::fake_connector::FakeConnector;
use crate::support::unruly_erp::UnrulyErp;

const LIMIT: Duration = Duration::from_millis(100);

fn client(connector: Arc<dyn Connector>, gate: &Arc<ResendGate>) -> ErpClient {
    let guid = ConnectionGuid::new("3f2504e0-4f89-11d3-9a0c-0305e82c3301");
    ErpClient::new(connector, guid, Settings::default(), gate.clone())
}

#[tokio::test]
async fn all_calls_together_have_one_limit() {
    let fake = FakeConnector::new(3);
    fake.delay(Duration::from_secs(3_600));
    let client = client(fake.clone(), &Arc::default()).within(LIMIT);
    let late = Failure::TimedOut { limit: LIMIT };
    let keys = strings(&["C1"]);
    assert_eq!(client.actors(ActorType::Customer, &keys, &[]).await.unwrap_err(), late);
    assert_eq!(client.list_items("Country", &keys).await.unwrap_err(), late);
    assert_eq!(client.list("Country").await.unwrap_err(), late);
}

#[tokio::test]
async fn whoever_sends_the_configuration_again_makes_nobody_wait_longer_than_they_want() {
    let erp = UnrulyErp::default();
    erp.forget_connections();
    let gate = Arc::default();
    let held = erp.hold("configure");
    let patient = client(Arc::new(erp.clone()), &gate);
    let sending = tokio::spawn(async move { patient.test().await });
    held.reached().await;
    let hasty = client(Arc::new(erp.clone()), &gate).with_patience(LIMIT);
    assert_eq!(hasty.test().await.unwrap_err(), Failure::TimedOut { limit: LIMIT });
    erp.let_pass("configure");
    held.open();
    sending.await.unwrap().unwrap();
}
