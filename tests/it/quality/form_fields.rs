//! I4 for all that pages link to and all their forms; and for forms that need something undone first, for what the
//! script sends.

use std::collections::{BTreeMap, BTreeSet};

use gleichlauf::web::routes::TABLE;

use super::parameters::{
    Findings, Seen, Written, all_at_once, joined, route_of, seen, try_queries, variants, written,
};
use super::script::{self, Act, Each, Kind};
use super::stage::{Stage, Who};
use crate::support::portal::{Form, Page};

/// Fields alike, such as those of each row of a mapping, of which that many are tried.
const ALIKE: usize = 3;

/// What takes away what others need, and is tried at last: in this order.
const LAST: [&str; 8] =
    ["deactivations", "drops", "disconnect", "codes", "delete", "disable", "sessions", "sign-out"];

/// A form and where it is shown.
struct Shown {
    who: Who,
    page: String,
    form: Form,
}

impl Shown {
    /// As it is sent with one of its buttons pressed.
    fn pairs(&self, nth: usize) -> Written {
        let mut fields = self.form.fields.clone();
        let buttons = &self.form.buttons;
        fields.extend(buttons.get(nth % buttons.len().max(1)).cloned());
        written(&fields)
    }

    /// The names of its fields, some of each sort.
    fn names(&self) -> BTreeSet<String> {
        let mut alike: BTreeMap<String, usize> = BTreeMap::new();
        let mut is_new = |name: &&String| {
            let sort = name.split(|c: char| !c.is_ascii_alphabetic()).next();
            let count = alike.entry(sort.unwrap_or_default().to_owned()).or_default();
            *count += 1;
            *count <= ALIKE
        };
        let named = self.form.names.iter().chain(self.form.buttons.iter().map(|(name, _)| name));
        // What is wrong with a token is said before anything is read.
        let names: BTreeSet<&String> = named.filter(|name| *name != "csrf").collect();
        let some = names.into_iter().filter(|name| is_new(name));
        some.map(|name| written(&[(name.clone(), String::new())]).remove(0).0).collect()
    }

    /// Sends it in all variants; after something was changed, as it stands then.
    async fn try_out(&mut self, stage: &mut Stage, findings: &mut Findings) {
        let mut nth = 0;
        for name in self.names() {
            for at in 0..variants(&Written::new(), "").len() {
                nth += 1;
                let body = variants(&self.pairs(nth), &name).swap_remove(at);
                self.send(stage, findings, &body).await;
            }
        }
        for button in 0..self.form.buttons.len().max(1) {
            for at in 0..all_at_once(&Written::new()).len() {
                let body = all_at_once(&self.pairs(button)).swap_remove(at);
                self.send(stage, findings, &body).await;
            }
        }
    }

    async fn send(&mut self, stage: &mut Stage, findings: &mut Findings, body: &Written) {
        let browser = stage.browser(self.who);
        let answer = findings.post(browser, &self.form.action, &joined(body)).await;
        if answer.is_some_and(|page| matches!(page.status, 303 | 409)) {
            let forms = browser.get(&self.page).await.forms();
            let same = forms.into_iter().find(|form| form.action == self.form.action);
            self.form = same.unwrap_or(self.form.clone());
        }
    }
}

/// One form of every changing address that a page shows, the largest of them.
fn shown(seen: Vec<Seen>) -> BTreeMap<&'static str, Shown> {
    let mut all: BTreeMap<&str, Shown> = BTreeMap::new();
    for Seen { who, address, page } in seen {
        for form in page.forms().into_iter().filter(|form| form.changes) {
            let route = route_of("POST", &form.action)
                .unwrap_or_else(|| panic!("{address} has a form for {}", form.action));
            let before = all.get(route.path).map(|shown| (shown.who, shown.form.names.len()));
            if before.is_none_or(|(whose, size)| whose == who && size < form.names.len()) {
                all.insert(route.path, Shown { who, page: address.clone(), form });
            }
        }
    }
    all
}

/// What the script sends where no page has shown a form, once more in all variants.
struct Rest<'a> {
    findings: &'a mut Findings,
    tried: BTreeSet<&'static str>,
}

impl Each for Rest<'_> {
    async fn act(&mut self, stage: &mut Stage, who: Who, act: &Act) -> Page {
        let browser = stage.browser(who);
        let page = script::send(browser, act, "").await;
        if act.kind == Kind::Session || !self.tried.insert(act.route) {
            return page;
        }
        let mut fields = act.fields.clone();
        fields.push(("csrf".to_owned(), browser.token().to_owned()));
        let pairs = written(&fields);
        let names = pairs.iter().map(|(name, _)| name.as_str()).chain(["once", "version"]);
        let names: BTreeSet<&str> = names.collect();
        for body in names.into_iter().flat_map(|name| variants(&pairs, name)) {
            self.findings.post(browser, &act.path, &joined(&body)).await;
        }
        page
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_typed_the_answer_is_ours() {
    let mut stage = Stage::set_and_tested().await;
    let mut findings = Findings::default();
    let seen = seen(&mut stage).await;
    try_queries(&mut stage, &seen, &mut findings).await;
    let forms = shown(seen);
    let tried: BTreeSet<&'static str> = forms.keys().copied().collect();
    let all = TABLE.iter().filter(|route| route.method == "POST").count();
    assert!(tried.len() > all / 2, "{tried:?}");
    let mut forms: Vec<Shown> = forms.into_values().collect();
    // Whoever administers could lock out the others.
    let last = |form: &Shown| LAST.iter().rposition(|word| form.form.action.contains(word));
    forms.sort_by_key(|form| (form.who == Who::Ada, last(form).map_or(0, |at| at + 1)));
    for form in &mut forms {
        form.try_out(&mut stage, &mut findings).await;
    }
    let mut stage = Stage::set().await;
    script::walk(&mut stage, &mut Rest { findings: &mut findings, tried }).await;
    findings.check(3_000);
}
