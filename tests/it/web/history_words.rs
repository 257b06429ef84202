//! Every row of the history in words, in both languages: nothing that only the program understands.

use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::types::ActorType;
use gleichlauf::history::{Action, Actor, Event, Subject};
use gleichlauf::i18n::Key;
use gleichlauf::mapping::translate::Refusal;
use gleichlauf::store::{connections, groups};
use gleichlauf::sync::reason;
use gleichlauf::users::Role;

use crate::support::connections as erp;
use crate::support::people;
use crate::support::portal::{Browser, Page, Portal, spawn};

const SAID: &str = "US:\"Wrong password\";GE:\"Falsches Kennwort\"";

const FILTER: &str = "?connection=9&action=record-changed&who=engine&role=admin\
                      &subject=list-mapping%2F7&from=2026-11-22&order=oldest";

/// A row as the program writes it for this action, with every field such a row can have.
fn sample(action: Action) -> Event {
    use Action as A;
    let company = || Subject::new("company", 17, "Łódź & Söhne");
    let portal = || Event::new(action, Subject::only("portal"));
    let user = || Event::new(action, Subject::new("user", 5, "Ida"));
    let group = || Event::new(action, Subject::new("group", 5, "Vertrieb"));
    let connector = || Event::new(action, Subject::new("connector", 3, "Nordwind"));
    let connected = |event: Event| event.in_connection(9, "US:\"North\";GE:\"Nord\"");
    let connection = || connected(Event::new(action, Subject::new("connection", 9, "Nord")));
    let record = || connected(Event::new(action, company()));
    let of_field = |kind| {
        connected(Event::new(
            action,
            Subject::new(kind, 4, "US:\"Payment terms\";GE:\"Zahlungsziel\""),
        ))
    };
    let of_type = |kind| connected(Event::new(action, Subject::new(kind, 4, "Customer")));
    let refused = Failure::refused(SAID, "stack");
    match action {
        A::PortalStarted | A::SignedIn | A::SignedOut | A::SealBroken => portal(),
        A::SignInFailed => portal(),
        A::HeadAccepted => {
            portal().before("head", "foreign").before("head-row", "8").before("head-hash", "ab")
        }
        A::HistoryPruned => portal()
            .after("rows", "8")
            .after("older-than", "2026-01-01T00:00:00.000Z")
            .after("anchor-row", "8")
            .after("anchor-hash", "ab")
            .after("anchor-signature", "cd"),
        A::SettingChanged => {
            portal().changed("crm-name", "", "Nordwind CRM").changed("project-status", "neu", "alt")
        }
        A::SessionEnded => user().after("sessions", "2"),
        A::PasswordChanged | A::CodeIssued | A::UserEnabled | A::SeatAssigned | A::SeatTaken => {
            user()
        }
        A::Refused => {
            portal().after("address", "GET /users").after("reason", Key::ERROR_SCOPE.id())
        }
        A::Exported => connected(portal().after("format", "csv").after("filter", FILTER)),
        A::UserAdded => user()
            .after("login", "ida")
            .after("name", "Ida")
            .after("role", "auditor")
            .after("groups", "Vertrieb"),
        A::UserChanged => user()
            .changed("role", "user", "admin")
            .changed("seat", "yes", "no")
            .changed("language", "de", "en")
            .changed("zone", "UTC", "Europe/Berlin")
            .changed("theme", "auto", "dark"),
        A::UserDisabled => user().changed("seat", "yes", "no"),
        A::GroupAdded | A::GroupChanged | A::GroupDeleted => {
            group().changed("name", "A", "B").changed("members", "", "Ida")
        }
        A::LicenceInstalled => Event::new(action, Subject::only("licence"))
            .changed("customer", "A", "B")
            .changed("edition", "", "Development Tools")
            .changed("seats", "3", "5")
            .changed("expires", "2026-12-31", "2027-12-31"),
        A::RecordAdded | A::RecordChanged => Event::new(action, company())
            .changed("vat_no", "", "1")
            .changed("no_mailings", "no", "yes")
            .changed("street_line1", "", "x")
            .changed("company", "", "y"),
        A::CrmFieldAdded | A::CrmFieldChanged | A::CrmFieldDeleted | A::CrmFieldRestored => {
            Event::new(action, Subject::new("crm-field", 8, "US:\"Colour\";GE:\"Farbe\""))
                .changed("name", "", "US:\"Colour\";GE:\"Farbe\"")
                .after("record-kind", "company")
                .after("type", "whole")
                .changed("length", "", "200")
                .changed("mandatory", "no", "yes")
                .changed("items-added", "", "Rot")
                .changed("items-removed", "Blau", "")
                .changed("items-renamed", "A", "B")
                .changed("items-order", "A, B", "B, A")
        }
        A::CrmFieldsOrdered => Event::new(action, Subject::only("crm-field"))
            .after("record-kind", "project")
            .changed("order", "A, B", "B, A"),
        A::ConnectorAdded | A::ConnectorChanged => {
            connector().after("name", "N").after("address", "https://a")
        }
        A::ConnectorDeleted | A::ConnectorRestored => connector(),
        A::ConnectorTested => reason::tested(
            connector().after("address", "https://a"),
            Some(&Failure::AddressNotAllowed { address: "https://a".into(), line: "a:443".into() }),
        ),
        A::ConnectionTested => reason::tested(connection(), Some(&refused)),
        A::ConnectionAdded | A::ConnectionChanged => connection()
            .changed("name", "A", "B")
            .changed("description", "", "d")
            .changed("setting:SyncPassword", "set", "changed")
            .changed("scope", "everyone", "specific")
            .changed("users", "", "Ida")
            .changed("groups", "", "Vertrieb"),
        A::ConnectionActivated
        | A::ConnectionDeactivated
        | A::ConnectionDeleted
        | A::ConnectionRestored
        | A::ConfigurationResent => connection(),
        A::ConformanceAsked => {
            connected(Event::new(action, Subject::new("conformance", 9, "Nord")))
                .after("writes", "yes")
                .after("actor-type", "Customer")
                .after("marker", "Probe")
                .after("actor", "Customer C1")
        }
        A::ConformanceEnded => reason::noted(
            connected(Event::new(action, Subject::new("conformance", 9, "Nord")))
                .after("passed", "80")
                .after("failed", "1")
                .after("not-tried", "3"),
            &reason::of(&Failure::HttpStatus { status: 503, retry_after: None }),
        ),
        A::ConnectionPaused => connection().changed("paused", "", Key::SYNC_PAUSED_SIGNED_OUT.id()),
        A::ScopeChanged => connection()
            .changed("scope", "specific", "everyone")
            .changed("may-connect", "Ida", "")
            .changed("may-create", "Ida", ""),
        A::MappingChanged => of_type("mapping")
            .changed("active", "no", "yes")
            .changed("missing", "", "no")
            .changed("VatNo:crm-field", "", "vat_no")
            .changed("VatNo:type", "Text", "Datetime")
            .changed("VatNo:direction", "", "<>")
            .changed("VatNo:in-search", "no", "yes")
            .changed("VatNo:in-tab", "no", "yes")
            .changed("VatNo:name", "a", "b")
            .changed("VatNo:when-to-crm", "always", "on-create")
            .changed("VatNo:may-blank", "no", "yes")
            .changed("searchable", "Name", "Name, VatNo")
            .changed("VatNo:access", "normal", "read-only")
            .changed("VatNo:list", "a", "b")
            .changed("VatNo:length", "80", "40")
            .changed("VatNo:description", "a", "b")
            .changed("VatNo:suggestion", "", "1")
            .changed("VatNo:place", "1", "2")
            .changed("VatNo:missing", "no", "yes"),
        A::ListMappingChanged => of_field("list-mapping")
            .changed("N30", "", "30 Tage")
            .changed("unmapped-items", "leave", "default")
            .changed("crm-default", "", "30 Tage")
            .changed("erp-default", "", "N30")
            .after("actor-type", "Supplier"),
        A::DefaultAdded | A::DefaultChanged | A::DefaultDeleted => of_field("default")
            .changed("value", "", "no")
            .changed("asks-user", "", "yes")
            .changed("mandatory", "", "no")
            .after("actor-type", "Customer"),
        A::RankChanged => of_type("rank").changed("order", "Name, Phone", "Phone, Name"),
        A::PriorityChanged => {
            Event::new(action, Subject::only("priority")).changed("order", "CRM, Nord", "Nord, CRM")
        }
        A::VersionRestored => connection().after("version", "3").after("left-out", "2"),
        A::ConfigurationExported => connection(),
        A::ConfigurationImported => connection().after("left-out", "2"),
        A::ConnectionCopied => connection().after("left-out", "2").after("copy-of", "Nord"),
        A::EngineSwitchedOn | A::EngineSwitchedOff => Event::new(action, Subject::only("engine")),
        A::IntervalChanged => {
            Event::new(action, Subject::only("engine")).changed("seconds", "300", "600")
        }
        A::SyncRequested => connection(),
        A::StopRequested => connection().after("task", "sync"),
        A::ResyncPrepared => connection()
            .after("choice", "type")
            .after("actor-type", "Customer")
            .after("with-blanks", "no"),
        A::ResyncConfirmed => connection().after("records", "2").after("fields", "3"),
        A::ResyncEnded => reason::noted(
            connection()
                .after("written", "1")
                .after("fields", "2")
                .after("unchanged", "3")
                .after("failed", "4"),
            &reason::of(&refused),
        ),
        A::RunEnded => reason::noted(
            connection()
                .after("to-crm", "1")
                .after("to-erp", "2")
                .after("conflicts", "0")
                .after("failed", "1"),
            &reason::of(&Failure::HttpStatus { status: 503, retry_after: None }),
        ),
        A::Linked => record().after("actor", "Customer C2"),
        A::Unlinked => record().before("actor", "Person P2"),
        A::CreateIntended => record().after("actor-type", ActorType::Customer.as_str()),
        A::CreatedInErp => record().after("actor", "Project 7"),
        A::CreateUnclear => record(),
        A::CreateDropped => reason::noted(record(), &reason::of(&refused)),
        A::FieldSynced => record()
            .changed("vat_no", "1", "2")
            .after("field", "vat_no")
            .after("erp-field", "VatNo")
            .after("source", "erp")
            .after("target", "crm"),
        A::Conflict => record()
            .before("crm", "a")
            .before("erp", "b")
            .after("field", "no_mailings")
            .after("erp-field", "VatNo")
            .after("winner", "erp"),
        A::RecordFailed => {
            reason::noted(record(), &Refusal::UnmappedItem("N30".into()).reason("Zahlungsziel"))
        }
    }
}

