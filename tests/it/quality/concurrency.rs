//! U1: the second editor overwrites nothing and sees both versions. U2: a form sent again, at once or later,
//! has one effect and gets the same answer; with another body it is refused.

use gleichlauf::connector::types::ActorType;
use gleichlauf::store::mappings;
use gleichlauf::web::session;

use super::script::{Act, Each, Kind, send, walk};
use super::stage::{Stage, Who};
use crate::support::people;
use crate::support::portal::{Browser, Page};

/// Sends each form twice at once, then once more, then with the same key and another body.
struct Again;

impl Each for Again {
    async fn act(&mut self, stage: &mut Stage, who: Who, act: &Act) -> Page {
        // What begins or ends a session cannot be sent again by it, and a file that is only looked at has no
        // effect to repeat.
        if act.kind == Kind::Session || act.route == "/connections/imports" {
            return send(stage.browser(who), act, "").await;
        }
        let once = session::random_token();
        let seq = stage.portal.database.actions_after(0).1;
        let mut twin = stage.browser(who).clone();
        let (first, second) =
            tokio::join!(send(stage.browser(who), act, &once), send(&mut twin, act, &once));
        let said = |page: &Page| (page.status, page.location.clone());
        assert_eq!(said(&second), said(&first), "{}: {}", act.route, second.text);
        let (rows, seq) = stage.portal.database.actions_after(seq);
        assert_eq!(rows, act.rows, "{}: not one effect", act.route);
        let content = stage.portal.database.content();
        let third = send(stage.browser(who), act, &once).await;
        assert_eq!(said(&third), said(&first), "{}: sent later", act.route);
        let mut other = act.clone();
        other.fields.push(("other".to_owned(), "body".to_owned()));
        let refused = send(stage.browser(who), &other, &once).await;
        assert_eq!(refused.status, 409, "{}: another body", act.route);
        // The same key at another address is another form, too.
        let elsewhere = if act.path == "/account" { "/preferences" } else { "/account" };
        let elsewhere = Act { path: elsewhere.to_owned(), ..act.clone() };
        assert_eq!(send(stage.browser(who), &elsewhere, &once).await.status, 409);
        assert!(stage.portal.database.actions_after(seq).0.is_empty(), "{}", act.route);
        assert_eq!(stage.portal.database.content(), content, "{}", act.route);
        first
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_form_sent_again_has_one_effect_and_the_same_answer() {
    let mut stage = Stage::set().await;
    walk(&mut stage, &mut Again).await;
}

/// The proof of sight: without its key the same form has two effects.
#[tokio::test(flavor = "multi_thread")]
async fn without_the_key_two_effects_would_be_seen() {
    let mut stage = Stage::set().await;
    let seq = stage.portal.database.actions_after(0).1;
    for _ in 0..2 {
        stage.browser(Who::Ida).post("/companies", &[("name", "Zweimal")]).await;
    }
    let (rows, _) = stage.portal.database.actions_after(seq);
    assert_eq!(rows, ["record-added", "record-added"]);
}

/// Every form of ours carries a key; one without would be carried out twice.
#[tokio::test(flavor = "multi_thread")]
async fn every_form_carries_token_and_key() {
    let mut stage = Stage::set().await;
    for who in [Who::Ada, Who::Ida, Who::Eva, Who::Guest] {
        let starts = ["/companies", "/sync", "/account", "/sign-in", "/code", "/licence"];
        let starts: Vec<String> = starts.map(str::to_owned).to_vec();
        let found = super::crawl::crawl(stage.browser(who), &starts).await;
        assert!(!found.forms.is_empty());
        for (action, form) in found.forms {
            // Signing in and out begins and ends the session that a key is kept for; and choosing a
            // language twice is choosing it once.
            let is_bare = ["/sign-in", "/sign-out", "/preferences"].contains(&action.as_str());
            for name in if is_bare { &["csrf"][..] } else { &["csrf", "once"] } {
                let value = form.fields.iter().find(|(field, _)| field == name);
                assert!(value.is_some_and(|(_, v)| v.len() > 20), "{who:?} {action}: no {name}");
            }
        }
    }
}

/// Two admins with the same page open; the second one's answer to their form.
struct Race {
    stage: Stage,
    other: Browser,
    page: String,
    path: String,
}

impl Race {
    async fn start(page: &str, path: &str) -> Self {
        let stage = Stage::set().await;
        let other = people::signed_in(&stage.portal, "bea", gleichlauf::users::Role::Admin).await;
        let place = format!("/connections/{}", stage.spare);
        let (page, path) = (format!("{place}{page}"), format!("{place}{path}"));
        Self { stage, other, page, path }
    }

    /// What the second gets, and then sends again on top of what the first has saved.
    async fn run(&mut self, first: &[(&str, &str)], second: &[(&str, &str)]) -> Page {
        let version = self.stage.value(Who::Ada, &self.page, "version").await;
        self.other.get(&self.page).await;
        let with = |fields: &[(&str, &str)], version: &str| -> Vec<(String, String)> {
            let version = [("version", version)];
            fields.iter().chain(&version).map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
        };
        let won = post(&mut self.other, &self.path, &with(first, &version)).await;
        assert_eq!(won.status, 303, "{}", won.text);
        let before = self.stage.portal.database.content();
        let sent = with(second, &version);
        let lost = post(self.stage.browser(Who::Ada), &self.path, &sent).await;
        assert_eq!(lost.status, 409, "{}", lost.text);
        assert_eq!(self.stage.portal.database.content(), before, "something was overwritten");
        // The same as the first: nothing is lost, so nothing has to be asked.
        let same = post(self.stage.browser(Who::Ada), &self.path, &with(first, &version)).await;
        assert_eq!(same.status, 303, "{}", same.text);
        let now = lost.value_of("version");
        assert_ne!(now, version);
        let again = post(self.stage.browser(Who::Ada), &self.path, &with(second, &now)).await;
        assert_eq!(again.status, 303, "{}", again.text);
        assert_ne!(self.stage.portal.database.content(), before);
        lost
    }
}

async fn post(browser: &mut Browser, path: &str, fields: &[(String, String)]) -> Page {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    browser.post(path, &fields).await
}

/// The rows of the comparison: field, saved, typed.
fn both(page: &Page) -> Vec<String> {
    page.all("table")
        .into_iter()
        .find(|text| text.contains("Saved now") && text.contains("Your entry"))
        .into_iter()
        .collect()
}

fn shows(page: &Page, theirs: &str, yours: &str) -> bool {
    both(page).first().is_some_and(|table| table.contains(theirs) && table.contains(yours))
}

#[tokio::test(flavor = "multi_thread")]
async fn two_editors_of_mappings() {
    let mut race = Race::start("/mappings", "/mappings/Customer").await;
    let first = [("is_active", "1"), ("crm:Name", "name"), ("to-erp:Name", "1")];
    let second = [("is_active", "1"), ("crm:Name", "department"), ("to-crm:Name", "1")];
    let lost = race.run(&first, &second).await;
    assert!(shows(&lost, "← Name", "→ Department"), "{:?}", both(&lost));
    let kind = ActorType::Customer;
    let saved = mappings::find(race.stage.store(), race.stage.spare, kind).await.unwrap().unwrap();
    assert_eq!(saved.field("Name").unwrap().crm_field.as_deref(), Some("department"));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_editors_of_a_scope() {
    let mut race = Race::start("/scope", "/scope").await;
    let (ida, bert) = (format!("u{}", race.stage.ida), format!("u{}", race.stage.bert));
    let some = |who| [("scope", "some"), ("who", who), ("connect", who), ("do", "save")];
    let lost = race.run(&some(&ida), &some(&bert)).await;
    assert!(shows(&lost, "ida", "bert"), "{:?}", both(&lost));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_editors_of_default_values() {
    let mut race =
        Race::start("/defaults/new?type=Customer&field=Phone", "/defaults/Customer").await;
    let value = |value| [("field", "Phone"), ("sets_value", "1"), ("value", value)];
    let lost = race.run(&value("+49 111"), &value("+49 222")).await;
    assert!(shows(&lost, "+49 111", "+49 222"), "{:?}", both(&lost));
    assert_eq!(lost.value_of("value"), "+49 222");
    // Who deletes what somebody else has just changed is told first.
    let list = format!("/connections/{}/defaults", race.stage.spare);
    let rule = "SELECT id FROM field_mapping WHERE default_rule IS NOT NULL";
    let rule = race.stage.portal.database.ask(rule).remove(0);
    let question = format!("{list}/Customer/delete?rule={rule}");
    let version = race.stage.value(Who::Ada, &question, "version").await;
    race.page = format!("{list}/Customer/{rule}/edit");
    race.run(&value("+49 333"), &value("+49 444")).await;
    let delete = [("rule", &*rule), ("version", &*version)];
    let path = format!("{}/delete", race.path);
    assert_eq!(race.stage.browser(Who::Ada).post(&path, &delete).await.status, 409);
    let left = "SELECT COUNT(*) FROM field_mapping WHERE default_rule IS NOT NULL";
    assert_eq!(race.stage.portal.database.ask(left), ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_editors_of_ranks() {
    let mut race = Race::start("/ranks", "/ranks/Customer").await;
    let lost = race.run(&[("order", "Phone")], &[("order", "Since")]).await;
    assert!(shows(&lost, "Phone, Name", "Since, Phone"), "{:?}", both(&lost));
    assert_eq!(lost.attributes("input[name=order]", "value")[0], "Since");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_editors_of_a_list_mapping() {
    let mut race = Race::start("/list-mappings", "").await;
    let spare = format!("/connections/{}", race.stage.spare);
    let version = race.stage.value(Who::Ada, &format!("{spare}/mappings"), "version").await;
    let edit = [
        ("version", version.as_str()),
        ("is_active", "1"),
        ("crm:Country", "country"),
        ("to-crm:Country", "1"),
    ];
    let path = format!("{spare}/mappings/Customer");
    assert_eq!(race.stage.browser(Who::Ada).post(&path, &edit).await.status, 303);
    let page = race.stage.browser(Who::Ada).get(&race.page.clone()).await;
    race.path = page.attribute("main form", "action").unwrap();
    let country = race.stage.portal.database.ask("SELECT id FROM crm_list_item").remove(0);
    let lost = race.run(&[("item:DE", &country)], &[("item:AT", &country)]).await;
    assert!(both(&lost)[0].contains("Austria"), "{:?}", both(&lost));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_editors_of_the_priority() {
    let mut race = Race::start("", "").await;
    (race.page, race.path) = ("/sync/priority".to_owned(), "/sync/priority".to_owned());
    let (north, south) = (race.stage.north.to_string(), race.stage.south.to_string());
    let lost = race.run(&[("order", &north)], &[("order", &south)]).await;
    assert_eq!(both(&lost).len(), 1, "{}", lost.text);
    assert_eq!(lost.attributes("input[name=order]", "value")[0], south);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_editors_of_the_interval() {
    let mut race = Race::start("", "").await;
    (race.page, race.path) = ("/sync/engine".to_owned(), "/sync/engine".to_owned());
    let every = |count| [("every", count), ("unit", "minutes")];
    let lost = race.run(&every("20"), &every("30")).await;
    assert!(shows(&lost, "20", "30"), "{:?}", both(&lost));
}
