//! The history: pages, filters, single rows, exports.

use std::time::Duration;

use gleichlauf::history::{Action, Actor, Event, Subject};
use gleichlauf::store::Store;
use gleichlauf::users::Role;

use crate::support::people;
use crate::support::portal::{Browser, Portal, spawn};

/// A portal with an auditor who is signed in.
async fn with_auditor() -> (Portal, Browser) {
    let portal = spawn(&[]).await;
    let eva = people::signed_in(&portal, "eva", Role::Auditor).await;
    (portal, eva)
}

async fn record(store: &Store, event: Event) {
    let anna = Actor::user(4711, "Anna Łoś", "admin", "192.0.2.7");
    let mut tx = store.begin().await.unwrap();
    tx.record(&anna, &event).await.unwrap();
    tx.commit().await.unwrap();
}

fn company_changed(id: i64, name: &str, before: &str, after: &str) -> Event {
    Event::new(Action::RecordChanged, Subject::new("company", id, name))
        .changed("phone", before, after)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_stands_there_with_who_when_before_and_after() {
    let (portal, mut eva) = with_auditor().await;
    let mut ada = people::signed_in(&portal, "ada", Role::Admin).await;
    ada.get("/companies/new").await;
    let place =
        ada.post("/companies", &[("name", "Nordwind <GmbH>"), ("phone", "1")]).await.location;
    let version = ada.get(&format!("{place}/edit")).await.value_of("version");
    portal.clock.advance(60_000);
    let sent = [("name", "Nordwind <GmbH>"), ("phone", "2"), ("version", version.as_str())];
    assert_eq!(ada.post(&place, &sent).await.status, 303);
    let page = eva.get("/history?action=record-changed").await;
    assert_eq!(page.status, 200);
    assert_eq!(page.all("th").first().unwrap(), "When (Europe/Berlin)");
    let cells = page.all("tbody td");
    assert_eq!(
        cells,
        [
            "22 Nov 2026, 13:01:00",
            "ada Łoś",
            "Administrator",
            "",
            "Record changed",
            "Company “Nordwind <GmbH>”",
            "Telephone: 1",
            "Telephone: 2",
        ]
    );
    let row = page.attribute("td.title a", "href").unwrap();
    let page = eva.get(&row).await;
    assert_eq!(page.attribute("a.button.primary", "href").as_deref(), Some(place.as_str()));
    assert!(page.all("td").join("|").contains("Telephone|1|2"));
    assert!(page.text.contains("Record added"), "the rows around it");
    let all = page.attribute("a.button[href^='/history?subject=']", "href").unwrap();
    assert_eq!(eva.get(&all).await.all("tbody tr").len(), 2);
    let german = {
        let mut browser = people::signed_in(&portal, "otto", Role::Auditor).await;
        browser.get("/account").await;
        browser.post("/preferences", &[("language", "de"), ("back", "/history")]).await;
        browser.get("/history?action=record-changed").await
    };
    assert!(german.all("tbody td").contains(&"Datensatz geändert".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_filter_narrows_and_bad_ones_are_told_at_their_field() {
    let (portal, mut eva) = with_auditor().await;
    let store = &portal.app.portal.store;
    record(store, company_changed(1, "Łódź & Söhne", "+49 30", "+49 40")).await;
    record(store, company_changed(2, "Ærø Færge", "a", "b")).await;
    let linked = Event::new(Action::Linked, Subject::new("company", 1, "Łódź & Söhne"));
    record(store, linked.in_connection(9, "US:\"North\";GE:\"Nord\"")).await;
    portal.clock.advance(2 * 24 * 3_600_000);
    people::sign_in(&mut eva, "eva").await;
    record(store, company_changed(1, "Łódź & Söhne", "x", "y")).await;
    for (query, count) in [
        ("action=record-changed", 3),
        ("connection=9", 1),
        ("subject=company", 4),
        ("subject=company%2F1", 3),
        ("subject=company&object=S%C3%B6hne+%C5%81%C3%B3d%C5%BA", 3),
        ("values=%2B49+40", 1),
        ("who=Anna+%C5%81o%C5%9B", 4),
        ("who=Anna+%C5%81o%C5%9B&role=admin", 4),
        ("who=Anna+%C5%81o%C5%9B&role=auditor", 0),
        ("subject=company&from=2026-11-23", 1),
        ("subject=company&until=2026-11-22", 3),
        ("subject=company&from=2026-11-22&until=2026-11-24", 4),
        ("who=nobody", 0),
    ] {
        let page = eva.get(&format!("/history?{query}")).await;
        assert_eq!((page.status, page.all("tbody tr").len()), (200, count), "{query}");
    }
    assert!(eva.get("/history?connection=9").await.all("tbody td").contains(&"North".to_owned()));
    let bad =
        "/history?action=fly&connection=x&role=king&subject=moon&from=yesterday&until=2026-02-30";
    let page = eva.get(bad).await;
    assert_eq!((page.status, page.all("tbody tr").len()), (422, 0));
    for field in ["action", "connection", "role", "subject", "from", "until"] {
        assert!(page.has(&format!("#{field}-problem")), "{field}");
    }
    assert_eq!(eva.get("/history/999999").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_go_on_and_back_in_both_orders_and_keep_the_filter() {
    let (portal, mut eva) = with_auditor().await;
    let store = &portal.app.portal.store;
    for number in 0..120 {
        record(store, company_changed(number, &format!("Firma {number:03}"), "a", "b")).await;
    }
    for (query, start) in [("", "119"), ("&order=oldest", "000")] {
        let first = eva.get(&format!("/history?subject=company{query}")).await;
        let rows = first.all("tbody tr");
        assert_eq!(rows.len(), 50);
        assert!(rows[0].contains(&format!("Firma {start}")), "{}", rows[0]);
        let second = eva.get(&first.attribute("a[rel=next]", "href").unwrap()).await;
        let third = eva.get(&second.attribute("a[rel=next]", "href").unwrap()).await;
        assert_eq!(third.all("tbody tr").len(), 20);
        assert!(!third.has("a[rel=next]"));
        let back = eva.get(&third.attribute("a[rel=prev]", "href").unwrap()).await;
        assert_eq!(back.all("tbody tr"), second.all("tbody tr"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_holds_the_filtered_rows_whole_and_stands_in_the_history_itself() {
    let (portal, mut eva) = with_auditor().await;
    let store = &portal.app.portal.store;
    let long = "ß".repeat(1000);
    record(store, company_changed(1, "=HYPERLINK(\"http://evil\")", "+1", &long)).await;
    record(store, company_changed(2, "Müller, \"Söhne\"\nKG", "a", "b")).await;
    record(store, Event::new(Action::UserAdded, Subject::new("user", 3, "x"))).await;
    let page = eva.get("/history.jsonl?subject=company").await;
    assert_eq!(page.status, 200);
    let lines: Vec<serde_json::Value> =
        page.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["subject_name"], "Müller, \"Söhne\"\nKG");
    assert_eq!(lines[1]["after"], format!("{{\"phone\":\"{long}\"}}"));
    let page = eva.get("/history.csv?subject=company").await;
    assert!(page.headers["content-type"].to_str().unwrap().starts_with("text/csv"));
    assert_eq!(
        page.headers["content-disposition"].to_str().unwrap(),
        "attachment; filename=\"history-2026-11-22.csv\""
    );
    let mut csv = csv::Reader::from_reader(page.text.as_bytes());
    let rows: Vec<csv::StringRecord> = csv.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    assert_eq!(&rows[1][13], "'=HYPERLINK(\"http://evil\")");
    for (line, row) in lines.iter().zip(&rows) {
        assert_eq!(
            (&line["hash"], &line["seq"].to_string()),
            (&row[17].into(), &row[0].to_owned())
        );
    }
    // All rows, the last of them the export itself, which is signed.
    let all = eva.get("/history.jsonl").await;
    let hashes = portal.database.ask("SELECT hash FROM history ORDER BY seq DESC");
    let lines: Vec<serde_json::Value> =
        all.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.iter().map(|line| line["hash"].as_str().unwrap()).collect::<Vec<_>>(), hashes);
    assert_eq!(lines[0]["action"], "exported");
    let signed = lines.iter().filter(|line| line["signature"] != "");
    assert_eq!(signed.count(), 1);
    assert!(lines[0]["signature"] != "");
    let exports = eva.get("/history?action=exported").await;
    assert_eq!(exports.all("tbody tr").len(), 3);
    assert!(exports.text.contains("Kind of object: Company"));
    assert_eq!(eva.get("/history.csv?from=never").await.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_ends_when_its_reader_is_locked_out() {
    let (portal, mut eva) = with_auditor().await;
    // Too much for all buffers on the way, in rows that need no chain here.
    let text = "x".repeat(4_000);
    let many = format!(
        "INSERT INTO history WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000) \
         SELECT -i, 0, 'system', NULL, 'system', '', '', NULL, '', 'exported', 'portal', NULL, '{text}', '{{}}', '{{}}', '', '' \
         FROM n"
    );
    assert!(portal.database.sql(&many));
    let cookies: Vec<String> = eva.cookies().iter().map(|(k, v)| format!("{k}={v}")).collect();
    let request = eva.client().get(eva.url("/history.jsonl")).header("Cookie", cookies.join("; "));
    let mut answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let mut read = answer.chunk().await.unwrap().unwrap().len();
    let id = portal.database.ask("SELECT id FROM app_user WHERE login = 'eva'")[0].parse().unwrap();
    people::disable(&portal.app.portal.store, id).await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let is_cut = loop {
        match answer.chunk().await {
            Ok(Some(piece)) => read += piece.len(),
            Ok(None) => break false,
            Err(_) => break true,
        }
    };
    assert!(is_cut && read < 40_000_000, "{read} bytes, cut off: {is_cut}");
    assert_eq!(eva.get("/history").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn users_see_neither_history_nor_exports() {
    let portal = spawn(&[]).await;
    let mut bert = people::signed_in(&portal, "bert", Role::User).await;
    for address in ["/history", "/history/1", "/history.csv", "/history.jsonl", "/sync-log"] {
        assert_eq!(bert.get(address).await.status, 403, "{address}");
    }
    assert!(!bert.get("/companies").await.has("nav a[href='/history']"));
}

/// What was done is done, though the head file beside the database could not follow.
#[tokio::test(flavor = "multi_thread")]
async fn a_head_file_that_cannot_be_written_fails_nobodys_work() {
    let portal = spawn(&[]).await;
    let mut ada = people::signed_in(&portal, "ada", Role::Admin).await;
    let once = ada.get("/groups/new").await.value_of("once");
    let (file, away) = (&portal.database.settings.head_file, portal.database.folder().join("away"));
    std::fs::rename(file, &away).unwrap();
    std::fs::create_dir(file).unwrap();
    let sent = [("name", "Vertrieb"), ("once", once.as_str())];
    let first = ada.post("/groups", &sent).await;
    assert_eq!(first.status, 303, "{}", first.text);
    let second = ada.post("/groups", &sent).await;
    assert_eq!((second.status, second.location), (303, first.location));
    assert_eq!(portal.database.ask("SELECT COUNT(*) FROM user_group"), ["1"]);
    assert!(ada.get("/history").await.has("main .notice.bad"), "nobody is told");
    std::fs::remove_dir(file).unwrap();
    std::fs::rename(&away, file).unwrap();
    ada.post("/groups", &[("name", "Einkauf")]).await;
    assert!(!ada.get("/history").await.has("main .notice.bad"));
}
