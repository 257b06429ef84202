//! The sync priority as it was, among the connections there are now.

use super::{Done, Plan, Refused, Work};
use crate::history::Event;
use crate::i18n::Key;
use crate::store::engine;
use crate::store::error::StoreError;
use crate::sync::conflict::Priority;
use crate::versions::attain::LeftOut;
use crate::versions::place::Part;
use crate::versions::state::{PriorityState, Ranked};
use crate::versions::{Snapshot, Versioned};
use crate::web::Portal;
use crate::web::error::WebError;
use crate::web::visit::Visit;

pub(super) fn plan((number, current): (i64, Snapshot), wanted: &PriorityState) -> Plan {
    let there: Vec<Ranked> = order(&current).to_vec();
    let ids: Vec<i64> = there.iter().map(|ranked| ranked.id).collect();
    let wanted_ids = wanted.order.iter().map(|ranked| ranked.id);
    let target = Priority::new(wanted_ids).over(&ids);
    let ranked = |id: &i64| there.iter().find(|ranked| ranked.id == *id).cloned();
    let left =
        wanted.order.iter().filter(|ranked| !ids.contains(&ranked.id)).map(|ranked| LeftOut {
            part: Part::Priority,
            actor_type: None,
            what: vec![ranked.name.0.clone()],
            why: Key::VERSIONS_LEFT_NO_CONNECTION.into(),
        });
    let order = target.ids().iter().filter_map(ranked).collect();
    Plan {
        of: Versioned::Priority,
        number,
        current,
        target: Snapshot::Priority(PriorityState { order }),
        left_out: left.collect(),
        work: Work::Priority,
    }
}

pub(super) async fn carry_out(
    plan: &Plan,
    visit: &Visit,
    portal: &Portal,
    why: &Event,
) -> Result<Result<Done, Refused>, WebError> {
    let stored = Priority::new(order(&plan.target).iter().map(|ranked| ranked.id)).to_stored();
    let names = |snapshot: &Snapshot| {
        let name = |ranked: &Ranked| match ranked.id {
            0 => visit.crm_name.clone(),
            _ => visit.pick(&ranked.name.0).to_owned(),
        };
        order(snapshot).iter().map(name).collect::<Vec<_>>().join(" > ")
    };
    let said = (names(&plan.current), names(&plan.target));
    let mut tx = match plan.begin(portal).await {
        Err(StoreError::Overtaken) => return Ok(Err(Refused::Overtaken)),
        other => other?,
    };
    tx.record(&visit.actor(), &plan.said(why, 0)).await?;
    engine::set_priority(&mut tx, &visit.actor(), &stored, (&said.0, &said.1)).await?;
    tx.commit().await?;
    Ok(Ok(Done::default()))
}

fn order(snapshot: &Snapshot) -> &[Ranked] {
    match snapshot {
        Snapshot::Priority(state) => &state.order,
        _ => &[],
    }
}
