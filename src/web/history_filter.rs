//! Which rows of the history somebody wants to see, as an address says it; the same for pages and exports.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::clock::Millis;
use crate::history::{Action, Entry, Subject};
use crate::i18n::Key;
use crate::store::history_log::Filter;
use crate::store::page::Place;
use crate::users::Role;

use super::form::Problems;
use super::history_words as words;
use super::page::listing;
use super::visit::Visit;

/// What an address asks for; blank does not restrict.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// The connection's id.
    pub connection: String,
    pub action: String,
    /// The name of whoever did it.
    pub who: String,
    pub role: String,
    /// `company`, or `company/17` for that one alone.
    pub subject: String,
    /// Words of the subject's name.
    pub object: String,
    /// Words of what stood before or after.
    pub values: String,
    /// Days in the reader's zone, both included.
    pub from: String,
    pub until: String,
    /// `oldest` for the oldest first.
    pub order: String,
    pub after: Option<i64>,
    pub before: Option<i64>,
}

impl Wanted {
    /// The filter this asks for, in a reader's time zone.
    pub fn check(&self, zone: &TimeZone) -> Result<Filter, Problems> {
        let mut problems = Problems::default();
        let mut read = |field: &str, is_good: bool| {
            if !is_good {
                problems.add(field, Key::FORM_INVALID);
            }
        };
        let action = Action::parse(&self.action);
        read("action", action.is_some() || self.action.is_empty());
        let connection = self.connection.parse().ok();
        read("connection", connection.is_some() || self.connection.is_empty());
        read("role", self.role.is_empty() || Role::parse(&self.role).is_some());
        let subject = subject(&self.subject);
        read("subject", subject.is_some());
        let (from, until) = (start_of(&self.from, zone, false), start_of(&self.until, zone, true));
        for (field, typed, found) in [("from", &self.from, from), ("until", &self.until, until)] {
            if found.is_none() && !typed.is_empty() {
                problems.add(field, Key::HISTORY_BAD_DAY);
            }
        }
        let (subject_kind, subject_id) = subject.unwrap_or_default();
        let filter = Filter {
            connection,
            actions: action.into_iter().collect(),
            actor: self.who.clone(),
            role: self.role.clone(),
            subject_kind: subject_kind.to_owned(),
            subject_id,
            subject: short(&self.object),
            values: short(&self.values),
            from,
            until,
            is_oldest_first: self.is_oldest_first(),
        };
        if problems.is_empty() { Ok(filter) } else { Err(problems) }
    }

    pub fn is_oldest_first(&self) -> bool {
        self.order == "oldest"
    }

    pub fn place(&self) -> Place {
        Place::of(self.after, self.before)
    }

    /// Whether anything is left out.
    pub fn is_filtered(&self) -> bool {
        self.parameters().iter().any(|(name, value)| *name != "order" && !value.is_empty())
    }

    /// An address with this filter, and with what is to be added to or changed in it.
    pub fn address(&self, path: &str, more: &[(&str, &str)]) -> String {
        let changed = |name: &str| more.iter().any(|(other, _)| *other == name);
        let mut all = self.parameters();
        all.retain(|(name, _)| !changed(name));
        all.extend_from_slice(more);
        listing(path, &all)
    }

    fn parameters(&self) -> Vec<(&str, &str)> {
        vec![
            ("connection", &self.connection),
            ("action", &self.action),
            ("who", &self.who),
            ("role", &self.role),
            ("subject", &self.subject),
            ("object", &self.object),
            ("values", &self.values),
            ("from", &self.from),
            ("until", &self.until),
            ("order", &self.order),
        ]
    }
}

/// What an export's filter asked for, as its row of the history keeps it; blank: for everything.
pub fn in_words(visit: &Visit, entry: &Entry, address: &str) -> String {
    let query = address.trim_start_matches('?');
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let all: Vec<String> = pairs
        .map(|(name, value)| match condition(visit, entry, &name, &value) {
            Some((caption, value)) => format!("{caption}: {value}"),
            None => format!("{name}: {value}"),
        })
        .collect();
    all.join(" · ")
}

