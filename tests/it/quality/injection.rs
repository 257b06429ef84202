//! I1: whatever a person, a connector's answer, a file, an address or a header brings, no page runs it: neither
//! with our policy nor without.

use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::types::{Access, ActorType, FieldInfo, FieldType};
use gleichlauf::crm::RecordKind;
use gleichlauf::crm::value::FieldKind;
use gleichlauf::history::Actor;
use gleichlauf::store::{connectors, groups};
use gleichlauf::users::Role;
use gleichlauf::web::headers::CONTENT_SECURITY_POLICY;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::addresses::pages_of;
use super::eyes::Eyes;
use super::payloads::PAYLOADS;
use super::stage::{Stage, Who, record};
use crate::support::custom_fields::{self, new_field};
use crate::support::fake_connector::{FakeConnector, fields};
use crate::support::people::{self, PASSWORD};
use crate::support::portal::Browser;

/// Runs before the scripts of every page: a dialog counts as well.
const WATCH: &str = "
    for (const name of ['alert', 'confirm', 'prompt', 'print'])
        window[name] = () => { top.hit = -~top.hit; };";

/// Does what a person might do, and gives how often a payload has run, and whatever could run and is not ours.
const COUNT: &str = "
    const done = arguments[0];
    const leads = ['href', 'src', 'action', 'formaction', 'data', 'srcdoc', 'xlink:href'];
    const isForeign = ({ name, value }) => /^on/i.test(name)
        || leads.includes(name) && /^[\\s\\0]*(j\\s*a\\s*v\\s*a\\s*s|vbs|data:(?!image))/i.test(value);
    const all = [...document.querySelectorAll('*')];
    const foreign = all.filter(element => [...element.attributes].some(isForeign)
        || /^(iframe|object|embed|base)$/i.test(element.localName)
        || element.localName === 'script' && !String(element.src).startsWith(location.origin + '/static/'));
    for (const element of all)
        for (const event of ['mouseover', 'focus', 'toggle', 'error'])
            element.dispatchEvent(new Event(event));
    for (const link of document.querySelectorAll('a[href^=\"javascript:\" i]')) link.click();
    setTimeout(() => done([top.hit || 0, foreign.map(it => it.outerHTML.slice(0, 200)),
        document.documentElement.outerHTML.includes('top.hit')]), 0);";

/// All of them in one text.
fn all() -> String {
    PAYLOADS.join(" ")
}

/// As connectors write texts, some in one language and some in two.
fn told(at: usize) -> String {
    let payload = PAYLOADS[at % PAYLOADS.len()];
    match at % 2 {
        0 => payload.to_owned(),
        _ => format!("US:\"{payload}\";GE:\"{payload}\""),
    }
}

/// A field whose every text is hostile.
fn field(at: usize, kind: FieldType, list: &str) -> FieldInfo {
    FieldInfo {
        key: format!("X{at}"),
        name: told(at),
        description: told(at + 1),
        kind,
        list: list.to_owned(),
        default: PAYLOADS[at % PAYLOADS.len()].to_owned(),
        rank: 100 + i64::try_from(at).unwrap(),
        max_length: 0,
        access: Access::Normal,
    }
}

/// What the ERP and its connector say from now on.
fn poison_erp(erp: &FakeConnector) {
    let hostile = |at| field(at, FieldType::Text, "");
    let customers = fields(ActorType::Customer).into_iter();
    erp.offer(ActorType::Customer, customers.chain((0..PAYLOADS.len()).map(hostile)).collect());
    for (at, payload) in PAYLOADS.into_iter().enumerate() {
        for list in ["Country", "Company", "State"] {
            erp.stock(list, &format!("{at}{payload}"), &told(at));
        }
        let kind =
            [FieldType::Label, FieldType::Text, FieldType::List, FieldType::Checkbox][at % 4];
        erp.ask_also(field(at, kind, "Company"));
        let customer = format!("C{}", at % 5 + 2);
        erp.set(ActorType::Customer, &customer, "Name", &format!("Ærø {payload}"));
        erp.set(ActorType::Customer, &customer, "Phone", payload);
        erp.set(ActorType::Customer, "C1", &format!("X{at}"), payload);
    }
    erp.set(ActorType::Customer, "C1", "Phone", &all());
    erp.set(ActorType::Person, "P1", "LastName", &all());
}

