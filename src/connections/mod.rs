//! Sync connectors and ERP connections as the portal keeps them. No I/O.

use url::Url;

use crate::clock::Millis;
use crate::connector::types::{ConnectionGuid, FieldInfo, WireForm};

pub type ConnectorId = i64;
pub type ConnectionId = i64;

/// Longest name of a connector or connection, and longest description.
pub const NAME_LENGTH: u64 = 254;
/// Longest address of a connector.
pub const ADDRESS_LENGTH: u64 = 1023;

/// A sync connector: a name and the address of its web service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncConnector {
    pub id: ConnectorId,
    pub name: String,
    pub address: String,
    pub is_deleted: bool,
    /// What was learned of its wire at the last test.
    pub wire: Option<WireForm>,
    pub version: i64,
    pub updated_at: Millis,
    pub updated_by: String,
}

/// An ERP connection: a connector plus configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErpConnection {
    pub id: ConnectionId,
    /// Sent with every call.
    pub guid: ConnectionGuid,
    pub connector_id: ConnectorId,
    pub connector_name: String,
    pub connector_address: String,
    /// May be multi-language text.
    pub name: String,
    pub description: String,
    pub is_active: bool,
    pub is_deleted: bool,
    pub is_for_everyone: bool,
    /// The configuration fields as the connector declared them when the connection was last saved.
    pub config_fields: Vec<FieldInfo>,
    /// When the last run of this connection ended well.
    pub last_sync: Option<Millis>,
    /// Why the engine leaves it alone for now, as a message id; the connection stays active.
    pub paused_because: Option<String>,
    /// Rises when what a run compares becomes another; what was begun before may write no more.
    pub generation: i64,
    pub version: i64,
    pub updated_at: Millis,
    pub updated_by: String,
}

/// Who may use a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    Everyone,
    /// Only these; a scope with nobody in it is not complete.
    Only(Vec<Access>),
}

/// Who may use a connection that is not for everyone: one user or one group, with two rights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    pub who: Grantee,
    /// May make and break links between existing records.
    pub may_connect: bool,
    /// May create new actors in the ERP.
    pub may_create: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grantee {
    User(i64),
    Group(i64),
}

/// What one user may do with one connection. Absent rights mean: not in scope at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    pub may_connect: bool,
    pub may_create: bool,
}

/// Whether both addresses lead to the same host, port and scheme (or to the same built-in connector), so
/// that what was entrusted to one may be sent to the other.
pub fn is_same_host(one: &str, other: &str) -> bool {
    let host = |address: &str| {
        let url = Url::parse(address).ok()?;
        Some((url.scheme().to_owned(), url.host_str()?.to_owned(), url.port_or_known_default()))
    };
    host(one).is_some_and(|one| Some(one) == host(other))
}

#[cfg(test)]
mod tests {
    use super::is_same_host;

    #[test]
    fn only_scheme_host_and_port_make_the_host() {
        let one = "https://erp.example/a.svc";
        assert!(is_same_host(one, "https://ERP.example:443/b.svc?ConnectorName=X"));
        assert!(is_same_host("plugin://practice", "plugin://practice"));
        for other in ["http://erp.example/a.svc", "https://erp.example:8443/", "https:///x/a.svc"] {
            assert!(!is_same_host(one, other), "{other}");
        }
        assert!(!is_same_host("https:///a/x", "https:///b/x"));
        assert!(!is_same_host("plugin://a", "plugin://b"));
        assert!(!is_same_host("nowhere", "nowhere"));
    }
}
