//! Address → connector: `https://…` and `http://…` speak SOAP, `plugin://name` is built in.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Connector;
use super::client::{ErpClient, ResendGate};
use super::failure::{BadAddress, Failure};
use super::policy::{AddressPolicy, Target};
use super::soap::SoapConnector;
use super::soap::exchange::Endpoint;
use super::types::{ConnectionGuid, Settings, WireForm};

pub use super::patience::Patience;

/// Endpoints kept although nobody uses them at the moment.
const MAX_IDLE: usize = 200;

/// All connectors this portal can reach. Clones share everything.
#[derive(Clone, Default)]
pub struct Registry(Arc<Shared>);

#[derive(Default)]
struct Shared {
    policy: Arc<AddressPolicy>,
    plugins: BTreeMap<String, Arc<dyn Connector>>,
    /// Per address: its HTTP pool and what was learned of it.
    endpoints: Mutex<HashMap<String, Arc<Endpoint>>>,
    gates: Mutex<HashMap<ConnectionGuid, Arc<ResendGate>>>,
}

impl Registry {
    /// `plugins` are the connectors built into this binary, by the name in `plugin://name`.
    pub fn new(policy: AddressPolicy, plugins: BTreeMap<String, Arc<dyn Connector>>) -> Self {
        Self(Arc::new(Shared { policy: Arc::new(policy), plugins, ..Shared::default() }))
    }

    /// The connector behind an address, or why there can be none.
    pub fn connect(
        &self,
        address: &str,
        patience: Patience,
    ) -> Result<Arc<dyn Connector>, Failure> {
        match self.plugin(address) {
            Some(plugin) => plugin,
            None => Ok(Arc::new(SoapConnector::new(self.endpoint(address)?, patience))),
        }
    }

    /// Whether [`Registry::connect`] would give a connector; nothing is called.
    pub fn check_address(&self, address: &str) -> Result<(), Failure> {
        match self.plugin(address) {
            Some(plugin) => plugin.map(|_| ()),
            None => self.0.policy.check(&Target::parse(address)?),
        }
    }

    /// One ERP connection on its connector, with the settings stored for it.
    pub fn client(
        &self,
        address: &str,
        guid: ConnectionGuid,
        settings: Settings,
        patience: Patience,
    ) -> Result<ErpClient, Failure> {
        let connector = self.connect(address, patience)?;
        let gate = lock(&self.0.gates).entry(guid.clone()).or_default().clone();
        Ok(ErpClient::new(connector, guid, settings, gate).with_patience(patience.limit()))
    }

    /// Tells what was learned of the connector at this address before, so that it need not be asked again.
    pub fn teach(&self, address: &str, form: &WireForm) {
        if self.plugin(address).is_some() {
            return;
        }
        // An address that cannot be called now needs no form either.
        if let Ok(endpoint) = self.endpoint(address) {
            endpoint.teach(form);
        }
    }

    fn plugin(&self, address: &str) -> Option<Result<Arc<dyn Connector>, Failure>> {
        let (scheme, name) = address.split_once("://")?;
        scheme.eq_ignore_ascii_case("plugin").then(|| {
            let reason = BadAddress::NoSuchPlugin;
            self.0.plugins.get(name).cloned().ok_or(Failure::AddressNotUsable { reason })
        })
    }

    fn endpoint(&self, address: &str) -> Result<Arc<Endpoint>, Failure> {
        if let Some(known) = lock(&self.0.endpoints).get(address) {
            return Ok(known.clone());
        }
        let endpoint = Arc::new(Endpoint::new(address, &self.0.policy)?);
        let mut endpoints = lock(&self.0.endpoints);
        if endpoints.len() >= MAX_IDLE {
            endpoints.retain(|_, endpoint| Arc::strong_count(endpoint) > 1);
        }
        Ok(endpoints.entry(address.to_owned()).or_insert(endpoint).clone())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