/// Records, fields, people, groups and connectors with such names; gives pages of records.
async fn poison_portal(stage: &mut Stage) -> Vec<String> {
    let store = stage.store().clone();
    let mut places = Vec::new();
    let by = Actor::system();
    for (at, payload) in PAYLOADS.into_iter().enumerate() {
        let kind = [RecordKind::Company, RecordKind::Person, RecordKind::Project][at % 3];
        let keys = ["name", "last_name", "description", "phone", "email", "url"];
        let parent = (kind == RecordKind::Person).then_some(stage.company);
        let id = record(&store, kind, parent, &keys.map(|key| (key, payload))).await;
        if at % 6 < 3 {
            places.push(format!("/{}/{id}", kind.path()));
        }
        people::add_user(&store, payload, Role::User).await;
        let mut tx = store.begin().await.unwrap();
        groups::insert_group(&mut tx, &by, payload).await.unwrap();
        connectors::insert(&mut tx, &by, payload, payload).await.unwrap();
        tx.commit().await.unwrap();
        if at % 8 == 0 {
            let label = PAYLOADS[at + 1];
            let kind = RecordKind::ALL[at / 8 % 3];
            let text = new_field(kind, FieldKind::Text, label, &[]);
            custom_fields::insert(&store, &text).await;
        }
    }
    let list = new_field(RecordKind::Company, FieldKind::List, PAYLOADS[0], &PAYLOADS);
    custom_fields::insert(&store, &list).await;
    let name = all().replace('\'', "''");
    let sql = format!(
        "UPDATE erp_connection SET name = '{name}', description = '{name}' WHERE id <> {};
         UPDATE crm_list_item SET text = '{name}' WHERE text = 'Germany'",
        stage.south
    );
    assert!(stage.portal.database.sql(&sql), "{sql}");
    // What the sessions of somebody say of their browsers.
    for payload in PAYLOADS.into_iter().step_by(4) {
        let mut browser = Browser::new(&stage.portal);
        browser.get("/sign-in").await;
        let agent: String = payload.chars().filter(|c| c.is_ascii() && !c.is_control()).collect();
        let body =
            format!("login=ada&password={}&csrf={}", PASSWORD.replace(' ', "+"), browser.token());
        let request = browser.client().post(browser.url("/sign-in")).body(body);
        let request = request.header("Content-Type", "application/x-www-form-urlencoded");
        assert_eq!(browser.send(request.header("User-Agent", agent)).await.status, 303);
    }
    places
}

/// Runs, tests and links that fail with such words, and fields that are taken over.
async fn let_fail(stage: &mut Stage) {
    let (north, spare) = (stage.north, stage.spare);
    let refused = || Failure::refused(told(13) + &all(), all());
    let fault = || Failure::Fault { code: all(), text: all() };
    let turn = |to: &str| format!("UPDATE erp_connection SET is_active = {to} WHERE id = {north}");
    assert!(stage.portal.database.sql(&turn("FALSE")));
    for connection in [north, spare] {
        let path = format!("/connections/{connection}/field-refreshes");
        let offer = stage.value(Who::Ada, &path, "offer").await;
        let page = stage.browser(Who::Ada).post(&path, &[("offer", &offer)]).await;
        assert_eq!(page.status, 303, "{}", page.text);
    }
    let shown = "UPDATE field_mapping SET is_shown_in_search = TRUE, is_shown_in_tab = TRUE";
    assert!(stage.portal.database.sql(shown) && stage.portal.database.sql(&turn("TRUE")));
    let runs = format!("/connections/{spare}/conformance-runs");
    let engine = stage.portal.app.portal.engine.clone();
    let asked = stage.browser(Who::Ada).post(&runs, &[]).await;
    stage.run = asked.location.rsplit('/').next().unwrap().parse().unwrap();
    stage.north_erp.fail("GetSearchableFields", refused());
    stage.north_erp.fail("GetList", fault());
    while engine.run_one_due().await.unwrap() {}
    for (operation, failure) in [("SaveActors", refused()), ("GetActorsByTimestamp", fault())] {
        let edit = format!("/companies/{}/edit", stage.company);
        let version = stage.value(Who::Ida, &edit, "version").await;
        let change = [("name", PAYLOADS[0]), ("phone", PAYLOADS[1]), ("version", &version)];
        let path = format!("/companies/{}", stage.company);
        assert_eq!(stage.browser(Who::Ida).post(&path, &change).await.status, 303);
        stage.north_erp.fail(operation, failure);
        let syncs = format!("/connections/{north}/syncs");
        assert_eq!(stage.browser(Who::Ada).post(&syncs, &[]).await.status, 303);
        while engine.run_one_due().await.unwrap() {}
    }
}

