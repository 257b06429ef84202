//! Trying an address: is there a Sync Connector, and what does it say of itself?

use std::time::Duration;

use tokio::time::Instant;

use crate::connector::failure::Failure;
use crate::connector::registry::{Patience, Registry};
use crate::connector::types::{FieldInfo, State, WireForm};

/// What answered.
pub struct Probe {
    /// The configuration fields it asks for.
    pub fields: Vec<FieldInfo>,
    /// None for a connector that is built in.
    pub wire: Option<WireForm>,
    pub took: Duration,
    /// What it wants said besides; blank for nothing.
    pub note: String,
}

/// Asks for the configuration fields: the one call that needs no configuration, and that shows the wire form.
pub async fn probe(registry: &Registry, address: &str) -> Result<Probe, Failure> {
    let connector = registry.connect(address, Patience::Interactive)?;
    let begun = Instant::now();
    let reply = connector.config_fields().await?;
    let note = if reply.state == State::Ok { String::new() } else { reply.user_text };
    let wire = connector.wire_form();
    Ok(Probe { fields: reply.value, wire, took: begun.elapsed(), note })
}
