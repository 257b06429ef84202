//! H1: the full set of headers on every kind of answer, and nothing that names the software.

use gleichlauf::app::{self, App, Plugins};
use gleichlauf::clock::Clock;
use gleichlauf::config::Config;
use gleichlauf::users::Role;
use gleichlauf::web::headers::CONTENT_SECURITY_POLICY;
use reqwest::header::HeaderMap;

use crate::support::database::Database;
use crate::support::people::{self, PASSWORD};
use crate::support::portal::{Browser, Page, Portal, spawn};

/// What is wrong with the headers of an answer.
fn problems(headers: &HeaderMap) -> Vec<String> {
    let value = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap());
    let mut wrong = Vec::new();
    for (name, wanted) in [
        ("content-security-policy", CONTENT_SECURITY_POLICY),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        if value(name) != wanted || headers.get_all(name).iter().count() != 1 {
            wrong.push(format!("{name}: {:?}", value(name)));
        }
    }
    for name in ["permissions-policy", "cache-control"] {
        if value(name).is_empty() {
            wrong.push(format!("{name} is missing"));
        }
    }
    for name in ["server", "x-powered-by", "via"] {
        if headers.contains_key(name) {
            wrong.push(format!("{name} says {:?}", value(name)));
        }
    }
    wrong
}

