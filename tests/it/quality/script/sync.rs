//! Connectors, connections and the engine.

use super::{Each, Fields, Kind, Script, borrowed};
use crate::quality::stage::Who;
use crate::support::filled::Filled;
use crate::support::portal::Page;

impl<E: Each> Script<'_, E> {
    pub(super) async fn connections(&mut self) {
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
        let scope = format!("{place}/scope");
        let page = self.stage.browser(who).get(&scope).await;
        let ida = format!("u{}", self.stage.ida);
        let some = Filled(saved(&page)).set("scope", "some").set("who", &ida).0;
        let rows = &["scope-changed"];
        self.act(who, "/connections/{id}/scope", &scope, &borrowed(&some), rows).await;
        let tested = format!("{place}/checks");
        let rows = &["connection-tested"];
        self.act_as(note, who, "/connections/{id}/checks", &tested, &[], rows).await;
        let runs = format!("{place}/conformance-runs");
        let rows = &["conformance-asked"];
        self.act(who, "/connections/{id}/conformance-runs", &runs, &[], rows).await;
        let run = &self
            .stage
            .portal
            .database
            .ask("SELECT job_id FROM conformance_run ORDER BY job_id DESC")[0];
        let stop = format!("{runs}/{run}/stop");
        let rows = &["stop-requested"];
        self.act(who, "/connections/{id}/conformance-runs/{run}/stop", &stop, &[], rows).await;
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

    pub(super) async fn engine(&mut self) {
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
        self.resyncs().await;
        let version = self.stage.value(who, "/sync/priority", "version").await;
        let south = self.stage.south.to_string();
        let order = [("order", south.as_str()), ("version", version.as_str())];
        self.act(who, "/sync/priority", "", &order, &["priority-changed"]).await;
    }
}

impl<E: Each> Script<'_, E> {
    async fn resyncs(&mut self) {
        let who = Who::Ada;
        let list = format!("/connections/{}/resyncs", self.stage.north);
        let (all, rows) = ([("choice", "all"), ("do", "count")], &["resync-prepared"]);
        let page = self.act(who, "/connections/{id}/resyncs", &list, &all, rows).await;
        let place = page.location;
        let database = &self.stage.portal.database;
        assert!(database.sql("DELETE FROM job WHERE task = 'count'"));
        assert!(database.sql("UPDATE resync SET state = 'counted', differing = 1, fields = 1"));
        let rows = &["resync-confirmed"];
        self.act(who, "/connections/{id}/resyncs/{resync}", &place, &[], rows).await;
        let stop = format!("{place}/stop");
        let rows = &["stop-requested"];
        self.act(who, "/connections/{id}/resyncs/{resync}/stop", &stop, &[], rows).await;
    }
}

/// The connection form of a page with OK pressed.
fn saved(page: &Page) -> Fields {
    let mut fields = Filled::read(page).without("csrf").without("once").0;
    fields.push(("do".to_owned(), "save".to_owned()));
    fields
}
