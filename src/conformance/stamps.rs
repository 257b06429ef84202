//! Times of change: comparable across all actors of the connection, and honoured when asked for.

use std::collections::BTreeMap;
use std::str::FromStr;

use rust_decimal::Decimal;

use super::facts::Facts;
use super::operators::confirm;
use super::probe::{Halt, Polled, Probe};
use super::{Outcome, Reason, settle};
use crate::connector::stamps::{compare, is_later};
use crate::i18n::Key;

/// A time of change of each actor type that was looked at before.
#[derive(Default)]
pub struct Examples(Vec<String>);

pub fn global(facts: &Facts, examples: &mut Examples) -> Outcome {
    let stamps = facts.stamps();
    if stamps.is_empty() {
        return facts.without_actors();
    }
    if let Some(reason) = wrong(&stamps, examples) {
        return Outcome::Failed(reason);
    }
    examples.0.extend(stamps.values().next().map(|stamp| (*stamp).to_owned()));
    Outcome::Passed
}

/// What keeps these times, by actor, from being put in order.
fn wrong(stamps: &BTreeMap<&str, &str>, examples: &Examples) -> Option<Reason> {
    let reason = |key| Some(Reason::new(key));
    for (actor, stamp) in stamps {
        let reason = |key| Some(Reason::new(key).with("actor", actor).with("stamp", stamp));
        match form(stamp) {
            Form::Blank => return reason(Key::CONFORMANCE_STAMP_BLANK),
            Form::Unordered => return reason(Key::CONFORMANCE_STAMP_UNORDERED),
            _ if stamp.starts_with("0001-01-01") => return reason(Key::CONFORMANCE_STAMP_NEVER),
            _ => {}
        }
    }
    let first = stamps.values().next()?;
    let others = stamps.values().copied().chain(examples.0.iter().map(String::as_str));
    if let Some(other) = others.into_iter().find(|other| form(other) != form(first)) {
        let reason = reason(Key::CONFORMANCE_STAMP_FORMS)?;
        return Some(reason.with("one", first).with("other", other));
    }
    if form(first) == Form::Number {
        let mut all: Vec<&str> = stamps.values().copied().collect();
        all.sort_by(|one, other| compare(one, other));
        // Nothing is changed first twice: such numbers count the changes of each actor by itself.
        let is_counter = !is_later(all[0], "1") && all.get(1).is_some_and(|next| *next == all[0]);
        return is_counter.then(|| Reason::new(Key::CONFORMANCE_STAMP_PER_ACTOR));
    }
    None
}

/// How a time of change is written. Such of the same form can be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Form {
    Blank,
    Number,
    /// Year first; what follows the seconds tells its zone.
    Iso(String),
    /// Anything else of one length.
    Text(usize),
    /// Day or month first: it does not sort.
    Unordered,
}

fn form(stamp: &str) -> Form {
    let is_date = |separator: char, first: usize| {
        let parts: Vec<&str> = stamp.splitn(3, separator).collect();
        let is_number = |part: &&str, most: usize| {
            !part.is_empty() && part.len() <= most && part.bytes().all(|b| b.is_ascii_digit())
        };
        parts.len() == 3 && is_number(&parts[0], first) && is_number(&parts[1], 2)
    };
    let starts_with_year = stamp.len() >= 10 && stamp.is_char_boundary(4) && is_date('-', 4);
    if stamp.trim().is_empty() {
        Form::Blank
    } else if Decimal::from_str(stamp).is_ok() {
        Form::Number
    } else if starts_with_year && stamp.find('-') == Some(4) {
        let time = stamp.get(10..).unwrap_or_default();
        let clock = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | 'T' | ' ');
        Form::Iso(time.trim_start_matches(clock).to_owned())
    } else if ['/', '.', '-'].into_iter().any(|separator| is_date(separator, 2)) {
        Form::Unordered
    } else {
        Form::Text(stamp.len())
    }
}

pub async fn honoured(probe: &Probe<'_>, facts: &Facts) -> Outcome {
    match &facts.polled {
        Err(halt) => return halt.clone().into(),
        Ok(_) if facts.stamps().is_empty() => return facts.without_actors(),
        Ok(_) => {}
    }
    settle(look_later(probe, facts).await)
}

async fn look_later(probe: &Probe<'_>, facts: &Facts) -> Result<Outcome, Halt> {
    let stamps = facts.stamps();
    if let Ok(polled) = &facts.polled {
        if let Some(what) = &polled.unreadable {
            let reason = Reason::new(Key::CONFORMANCE_SINCE_UNREADABLE).with("detail", what);
            return Ok(Outcome::Failed(reason));
        }
        if let Some(actor) = left_out(&stamps, "", polled)
            && confirm(probe, actor, &[], |_| true).await?
        {
            let reason = Reason::new(Key::CONFORMANCE_SINCE_BLANK).with("actor", actor);
            return Ok(Outcome::Failed(reason));
        }
    }
    let Some(since) = since(&stamps) else {
        return Ok(Outcome::NotTried(Reason::new(Key::CONFORMANCE_SINCE_ALIKE)));
    };
    let polled = probe.changed_since(since, &facts.one_field()).await?;
    let reason = |key, actor: &str| Reason::new(key).with("since", since).with("actor", actor);
    if let Some(early) = polled.actors.iter().find(|actor| is_later(since, &actor.last_modified)) {
        return Ok(Outcome::Failed(reason(Key::CONFORMANCE_SINCE_EARLIER, &early.key)));
    }
    match left_out(&stamps, since, &polled) {
        Some(actor) if confirm(probe, actor, &[], |_| true).await? => {
            Ok(Outcome::Failed(reason(Key::CONFORMANCE_SINCE_LEFT_OUT, actor)))
        }
        _ => Ok(Outcome::Passed),
    }
}

