//! Our connectors, served to others over the SOAP contract.

mod operations;
mod others;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use gleichlauf::connector::Connector;
use gleichlauf::host::{self, Host, PATH};

use crate::support::fake_connector::FakeConnector;

/// A running host; stopped when dropped.
pub struct Served {
    pub address: SocketAddr,
    handle: ServerHandle,
}

impl Served {
    pub fn start(connectors: Vec<(&str, Arc<dyn Connector>)>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let named = connectors.into_iter().map(|(name, erp)| (name.to_owned(), erp)).collect();
        let server = host::serve(listener, Host::new(named)).unwrap();
        let handle = server.handle();
        tokio::spawn(server);
        Self { address, handle }
    }

    pub fn one(fake: &Arc<FakeConnector>) -> Self {
        Self::start(vec![("Fake", fake.clone())])
    }

    pub fn url(&self) -> String {
        format!("http://{}{PATH}", self.address)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}
