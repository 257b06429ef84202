//! Trying an address: is there a Sync Connector, and what does it say of itself?

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::time::Instant;

use crate::connector::failure::Failure;
use crate::connector::operation::Operation;
use crate::connector::registry::{Patience, Registry};
use crate::connector::types::{FieldInfo, State, WireForm};

/// What answered.
pub struct Probe {
    /// The configuration fields it asks for.
    pub fields: Vec<FieldInfo>,
    /// None for a connector that is built in.
    pub wire: Option<WireForm>,
    /// The operations its description offers; none: it serves no description that can be read.
    pub offered: Option<BTreeSet<Operation>>,
    /// Of the call, without the description.
    pub took: Duration,
    /// What it wants said besides; blank for nothing.
    pub note: String,
}

/// Asks for the configuration fields: the one call that needs no configuration, and that shows the wire form. Then
/// for the description.
pub async fn probe(registry: &Registry, address: &str) -> Result<Probe, Failure> {
    let connector = registry.connect(address, Patience::Interactive)?;
    let begun = Instant::now();
    let reply = connector.config_fields().await?;
    let took = begun.elapsed();
    let offered = connector.operations().await.ok().filter(|offered| !offered.is_empty());
    let note = if reply.state == State::Ok { String::new() } else { reply.user_text };
    Ok(Probe { fields: reply.value, wire: connector.wire_form(), offered, took, note })
}

impl Probe {
    /// The operations of the contract that it does not offer.
    pub fn missing(&self) -> Vec<&'static str> {
        let Some(offered) = &self.offered else { return Vec::new() };
        let missing = Operation::ALL.into_iter().filter(|operation| !offered.contains(operation));
        missing.map(Operation::name).collect()
    }
}