fn condition(
    visit: &Visit,
    entry: &Entry,
    name: &str,
    value: &str,
) -> Option<(&'static str, String)> {
    let t = visit.t;
    let value = value.to_owned();
    Some(match name {
        "connection" => (t.history_connection(), visit.pick(&entry.connection_name).to_owned()),
        "action" => (t.history_action(), words::action(t, &value)),
        "who" => (t.history_who(), words::who_by_name(t, &value)),
        "role" => (t.history_role(), words::role(t, &value)),
        "subject" => {
            let kind = value.split('/').next().unwrap_or_default();
            (t.history_kind(), words::subject_kind(t, kind))
        }
        "object" => (t.history_object(), value),
        "values" => (t.history_values(), value),
        "from" => (t.history_from(), value),
        "until" => (t.history_until(), value),
        "order" => (t.history_order(), t.history_oldest().to_owned()),
        _ => return None,
    })
}

/// Kind and id of a subject; `None` when it is none of ours.
fn subject(typed: &str) -> Option<(&'static str, Option<i64>)> {
    let (kind, id) = typed.split_once('/').map_or((typed, None), |(kind, id)| (kind, Some(id)));
    let id = match id {
        Some(id) => Some(id.parse().ok()?),
        None => None,
    };
    if kind.is_empty() {
        return Some(("", None));
    }
    Subject::KINDS.into_iter().find(|known| *known == kind).map(|kind| (kind, id))
}

/// When a day begins in the zone, or the day after it.
fn start_of(typed: &str, zone: &TimeZone, is_next: bool) -> Option<Millis> {
    let day: Date = typed.parse().ok()?;
    let day = if is_next { day.tomorrow().ok()? } else { day };
    Some(day.to_zoned(zone.clone()).ok()?.timestamp().as_millisecond())
}

/// Searching for more words than this helps nobody.
fn short(typed: &str) -> String {
    typed.trim().chars().take(200).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::clock::HOUR;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    #[test]
    fn days_begin_in_the_readers_zone_and_end_with_the_day() {
        let wanted =
            Wanted { from: "2026-10-25".into(), until: "2026-10-25".into(), ..Wanted::default() };
        let filter = wanted.check(&berlin()).unwrap();
        assert_eq!(
            filter.until.unwrap() - filter.from.unwrap(),
            25 * HOUR,
            "the clock is put back"
        );
    }

    #[test]
    fn a_subject_is_a_kind_or_one_thing() {
        assert_eq!(subject("company"), Some(("company", None)));
        assert_eq!(subject("company/17"), Some(("company", Some(17))));
        assert_eq!(subject(""), Some(("", None)));
        for wrong in ["moon", "company/", "company/x", "/7", "company/1/2"] {
            assert_eq!(
                subject(wrong),
                if wrong == "/7" { Some(("", None)) } else { None },
                "{wrong}"
            );
        }
    }

    #[test]
    fn what_nobody_can_mean_is_a_problem_of_its_field() {
        let wanted = Wanted {
            connection: "x".into(),
            action: "y".into(),
            role: "z".into(),
            subject: "moon".into(),
            from: "30.02.2026".into(),
            until: "2026-02-30".into(),
            ..Wanted::default()
        };
        let problems = wanted.check(&berlin()).unwrap_err();
        for field in ["connection", "action", "role", "subject", "from", "until"] {
            assert!(problems.has(field), "{field}");
        }
    }

    #[test]
    fn an_address_keeps_the_filter() {
        let wanted = Wanted { who: "Anna & Söhne".into(), after: Some(7), ..Wanted::default() };
        let address = wanted.address("/history.csv", &[("order", "oldest")]);
        assert_eq!(address, "/history.csv?who=Anna+%26+S%C3%B6hne&order=oldest");
        assert!(wanted.is_filtered() && !Wanted::default().is_filtered());
    }
}
