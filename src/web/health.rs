//! How the links of a connection stand, in words, each figure leading to the records behind it; drawn by
//! `templates/parts/health.html`.

use super::visit::Visit;
use crate::connections::ConnectionId;
use crate::i18n::Texts;
use crate::links::{LinkState, Standing};

/// One figure.
pub struct Figure {
    pub text: String,
    /// The kind of its badge.
    pub kind: &'static str,
    pub href: String,
}

/// The figures worth saying: what fails and waits, and how many are linked; in step, when nothing fails or waits.
pub fn figures(visit: &Visit, connection: ConnectionId, standing: &Standing) -> Vec<Figure> {
    let t = visit.t;
    let mut figures = Vec::new();
    let mut add = |is_worth_it, state, kind, text: fn(_, _) -> String| {
        if is_worth_it {
            let (text, href) = (text(t, count(visit, standing, state)), records(connection, state));
            figures.push(Figure { text, kind, href });
        }
    };
    add(standing.failing > 0, LinkState::Failing, "bad", |t: Texts, n: String| t.health_failing(n));
    add(standing.waiting > 0, LinkState::Waiting, "info", |t, n| t.health_waiting(n));
    let is_in_step = standing.failing == 0 && standing.waiting == 0;
    let is_linked = standing.linked > 0;
    add(is_linked && is_in_step, LinkState::Linked, "good", |t, n| t.health_in_step(n));
    add(is_linked && !is_in_step, LinkState::Linked, "off", |t, n| t.health_linked(n));
    figures
}

/// How many links stand like that; "more than" where they were not counted to the end.
pub fn count(visit: &Visit, standing: &Standing, state: LinkState) -> String {
    let (count, has_more) = match state {
        LinkState::Linked => (standing.linked, false),
        LinkState::Waiting => (standing.waiting, standing.has_more_waiting),
        LinkState::Failing => (standing.failing, standing.failing > Standing::MOST),
    };
    match has_more {
        true => visit.t.health_more_than(visit.number(&(count - 1).max(0))),
        false => visit.number(&count),
    }
}

/// Where the records behind a figure are.
pub fn records(connection: ConnectionId, state: LinkState) -> String {
    format!("/connections/{connection}/records?state={}", state.as_str())
}
