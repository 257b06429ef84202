//! Where the CRM's values came from. A value that came through another connection ranks in a conflict as that
//! connection does: it must not matter whose run was first. The other links of the record know: each notes
//! which of the CRM's values came through it.

use std::collections::BTreeMap;

use super::conflict::Priority;
use super::plan::Winners;
use crate::connections::ConnectionId;
use crate::crm::Record;
use crate::links::Link;

/// Who wins a conflict in the fields whose value came from elsewhere, by CRM field key. `links` are all of the
/// record's.
pub(super) fn winners(
    priority: &Priority,
    link: &Link,
    record: &Record,
    links: &[Link],
) -> Winners {
    let origins = origins(record, links.iter().filter(|other| other.id != link.id));
    let winner = |(key, origin)| (key, priority.winner_over(link.connection_id, origin));
    origins.into_iter().map(winner).collect()
}

/// The connection each field's value came from; the newest link counts when several gave the same value.
fn origins<'a>(
    record: &Record,
    links: impl Iterator<Item = &'a Link>,
) -> BTreeMap<String, ConnectionId> {
    let mut origins = BTreeMap::new();
    for link in links {
        for agreed in link.agreed.values().filter(|agreed| agreed.is_from_erp) {
            if record.values.get(&agreed.crm_field).to_stored() == agreed.crm {
                origins.insert(agreed.crm_field.clone(), link.connection_id);
            }
        }
    }
    origins
}
