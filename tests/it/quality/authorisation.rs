//! Z2, Z3: nobody reaches what belongs to another scope by any id they send, and no field that a form does
//! not have does anything. (Z1, the matrix, is `access.rs`; Z4, the last seat, is `store/licence.rs`.)

use std::collections::BTreeMap;

use gleichlauf::store::sessions;
use gleichlauf::web::routes::TABLE;

use super::crawl::crawl;
use super::script::{Act, Each, Fields, Plainly, send, walk};
use super::stage::{HIDDEN, Stage, Who};
use crate::support::portal::Page;

/// Everything Ida can name, and what stands for the same thing in another scope.
async fn foreign(stage: &Stage) -> Vec<(String, String)> {
    let store = stage.store();
    let mine = sessions::list_sessions(store, stage.ida).await.unwrap()[0].sid;
    let theirs = sessions::list_sessions(store, stage.bert).await.unwrap()[0].sid;
    [
        (stage.north, stage.south),
        (stage.ida, stage.bert),
        (mine, theirs),
        (stage.north_connector, stage.south_connector),
    ]
    .map(|(own, other)| (own.to_string(), other.to_string()))
    .to_vec()
}

fn swapped(text: &str, swaps: &[(String, String)]) -> Option<String> {
    let (own, other) = swaps.iter().find(|(own, _)| text.contains(own.as_str()))?;
    Some(text.replace(own.as_str(), other))
}

#[tokio::test(flavor = "multi_thread")]
async fn ids_of_another_scope_open_nothing_and_show_nothing() {
    let mut stage = Stage::set().await;
    let swaps = foreign(&stage).await;
    let (company, free, person, project) = (stage.company, stage.free, stage.person, stage.project);
    let starts = [
        "/companies".to_owned(),
        "/account".to_owned(),
        "/companies?search=4711".to_owned(),
        "/persons?search=geheim".to_owned(),
        format!("/companies/{company}/erp"),
        format!("/persons/{person}/erp"),
        format!("/projects/{project}/erp"),
        format!("/companies/{}/erp", stage.hidden),
        format!("/companies/{free}/erp/{}/search?type=Customer&text=4711", stage.north),
        format!("/companies/{free}/erp/{}/links/new?type=Customer&key=C2", stage.north),
        format!("/companies/{free}/erp/{}/actors/new?type=Customer", stage.north),
    ];
    let found = crawl(stage.browser(Who::Ida), &starts).await;
    for (address, page) in &found.pages {
        assert!(!page.text.contains(HIDDEN), "{address} shows what is out of scope");
        assert!(!page.text.contains(&stage.south.to_string()), "{address} names its id");
    }
    let before = stage.portal.database.content();
    let mut tried = 0;
    for (address, _) in &found.pages {
        let Some(address) = swapped(address, &swaps) else { continue };
        let page = stage.browser(Who::Ida).get(&address).await;
        assert!(matches!(page.status, 403 | 404), "{address}: {}", page.status);
        assert!(!page.text.contains(HIDDEN), "{address}");
        tried += 1;
    }
    for (action, form) in &found.forms {
        let fields: Fields = form.fields.iter().filter(|(k, _)| k != "once").cloned().collect();
        let mut variants = Vec::new();
        if let Some(path) = swapped(action, &swaps) {
            variants.push((path, fields.clone()));
        }
        for at in 0..fields.len() {
            if let Some(value) = swapped(&fields[at].1, &swaps) {
                let mut fields = fields.clone();
                fields[at].1 = value;
                variants.push((action.clone(), fields));
            }
        }
        for (path, fields) in variants {
            let fields: Vec<_> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            let page = stage.browser(Who::Ida).post(&path, &fields).await;
            assert!(matches!(page.status, 400 | 403 | 404 | 422), "{path}: {}", page.status);
            assert!(!page.text.contains(HIDDEN), "{path}");
            tried += 1;
        }
    }
    assert!(tried > 10, "{tried}");
    assert_eq!(stage.portal.database.content(), before);
}

/// Every address of the table that names a connection, with the one out of reach, for each record there is.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_out_of_scope_does_not_exist() {
    let mut stage = Stage::set().await;
    let before = stage.portal.database.content();
    let seq = stage.portal.database.actions_after(0).1;
    let mut tried = Vec::new();
    for route in TABLE.iter().filter(|route| route.path.contains("{connection}")) {
        let kind = route.path.split('/').nth(1).unwrap();
        let records = match kind {
            "companies" => vec![stage.company, stage.free, stage.hidden],
            "persons" => vec![stage.person],
            _ => vec![stage.project],
        };
        for record in records {
            let path = route
                .path
                .replace("{id}", &record.to_string())
                .replace("{connection}", &stage.south.to_string());
            let browser = stage.browser(Who::Ida);
            let page = match route.method.as_str() {
                "GET" => browser.get(&format!("{path}?type=Customer&key=C1&text=4711")).await,
                _ => browser.post(&path, &[("type", "Customer"), ("key", "C1")]).await,
            };
            assert_eq!(page.status, 404, "{} {path}: {}", route.method, page.text);
            assert!(!page.text.contains(HIDDEN), "{path}");
            tried.push("refused");
        }
    }
    assert_eq!(stage.portal.database.actions_after(seq).0, tried, "one row for each");
    assert_eq!(stage.portal.database.content(), before);
    // The proof of sight: whoever is in scope does see the mark.
    let hidden = stage.hidden;
    let page = stage.browser(Who::Bert).get(&format!("/companies/{hidden}/erp")).await;
    assert!(page.text.contains(HIDDEN), "{}", page.text);
    let search = format!("/companies/{}/erp/{}/search?type=Customer", stage.free, stage.south);
    let page = stage.browser(Who::Bert).get(&format!("{search}&text={HIDDEN}")).await;
    assert!(page.all("tbody").concat().contains(HIDDEN), "{}", page.text);
}