/// What people write with a hyphen.
const WORDS: [&str; 13] = [
    // A line of the configuration file.
    "history_head",
    "sign-in",
    "one-time",
    "e-mail",
    "fax",
    "check-box",
    "built-in",
    "lock-out",
    "multi-language",
    "read-only",
    "sign-out",
    "list-item",
    "half-way",
];

/// Words that are names of things inside the program: `failure-refused`, `vat_no`.
fn inner_names(text: &str) -> Vec<&str> {
    let is_inner = |word: &&str| {
        word.contains(['-', '_'])
            && word.starts_with(|c: char| c.is_ascii_lowercase())
            && word
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c))
            && !WORDS.contains(word)
    };
    text.split(|c: char| !(c.is_ascii_alphanumeric() || "-_/:".contains(c)))
        .filter(is_inner)
        .collect()
}

#[test]
fn without_database_inner_names_are_seen() {
    assert_eq!(
        inner_names("Reason: failure-refused, VAT: vat_no, E-Mail, sign-in"),
        ["failure-refused", "vat_no"]
    );
}

async fn reader(portal: &Portal, language: &str) -> Browser {
    let mut browser =
        people::signed_in(portal, &format!("eva {language}").replace(' ', "."), Role::Auditor)
            .await;
    browser.get("/account").await;
    browser.post("/preferences", &[("language", language), ("back", "/history")]).await;
    browser
}