/// Pages that show what an address says.
fn addresses(stage: &Stage) -> Vec<String> {
    let typed: String = url::form_urlencoded::byte_serialize(all().as_bytes()).collect();
    let tab = format!("/companies/{}/erp/{}/search?type=Customer", stage.free, stage.north);
    [
        "/companies?search=",
        "/persons?search=",
        "/projects?search=",
        "/users?search=",
        "/access?kind=company&search=",
        "/history?object=",
        "/sync?deleted=",
        "/sync-log?record=",
        "/companies?after=",
        &format!("{tab}&q="),
        &format!("{tab}&search="),
        "/nothing/",
    ]
    .map(|start| format!("{start}{typed}"))
    .to_vec()
}

/// Forms that come back with what was typed.
const FORMS: [&str; 6] = [
    "/companies/new",
    "/users/new",
    "/groups/new",
    "/connectors/new",
    "/crm-fields/new?type=text",
    "/licence",
];

impl Eyes {
    /// Notes whether anything of the open page has run, or could; gives whether there was anything.
    async fn count(&mut self, what: &str) -> bool {
        let body = json!({ "script": COUNT, "args": [] });
        let found = self.chromium.command("execute/async", &body).await;
        if found[0] != 0 {
            self.note(what, &json!([format!("{} hits", found[0])]));
        }
        self.note(&format!("{what}, not ours"), &found[1]);
        self.hear(what).await;
        found[2] == true
    }

