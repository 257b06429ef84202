//! Versions restored and undone, configurations imported, and fields refreshed.

use super::{Each, Fields, Kind, Script, borrowed};
use crate::quality::stage::Who;
use crate::support::filled::Filled;
use crate::support::portal::Page;

impl<E: Each> Script<'_, E> {
    /// Of the inactive connection, its connector and the priority, once they have been changed.
    pub(super) async fn versions(&mut self) {
        let spare = format!("/connections/{}", self.stage.spare);
        let connector = format!("/connectors/{}", self.stage.north_connector);
        let who = Who::Ada;
        let version = self.stage.value(who, &format!("{connector}/edit"), "version").await;
        let edit =
            [("name", "Renamed"), ("address", "plugin://north"), ("version", version.as_str())];
        let browser = self.stage.browser(who);
        assert_eq!(browser.post(&connector, &edit).await.status, 303);
        let file = browser.get(&format!("{spare}/configuration.json")).await.text;
        let rows = &["version-restored", "mapping-changed", "rank-changed", "list-mapping-changed"];
        let route = "/connections/{id}/versions/{number}/restorations";
        self.restore(route, &format!("{spare}/versions/1/restorations"), rows).await;
        let rows = &["version-restored", "connector-changed"];
        let route = "/connectors/{id}/versions/{number}/restorations";
        self.restore(route, &format!("{connector}/versions/1/restorations"), rows).await;
        let rows = &["version-restored", "priority-changed"];
        let route = "/sync/priority/versions/{number}/restorations";
        self.restore(route, "/sync/priority/versions/1/restorations", rows).await;

        let path = format!("{spare}/imports");
        let browser = self.stage.browser(who);
        browser.get(&path).await;
        let plan = browser.post(&path, &[("file", &file)]).await;
        let confirmed = sent(&plan, "import");
        let rows =
            &["configuration-imported", "mapping-changed", "rank-changed", "list-mapping-changed"];
        let route = "/connections/{id}/imports";
        self.act(who, route, &path, &borrowed(&confirmed), rows).await;
        let new = "/connections/imports";
        self.stage.browser(who).get(new).await;
        self.act_as(Kind::Note, who, new, "", &[("file", &file)], &[]).await;

        self.undo("/connections/{id}/versions/{number}/undo", &spare).await;
        self.undo("/connectors/{id}/versions/{number}/undo", &connector).await;
        self.undo("/sync/priority/versions/{number}/undo", "/sync/priority").await;
        // An actor type that was not there.
        let path = format!("{spare}/field-refreshes");
        let mark = self.stage.value(who, &path, "offer").await;
        let route = "/connections/{id}/field-refreshes";
        let rows = &["mapping-changed"];
        self.act(who, route, &path, &[("offer", mark.as_str())], rows).await;
    }

    /// Takes back the newest version, which is a change of the same kind.
    async fn undo(&mut self, route: &'static str, of: &str) {
        let rows: &[&str] = match route {
            "/sync/priority/versions/{number}/undo" => &["version-restored", "priority-changed"],
            "/connectors/{id}/versions/{number}/undo" => &["version-restored", "connector-changed"],
            _ => &["version-restored", "mapping-changed", "rank-changed", "list-mapping-changed"],
        };
        let list = self.stage.browser(Who::Ada).get(&format!("{of}/versions")).await;
        let newest = list.attribute("tbody td.title a", "href").unwrap();
        self.act(Who::Ada, route, &format!("{newest}/undo"), &[], rows).await;
    }

    async fn restore(&mut self, route: &'static str, path: &str, rows: &'static [&'static str]) {
        let plan = self.stage.browser(Who::Ada).get(path).await;
        self.act(Who::Ada, route, path, &borrowed(&sent(&plan, "restore")), rows).await;
    }
}

/// A plan's form with its button pressed.
fn sent(plan: &Page, wish: &str) -> Fields {
    let mut fields = Filled::read(plan).without("csrf").without("once").0;
    fields.push(("do".to_owned(), wish.to_owned()));
    fields
}
