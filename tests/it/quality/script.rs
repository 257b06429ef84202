//! Every changing address of the route table once, filled in so that it is accepted, in an order in which
//! each finds what it needs. What a test wants to know about all of them it looks at in [`Each::act`].

use std::collections::BTreeSet;

use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::types::ActorType;
use gleichlauf::history::Actor;
use gleichlauf::store::{codes, links, mappings};
use gleichlauf::web::routes::TABLE;

use super::stage::{Stage, Who};
use crate::support::filled::Filled;
use crate::support::licences;
use crate::support::people::{self, PASSWORD};
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
    script.records().await;
    script.erp_tab().await;
    script.mappings().await;
    script.connections().await;
    script.engine().await;
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

    async fn people(&mut self) {
        let who = Who::Ada;
        let new = [("name", "Dora"), ("login", "dora"), ("role", "user")];
        let place = self.act(who, "/users", "", &new, &["user-added"]).await.location;
        let version = self.stage.value(who, &place, "version").await;
        let edit =
            [("name", "Dora B"), ("login", "dora"), ("role", "user"), ("version", &*version)];
        self.act(who, "/users/{id}", &place, &edit, &["user-changed"]).await;
        self.act(who, "/users/{id}/codes", &format!("{place}/codes"), &[], &["code-issued"]).await;
        self.act(who, "/users/{id}/seat", &format!("{place}/seat"), &[], &["seat-assigned"]).await;
        let taken = format!("{place}/seat/delete");
        self.act(who, "/users/{id}/seat/delete", &taken, &[], &["seat-taken"]).await;
        people::sign_in(self.stage.new_guest(), "carl").await;
        let carl = format!("/users/{}", self.stage.carl);
        let sessions = format!("{carl}/sessions/delete");
        let (route, rows) = ("/users/{id}/sessions/delete", &["session-ended"]);
        self.act_as(Kind::Note, who, route, &sessions, &[], rows).await;
        let disabled = format!("{place}/disable");
        self.act(who, "/users/{id}/disable", &disabled, &[], &["user-disabled"]).await;
        let enabled = format!("{place}/enable");
        self.act(who, "/users/{id}/enable", &enabled, &[], &["user-enabled"]).await;
        let place = self.act(who, "/groups", "", &[("name", "Einkauf")], &["group-added"]).await;
        let place = place.location;
        let version = self.stage.value(who, &place, "version").await;
        let members = self.stage.carl.to_string();
        let edit = [("name", "Einkauf"), ("members", &*members), ("version", &*version)];
        self.act(who, "/groups/{id}", &place, &edit, &["group-changed"]).await;
        let deleted = format!("{place}/delete");
        self.act(who, "/groups/{id}/delete", &deleted, &[], &["group-deleted"]).await;
        let file = licences::file(&licences::licence(12, "2028-12-31"));
        self.act(who, "/licence", "", &[("file", &file)], &["licence-installed"]).await;
    }

    async fn oneself(&mut self) {
        let (who, session) = (Who::Guest, Kind::Session);
        self.stage.new_guest().get("/sign-in").await;
        let typed = [("login", "carl"), ("password", PASSWORD)];
        self.act_as(session, who, "/sign-in", "", &typed, &["signed-in"]).await;
        self.stage.browser(who).get("/account").await;
        let choice = [("theme", "dark"), ("back", "/account")];
        self.act(who, "/preferences", "", &choice, &["user-changed"]).await;
        let settings = [("language", "en"), ("zone", "Asia/Tokyo"), ("theme", "light")];
        self.act(who, "/account", "", &settings, &["user-changed"]).await;
        let mut elsewhere = Browser::new(&self.stage.portal);
        people::sign_in(&mut elsewhere, "carl").await;
        let page = self.stage.browser(who).get("/account").await;
        let end = page.attribute("td form", "action").unwrap();
        let route = "/account/sessions/{sid}/delete";
        self.act_as(Kind::Note, who, route, &end, &[], &["session-ended"]).await;
        self.stage.browser(who).get("/account/password").await;
        let new = "another horse 9 staple";
        let typed = [("old", PASSWORD), ("password", new), ("again", new)];
        let route = "/account/password";
        self.act_as(session, who, route, "", &typed, &["password-changed"]).await;
        self.stage.browser(who).get("/account").await;
        self.act_as(session, who, "/sign-out", "", &[], &["signed-out"]).await;
        let mut tx = self.stage.store().begin().await.unwrap();
        let carl = self.stage.carl;
        let code = codes::issue_code(&mut tx, &Actor::system(), carl).await.unwrap().reveal();
        tx.commit().await.unwrap();
        self.stage.new_guest().get("/code").await;
        let typed = [("code", &**code), ("password", PASSWORD), ("again", PASSWORD)];
        let rows = &["password-changed", "signed-in"];
        self.act_as(session, who, "/code", "", &typed, rows).await;
    }

    async fn records(&mut self) {
        let who = Who::Ida;
        for (add, change, fields) in [
            ("/companies", "/companies/{id}", [("name", "Neu GmbH"), ("phone", "1")]),
            ("/persons", "/persons/{id}", [("last_name", "Neu"), ("first_name", "Nele")]),
            ("/projects", "/projects/{id}", [("name", "Neubau"), ("description", "x")]),
        ] {
            let place = self.act(who, add, "", &fields, &["record-added"]).await.location;
            let version = self.stage.value(who, &format!("{place}/edit"), "version").await;
            let (name, _) = fields[0];
            let edit = [(name, "Anders"), ("version", &*version)];
            self.act(who, change, &place, &edit, &["record-changed"]).await;
        }
    }

    async fn erp_tab(&mut self) {
        let who = Who::Ida;
        let (free, north) = (self.stage.free, self.stage.north);
        let tab = format!("/companies/{free}/erp/{north}");
        let chosen = [("type", "Customer"), ("key", "C2")];
        let (links, rows) = ("/companies/{id}/erp/{connection}/links", &["linked"]);
        self.act(who, links, &format!("{tab}/links"), &chosen, rows).await;
        let now = "/companies/{id}/erp/{connection}/syncs";
        let asked = &["sync-requested"];
        self.act_as(Kind::Note, who, now, &format!("{tab}/syncs"), &[], asked).await;
        let gone = "/companies/{id}/erp/{connection}/disconnect";
        self.act(who, gone, &format!("{tab}/disconnect"), &[], &["unlinked"]).await;
        let made = "/companies/{id}/erp/{connection}/actors";
        let rows = &["create-intended", "created-in-erp", "field-synced", "field-synced", "linked"];
        let kind = [("type", "Customer")];
        self.act(who, made, &format!("{tab}/actors"), &kind, rows).await;
        let link = links::find_by_record(self.stage.store(), north, free).await.unwrap().unwrap();
        let engine = &self.stage.portal.app.portal.engine;
        engine.disconnect(&Actor::system(), link.id).await.unwrap();
        self.unclear_create(&tab).await;
        let looked = "/companies/{id}/erp/{connection}/lookups";
        self.act_as(Kind::Note, who, looked, &format!("{tab}/lookups"), &[], &[]).await;
        let dropped = "/companies/{id}/erp/{connection}/drops";
        self.act(who, dropped, &format!("{tab}/drops"), &[], &["create-dropped"]).await;
    }

    /// A create of which nobody knows whether the ERP did it.
    async fn unclear_create(&mut self, tab: &str) {
        let lost = Failure::BrokenOff { detail: "told to".to_owned() };
        self.stage.north_erp.fail("CreateActor", lost);
        let browser = self.stage.browser(Who::Ida);
        let page = browser.post(&format!("{tab}/actors"), &[("type", "Customer")]).await;
        assert_eq!(page.status, 303, "{}", page.text);
        let state = "SELECT state FROM erp_write";
        assert_eq!(self.stage.portal.database.ask(state), ["unclear"]);
    }

    /// Of the inactive connection.
    async fn mappings(&mut self) {
        let who = Who::Ada;
        let spare = format!("/connections/{}", self.stage.spare);
        let version = self.stage.value(who, &format!("{spare}/mappings"), "version").await;
        let edit = [
            ("version", version.as_str()),
            ("is_active", "1"),
            ("crm:Name", "name"),
            ("to-erp:Name", "1"),
            ("to-crm:Name", "1"),
            ("crm:Country", "country"),
            ("to-crm:Country", "1"),
        ];
        let path = format!("{spare}/mappings/Customer");
        let rows = &["mapping-changed"];
        self.act(who, "/connections/{id}/mappings/{type}", &path, &edit, rows).await;
        let kind = ActorType::Customer;
        let found = mappings::find(self.stage.store(), self.stage.spare, kind).await.unwrap();
        let found = found.unwrap();
        let id = |key: &str| found.field(key).unwrap().id;
        let country = self.stage.portal.database.ask("SELECT id FROM crm_list_item").remove(0);
        let version = self.stage.value(who, &format!("{spare}/list-mappings"), "version").await;
        let pairs = [("item:DE", country.as_str()), ("version", version.as_str())];
        let path = format!("{spare}/list-mappings/{}", id("Country"));
        let route = "/connections/{id}/list-mappings/{field}";
        self.act(who, route, &path, &pairs, &["list-mapping-changed"]).await;
        let new = format!("{spare}/defaults/new?type=Customer&field=Phone");
        let version = self.stage.value(who, &new, "version").await;
        let rule = [
            ("field", "Phone"),
            ("sets_value", "1"),
            ("value", "+49"),
            ("version", version.as_str()),
        ];
        let path = format!("{spare}/defaults/Customer");
        let route = "/connections/{id}/defaults/{type}";
        self.act(who, route, &path, &rule, &["default-added"]).await;
        let version = self.stage.value(who, &format!("{spare}/defaults"), "version").await;
        let phone = id("Phone").to_string();
        let chosen = [("rule", phone.as_str()), ("version", version.as_str())];
        let path = format!("{spare}/defaults/Customer/delete");
        let route = "/connections/{id}/defaults/{type}/delete";
        self.act(who, route, &path, &chosen, &["default-deleted"]).await;
        let version = self.stage.value(who, &format!("{spare}/ranks"), "version").await;
        let order = [("order", "Since"), ("order", "Name"), ("version", version.as_str())];
        let path = format!("{spare}/ranks/Customer");
        let route = "/connections/{id}/ranks/{type}";
        self.act(who, route, &path, &order, &["rank-changed"]).await;
    }

    async fn connections(&mut self) {
        let (who, note) = (Who::Ada, Kind::Note);
        let new = [("name", "Third"), ("address", "plugin://north")];
        self.act(who, "/connectors", "", &new, &["connector-added"]).await;
        let sql = "SELECT id FROM sync_connector WHERE name = 'Third'";
        let place = format!("/connectors/{}", self.stage.portal.database.ask(sql)[0]);
        let version = self.stage.value(who, &format!("{place}/edit"), "version").await;
        let edit = [("name", "Fourth"), ("address", "plugin://north"), ("version", &*version)];
        self.act(who, "/connectors/{id}", &place, &edit, &["connector-changed"]).await;
        let deleted = format!("{place}/delete");
        self.act(who, "/connectors/{id}/delete", &deleted, &[], &["connector-deleted"]).await;
        let back = format!("{place}/restorations");
        let rows = &["connector-restored"];
        self.act(who, "/connectors/{id}/restorations", &back, &[], rows).await;

        let page = format!("/connections/new?connector={}", self.stage.north_connector);
        let page = self.stage.browser(who).get(&page).await;
        let filled = Filled::read(&page)
            .set("name", "Fifth")
            .set("c-Server", "erp.example")
            .set("c-Password", "pw-of-the-fifth")
            .set("c-Company", "01");
        let tested = filled.send(self.stage.browser(who), "/connections", "test").await;
        assert_eq!(tested.status, 200, "{}", tested.text);
        // Each actor type is mapped as far as it suggests itself.
        let rows = &[
            "connection-added",
            "mapping-changed",
            "mapping-changed",
            "mapping-changed",
            "mapping-changed",
        ];
        let page = self.act(who, "/connections", "", &borrowed(&saved(&tested)), rows).await;
        let id = page.location.rsplit('=').next().unwrap().to_owned();
        let place = format!("/connections/{id}");
        let page = self.stage.browser(who).get(&format!("{place}/edit")).await;
        let renamed = Filled(saved(&page)).set("name", "Sixth").0;
        let rows = &["connection-changed"];
        self.act(who, "/connections/{id}", &place, &borrowed(&renamed), rows).await;
        let tested = format!("{place}/checks");
        let rows = &["connection-tested"];
        self.act_as(note, who, "/connections/{id}/checks", &tested, &[], rows).await;
        let deleted = format!("{place}/delete");
        let rows = &["connection-deleted"];
        self.act(who, "/connections/{id}/delete", &deleted, &[], rows).await;
        let back = format!("{place}/restorations");
        let rows = &["connection-restored"];
        self.act(who, "/connections/{id}/restorations", &back, &[], rows).await;
        let place = format!("/connections/{}", self.stage.north);
        let off = format!("{place}/deactivations");
        let rows = &["connection-deactivated"];
        self.act(who, "/connections/{id}/deactivations", &off, &[], rows).await;
        let on = format!("{place}/activations");
        let rows = &["connection-activated"];
        self.act(who, "/connections/{id}/activations", &on, &[], rows).await;
    }

    async fn engine(&mut self) {
        let who = Who::Ada;
        let on = [("on", "true")];
        self.act(who, "/sync/engine", "", &on, &["engine-switched-on"]).await;
        let version = self.stage.value(who, "/sync/engine", "version").await;
        let every = [("every", "20"), ("unit", "minutes"), ("version", version.as_str())];
        self.act(who, "/sync/engine", "", &every, &["interval-changed"]).await;
        let rows = &["sync-requested", "sync-requested"];
        self.act(who, "/sync/runs", "", &[], rows).await;
        let path = format!("/connections/{}/syncs", self.stage.north);
        self.act(who, "/connections/{id}/syncs", &path, &[], &["sync-requested"]).await;
        let version = self.stage.value(who, "/sync/priority", "version").await;
        let south = self.stage.south.to_string();
        let order = [("order", south.as_str()), ("version", version.as_str())];
        self.act(who, "/sync/priority", "", &order, &["priority-changed"]).await;
    }
}

/// The connection form of a page with OK pressed.
fn saved(page: &Page) -> Fields {
    let mut fields = Filled::read(page).without("csrf").without("once").0;
    fields.push(("do".to_owned(), "save".to_owned()));
    fields
}

fn borrowed(fields: &Fields) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}
