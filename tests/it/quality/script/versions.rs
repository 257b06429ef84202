//! Versions restored, and configurations imported.

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