fn check(what: &str, page: &Page, status: u16) {
    assert_eq!(page.status, status, "{what}: {}", page.text);
    assert_eq!(problems(&page.headers), [""; 0], "{what}");
    let text = page.text.to_lowercase();
    for word in ["actix", "sqlx", "sqlite", "postgres", "panicked", "src/"] {
        assert!(!text.contains(word), "{what} says {word}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_answer_has_them_all() {
    let portal = spawn(&[]).await;
    let mut ada = people::signed_in(&portal, "ada", Role::Admin).await;
    let mut eva = people::signed_in(&portal, "eva", Role::Auditor).await;
    let mut guest = Browser::new(&portal);
    let form = guest.get("/sign-in").await;
    check("a page before signing in", &form, 200);
    let page = ada.get("/companies").await;
    check("a page", &page, 200);
    assert_eq!(page.headers["cache-control"], "no-store");
    check("a redirect", &ada.get("/").await, 303);
    check("to sign in", &guest.get("/companies").await, 303);
    check("a bad form", &ada.post("/companies", &[]).await, 422);
    check("a bad query", &ada.get("/companies?after=x").await, 400);
    check("a bad filter", &eva.get("/history.csv?from=never").await, 400);
    check("a closed gate", &eva.get("/users").await, 403);
    check("no token", &ada.post_raw("/companies", &[]).await, 403);
    check("nothing there", &ada.get("/companies/1").await, 404);
    check("no address", &ada.get("/nothing/at/all").await, 404);
    check("an odd id", &ada.get("/companies/x%00y").await, 404);
    for method in ["PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"] {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = ada.client().request(method.clone(), ada.url("/companies"));
        check(method.as_str(), &ada.send(request).await, 405);
    }
    let head = ada.client().head(ada.url("/companies"));
    check("HEAD", &ada.send(head).await, 200);
    let huge = ada
        .client()
        .post(ada.url("/companies"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body("x".repeat((1 << 20) + 1));
    check("too large", &ada.send(huge).await, 413);
    check("an export", &eva.get("/history.csv").await, 200);
    check("another export", &eva.get("/history.jsonl").await, 200);
    let style = page.attribute("link[rel=stylesheet]", "href").unwrap();
    let file = ada.get(&style).await;
    check("a static file", &file, 200);
    assert!(file.headers["cache-control"].to_str().unwrap().contains("immutable"));
    check("a static file that is none", &ada.get(&format!("{style}x")).await, 404);
    let outside = ada.get(&format!("{style}/..%2f..%2f..%2fCargo.toml")).await;
    check("out of the folder", &outside, outside.status);
    assert!(matches!(outside.status, 400 | 404) && !outside.text.contains("[package]"));
    let tags = ada.client().get(ada.url(&style)).header("If-None-Match", &file.headers["etag"]);
    check("a file not changed", &ada.send(tags).await, 304);
    let packed = ada.client().get(ada.url("/companies")).header("Accept-Encoding", "gzip");
    check("a packed page", &ada.send(packed).await, 200);
    guest.get("/sign-in").await;
    let mut last = form;
    for _ in 0..11 {
        last = guest.post("/sign-in", &[("login", "ada"), ("password", "wrong one")]).await;
    }
    check("too many tries", &last, 429);
    assert!(last.headers["retry-after"].to_str().unwrap().parse::<u32>().unwrap() > 0);
}

/// Whatever is gone from the database, the answer is a page of ours.
#[tokio::test(flavor = "multi_thread")]
async fn also_when_the_database_fails() {
    for (table, status_of_page, status_of_form) in [
        // The handler cannot do its work.
        ("crm_record", 500, 500),
        // The guard cannot tell who asks for what.
        ("setting", 500, 500),
        // The session cannot be read at all.
        ("session", 503, 503),
    ] {
        let portal = spawn(&[]).await;
        let mut ada = people::signed_in(&portal, "ada", Role::Admin).await;
        ada.get("/companies").await;
        let away = format!("ALTER TABLE {table} RENAME TO away");
        assert!(portal.database.sql(&away), "{table}");
        let page = ada.get("/companies").await;
        check(table, &page, status_of_page);
        let form = ada.post("/companies", &[("name", "x")]).await;
        check(table, &form, status_of_form);
        for page in [page, form] {
            assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/html"));
            assert!(page.has("h1") && !page.text.contains("away"), "{table}: {}", page.text);
        }
        ada.language = "de";
        assert!(ada.get("/companies").await.has("html[lang=de]"), "{table}");
        // A stranger's session cannot be kept.
        let stranger = Browser::new(&portal).get("/sign-in").await;
        let status = if table == "crm_record" { 200 } else { status_of_page };
        check(table, &stranger, status);
    }
}

/// The proof of sight: what lacks one of them, or says too much, is seen.
#[test]
fn a_missing_header_would_be_seen() {
    let mut headers = HeaderMap::new();
    assert_eq!(problems(&headers).len(), 8);
    headers.insert("content-security-policy", "default-src *".parse().unwrap());
    headers.insert("server", "x/1.0".parse().unwrap());
    assert_eq!(problems(&headers).len(), 9);
}

/// Behind TLS browsers are told to stay there; over plain http nobody is.
#[tokio::test(flavor = "multi_thread")]
async fn behind_tls_browsers_are_told_to_stay() {
    let plain = spawn(&[]).await;
    let page = Browser::new(&plain).get("/sign-in").await;
    assert!(!page.headers.contains_key("strict-transport-security"));
    let (address, _database, _app) = behind_tls().await;
    let mut browser = Browser::at(&address);
    let mut pages = vec![browser.get("/sign-in").await, browser.get("/none").await];
    pages.push(browser.post("/sign-in", &[("login", "x"), ("password", PASSWORD)]).await);
    for page in pages {
        let told = page.headers["strict-transport-security"].to_str().unwrap();
        assert!(told.starts_with("max-age=31536000"), "{told}");
    }
}

async fn behind_tls() -> (String, Database, App) {
    let database = Database::fresh();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let listen = listener.local_addr().unwrap();
    let config = Config {
        listen,
        database: database.settings.database.clone(),
        key_file: database.settings.key_file.clone(),
        history_head: database.settings.head_file.clone(),
        static_folder: concat!(env!("CARGO_MANIFEST_DIR"), "/static").into(),
        public_address: Some("https://portal.example".to_owned()),
        ..Config::default()
    };
    let trusted = crate::support::licences::trusted();
    let app = app::open(&config, Clock::machine(), trusted, Plugins::new()).await.unwrap();
    tokio::spawn(app.server(listener, 1).unwrap());
    (format!("http://{listen}"), database, app)
}

/// Every cookie of every address: kept to this host, to TLS, and away from scripts (S2).
#[tokio::test(flavor = "multi_thread")]
async fn every_cookie_is_kept_close() {
    let portal: Portal = spawn(&[]).await;
    people::add_person(&portal, "ada", Role::Admin).await;
    let mut cookies = Vec::new();
    let mut collect = |page: &Page| {
        let all = page.headers.get_all("set-cookie").iter();
        cookies.extend(all.map(|cookie| cookie.to_str().unwrap().to_owned()));
    };
    for route in gleichlauf::web::routes::TABLE.iter() {
        let address = route.path.replace(['{', '}'], "").replace("id", "1");
        let mut stranger = Browser::new(&portal);
        collect(&match route.method.as_str() {
            "GET" => stranger.get(&address).await,
            _ => stranger.post(&address, &[]).await,
        });
    }
    let mut ada = Browser::new(&portal);
    ada.get("/sign-in").await;
    collect(&ada.post("/sign-in", &[("login", "ada"), ("password", PASSWORD)]).await);
    for address in ["/companies", "/sign-in?language=de", "/account", "/history.csv"] {
        collect(&ada.get(address).await);
    }
    collect(&ada.post("/sign-out", &[]).await);
    assert!(cookies.len() > 50, "{}", cookies.len());
    for cookie in cookies {
        let mut parts = cookie.split("; ");
        let name = parts.next().unwrap().split('=').next().unwrap();
        assert!(name.starts_with("__Host-gleichlauf"), "{cookie}");
        let parts: Vec<String> = parts.map(str::to_lowercase).collect();
        for wanted in ["secure", "httponly", "path=/"] {
            assert!(parts.iter().any(|part| part == wanted), "{wanted}: {cookie}");
        }
        assert!(parts.iter().any(|p| p == "samesite=lax" || p == "samesite=strict"), "{cookie}");
        assert!(!parts.iter().any(|part| part.starts_with("domain")), "{cookie}");
    }
}
