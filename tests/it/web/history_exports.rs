//! The history checked on the command line: from an export with the public key alone, and beside the portal.

use std::fs;
use std::path::Path;
use std::process::Command;

use gleichlauf::history::chain::hex;
use gleichlauf::history::{Action, Actor, Event, Subject};
use gleichlauf::store::history;
use gleichlauf::users::Role;

use crate::support::people;
use crate::support::portal::{Portal, spawn};

/// What `gleichlauf audit …` says, and whether it ended well.
fn audit(arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gleichlauf"));
    let done = command.arg("audit").args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout) + String::from_utf8_lossy(&done.stderr);
    (done.status.success(), said.into_owned())
}

fn key(portal: &Portal) -> String {
    hex(history::public_key(&portal.app.portal.store).as_bytes())
}

async fn some_rows(portal: &Portal) {
    for number in 0..20 {
        let subject = Subject::new("company", number, "Łódź, \"Söhne\"\nKG");
        let event =
            Event::new(Action::RecordChanged, subject).changed("phone", "", "+49 \u{1f4de}");
        let mut tx = portal.app.portal.store.begin().await.unwrap();
        tx.record(&Actor::engine(), &event).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_checked_with_the_public_key_alone() {
    let portal = spawn(&[]).await;
    let mut eva = people::signed_in(&portal, "eva", Role::Auditor).await;
    some_rows(&portal).await;
    let earlier = fs::read(&portal.database.settings.head_file).unwrap();
    let whole = eva.get("/history.jsonl").await.text;
    let folder = portal.database.folder();
    let (file, old) = (folder.join("export.jsonl"), folder.join("old.head"));
    fs::write(&old, earlier).unwrap();
    let (head, old) = (portal.database.settings.head_file.to_str().unwrap(), old.to_str().unwrap());
    let key = key(&portal);
    let check = |text: &str, key: &str, heads: &[&str]| {
        fs::write(&file, text).unwrap();
        let mut arguments = vec!["verify", "--export", file.to_str().unwrap(), "--public-key", key];
        arguments.extend(heads.iter().flat_map(|head| ["--head", head]));
        audit(&arguments)
    };
    let rows = portal.database.ask("SELECT COUNT(*) FROM history").remove(0);
    for heads in [&[][..], &[old], &[head, old]] {
        let (is_good, said) = check(&whole, &key, heads);
        assert!(is_good && said.contains(&format!("{rows} rows checked, 0 findings")), "{said}");
    }
    // The other way round is as good.
    let mut lines: Vec<&str> = whole.lines().collect();
    lines.reverse();
    assert!(check(&lines.join("\n"), &key, &[head]).0);
    lines.reverse();
    let without = |at: usize| {
        let mut lines = lines.clone();
        lines.remove(at);
        lines.join("\n")
    };
    let swapped = {
        let mut lines = lines.clone();
        lines.swap(3, 9);
        lines.join("\n")
    };
    for (what, text) in [
        ("the newest", without(0)),
        ("one", without(7)),
        ("the oldest", without(lines.len() - 1)),
        ("swapped", swapped),
        ("twice", format!("{}\n{whole}", lines[0])),
        ("changed", whole.replacen("+49", "+48", 1)),
        ("unsigned", whole.replacen("\"signature\":\"", "\"signature\":\"0", 1)),
    ] {
        let (is_good, said) = check(&text, &key, &[]);
        assert!(!is_good && said.contains(" findings"), "{what}: {said}");
    }
    let other = "11".repeat(32);
    assert!(!check(&whole, &other, &[]).0);
    assert!(!check(&whole, "no key", &[]).0);
    // A filtered one is not the whole.
    assert!(!check(&eva.get("/history.jsonl?action=record-changed").await.text, &key, &[]).0);
    assert!(!audit(&["verify", "--export", file.to_str().unwrap()]).0);
    assert!(!audit(&["verify"]).0);
}

fn config(portal: &Portal, folder: &Path) -> String {
    let settings = &portal.database.settings;
    let file = folder.join("gleichlauf.toml");
    let lines = format!(
        "database = {:?}\nkey_file = {:?}\nhistory_head = {:?}\n",
        settings.database, settings.key_file, settings.head_file
    );
    fs::write(&file, lines).unwrap();
    file.to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn beside_a_portal_that_runs() {
    let portal = spawn(&[]).await;
    let mut eva = people::signed_in(&portal, "eva", Role::Auditor).await;
    let config = config(&portal, portal.database.folder());
    some_rows(&portal).await;
    assert_eq!(audit(&["key", "--config", &config]).1.trim(), key(&portal));
    let (is_good, said) = audit(&["verify", "--config", &config]);
    assert!(is_good && said.contains("0 findings"), "{said}");
    let (is_good, said) = audit(&["accept", "--config", &config]);
    assert!(is_good && said.contains("nothing to accept"), "{said}");
    let (is_good, said) = audit(&["prune", "--config", &config, "--before", "2026-01-01"]);
    assert!(is_good && said.contains("nothing was taken out"), "{said}");
    let rows: i64 = portal.database.ask("SELECT COUNT(*) FROM history")[0].parse().unwrap();
    let (is_good, said) = audit(&["prune", "--config", &config, "--before", "2026-11-23"]);
    assert!(is_good && said.contains(&format!("{rows} rows were taken out")), "{said}");
    // The portal goes on, and the export of what is left can be checked as before.
    let page = eva.get("/history").await;
    assert!(
        page.text.contains("Old rows of the history taken out") && !page.has("main .notice.bad")
    );
    some_rows(&portal).await;
    let export = portal.database.folder().join("export.jsonl");
    fs::write(&export, eva.get("/history.jsonl").await.text).unwrap();
    let export = export.to_str().unwrap();
    let (is_good, said) = audit(&["verify", "--export", export, "--public-key", &key(&portal)]);
    assert!(is_good && said.contains("22 rows checked"), "{said}");
    assert!(audit(&["verify", "--config", &config]).0);
    // What is not intact stays, to be looked into.
    fs::remove_file(&portal.database.settings.head_file).unwrap();
    let (is_good, said) = audit(&["prune", "--config", &config, "--before", "2099-01-01"]);
    assert!(!is_good && said.contains("not intact"), "{said}");
    let (is_good, said) = audit(&["accept", "--config", &config]);
    assert!(is_good && said.contains("accepted"), "{said}");
    assert!(audit(&["verify", "--config", &config]).0);
    some_rows(&portal).await;
    assert_eq!(portal.app.portal.store.head_trouble().await, None);
}
