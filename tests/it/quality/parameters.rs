//! I4: whatever stands in a parameter of an address, behind its question mark or in a form: the answer is a page
//! of ours, none is our fault, and none tells how the portal is made.

use std::collections::BTreeMap;

use gleichlauf::web::routes::{Route, TABLE};

use super::addresses::{concrete, pages_of};
use super::stage::{Stage, Who};
use crate::support::portal::{Browser, Page};

/// What no page of ours says, in lower case: the words of a database, of a programming language, of a panic.
const TELLTALES: [&str; 14] = [
    "sqlite",
    "postgres",
    "sqlx",
    "select count(",
    " from app_",
    "insert into",
    "syntax error",
    "constraint failed",
    "violates",
    "panicked",
    "backtrace",
    "src/",
    ".rs:",
    "called `",
];

/// What is put in a parameter's place, as it is written in an address or a body.
fn hostile() -> Vec<String> {
    let long = "x".repeat(7 * 1024);
    let values =
        ["", "%00", "-1", "0", "9223372036854775808", "NaN", "%27", "a%FF%C0%80", long.as_str()];
    values.map(str::to_owned).to_vec()
}

/// Names and values as they are written.
pub type Written = Vec<(String, String)>;

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

pub fn written(fields: &[(String, String)]) -> Written {
    fields.iter().map(|(name, value)| (encoded(name), encoded(value))).collect()
}

pub fn joined(pairs: &Written) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// The same with the parameter missing, and with each value that may well pass every check but the database's.
pub fn variants(pairs: &Written, name: &str) -> Vec<Written> {
    let rest: Written = pairs.iter().filter(|(key, _)| key != name).cloned().collect();
    let with = |value: &str| {
        let own = (name.to_owned(), value.to_owned());
        rest.iter().cloned().chain([own]).collect()
    };
    let values = ["%00", "9223372036854775808", "%27"];
    values.iter().map(|value| with(value)).chain([rest.clone()]).collect()
}

/// The same with hostile values in all places but the token's, each value once in each place; with all of them
/// twice, and without any.
pub fn all_at_once(pairs: &Written) -> Vec<Written> {
    let values = hostile();
    let (token, fields): (Written, Written) =
        pairs.iter().cloned().partition(|(name, _)| name == "csrf");
    let with = |turn: usize| {
        let put = |(at, (name, _)): (usize, &(String, String))| {
            (name.clone(), values[(at + turn) % values.len()].clone())
        };
        [token.clone(), fields.iter().enumerate().map(put).collect()].concat()
    };
    let twice = [token.clone(), fields.clone(), fields.clone()].concat();
    (0..values.len()).map(with).chain([twice, token.clone()]).collect()
}

/// What was sent so far, and what is wrong with the answers.
#[derive(Default)]
pub struct Findings {
    sent: usize,
    problems: Vec<String>,
}

impl Findings {
    pub async fn get(&mut self, browser: &mut Browser, address: &str) {
        let request = browser.client().get(browser.url(address));
        self.send(browser, request, &format!("GET {address}")).await;
    }

    pub async fn post(&mut self, browser: &mut Browser, address: &str, body: &str) -> Option<Page> {
        let request = browser
            .client()
            .post(browser.url(address))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body.to_owned());
        self.send(browser, request, &format!("POST {address} {body}")).await
    }

    async fn send(
        &mut self,
        browser: &mut Browser,
        request: reqwest::RequestBuilder,
        what: &str,
    ) -> Option<Page> {
        self.sent += 1;
        let answer = browser.try_send(request).await;
        let problem = match &answer {
            Ok(page) => problem(page),
            Err(error) => Some(format!("no answer: {error}")),
        };
        let what: String = what.chars().take(300).collect();
        self.problems.extend(problem.map(|problem| format!("{what}: {problem}")));
        answer.ok()
    }

    pub fn check(self, at_least: usize) {
        let Self { sent, problems } = self;
        assert!(problems.is_empty(), "{} of {sent}:\n{}", problems.len(), problems.join("\n"));
        assert!(sent >= at_least, "only {sent} were sent");
    }
}

fn problem(page: &Page) -> Option<String> {
    let text = page.text.to_lowercase();
    if page.status >= 500 {
        return Some(format!("{} {}", page.status, page.text));
    }
    let told = TELLTALES.into_iter().find(|word| text.contains(word));
    told.map(|word| format!("{} says {word}", page.status))
}