/// An actor that was changed later, and is not in the answer although all of it was read.
fn left_out<'a>(stamps: &BTreeMap<&'a str, &str>, since: &str, polled: &Polled) -> Option<&'a str> {
    let came = |key: &str| polled.actors.iter().any(|actor| actor.key == key);
    let mut later = stamps.iter().filter(|(_, stamp)| is_later(stamp, since));
    later.find(|(key, _)| !polled.is_cut && !came(key)).map(|(key, _)| *key)
}

/// A time that some actors were changed after, and others before.
fn since<'a>(stamps: &BTreeMap<&str, &'a str>) -> Option<&'a str> {
    let mut all: Vec<&str> = stamps.values().copied().collect();
    all.sort_by(|one, other| compare(one, other));
    all.dedup();
    let newest = all.len().checked_sub(1).filter(|newest| *newest > 0)?;
    // Not too far back, since all that was changed later will be sent; and not the oldest, if possible.
    let place = (newest - newest.div_ceil(4)).max(usize::from(newest > 1));
    all.get(place).copied()
}

pub async fn newest(probe: &Probe<'_>, facts: &Facts) -> Outcome {
    settle(look_again(probe, facts).await)
}

async fn look_again(probe: &Probe<'_>, facts: &Facts) -> Result<Outcome, Halt> {
    let stamps = facts.stamps();
    let newest = stamps.iter().max_by(|(_, one), (_, other)| compare(one, other));
    let Some((actor, since)) = newest else {
        return Ok(facts.without_actors());
    };
    let polled = probe.changed_since(since, &facts.one_field()).await?;
    let came = polled.is_cut || polled.actors.iter().any(|other| other.key == *actor);
    if came || !confirm(probe, actor, &[], |_| true).await? {
        return Ok(Outcome::Passed);
    }
    let reason = Reason::new(Key::CONFORMANCE_NEWEST_LEFT_OUT).with("since", since);
    Ok(Outcome::Failed(reason.with("actor", actor)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(stamps: &[&str], before: &[&str]) -> Option<Key> {
        let names = ["A", "B", "C", "D"];
        let stamps = names.into_iter().zip(stamps.iter().copied()).collect();
        let before = Examples(before.iter().map(|stamp| (*stamp).to_owned()).collect());
        wrong(&stamps, &before).map(|reason| reason.key)
    }

    #[test]
    fn times_of_change_can_be_put_in_order() {
        for (stamps, before, expected) in [
            (
                vec!["2026-01-01T00:00:00", "2026-01-01T00:00:00.5"],
                vec!["2026-01-02T00:00:00"],
                None,
            ),
            (vec!["2026-01-01T00:00:00Z"], vec![], None),
            (vec!["000000000007", "000000000008"], vec!["12"], None),
            (vec!["700", "700"], vec![], None),
            (vec!["0x0000000000000007"], vec!["0x0000000000000008"], None),
            (vec!["1", "2"], vec![], None),
            (vec![" "], vec![], Some(Key::CONFORMANCE_STAMP_BLANK)),
            (vec!["12/31/2026 10:00:00"], vec![], Some(Key::CONFORMANCE_STAMP_UNORDERED)),
            (vec!["31.12.2026"], vec![], Some(Key::CONFORMANCE_STAMP_UNORDERED)),
            (vec!["0001-01-01T00:00:00"], vec![], Some(Key::CONFORMANCE_STAMP_NEVER)),
            (vec!["7", "2026-01-01T00:00:00"], vec![], Some(Key::CONFORMANCE_STAMP_FORMS)),
            (vec!["7"], vec!["2026-01-01T00:00:00"], Some(Key::CONFORMANCE_STAMP_FORMS)),
            (
                vec!["2026-01-01T00:00:00Z", "2026-01-01T00:00:00"],
                vec![],
                Some(Key::CONFORMANCE_STAMP_FORMS),
            ),
            (vec!["0xAB", "0xABC"], vec![], Some(Key::CONFORMANCE_STAMP_FORMS)),
            (vec!["1", "1", "3"], vec![], Some(Key::CONFORMANCE_STAMP_PER_ACTOR)),
        ] {
            assert_eq!(found(&stamps, &before), expected, "{stamps:?} {before:?}");
        }
    }

    #[test]
    fn the_time_asked_for_lies_among_those_known() {
        let since = |stamps: &[&'static str]| {
            let names = ["A", "B", "C", "D", "E", "F"];
            since(&names.into_iter().zip(stamps.iter().copied()).collect())
        };
        assert_eq!(since(&["5"]), None);
        assert_eq!(since(&["5", "5"]), None);
        assert_eq!(since(&["5", "10"]), Some("5"));
        assert_eq!(since(&["10", "9", "8"]), Some("9"));
        assert_eq!(since(&["1", "2", "3", "4", "5", "6"]), Some("4"));
    }

    #[test]
    fn who_was_changed_later_is_not_left_out() {
        let stamps = BTreeMap::from([("A", "1"), ("B", "2"), ("C", "10")]);
        let polled = |is_cut| Polled { is_cut, ..Polled::default() };
        assert_eq!(left_out(&stamps, "2", &polled(false)), Some("C"));
        assert_eq!(left_out(&stamps, "2", &polled(true)), None);
        assert_eq!(left_out(&stamps, "10", &polled(false)), None);
    }
}
