//! Every changing address of the route table once, filled in so that it is accepted, in an order in which
//! each finds what it needs. What a test wants to know about all of them it looks at in [`Each::act`].

mod fields;
mod mapping;
mod people;
mod records;
mod sync;
mod versions;

use std::collections::BTreeSet;

use gleichlauf::web::routes::TABLE;

use super::stage::{Stage, Who};
use crate::support::portal::{Browser, Page};

pub type Fields = Vec<(String, String)>;

/// One form about to be sent.
#[derive(Clone)]
pub struct Act {
    /// As in the route table.
    pub route: &'static str,
    pub path: String,
    /// Without token and once-key.
    pub fields: Fields,
    /// The actions of the history rows it leaves, in order.
    pub rows: &'static [&'static str],
    pub kind: Kind,
}

/// How an act goes with its history rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It changes something, and the rows come with the change.
    Change,
    /// The rows stand for themselves: a test, a request, the end of a session.
    Note,
    /// It begins or ends a session, so the same browser cannot send it again.
    Session,
}

pub trait Each {
    /// Sends the form in this browser, at least once, and gives the answer that counts.
    async fn act(&mut self, stage: &mut Stage, who: Who, act: &Act) -> Page;
}

/// Sends each form just once.
pub struct Plainly;

impl Each for Plainly {
    async fn act(&mut self, stage: &mut Stage, who: Who, act: &Act) -> Page {
        send(stage.browser(who), act, "").await
    }
}

/// Sends a form; with a once-key, if one is given.
pub async fn send(browser: &mut Browser, act: &Act, once: &str) -> Page {
    let mut fields: Vec<(&str, &str)> =
        act.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    if !once.is_empty() {
        fields.push(("once", once));
    }
    browser.post(&act.path, &fields).await
}

struct Script<'a, E> {
    stage: &'a mut Stage,
    each: &'a mut E,
    done: BTreeSet<&'static str>,
}

/// Walks all of them; fails when the table has an address that the script lacks.
pub async fn walk(stage: &mut Stage, each: &mut impl Each) {
    let mut script = Script { stage, each, done: BTreeSet::new() };
    script.people().await;
    script.oneself().await;
    script.fields().await;
    script.records().await;
    script.erp_tab().await;
    script.mappings().await;
    script.connections().await;
    script.engine().await;
    script.versions().await;
    let missing: Vec<&str> = TABLE
        .iter()
        .filter(|route| route.method == "POST")
        .map(|route| route.path)
        .filter(|path| !script.done.contains(alike(path).as_str()))
        .collect();
    assert!(missing.is_empty(), "changing addresses without an act in the script: {missing:?}");
}

/// The three kinds of records share their handlers; what is walked for companies is walked for all, and
/// adding and changing for each.
fn alike(path: &str) -> String {
    match path.split_once("/erp/") {
        Some((_, rest)) => format!("/companies/{{id}}/erp/{rest}"),
        None => path.to_owned(),
    }
}

impl<E: Each> Script<'_, E> {
    async fn act(
        &mut self,
        who: Who,
        route: &'static str,
        path: &str,
        fields: &[(&str, &str)],
        rows: &'static [&'static str],
    ) -> Page {
        self.act_as(Kind::Change, who, route, path, fields, rows).await
    }

    async fn act_as(
        &mut self,
        kind: Kind,
        who: Who,
        route: &'static str,
        path: &str,
        fields: &[(&str, &str)],
        rows: &'static [&'static str],
    ) -> Page {
        self.done.insert(route);
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let path = if path.is_empty() { route.to_owned() } else { path.to_owned() };
        let act = Act { route, path, fields: fields.iter().map(owned).collect(), rows, kind };
        let page = self.each.act(self.stage, who, &act).await;
        assert!(matches!(page.status, 200 | 303), "{route}: {} {}", page.status, page.text);
        assert!(!page.location.starts_with("/sign-in?"), "{route}: signed out");
        page
    }
}

fn borrowed(fields: &Fields) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
