//! W1: axe finds nothing on any page, on a desk in the light or on a telephone in the dark; nothing sticks out
//! at 320 px, and the browser has nothing to complain about.

use std::collections::BTreeSet;

use gleichlauf::connector::failure::Failure;
use gleichlauf::users::Role;
use gleichlauf::web::routes::TABLE;
use serde_json::json;

use super::addresses::{is_users, pages_of};
use super::eyes::Eyes;
use super::seldom::look_at_seldom_seen;
use super::stage::{Stage, Who};
use crate::support::people;
use crate::support::portal::spawn;

const AXE: &str = include_str!("../../fixtures/axe/axe.min.js");

/// Addresses that give no page: files, and the way to another page.
const NO_PAGES: [&str; 4] =
    ["/", "/history.csv", "/history.jsonl", "/connections/{id}/configuration.json"];
/// Width and colours.
type View = (u32, &'static str);
const VIEWS: [View; 2] = [(1280, "light"), (390, "dark")];
const NARROW: u32 = 320;

/// Each complaint as a line. In the dark, only what depends on colours is looked at once more.
const LOOK: &str = "
    const [colours, done] = arguments;
    const what = colours
        ? { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }
        : ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const line = (rule, node) =>
        `${rule.id}: ${node.target.join(' ')}: ${node.failureSummary.replace(/\\s+/g, ' ')}`;
    axe.run(document, { runOnly: what, resultTypes: ['violations'] }).then(
        found => done(found.violations.flatMap(rule => rule.nodes.map(node => line(rule, node)))),
        error => done([String(error)]));";

/// What sticks out to the right, if the page can be moved sideways.
const OVER: &str = "
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const over = [...document.body.querySelectorAll('*')]
        .filter(element => element.getBoundingClientRect().right > width + 0.5);
    return over.slice(-3).map(element => `over ${width} px: ${element.outerHTML.slice(0, 150)}`);";

/// What looks the same with the keyboard's focus and without.
const FOCUS: &str = "
    const can = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex=\"0\"]';
    const look = element => ['', '::before', '::after'].map(part => {
        const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, borderWidth,
            backgroundColor, color, textDecorationLine, opacity, clip, width }
            = getComputedStyle(element, part || null);
        const outline = outlineStyle === 'none' ? '' : outlineStyle + outlineWidth + outlineColor;
        return [outline, boxShadow, borderColor, borderWidth, backgroundColor, color,
            textDecorationLine, opacity, clip, width].join('|');
    }).join('|');
    const all = [...document.querySelectorAll(can)]
        .filter(element => !element.disabled && element.checkVisibility());
    const one = new Map(all.map(element => [[element.localName, element.type, element.className,
        element.parentElement.className, element.closest('[class]')?.className].join(' '), element]));
    const unseen = [...one.values()].filter(element => {
        const around = [element, ...element.labels || []];
        const looks = () => around.map(look).join();
        const without = looks();
        element.focus({ focusVisible: true, preventScroll: true });
        const is = document.activeElement === element && looks() === without;
        element.blur();
        return is;
    });
    return unseen.map(element => `no focus is seen: ${element.outerHTML.slice(0, 150)}`);";

impl Eyes {
    /// Opens a page and looks at it in every view.
    pub async fn look_at(&mut self, who: &str, path: &str) {
        self.go(path).await;
        self.look(&format!("{who} {path}")).await;
    }

    /// Looks at the page that is open.
    pub async fn look(&mut self, what: &str) {
        for (width, scheme) in VIEWS {
            self.view(width, scheme).await;
            let body = json!({ "script": LOOK, "args": [scheme == "dark"] });
            let found = self.chromium.command("execute/async", &body).await;
            self.note(&format!("{what}, {scheme}, {width}"), &found);
        }
        let unseen = self.run(FOCUS, json!([])).await;
        self.note(what, &unseen);
        self.view(NARROW, "light").await;
        let over = self.run(OVER, json!([])).await;
        self.note(what, &over);
        self.hear(what).await;
    }
}

/// The three kinds of records have the same pages in their ERP tab.
fn page_of(route: &str) -> String {
    match route.split_once("/erp/") {
        Some((_, rest)) => format!("/companies/{{id}}/erp/{rest}"),
        None => route.to_owned(),
    }
}

