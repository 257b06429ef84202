//! Users, groups, the licence; and what one does for oneself.

use gleichlauf::history::Actor;
use gleichlauf::store::codes;

use super::{Each, Kind, Script};
use crate::quality::stage::Who;
use crate::support::licences;
use crate::support::people::{self, PASSWORD};
use crate::support::portal::Browser;

impl<E: Each> Script<'_, E> {
    pub(super) async fn people(&mut self) {
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

    pub(super) async fn oneself(&mut self) {
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
}
