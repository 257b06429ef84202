//! The ERP's own page through HTTP: looking, changing, refusing.

use std::net::SocketAddr;

use actix_web::{App, HttpServer};
use gleichlauf::clock::MINUTE;
use gleichlauf::connector::types::ActorType;
use gleichlauf::practice::data::changes::Author;
use reqwest::header::HeaderMap;
use scraper::{ElementRef, Html, Selector};
use serde_json::Value;

use super::{Erp, actor_ref};

const CUSTOMER: ActorType = ActorType::Customer;

/// An ERP with its page open in a browser.
struct Desk {
    erp: Erp,
    address: SocketAddr,
    client: reqwest::Client,
    cookie: Option<String>,
}

struct Page {
    status: u16,
    text: String,
    headers: HeaderMap,
}

impl Desk {
    async fn open() -> Self {
        let erp = Erp::new().await;
        let practice = erp.practice.clone();
        let assets = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("static/practice");
        let server = HttpServer::new(move || {
            let (practice, assets) = (practice.clone(), assets.clone());
            App::new().configure(move |config| {
                gleichlauf::practice::web::configure(config, &practice, &assets);
            })
        });
        let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
        let address = server.addrs()[0];
        tokio::spawn(server.run());
        let client =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let mut desk = Self { erp, address, client, cookie: None };
        let first = desk.get("/").await;
        let cookie = first.headers["set-cookie"].to_str().unwrap();
        assert!(cookie.contains("HttpOnly; SameSite=Strict"), "{cookie}");
        desk.cookie = Some(cookie.split(';').next().unwrap().to_owned());
        desk
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Page {
        let request = match &self.cookie {
            Some(cookie) => request.header("Cookie", cookie),
            None => request,
        };
        let answer = request.send().await.unwrap();
        Page {
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            text: answer.text().await.unwrap(),
        }
    }

    async fn get(&self, path: &str) -> Page {
        self.send(self.client.get(self.url(path))).await
    }

    async fn post(&self, path: &str, pairs: &[(String, String)]) -> Page {
        let body = serde_html_form::to_string(pairs).unwrap();
        let request = self.client.post(self.url(path)).body(body);
        let request = request
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", self.url(""))
            .header("Sec-Fetch-Site", "same-origin");
        self.send(request).await
    }

    async fn stamp(&self, kind: ActorType, key: &str) -> String {
        self.erp.actor(&self.erp.first, kind, key).await.last_modified
    }
}

impl Page {
    fn all(&self, selector: &str) -> Vec<String> {
        let html = Html::parse_document(&self.text);
        let selector = Selector::parse(selector).unwrap();
        let texts = html.select(&selector).map(|element| element.text().collect::<String>());
        texts.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    fn location(&self) -> &str {
        self.headers["location"].to_str().unwrap()
    }

    /// What a browser would send if the form were submitted untouched.
    fn form(&self) -> Vec<(String, String)> {
        let html = Html::parse_document(&self.text);
        let controls =
            Selector::parse("main > form input, main > form select, main > form textarea");
        let mut pairs = Vec::new();
        for control in html.select(&controls.unwrap()) {
            let Some(name) = control.attr("name") else { continue };
            if let Some(value) = submitted(control) {
                pairs.push((name.to_owned(), value));
            }
        }
        pairs
    }
}

fn submitted(control: ElementRef<'_>) -> Option<String> {
    match (control.value().name(), control.attr("type")) {
        ("select", _) => {
            let chosen = Selector::parse("option[selected]").unwrap();
            let chosen = control.select(&chosen).next().and_then(|option| option.attr("value"));
            Some(chosen.unwrap_or_default().to_owned())
        }
        ("textarea", _) => Some(control.text().collect()),
        (_, Some("checkbox")) => control.attr("checked").map(|_| "1".to_owned()),
        _ => Some(control.attr("value").unwrap_or_default().to_owned()),
    }
}

fn fill(form: &mut Vec<(String, String)>, name: &str, value: &str) {
    form.retain(|(key, _)| key != name);
    form.push((name.to_owned(), value.to_owned()));
}

#[tokio::test]
async fn one_finds_ones_way_from_the_start_to_an_actor() {
    let desk = Desk::open().await;
    let start = desk.get("/").await;
    assert_eq!(start.all("h2"), ["01 Nordlicht Handels GmbH", "02 Nordlicht Schweiz AG"]);
    let list = desk.get("/01/customers").await;
    assert_eq!(list.all("tbody tr").len(), 25);
    assert!(list.all(".pager span")[0].starts_with("1–25 of 9"));
    let second = desk.get("/01/customers?page=2").await;
    assert!(second.all(".pager span")[0].starts_with("26–50"));
    assert_ne!(list.all("tbody th"), second.all("tbody th"));
    let beyond = desk.get("/01/customers?page=4000").await;
    assert_eq!((beyond.status, beyond.all("tbody tr").len()), (200, 0));
    let record = desk.get("/01/customers/C10001").await;
    let actor = desk.erp.actor(&desk.erp.first, CUSTOMER, "C10001").await;
    assert_eq!(record.all("h1"), [actor.fields["NAME"].clone()]);
    assert!(record.all(".facts")[0].contains(&actor.last_modified));
}

#[tokio::test]
async fn the_search_knows_all_letters() {
    let desk = Desk::open().await;
    let of = actor_ref(CUSTOMER, "C10003");
    desk.erp.practice.book("01", &of, "NAME", "Żółw Größe & Ærø").await.unwrap();
    let found = desk.get("/01/customers?q=%C5%BB%C3%93%C5%81W+GR%C3%96SSE").await;
    assert_eq!(found.all("tbody th"), ["Żółw Größe & Ærø"]);
    assert!(desk.get("/01/customers?q=qqqqq").await.text.contains("Nothing found."));
}

#[tokio::test]
async fn saving_untouched_forms_changes_nothing() {
    let desk = Desk::open().await;
    for (kind, area) in [
        (CUSTOMER, "customers"),
        (ActorType::Supplier, "suppliers"),
        (ActorType::Person, "persons"),
        (ActorType::Project, "projects"),
    ] {
        let all = desk.erp.since(&desk.erp.first, kind, "").await;
        for actor in all.iter().step_by(all.len() / 4) {
            let path = format!("/01/{area}/{}", actor.key);
            let saved = desk.post(&path, &desk.get(&path).await.form()).await;
            assert_eq!(saved.status, 303, "{path}: {}", saved.text);
            assert_eq!(desk.stamp(kind, &actor.key).await, actor.last_modified, "{path}");
        }
    }
}

#[tokio::test]
async fn a_change_on_the_page_is_seen_by_the_connector_and_listed() {
    let desk = Desk::open().await;
    let before = desk.erp.actor(&desk.erp.first, CUSTOMER, "C10001").await;
    desk.erp.clock.advance(MINUTE);
    let mut form = desk.get("/01/customers/C10001").await.form();
    fill(&mut form, "PHONE", "+49 221 4710 999");
    fill(&mut form, "CREDITLIMIT", "1234,5");
    fill(&mut form, "BLOCKED", "1");
    fill(&mut form, "NOTES", "Øl\r\n<b>");
    let saved = desk.post("/01/customers/C10001", &form).await;
    assert_eq!((saved.status, saved.location()), (303, "/01/customers/C10001?done=saved"));

    let after = desk.erp.actor(&desk.erp.first, CUSTOMER, "C10001").await;
    assert_eq!(after.fields["PHONE"], "+49 221 4710 999");
    assert_eq!(after.fields["CREDITLIMIT"], "[F:1234.5]");
    assert_eq!(after.fields["BLOCKED"], "[I:1]");
    assert_eq!(after.fields["NOTES"], "Øl\n<b>");
    let changed = after.fields.iter().filter(|(key, value)| before.fields[*key] != **value);
    assert!(changed.count() <= 4);
    assert!(after.last_modified > before.last_modified);

    let page = desk.get("/01/customers/C10001?done=saved").await;
    assert_eq!(page.all("[role=status]"), ["Saved."]);
    assert!(!page.text.contains("Øl\n<b>"), "shown as text, never as markup");
    let changes = desk.get("/01/changes").await;
    assert!(changes.all(".changes li")[0].contains("This page"));
    assert!(changes.all(".changes li")[0].contains("+49 221 4710 999"));
    // An unticked box sends nothing.
    form.retain(|(key, _)| key != "BLOCKED");
    fill(&mut form, "seen", &after.last_modified);
    assert_eq!(desk.post("/01/customers/C10001", &form).await.status, 303);
    let unticked = desk.erp.actor(&desk.erp.first, CUSTOMER, "C10001").await;
    assert_eq!(unticked.fields["BLOCKED"], "[I:0]");
}

#[tokio::test]
async fn what_the_connector_wrote_meanwhile_is_not_overwritten_unseen() {
    let desk = Desk::open().await;
    let mut form = desk.get("/01/customers/C10001").await.form();
    let row = desk.erp.actor(&desk.erp.first, CUSTOMER, "C10001").await;
    desk.erp.save(&row, &[("PHONE", "+47 from the CRM"), ("FAX", "+47 too")]).await.unwrap();
    fill(&mut form, "PHONE", "+49 typed");
    let refused = desk.post("/01/customers/C10001", &form).await;
    assert_eq!(refused.status, 409);
    let again = refused.form();
    assert!(again.contains(&("PHONE".to_owned(), "+49 typed".to_owned())), "nothing typed is lost");
    assert_eq!(refused.all(".now"), ["By now: +47 from the CRM"]);
    assert!(again.contains(&("FAX".to_owned(), "+47 too".to_owned())), "untouched, so theirs");
    // Who has seen both may decide.
    assert_eq!(desk.post("/01/customers/C10001", &again).await.status, 303);
    let after = desk.erp.actor(&desk.erp.first, CUSTOMER, "C10001").await;
    assert_eq!(after.fields["PHONE"], "+49 typed");
    assert_eq!(after.fields["FAX"], "+47 too");
    // A form that names no number never saves.
    form.retain(|(key, _)| key != "seen");
    assert_eq!(desk.post("/01/customers/C10001", &form).await.status, 409);
}

#[tokio::test]
async fn bad_entries_come_back_with_the_field_marked() {
    let desk = Desk::open().await;
    let before = desk.stamp(CUSTOMER, "C10001").await;
    for (field, value, caption) in [
        ("NAME", " ", "Name"),
        ("RATING", "x", "Rating"),
        ("CUSTGROUP", "99", "Customer group"),
        ("SINCE", "2020-13-45", "Customer since"),
        ("EMAIL", &"e".repeat(121), "E-mail"),
    ] {
        let mut form = desk.get("/01/customers/C10001").await.form();
        fill(&mut form, "PHONE", "typed");
        fill(&mut form, field, value);
        let again = desk.post("/01/customers/C10001", &form).await;
        assert_eq!(again.status, 422, "{field}");
        assert!(again.all("[role=alert]")[0].contains(caption), "{field}");
        assert!(again.text.contains("aria-invalid"), "{field}");
        assert!(again.form().contains(&("PHONE".to_owned(), "typed".to_owned())));
    }
    assert_eq!(desk.stamp(CUSTOMER, "C10001").await, before);
}

#[tokio::test]
async fn actors_are_added_and_deleted() {
    let desk = Desk::open().await;
    let mut form = desk.get("/02/customers/new").await.form();
    fill(&mut form, "NAME", "Größe & Cie");
    let missing = desk.post("/02/customers", &form).await;
    assert_eq!(missing.status, 422);
    assert!(missing.all("[role=alert]")[0].contains("Customer group"));
    let mut form = missing.form();
    fill(&mut form, "CUSTGROUP", "30");
    let created = desk.post("/02/customers", &form).await;
    assert_eq!(created.status, 303, "{}", created.text);
    let address = created.location().split('?').next().unwrap().to_owned();
    let key = address.rsplit('/').next().unwrap().to_owned();
    let actor = desk.erp.actor(&desk.erp.second, CUSTOMER, &key).await;
    assert_eq!(actor.fields["NAME"], "Größe & Cie");
    assert_eq!(actor.fields["PAYTERMS"], "30");

    let mut person = desk.get(&format!("/02/persons/new?parent=Customer%3A{key}")).await.form();
    fill(&mut person, "LASTNAME", "Ås");
    let added = desk.post("/02/persons", &person).await;
    assert_eq!(added.status, 303, "{}", added.text);
    let refused = desk.post(&format!("{address}/delete"), &[]).await;
    assert_eq!(refused.status, 409);
    assert!(refused.all("[role=alert]")[0].contains("belong to this actor: 1"));

    let person = added.location().split('?').next().unwrap().to_owned();
    assert_eq!(desk.post(&format!("{person}/delete"), &[]).await.status, 303);
    assert_eq!(desk.post(&format!("{address}/delete"), &[]).await.status, 303);
    assert_eq!(desk.get(&address).await.status, 404);
    let newest = desk.erp.practice.list_changes("02", None, 1).await.unwrap().remove(0);
    assert_eq!((newest.action.as_str(), newest.author), ("deleted", Author::Page));
}

#[tokio::test]
async fn strangers_change_nothing() {
    let desk = Desk::open().await;
    let form = {
        let mut form = desk.get("/01/customers/C10001").await.form();
        fill(&mut form, "PHONE", "stolen");
        serde_html_form::to_string(form).unwrap()
    };
    let before = desk.stamp(CUSTOMER, "C10001").await;
    let post = |path: &str| {
        desk.client
            .post(desk.url(path))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(form.clone())
    };
    let cookie = desk.cookie.clone().unwrap();
    let set = "/control/set?client=01&type=Customer&key=C10001&field=PHONE&value=stolen";
    let record = "/01/customers/C10001";
    for (what, request) in [
        ("no cookie", post(record)),
        (
            "foreign origin",
            post(record).header("Cookie", &cookie).header("Origin", "https://evil.example"),
        ),
        ("null origin", post(record).header("Cookie", &cookie).header("Origin", "null")),
        (
            "another port",
            post(record).header("Cookie", &cookie).header("Origin", "http://127.0.0.1:1"),
        ),
        (
            "cross-site",
            post(record).header("Cookie", &cookie).header("Sec-Fetch-Site", "cross-site"),
        ),
        ("same-site", post(record).header("Cookie", &cookie).header("Sec-Fetch-Site", "same-site")),
        ("foreign name", post(record).header("Cookie", &cookie).header("Host", "evil.example")),
        (
            "foreign name reads",
            desk.client
                .get(desk.url("/control/dump?client=01&type=Customer"))
                .header("Host", "evil.example:80"),
        ),
        ("control from a page", post(set).header("Origin", "https://evil.example")),
        ("delete", post("/01/customers/C10001/delete")),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 403, "{what}");
        assert!(answer.headers().contains_key("content-security-policy"), "{what}");
    }
    assert_eq!(desk.stamp(CUSTOMER, "C10001").await, before);
    assert_ne!(desk.get(set).await.status, 200, "nothing is changed by looking");
    assert_eq!(desk.stamp(CUSTOMER, "C10001").await, before);
}

#[tokio::test]
async fn the_language_follows_the_browser_until_one_is_chosen() {
    let mut desk = Desk::open().await;
    desk.cookie = None;
    let german = desk.client.get(desk.url("/")).header("Accept-Language", "fr, de-CH;q=0.8, en");
    let german = desk.send(german).await;
    assert!(german.text.contains("<html lang=\"de\">") && german.text.contains("Übungs-ERP"));
    desk.cookie = Some("practice=de".to_owned());
    let choice = |back: &str| {
        vec![("language".to_owned(), "en".to_owned()), ("back".to_owned(), back.to_owned())]
    };
    let chosen = desk.post("/language", &choice("/01/customers?q=%C3%98")).await;
    assert_eq!((chosen.status, chosen.location()), (303, "/01/customers?q=%C3%98"));
    assert!(chosen.headers["set-cookie"].to_str().unwrap().starts_with("practice=en"));
    assert_eq!(desk.post("/language", &choice("//evil.example")).await.location(), "/");
    let unknown = vec![("language".to_owned(), "xx".to_owned())];
    assert_eq!(desk.post("/language", &unknown).await.status, 422);
}

#[tokio::test]
async fn what_is_not_there_is_not_found_in_both_languages() {
    let mut desk = Desk::open().await;
    for (cookie, words) in [("practice=en", "Not found"), ("practice=de", "Nicht gefunden")] {
        desk.cookie = Some(cookie.to_owned());
        for path in [
            "/nowhere",
            "/03/customers",
            "/01/partners",
            "/01/customers/C99999",
            "/01/suppliers/C10001",
            "/01/customers/C10001/more",
            "/03/changes",
        ] {
            let page = desk.get(path).await;
            assert_eq!(page.status, 404, "{path}");
            assert!(page.text.contains(words), "{path}");
        }
    }
    for path in ["/01/customers?page=0", "/01/customers?page=x"] {
        assert_eq!(desk.get(path).await.status, 422, "{path}");
    }
    let long = format!("/01/customers?q={}", "x".repeat(201));
    assert_eq!(desk.get(&long).await.status, 422);
}

#[tokio::test]
async fn every_page_is_drawn_in_both_languages_without_anything_inline() {
    let mut desk = Desk::open().await;
    let row = desk.erp.actor(&desk.erp.first, CUSTOMER, "C10001").await;
    desk.erp.save(&row, &[("NAME", "<script>alert(1)</script>")]).await.unwrap();
    let person = desk.erp.since(&desk.erp.first, ActorType::Person, "").await.remove(0);
    for cookie in ["practice=en", "practice=de"] {
        desk.cookie = Some(cookie.to_owned());
        for path in [
            "/".to_owned(),
            "/01/customers?q=script".to_owned(),
            "/01/suppliers".to_owned(),
            "/01/persons".to_owned(),
            "/02/projects".to_owned(),
            "/01/changes".to_owned(),
            "/01/customers/C10001".to_owned(),
            "/01/projects/new".to_owned(),
            format!("/01/persons/{}", person.key),
        ] {
            let page = desk.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(!page.text.contains("<script") && !page.text.contains(" style="), "{path}");
            assert_eq!(page.all("h1").len(), 1, "{path}");
            let policy = page.headers["content-security-policy"].to_str().unwrap();
            assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"));
            assert_eq!(page.headers["cache-control"], "no-store");
        }
    }
    let start = desk.get("/").await.text;
    let sheet = start.split("stylesheet\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let sheet = desk.get(sheet).await;
    assert_eq!(
        (sheet.status, &sheet.headers["content-type"]),
        (200, &"text/css; charset=utf-8".parse().unwrap())
    );
    assert!(sheet.headers["cache-control"].to_str().unwrap().contains("immutable"));
}

#[tokio::test]
async fn tests_can_look_into_the_books_and_book() {
    let desk = Desk::open().await;
    let json = |page: Page| serde_json::from_str::<Value>(&page.text).unwrap();
    let all = json(desk.get("/control/dump?client=01&type=Customer").await);
    assert_eq!(
        all.as_object().unwrap().len(),
        desk.erp.since(&desk.erp.first, CUSTOMER, "").await.len()
    );
    let path =
        "/control/set?client=01&type=Customer&key=C10001&field=BALANCE&value=%5BF%3A12.50%5D";
    let tool = desk.client.post(desk.url(path)).send().await.unwrap();
    let stamp: String = serde_json::from_str(&tool.text().await.unwrap()).unwrap();
    let one = json(desk.get("/control/dump?client=01&type=Customer&key=C10001").await);
    assert_eq!(one["C10001"]["modified"], stamp.as_str());
    assert_eq!(one["C10001"]["values"]["BALANCE"], "[F:12.5]");
    assert!(one["C10001"]["parent"].is_null());
    let persons = json(desk.get("/control/dump?client=01&type=Person").await);
    assert!(persons.as_object().unwrap().values().all(|person| person["parent"].is_string()));

    for bad in [
        "/control/set?client=01&type=Customer&key=C10001&field=RATING&value=x",
        "/control/set?client=01&type=Customer&key=C99999&field=NAME&value=x",
        "/control/set?client=07&type=Customer&key=C10001&field=NAME&value=x",
        "/control/set?client=01&type=Nothing&key=C10001&field=NAME&value=x",
    ] {
        let refused = desk.client.post(desk.url(bad)).send().await.unwrap();
        assert_eq!(refused.status().as_u16(), 400, "{bad}");
    }
}
