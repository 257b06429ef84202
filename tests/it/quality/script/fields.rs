//! Fields that admins add.

use super::{Each, Script};
use crate::quality::stage::Who;

impl<E: Each> Script<'_, E> {
    pub(super) async fn fields(&mut self) {
        let who = Who::Ada;
        for name in ["Muster", "Stoff"] {
            let new =
                [("kind", "project"), ("type", "text"), ("german", name), ("max_length", "20")];
            self.act(who, "/crm-fields", "", &new, &["crm-field-added"]).await;
        }
        let ids = "SELECT id FROM crm_field WHERE record_kind = 'project' ORDER BY rank";
        let ids = self.stage.portal.database.ask(ids);
        let list = "/crm-fields?kind=project";
        let version = self.stage.value(who, list, "version").await;
        let order = [("order", &*ids[1]), ("order", &*ids[0]), ("version", &*version)];
        let (route, path) = ("/crm-fields/order", "/crm-fields/order?kind=project");
        self.act(who, route, path, &order, &["crm-fields-ordered"]).await;
        let place = format!("/crm-fields/{}", ids[0]);
        let version = self.stage.value(who, &format!("{place}/edit"), "version").await;
        let edit = [("german", "Dekor"), ("max_length", "30"), ("version", &*version)];
        self.act(who, "/crm-fields/{id}", &place, &edit, &["crm-field-changed"]).await;
        let (deleted, restored) = (format!("{place}/delete"), format!("{place}/restore"));
        let route = "/crm-fields/{id}/delete";
        let version = self.stage.value(who, &deleted, "version").await;
        self.act(who, route, &deleted, &[("version", &version)], &["crm-field-deleted"]).await;
        let route = "/crm-fields/{id}/restore";
        self.act(who, route, &restored, &[], &["crm-field-restored"]).await;
    }
}