/// Being in scope is not yet a right: each act in the ERP tab needs its own.
#[tokio::test(flavor = "multi_thread")]
async fn each_right_opens_what_it_names_and_nothing_else() {
    let mut stage = Stage::set().await;
    let (free, company, north) = (stage.free, stage.company, stage.north);
    let tab = |record: i64| format!("/companies/{record}/erp/{north}");
    let chosen = [("type", "Customer"), ("key", "C2")];
    let before = stage.portal.database.content();
    for (right, closed) in [
        (
            "may_create",
            vec![format!("{}/links", tab(free)), format!("{}/disconnect", tab(company))],
        ),
        (
            "may_connect",
            ["actors", "lookups", "drops"].map(|end| format!("{}/{end}", tab(free))).to_vec(),
        ),
    ] {
        let only = format!(
            "UPDATE connection_access SET may_create = {}, may_connect = {} WHERE user_id = {}",
            right == "may_create",
            right == "may_connect",
            stage.ida
        );
        assert!(stage.portal.database.sql(&only));
        for path in closed {
            let page = stage.browser(Who::Ida).post(&path, &chosen).await;
            assert_eq!(page.status, 403, "{path} with {right} alone");
        }
    }
    let open = format!(
        "UPDATE connection_access SET may_create = true, may_connect = true WHERE user_id = {}",
        stage.ida
    );
    assert!(stage.portal.database.sql(&open));
    assert_eq!(stage.portal.database.content(), before);
    // The proof of sight: with both rights it is done.
    let path = format!("{}/links", tab(free));
    assert_eq!(stage.browser(Who::Ida).post(&path, &chosen).await.status, 303);
}

/// Fields that columns are called, or that others' forms have.
const EXTRA: [(&str, &str); 24] = [
    ("role", "admin"),
    ("is_admin", "1"),
    ("is_disabled", "1"),
    ("has_seat", "1"),
    ("login", "planted-4812"),
    ("login_norm", "planted-4812"),
    ("name", "planted-4812"),
    ("password_enc", "planted-4812"),
    ("sealed", "planted-4812"),
    ("password_hash", "planted-4812"),
    ("user_id", "1"),
    ("scope_id", "1"),
    ("scope", "everyone"),
    ("is_for_everyone", "1"),
    ("is_deleted", "1"),
    ("guid", "planted-4812"),
    ("connector_id", "1"),
    ("connection_id", "1"),
    ("parent_id", "1"),
    ("id", "1"),
    ("created_by", "planted-4812"),
    ("updated_by", "planted-4812"),
    ("may_create", "1"),
    ("seats", "999"),
];

/// Sends each form with all the fields it does not have.
struct WithExtra;

impl Each for WithExtra {
    async fn act(&mut self, stage: &mut Stage, who: Who, act: &Act) -> Page {
        let mut act = act.clone();
        for (name, value) in EXTRA {
            // A record's name is a field of its form, and so on.
            if !act.fields.iter().any(|(field, _)| field == name) && !is_own(act.route, name) {
                act.fields.push((name.to_owned(), value.to_owned()));
            }
        }
        let page = send(stage.browser(who), &act, "").await;
        assert!(!page.text.contains("planted-4812"), "{} shows it", act.route);
        page
    }
}

/// Fields that a form has, though the script leaves them out.
fn is_own(route: &str, name: &str) -> bool {
    name == "name" && (route.starts_with("/projects") || route.starts_with("/companies"))
}

/// What must come out the same with and without the extra fields, by natural keys.
fn outcome(stage: &Stage) -> BTreeMap<&'static str, Vec<String>> {
    [
        "SELECT login, name, role, has_seat, is_disabled, password IS NULL FROM app_user ORDER BY login",
        "SELECT name, is_active, is_deleted, is_for_everyone, description FROM erp_connection ORDER BY name",
        "SELECT name, address, is_deleted FROM sync_connector ORDER BY name",
        "SELECT u.login, a.may_connect, a.may_create FROM connection_access a \
         JOIN app_user u ON u.id = a.user_id ORDER BY u.login",
        "SELECT g.name, u.login FROM user_group g LEFT JOIN group_member m ON m.group_id = g.id \
         LEFT JOIN app_user u ON u.id = m.user_id ORDER BY 1, 2",
        "SELECT kind, name, parent_id IS NULL, fields FROM crm_record ORDER BY kind, name, fields",
        "SELECT action, subject_name, before_values, after_values FROM history \
         WHERE action NOT IN ('priority-changed', 'exported') ORDER BY seq",
    ]
    .into_iter()
    .map(|sql| (sql, stage.portal.database.ask(sql)))
    .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_that_a_form_does_not_have_do_nothing() {
    let mut plain = Stage::set().await;
    walk(&mut plain, &mut Plainly).await;
    let mut extended = Stage::set().await;
    walk(&mut extended, &mut WithExtra).await;
    for (sql, rows) in outcome(&plain) {
        assert_eq!(outcome(&extended)[sql], rows, "{sql}");
    }
    let all = extended.portal.database.content().join("\n");
    assert!(!all.contains("planted-4812"));
    for aside in ["session", "sent_form", "history"] {
        let rows = extended.portal.database.ask(&format!("SELECT * FROM {aside}")).join("\n");
        assert!(!rows.contains("planted-4812"), "{aside}");
    }
    // The proof of sight: an effect would be seen.
    assert!(plain.portal.database.sql("UPDATE app_user SET role = 'admin' WHERE login = 'carl'"));
    assert_ne!(outcome(&plain), outcome(&extended));
}
