//! Address → connector: `https://…` and `http://…` speak SOAP, `plugin://name` is built in.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Connector;
use super::failure::{BadAddress, Failure};

/// How long a caller is willing to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Patience {
    /// A person is waiting: 10 s in all.
    Interactive,
    /// Nobody is waiting: 30 s, and for streamed answers 30 s without progress, 30 min in all.
    Background,
}

/// All connectors this portal can reach.
#[derive(Clone, Default)]
pub struct Registry {
    plugins: BTreeMap<String, Arc<dyn Connector>>,
}

impl Registry {
    /// The connector behind an address, or why there can be none.
    pub fn connect(
        &self,
        address: &str,
        _patience: Patience,
    ) -> Result<Arc<dyn Connector>, Failure> {
        let unusable = |reason| Failure::AddressNotUsable { reason };
        let (scheme, name) =
            address.split_once("://").ok_or_else(|| unusable(BadAddress::Malformed))?;
        match scheme {
            "plugin" => {
                self.plugins.get(name).cloned().ok_or_else(|| unusable(BadAddress::NoSuchPlugin))
            }
            _ => Err(unusable(BadAddress::UnknownScheme)),
        }
    }
}
