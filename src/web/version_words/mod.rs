//! Versions in words: what differs, by the captions that people know, never by keys.

mod line;
pub mod plan;

use std::collections::BTreeMap;

use self::line::Words;
use super::captions;
use super::visit::Visit;
use crate::connector::types::ActorType;
use crate::i18n::{Argument, Message, named};
use crate::versions::Snapshot;
use crate::versions::attain::LeftOut;
use crate::versions::difference::{Difference, diff};
use crate::versions::place::Part;

/// What differs within one part of the configuration.
pub struct Group {
    pub title: String,
    pub lines: Vec<Line>,
}

/// One difference.
pub struct Line {
    pub caption: String,
    pub before: String,
    pub after: String,
    pub kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Add,
    Change,
    Remove,
}

impl Kind {
    fn of(difference: &Difference) -> Self {
        match (&difference.before, &difference.after) {
            (None, _) => Self::Add,
            (_, None) => Self::Remove,
            _ => Self::Change,
        }
    }

    pub fn text(&self, visit: &Visit) -> &'static str {
        match self {
            Self::Add => visit.t.versions_adds(),
            Self::Change => visit.t.versions_changes(),
            Self::Remove => visit.t.versions_removes(),
        }
    }

    /// How a badge looks.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Add => "good",
            Self::Change => "info",
            Self::Remove => "warn",
        }
    }
}

/// All differences, part by part.
pub fn groups(visit: &Visit, before: &Snapshot, after: &Snapshot) -> Vec<Group> {
    let words = Words { visit, before, after };
    let mut groups: BTreeMap<(Part, Option<ActorType>), Group> = BTreeMap::new();
    for difference in diff(before, after) {
        let at = (difference.place.part(), difference.place.actor_type());
        let title = || title(visit, at.0, at.1);
        let group = groups.entry(at).or_insert_with(|| Group { title: title(), lines: Vec::new() });
        group.lines.push(words.line(&difference));
    }
    groups.into_values().collect()
}

/// Everything that stands in a version, part by part.
pub fn content(visit: &Visit, snapshot: &Snapshot) -> Vec<Group> {
    groups(visit, &snapshot.emptied(), snapshot)
}

/// The first differences in one line, and how many more there are.
pub fn summary(visit: &Visit, before: &Snapshot, after: &Snapshot) -> String {
    let words = Words { visit, before, after };
    let all = diff(before, after);
    let said = |difference: &Difference| {
        let caption = words.short(difference);
        match difference.place.actor_type() {
            Some(kind) => format!("{}: {caption}", captions::actor_type(visit.t, kind)),
            None => caption,
        }
    };
    // The items of one list are one thing to a reader.
    let mut named: Vec<String> = all.iter().map(said).collect();
    named.dedup();
    captions::first_few(visit.t, named)
}

/// What had to be left out, part by part.
pub fn left_out(visit: &Visit, all: &[LeftOut]) -> Vec<(String, String)> {
    let said = |left: &LeftOut| {
        let why = say(visit, &left.why);
        let names: Vec<&str> = left.what.iter().map(|name| visit.pick(name)).collect();
        let names = names.into_iter().filter(|name| !name.is_empty());
        let what = match names.collect::<Vec<_>>().join(" – ").as_str() {
            "" => why,
            what => visit.t.versions_left(named::what(what), named::why(why)),
        };
        (title(visit, left.part, left.actor_type), what)
    };
    all.iter().map(said).collect()
}

/// The first few of what was left out, for where there is little room.
pub fn few(visit: &Visit, all: &[LeftOut]) -> String {
    let said = left_out(visit, all);
    let first: Vec<String> =
        said.iter().take(captions::FEW).map(|(title, what)| format!("{title}: {what}")).collect();
    visit.t.versions_left_few(named::count(said.len()), named::what(first.join(" · ")))
}

/// A message whose arguments may be multi-language text.
fn say(visit: &Visit, message: &Message) -> String {
    let mut message = message.clone();
    for (_, argument) in &mut message.arguments {
        if let Argument::Text(text) = argument {
            *text = visit.pick(text).to_owned();
        }
    }
    visit.say(&message)
}

fn title(visit: &Visit, part: Part, kind: Option<ActorType>) -> String {
    let t = visit.t;
    match (part, kind) {
        (_, Some(kind)) => t.versions_part_type(captions::actor_type(t, kind)),
        (Part::General, None) => t.versions_part_general().to_owned(),
        (Part::Scope, None) => t.sync_scope().to_owned(),
        (Part::Configuration, None) => t.connections_configuration().to_owned(),
        (Part::Mapping, None) => t.sync_mappings().to_owned(),
        (Part::Priority, None) => t.sync_priority().to_owned(),
    }
}