fn said(page: &Page, what: &str) -> String {
    page.all(what).join(" | ")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_action_is_told_in_words_in_both_languages() {
    let portal = spawn(&[]).await;
    let (mut english, mut german) = (reader(&portal, "en").await, reader(&portal, "de").await);
    for action in Action::ALL {
        let mut tx = portal.app.portal.store.begin().await.unwrap();
        tx.record(&Actor::engine(), &sample(*action)).await.unwrap();
        tx.commit().await.unwrap();
        for browser in [&mut english, &mut german] {
            let list = browser.get(&format!("/history?action={}", action.as_str())).await;
            let row = list.attribute("tbody td.title a", "href").unwrap();
            let page = browser.get(&row).await;
            let list = list.all("tbody tr").remove(0);
            let whole = format!(
                "{list} | {}",
                said(&page, "section[aria-labelledby=what] :is(dd, td), h1")
            );
            assert!(
                inner_names(&whole).is_empty(),
                "{action:?}: {:?}: {whole}",
                inner_names(&whole)
            );
            assert!(!whole.contains(['{', '}']), "{action:?}: {whole}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reasons_are_sentences_with_the_connectors_own_words_in_the_readers_language() {
    let portal = spawn(&[]).await;
    let mut german = reader(&portal, "de").await;
    for action in [
        Action::ConnectionTested,
        Action::RecordFailed,
        Action::ConnectionPaused,
        Action::Exported,
        Action::MappingChanged,
        Action::FieldSynced,
    ] {
        let mut tx = portal.app.portal.store.begin().await.unwrap();
        tx.record(&Actor::engine(), &sample(action)).await.unwrap();
        tx.commit().await.unwrap();
    }
    let mut row = async |action: Action| {
        let list = german.get(&format!("/history?action={}", action.as_str())).await;
        let row = list.attribute("tbody td.title a", "href").unwrap();
        said(&german.get(&row).await, "section[aria-labelledby=what] td")
    };
    let tested = row(Action::ConnectionTested).await;
    assert!(
        tested.contains("„Falsches Kennwort“") && tested.contains("fehlgeschlagen"),
        "{tested}"
    );
    assert!(!tested.contains("Wrong") && tested.matches("Falsches").count() == 1, "{tested}");
    let failed = row(Action::RecordFailed).await;
    assert!(
        failed.contains("Zahlungsziel: Das Listenelement „N30“ ist nicht zugewiesen"),
        "{failed}"
    );
    assert!(row(Action::ConnectionPaused).await.contains("lässt dieses Portal nicht hinein"));
    let exported = row(Action::Exported).await;
    for part in [
        "Verbindung: Nord",
        "Vorgang: Datensatz geändert",
        "Wer: Automatische Synchronisierung",
        "Rolle: Administrator",
    ] {
        assert!(exported.contains(part), "{part}: {exported}");
    }
    let mapped = row(Action::MappingChanged).await;
    for part in ["VatNo: CRM-Feld |  | USt-IdNr.", "Datum", "Ja"] {
        assert!(mapped.contains(part), "{part}: {mapped}");
    }
    assert!(row(Action::FieldSynced).await.contains("Feld |  | USt-IdNr."));
}

/// What a row was about may be gone by now; its page then has no link to nowhere.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_links_to_what_it_is_about_only_while_that_is_there() {
    let portal = spawn(&[]).await;
    let store = portal.app.portal.store.clone();
    let mut ada = people::signed_in(&portal, "ada", Role::Admin).await;
    let id = erp::add(&store, "Nord", &[]).await;
    let mut tx = store.begin().await.unwrap();
    let group = groups::insert_group(&mut tx, &Actor::system(), "Vertrieb").await.unwrap();
    for kind in ["mapping", "list-mapping", "default", "rank"] {
        let event = Event::new(Action::MappingChanged, Subject::new(kind, 1, "Customer"));
        tx.record(&Actor::system(), &event.in_connection(id, "Nord")).await.unwrap();
    }
    tx.commit().await.unwrap();
    let connector = portal.database.ask("SELECT connector_id FROM erp_connection").remove(0);
    let rows: Vec<String> =
        portal.database.ask("SELECT seq FROM history WHERE subject_kind <> 'user'");
    let mut links = async || {
        let mut links = Vec::new();
        for row in &rows {
            let page = ada.get(&format!("/history/{row}")).await;
            if let Some(link) = page.attribute(".page-head a.button.primary", "href") {
                assert_eq!(ada.get(&link).await.status, 200, "{link}");
                links.push(link);
            }
        }
        links
    };
    let all = links().await;
    for link in [
        format!("/groups/{group}"),
        format!("/connections/{id}"),
        format!("/connections/{id}/ranks"),
        format!("/connectors/{connector}"),
    ] {
        assert!(all.contains(&link), "{link}: {all:?}");
    }
    let version = connections::find(&store, id).await.unwrap().unwrap().version;
    let mut tx = store.begin().await.unwrap();
    connections::delete(&mut tx, &Actor::system(), (id, version)).await.unwrap();
    groups::delete_group(&mut tx, &Actor::system(), group, 1).await.unwrap();
    tx.commit().await.unwrap();
    let left = links().await;
    assert!(left.iter().all(|link| link.starts_with("/connectors/")), "{left:?}");
}