    async fn bypass_policy(&self, is_bypassed: bool) {
        let enabled = json!({ "enabled": is_bypassed });
        self.chromium.devtools("Page.setBypassCSP", enabled).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_anybody_brings_is_run() {
    let mut stage = Stage::set_and_tested().await;
    poison_erp(&stage.north_erp.clone());
    let places = poison_portal(&mut stage).await;
    let_fail(&mut stage).await;
    let refused = Failure::refused(all(), all());
    let mut eyes = Eyes::open("de", WATCH).await;
    let address = stage.portal.address.clone();
    let file = format!("/connections/{}/configuration.json", stage.north);
    let file = stage.browser(Who::Ada).get(&file).await.text;
    assert!(file.contains("top.hit"), "{file}");
    let mut hostile = 0;
    for (who, login) in [(Who::Ada, "ada"), (Who::Ida, "ida")] {
        let mut pages = pages_of(&mut stage, who).await;
        pages.retain(|(path, _, _)| who == Who::Ada || super::addresses::is_users(path));
        let mut pages: Vec<String> = pages.into_iter().map(|(_, address, _)| address).collect();
        if who == Who::Ada {
            pages.extend(addresses(&stage).into_iter().chain(places.clone()));
        }
        eyes.sign_in(&address, login).await;
        for is_bypassed in [false, true] {
            eyes.bypass_policy(is_bypassed).await;
            let how = if is_bypassed { "without the policy" } else { "with the policy" };
            for page in &pages {
                eyes.go(page).await;
                hostile += usize::from(eyes.count(&format!("{how}, {login}, {page}")).await);
            }
            // An ERP that says no, in its own words.
            stage.north_erp.fail("GetActors", refused.clone());
            let tab = format!("/companies/{}/erp", stage.company);
            eyes.go(&tab).await;
            eyes.count(&format!("{how}, {login}, {tab} that fails")).await;
            if who == Who::Ada {
                send_forms(&mut eyes, how, &stage, &file).await;
            }
        }
    }
    assert!(eyes.problems.is_empty(), "{}", eyes.problems.join("\n"));
    assert!(hostile > 100, "only {hostile} pages showed any of it");
}

/// What is typed comes back, and what is in a file is shown, before anything of it is taken.
async fn send_forms(eyes: &mut Eyes, how: &str, stage: &Stage, file: &str) {
    let imports = format!("/connections/{}/imports", stage.spare);
    let typed = FORMS.map(|form| (form, all()));
    let files = [(imports.as_str(), file.to_owned()), ("/connections/imports", file.to_owned())];
    for (form, text) in typed.into_iter().chain(files) {
        eyes.go(form).await;
        let send = "
            const form = [...document.querySelectorAll('main form[method=post]')].pop();
            if (!form) return [`no form: ${document.body.innerText.slice(0, 300)}`];
            form.querySelectorAll('input:is([type=text], [type=search], [type=url]), textarea')
                .forEach(input => { input.removeAttribute('maxlength'); input.value = arguments[0]; });
            form.submit();
            return [];";
        let missing = eyes.run(send, json!([text])).await;
        eyes.note(form, &missing);
        eyes.count(&format!("{how}, {form}, sent")).await;
    }
}

/// The proof of sight: a page that shows each of them as it is, in a text and in an attribute. Without its policy
/// nearly all of them are run, and with it none; what could run is seen either way, and so is a dialog.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_run_would_be_seen() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(echo(listener));
    let mut eyes = Eyes::open("en", WATCH).await;
    eyes.sign_out(&address).await;
    let (mut with, mut without, mut silent) = (0, 0, Vec::new());
    for is_bypassed in [false, true] {
        eyes.bypass_policy(is_bypassed).await;
        for (at, payload) in PAYLOADS.into_iter().enumerate() {
            eyes.go(&format!("/{at}")).await;
            eyes.problems.clear();
            eyes.count("").await;
            let is_hit = eyes.problems.iter().any(|problem| problem.contains(" hits"));
            with += usize::from(is_hit && !is_bypassed);
            without += usize::from(is_hit && is_bypassed);
            if eyes.problems.is_empty() {
                silent.push(payload);
            }
        }
    }
    assert_eq!(with, 0);
    assert!(without >= 34, "{without}: {silent:#?}");
    eyes.go("/dialog").await;
    eyes.problems.clear();
    eyes.count("").await;
    assert!(eyes.problems[0].contains("1 hits"), "{:?}", eyes.problems);
}

/// Answers with the payload of this number, as nobody should.
async fn echo(listener: TcpListener) {
    loop {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 4096];
        let read = stream.read(&mut request).await.unwrap_or_default();
        let asked = String::from_utf8_lossy(&request[..read]).into_owned();
        let path = asked.split(' ').nth(1).unwrap_or_default().trim_start_matches('/');
        let shown = match path.parse::<usize>() {
            Ok(at) => PAYLOADS[at],
            Err(_) => "<script>alert(1)</script>",
        };
        let body = format!(
            "<!doctype html><html lang=en><title>x</title><p>{shown}</p>\
             <form><input value=\"{shown}\"><input value='{shown}'><input value={shown}>\
             <a href=\"{shown}\">x</a></form>"
        );
        let answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n\
             Content-Security-Policy: {CONTENT_SECURITY_POLICY}\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        _ = stream.write_all(answer.as_bytes()).await;
    }
}