/// What some pages are about: a create of which nobody knows whether the ERP did it, a default value, and a
/// resync that nobody has confirmed.
async fn leave_things_undone(stage: &mut Stage) {
    let (free, north, spare) = (stage.free, stage.north, stage.spare);
    stage.north_erp.fail("CreateActor", Failure::BrokenOff { detail: "told to".to_owned() });
    let path = format!("/companies/{free}/erp/{north}/actors");
    let page = stage.browser(Who::Ida).post(&path, &[("type", "Customer")]).await;
    assert_eq!(page.status, 303, "{}", page.text);
    let defaults = format!("/connections/{spare}/defaults");
    let new = format!("{defaults}/new?type=Customer&field=Phone");
    let version = stage.value(Who::Ada, &new, "version").await;
    let rule = [("field", "Phone"), ("sets_value", "1"), ("value", "+49"), ("version", &version)];
    let page = stage.browser(Who::Ada).post(&format!("{defaults}/Customer"), &rule).await;
    assert_eq!(page.status, 303, "{}", page.text);
    let all = [("choice", "all"), ("do", "count")];
    let page = stage.browser(Who::Ada).post(&format!("/connections/{north}/resyncs"), &all).await;
    assert_eq!(page.status, 303, "{}", page.text);
    stage.resync = page.location.rsplit('/').next().unwrap().parse().unwrap();
    let counted = "UPDATE resync SET state = 'counted', differing = 1, fields = 1";
    assert!(stage.portal.database.sql(counted));
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_on_any_page() {
    let mut stage = Stage::set_and_tested().await;
    let address = stage.portal.address.clone();
    leave_things_undone(&mut stage).await;
    let mut eyes = Eyes::open("de", AXE).await;
    let mut reached = BTreeSet::from(NO_PAGES.map(str::to_owned));
    for (who, login) in [(Who::Guest, ""), (Who::Ada, "ada"), (Who::Eva, "eva"), (Who::Ida, "ida")]
    {
        match login {
            "" => eyes.sign_out(&address).await,
            login => eyes.sign_in(&address, login).await,
        }
        for (route, page, _) in pages_of(&mut stage, who).await {
            // Auditors see what administrators see, without what changes it; users more of the records.
            let is_new = reached.insert(page_of(route));
            if is_new || who == Who::Ada || who == Who::Ida && is_users(route) {
                eyes.look_at(login, &page).await;
            }
        }
    }
    let all = TABLE.iter().filter(|route| route.method == "GET");
    let missing = all.filter(|route| !reached.contains(&page_of(route.path)));
    eyes.problems.extend(missing.map(|route| format!("nobody was shown {}", route.path)));
    look_at_files(&mut eyes, &mut stage).await;
    look_at_refusals(&mut eyes, &stage).await;
    look_at_empty_pages(&mut eyes).await;
    look_at_seldom_seen(&mut eyes).await;
    assert!(eyes.problems.is_empty(), "{}", eyes.problems.join("\n"));
}

/// What a file would do to a connection, and what a new connection would begin with.
async fn look_at_files(eyes: &mut Eyes, stage: &mut Stage) {
    eyes.sign_in(&stage.portal.address.clone(), "ada").await;
    let (north, spare) = (stage.north, stage.spare);
    let file = format!("/connections/{north}/configuration.json");
    let file = stage.browser(Who::Ada).get(&file).await.text;
    for form in [format!("/connections/{spare}/imports"), "/connections/imports".to_owned()] {
        eyes.go(&form).await;
        let send = "
            const form = document.querySelector('main form[method=post]');
            form.elements.file.value = arguments[0];
            form.submit();";
        eyes.run(send, json!([file])).await;
        eyes.look(&format!("{form}, with a file")).await;
    }
}

/// Forms that were sent empty, and pages that say no.
async fn look_at_refusals(eyes: &mut Eyes, stage: &Stage) {
    eyes.sign_in(&stage.portal.address.clone(), "ada").await;
    let connection = format!("/connections/new?connector={}", stage.north_connector);
    for form in
        ["/companies/new", "/users/new", "/groups/new", "/connectors/new", "/account", &connection]
    {
        eyes.go(form).await;
        let empty = "
            const form = document.querySelector('main form[method=post]');
            form.querySelectorAll('input:not([type=hidden])').forEach(input => input.value = '');
            form.submit();";
        eyes.run(empty, json!([])).await;
        eyes.look(&format!("{form}, sent empty")).await;
    }
    eyes.look_at("ada", "/nothing/at/all").await;
    eyes.look_at("ada", "/companies?search=nobody").await;
    eyes.sign_in(&stage.portal.address.clone(), "eva").await;
    eyes.look_at("eva", "/users").await;
}

/// What a portal shows in which nothing has been done yet.
async fn look_at_empty_pages(eyes: &mut Eyes) {
    let portal = spawn(&[]).await;
    people::add_person(&portal, "zoe", Role::Admin).await;
    eyes.sign_in(&portal.address, "zoe").await;
    for page in ["/companies", "/persons", "/projects", "/groups", "/licence", "/sync", "/sync-log"]
    {
        eyes.look_at("zoe", page).await;
    }
}

/// The proof of sight.
#[tokio::test(flavor = "multi_thread")]
async fn planted_faults_are_seen() {
    const PLANTED: &str = "data:text/html,<title></title><img src='x:y'><p style='color:%23999'>pale</p>\
         <div style='width:500px'>wide</div><a href='/' style='outline:none'>x</a><script>console.error('planted')</script>";
    let mut eyes = Eyes::open("en", AXE).await;
    eyes.look_at("", PLANTED).await;
    for planted in [
        "image-alt",
        "color-contrast",
        "html-has-lang",
        "document-title",
        "over 320 px",
        "planted",
        "no focus",
    ] {
        let is_seen = eyes.problems.iter().any(|problem| problem.contains(planted));
        assert!(is_seen, "{planted}: {:#?}", eyes.problems);
    }
}
