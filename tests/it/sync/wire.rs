//! What a run learns of a connector's wire is kept, and known again after a restart.

use std::collections::BTreeMap;

use gleichlauf::connections::Scope;
use gleichlauf::connector::registry::Patience;
use gleichlauf::connector::types::ConnectionGuid;
use gleichlauf::history::Actor;
use gleichlauf::store::configuration::Configuration;
use gleichlauf::store::connections::NewConnection;
use gleichlauf::store::{connections, connectors, engine, mappings};
use gleichlauf::sync::Engine;
use gleichlauf::sync::failpoint::Failpoints;

use super::setting::{CUSTOMER, mapping, text};
use crate::connector::{fixture, registry};
use crate::support::database::store;
use crate::support::peer::{Peer, xml};

#[tokio::test(flavor = "multi_thread")]
async fn the_form_a_run_has_learned_is_known_after_a_restart() {
    let peer = Peer::answering(|request| {
        let config = "default-namespace/001-WSGetConfigData.response-200.xml";
        match request.operation() {
            "WSGetConfigData" => xml(fixture(config)),
            _ => b"HTTP/1.1 500 Error\r\nContent-Length: 0\r\n\r\n".to_vec(),
        }
    })
    .await;
    let (store, _clock, _database) = store().await;
    let by = Actor::system();
    let mut tx = store.begin().await.unwrap();
    let connector = connectors::insert(&mut tx, &by, "Soap", &peer.url()).await.unwrap();
    let new = NewConnection {
        guid: ConnectionGuid::random().unwrap(),
        connector_id: connector,
        name: "Soap".to_owned(),
        description: String::new(),
        scope: Scope::Everyone,
        configuration: Configuration::default(),
    };
    let connection = connections::insert(&mut tx, &by, &new).await.unwrap();
    let customers = mapping(connection, CUSTOMER, vec![text("NAME", "name")]);
    mappings::save(&mut tx, &by, &customers).await.unwrap();
    connections::activate(&mut tx, &by, (connection, 1)).await.unwrap();
    engine::switch_on(&mut tx, &by).await.unwrap();
    tx.commit().await.unwrap();
    let start = async || {
        let registry = registry(&[peer.address.to_string()]);
        let failpoints = Failpoints::default();
        let engine = Engine::start(store.clone(), registry.clone(), failpoints, "en").await;
        (registry, engine.unwrap())
    };
    let known = |registry: &gleichlauf::connector::registry::Registry| {
        registry.connect(&peer.url(), Patience::Interactive).unwrap().wire_form()
    };
    let (first, engine) = start().await;
    assert_eq!(known(&first), None);
    engine.run_one_due().await.unwrap();
    let learned = known(&first);
    assert!(learned.is_some());
    let kept = connectors::find(&store, connector).await.unwrap().unwrap().wire;
    assert_eq!(kept, learned);
    let (second, _) = start().await;
    assert_eq!(known(&second), learned);
    let asked: BTreeMap<String, usize> =
        peer.requests().iter().fold(BTreeMap::new(), |mut asked, request| {
            *asked.entry(request.operation().to_owned()).or_default() += 1;
            asked
        });
    assert_eq!(asked["WSGetConfigData"], 1);
}
