//! A plan as its page shows it, and the parts of a connection that may be chosen.

use std::collections::BTreeSet;

use super::{Group, Kind, few, groups, left_out, title};
use crate::i18n::{Key, Message, named};
use crate::versions::place::Part;
use crate::versions::state::{Held, Setting};
use crate::web::error::Answer;
use crate::web::reconfigure::{Done, Plan};
use crate::web::visit::Visit;
use crate::web::{offer_words, page};

/// A plan as its page shows it.
pub struct PlanView {
    pub groups: Vec<Group>,
    /// Part, and what cannot be had in it.
    pub left_out: Vec<(String, String)>,
    /// Why it cannot be carried out now; blank when it can.
    pub obstacle: String,
    pub is_active: bool,
    pub asks_connector: bool,
    pub forgets_secrets: bool,
    pub has_secrets: bool,
    /// How many things are added, changed and taken away.
    pub counts: String,
}

impl PlanView {
    pub fn of(visit: &Visit, plan: &Plan) -> Self {
        let obstacle = plan.obstacle();
        let groups = groups(visit, &plan.current, &plan.target);
        let count = |kind| {
            groups.iter().flat_map(|group| &group.lines).filter(|line| line.kind == kind).count()
        };
        let counts = visit.t.versions_counts(
            named::added(count(Kind::Add)),
            named::changed(count(Kind::Change)),
            named::removed(count(Kind::Remove)),
        );
        let is_secret = |setting: &Setting| matches!(setting.value, Held::Secret { .. });
        let connection = plan.current.connection();
        Self {
            left_out: left_out(visit, &plan.left_out),
            is_active: obstacle == Some(Key::VERSIONS_IS_ACTIVE),
            obstacle: obstacle.map_or("", |key| visit.plain(&key)).to_owned(),
            asks_connector: plan.asks_connector(),
            forgets_secrets: plan.forgets_secrets(),
            has_secrets: connection.is_some_and(|state| state.settings.values().any(is_secret)),
            groups,
            counts,
        }
    }

    pub fn can_be_done(&self) -> bool {
        self.obstacle.is_empty()
    }
}

/// Back to `to` once a plan is carried out: what to say when all of it came about, and when something did not.
pub fn carried_out(
    visit: &Visit,
    to: &str,
    done: &Done,
    (whole, partly): (Message, Message),
) -> Answer {
    if done.left_out.is_empty() {
        return page::redirect(visit, to, offer_words::told(visit, whole, &done.told));
    }
    let partly = partly.with("left", few(visit, &done.left_out));
    page::redirect_warning(visit, to, offer_words::told(visit, partly, &done.told))
}

/// The parts of a connection that were ticked, by their names in forms.
pub fn parts(ticked: &[String]) -> BTreeSet<Part> {
    let mut parts: BTreeSet<Part> = Part::OF_CONNECTION
        .into_iter()
        .filter(|part| ticked.iter().any(|name| name == part.as_str()))
        .collect();
    parts.insert(Part::Priority);
    parts
}

/// Part, caption, and whether it is ticked.
pub fn part_choices(visit: &Visit, chosen: &BTreeSet<Part>) -> Vec<(Part, String, bool)> {
    let choice = |part: Part| (part, title(visit, part, None), chosen.contains(&part));
    Part::OF_CONNECTION.map(choice).into()
}
