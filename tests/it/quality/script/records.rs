//! CRM records and their ERP tab.

use gleichlauf::connector::failure::Failure;
use gleichlauf::history::Actor;
use gleichlauf::store::links;

use super::{Each, Kind, Script};
use crate::quality::stage::Who;

impl<E: Each> Script<'_, E> {
    pub(super) async fn records(&mut self) {
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

    pub(super) async fn erp_tab(&mut self) {
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
}