/// The proof of sight.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_our_fault_would_be_seen() {
    let mut stage = Stage::set().await;
    let mut findings = Findings::default();
    let browser = stage.browser(Who::Ada);
    findings.get(browser, "/companies?search=%27").await;
    assert!(findings.problems.is_empty(), "{:?}", findings.problems);
    assert!(stage.portal.database.sql("ALTER TABLE crm_record RENAME TO away"));
    findings.get(stage.browser(Who::Ada), "/companies?search=%27").await;
    findings.post(stage.browser(Who::Ada), "/nothing", "").await;
    assert_eq!(findings.problems.len(), 1);
    assert!(findings.problems[0].contains(": 500 "), "{:?}", findings.problems);
    let mut page = stage.browser(Who::Ada).get("/users").await;
    assert_eq!(problem(&page), None);
    page.text += "near \"'\": syntax error";
    assert!(problem(&page).is_some());
}

/// Who gets behind the gates of an address.
fn visitor(route: &Route) -> Who {
    match route.path.contains("/erp") {
        true => Who::Ida,
        false => Who::Ada,
    }
}

/// The row of the table that an address belongs to.
pub fn route_of(method: &str, path: &str) -> Option<&'static Route> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let fits = |route: &&Route| {
        let (mut ours, mut theirs) = (route.path.split('/'), path.split('/'));
        let is_one = |(ours, theirs): (&str, &str)| ours.starts_with('{') || ours == theirs;
        route.method.as_str() == method
            && ours.clone().count() == theirs.clone().count()
            && ours.by_ref().zip(theirs.by_ref()).all(is_one)
    };
    TABLE.iter().find(fits)
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_path() {
    let mut stage = Stage::set().await;
    let mut findings = Findings::default();
    for route in TABLE.iter() {
        let names = route.path.split('/').filter(|part| part.starts_with('{'));
        for name in names {
            // What stands before and behind it exists.
            let marked = route.path.replacen(name, "*", 1);
            let address = concrete(&stage, &marked).swap_remove(0);
            let who = visitor(route);
            let token = stage.browser(who).token().to_owned();
            for value in hostile() {
                let address = address.replacen('*', &value, 1);
                let browser = stage.browser(who);
                match route.method.as_str() {
                    "GET" => findings.get(browser, &address).await,
                    _ => _ = findings.post(browser, &address, &format!("csrf={token}")).await,
                }
            }
        }
    }
    findings.check(1_000);
}

/// Names that pages with few rows have no links for.
const PAGING: [&str; 2] = ["after", "before"];

/// What stands behind the question marks of the links and forms of these pages, at every address with a page.
pub async fn try_queries(stage: &mut Stage, seen: &[Seen], findings: &mut Findings) {
    let mut known: BTreeMap<&str, (Who, String, BTreeMap<String, String>)> = BTreeMap::new();
    for Seen { who, address, page } in seen.iter().filter(|seen| seen.page.status == 200) {
        let route = route_of("GET", address).expect("a page of the table");
        let path = address.split('?').next().unwrap_or_default().to_owned();
        known.entry(route.path).or_insert_with(|| (*who, path, BTreeMap::default()));
        for (to, pairs) in page.queries() {
            let entry = route_of("GET", &to).and_then(|route| known.get_mut(route.path));
            if let Some((_, _, names)) = entry {
                names.extend(pairs);
            }
        }
    }
    for (who, path, names) in known.into_values() {
        let names: Vec<(String, String)> = names.into_iter().collect();
        let pairs = written(&names);
        let paging = written(&PAGING.map(|name| (name.to_owned(), String::new())));
        let whole = all_at_once(&[pairs.clone(), paging].concat());
        let single = pairs.iter().flat_map(|(name, _)| variants(&pairs, name));
        for query in single.chain(whole) {
            let browser = stage.browser(who);
            findings.get(browser, &format!("{path}?{}", joined(&query))).await;
        }
    }
}

/// A page as somebody was shown it.
pub struct Seen {
    pub who: Who,
    pub address: String,
    pub page: Page,
}

/// What everybody is shown.
pub async fn seen(stage: &mut Stage) -> Vec<Seen> {
    let mut seen = Vec::new();
    for who in [Who::Guest, Who::Ida, Who::Ada] {
        let pages = pages_of(stage, who).await.into_iter();
        seen.extend(pages.map(|(_, address, page)| Seen { who, address, page }));
    }
    seen
}
