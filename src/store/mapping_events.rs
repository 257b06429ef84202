//! What the history says when a mapping was saved: one row for the mapping, one for the order of its
//! fields, one for each field whose list items or default changed.

use std::collections::{BTreeMap, BTreeSet};

use super::users::yes_no;
use crate::connections::ErpConnection;
use crate::connector::encoding;
use crate::connector::types::{Access, FieldInfo};
use crate::history::{Action, Details, Event, Subject};
use crate::mapping::rules::{FieldRules, ItemRule};
use crate::mapping::{ActorMapping, DefaultRule, Direction, FieldMapping};

/// The rows for a change from `before` (`None`: there was nothing) to `after`. `items`: the texts of all
/// CRM items that occur.
pub(super) fn events(
    connection: &ErpConnection,
    before: Option<&ActorMapping>,
    after: &ActorMapping,
    items: &BTreeMap<i64, String>,
) -> Vec<Event> {
    let mut events = vec![mapping(before, after), ranks(before, after)];
    for field in &after.fields {
        let old = before.and_then(|before| before.field(&field.erp.key));
        events.push(list(after, old, field, items));
        events.push(default(after, old.and_then(|old| old.default.as_ref()), field));
    }
    events.retain(Event::has_details);
    events.into_iter().map(|event| event.in_connection(connection.id, &connection.name)).collect()
}

fn mapping(before: Option<&ActorMapping>, after: &ActorMapping) -> Event {
    let subject = Subject::new("mapping", after.id, after.kind.as_str());
    let flag = |was: Option<bool>| was.map(text).unwrap_or_default();
    let mut event = Event::new(Action::MappingChanged, subject)
        .changed("active", flag(before.map(|before| before.is_active)), text(after.is_active))
        .changed("missing", flag(before.map(|before| before.is_missing)), text(after.is_missing));
    if let Some(before) = before {
        let searchable = |of: &ActorMapping| of.searchable.join(", ");
        event = event.changed("searchable", searchable(before), searchable(after));
    }
    for field in &after.fields {
        let old = before.and_then(|before| before.field(&field.erp.key));
        if let Some(old) = old {
            let (was, now) = (told(&old.erp), told(&field.erp));
            for ((what, was), (_, now)) in was.into_iter().zip(now) {
                event = event.changed(&format!("{}:{what}", field.erp.key), was, now);
            }
        }
        let old = old.map_or_else(|| rules(FieldRules::default()), described);
        for (what, new) in described(field) {
            let was = old.get(&what).cloned().unwrap_or_default();
            event = event.changed(&format!("{}:{what}", field.erp.key), was, new);
        }
    }
    event
}

/// What a person may choose about a field, and what the ERP says about it.
fn described(field: &FieldMapping) -> Details {
    let said = [
        ("name", field.erp.name.clone()),
        ("type", field.erp.kind.as_str().to_owned()),
        ("crm-field", field.crm_field.clone().unwrap_or_default()),
        ("direction", arrows(field.direction).to_owned()),
        ("in-search", text(field.is_shown_in_search)),
        ("in-tab", text(field.is_shown_in_tab)),
        ("missing", text(field.is_missing_in_erp)),
    ];
    let mut said: Details = said.map(|(what, value)| (what.to_owned(), value)).into();
    said.append(&mut rules(field.rules));
    said
}

/// What else the ERP says about a field. Of a new one nobody has to be told.
fn told(erp: &FieldInfo) -> [(&'static str, String); 6] {
    let access = match erp.access {
        Access::Normal => "normal",
        Access::Mandatory => "mandatory",
        Access::ReadOnly => "read-only",
    };
    [
        ("access", access.to_owned()),
        ("list", erp.list.clone()),
        ("length", erp.max_length.to_string()),
        ("description", erp.description.clone()),
        ("suggestion", encoding::plain(erp.kind, &erp.default)),
        ("place", erp.rank.to_string()),
    ]
}

fn rules(rules: FieldRules) -> Details {
    Details::from([
        ("when-to-crm".to_owned(), rules.to_crm.as_str().to_owned()),
        ("when-to-erp".to_owned(), rules.to_erp.as_str().to_owned()),
        ("may-blank".to_owned(), text(rules.may_blank)),
    ])
}

/// As on the two buttons: `<` to the ERP, `>` to the CRM.
fn arrows(direction: Direction) -> &'static str {
    match direction {
        Direction::NONE => "",
        Direction::TO_ERP => "<",
        Direction::TO_CRM => ">",
        Direction::BOTH => "<>",
    }
}

