//! What a connection synchronises.

use gleichlauf::connector::types::ActorType;
use gleichlauf::store::mappings;

use super::{Each, Script};
use crate::quality::stage::Who;

impl<E: Each> Script<'_, E> {
    /// Of the inactive connection.
    pub(super) async fn mappings(&mut self) {
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
        let phone = id("Phone").to_string();
        let question = format!("{spare}/defaults/Customer/delete?rule={phone}");
        let version = self.stage.value(who, &question, "version").await;
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
}
