//! What the ERP's lists hold, asked before their items are mapped.

use std::collections::BTreeSet;

use futures_util::future::join_all;

use crate::connector::client::ErpClient;
use crate::versions::attain::mapping::lists_needed;
use crate::versions::state::ConnectionState;
use crate::versions::world::{ErpLists, World};

/// Asks for the lists that must be known to get from `world` to `wanted`. A connector that does not answer is
/// no error: then its lists are not known.
pub async fn ask(client: &ErpClient, wanted: &ConnectionState, world: &World) -> ErpLists {
    let asked = lists_needed(wanted, world).into_iter().map(|list| async {
        let answer = client.list(&list).await.ok();
        let keys = answer.map(|reply| reply.value.into_iter().map(|item| item.key));
        (list, keys.map(BTreeSet::from_iter))
    });
    join_all(asked).await.into_iter().collect()
}