fn ranks(before: Option<&ActorMapping>, after: &ActorMapping) -> Event {
    let subject = Subject::new("rank", after.id, after.kind.as_str());
    let event = Event::new(Action::RankChanged, subject);
    let Some(before) = before else { return event };
    // New fields have no earlier place, so only those that were there before can have moved.
    let order = |of: &ActorMapping| {
        let keys = of.fields.iter().map(|field| field.erp.key.as_str());
        let kept = keys.filter(|key| before.field(key).is_some() && after.field(key).is_some());
        kept.collect::<Vec<_>>().join(", ")
    };
    event.changed("order", order(before), order(after))
}

fn list(
    mapping: &ActorMapping,
    old: Option<&FieldMapping>,
    new: &FieldMapping,
    texts: &BTreeMap<i64, String>,
) -> Event {
    let (none, plain) = (BTreeMap::new(), ItemRule::default());
    let (old, old_rule) = old.map_or((&none, &plain), |old| (&old.items, &old.item_rule));
    let subject = Subject::new("list-mapping", new.id, &new.erp.name);
    let mut event = Event::new(Action::ListMappingChanged, subject);
    for erp in old.keys().chain(new.items.keys()).collect::<BTreeSet<_>>() {
        let [was, now] = named([old.get(erp), new.items.get(erp)], texts);
        event = event.changed(erp, was, now);
    }
    let rule = &new.item_rule;
    let [was, now] = named([&old_rule.crm_default, &rule.crm_default].map(Option::as_ref), texts);
    let erp_default = |rule: &ItemRule| rule.erp_default.clone().unwrap_or_default();
    let event = event
        .changed("unmapped-items", old_rule.unmapped.as_str(), rule.unmapped.as_str())
        .changed("crm-default", was, now)
        .changed("erp-default", erp_default(old_rule), erp_default(rule));
    of_type(event, mapping)
}

/// What a CRM item and another were called. Two that are called the same bear their numbers.
fn named(items: [Option<&i64>; 2], texts: &BTreeMap<i64, String>) -> [String; 2] {
    let names = items.map(|item| item.and_then(|item| texts.get(item)).cloned());
    let are_alike = items[0] != items[1] && names[0] == names[1];
    let name = |n: usize| match (items[n], &names[n]) {
        (Some(item), Some(name)) if are_alike => format!("{name} ({item})"),
        (_, name) => name.clone().unwrap_or_default(),
    };
    [name(0), name(1)]
}

fn default(mapping: &ActorMapping, old: Option<&DefaultRule>, new: &FieldMapping) -> Event {
    let action = match (old, &new.default) {
        (None, _) => Action::DefaultAdded,
        (Some(_), Some(_)) => Action::DefaultChanged,
        (Some(_), None) => Action::DefaultDeleted,
    };
    let described = |rule: Option<&DefaultRule>| {
        // What its item is called by now is no change.
        let Some(rule) = rule.filter(|_| old != new.default.as_ref()) else {
            return Details::new();
        };
        let value = rule.value.as_ref().map(|value| encoding::plain(new.erp.kind, value));
        Details::from([
            ("value".to_owned(), value.unwrap_or_default()),
            ("item".to_owned(), rule.item.clone()),
            ("asks-user".to_owned(), text(rule.asks_user)),
            ("mandatory".to_owned(), text(rule.is_mandatory)),
        ])
    };
    let (before, after) = (described(old), described(new.default.as_ref()));
    let mut event = Event::new(action, Subject::new("default", new.id, &new.erp.name));
    for what in ["value", "item", "asks-user", "mandatory"] {
        let of = |details: &Details| details.get(what).cloned().unwrap_or_default();
        event = event.changed(what, of(&before), of(&after));
    }
    of_type(event, mapping)
}

/// Fields of two actor types may bear the same name.
fn of_type(event: Event, mapping: &ActorMapping) -> Event {
    if event.has_details() { event.after("actor-type", mapping.kind.as_str()) } else { event }
}

fn text(flag: bool) -> String {
    yes_no(flag).to_owned()
}
