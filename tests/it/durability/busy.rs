//! Another program holds the database's write lock: we wait a while, then say so, and nothing that was typed
//! is lost.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use futures_util::future::join_all;
use gleichlauf::clock::MINUTE;
use gleichlauf::users::Role;
use tokio::time::sleep;

use crate::support::database::{Database, is_postgres};
use crate::support::filled::Filled;
use crate::support::people;
use crate::support::portal::{Browser, Page, Portal, spawn};

/// The write lock of an SQLite file in the hands of another process, until it is dropped.
struct Lock(Child);

impl Lock {
    fn hold(database: &Database) -> Self {
        const PROGRAM: &str = "import sqlite3, sys\n\
            file = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)\n\
            file.execute('BEGIN IMMEDIATE')\n\
            print('held', flush=True)\n\
            sys.stdin.read()";
        let mut child = Command::new("python3")
            .args(["-c", PROGRAM, &database.settings.database])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "held");
        Self(child)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A company's form as somebody has filled it in.
async fn filled(browser: &mut Browser, name: &str) -> Filled {
    let form = browser.get("/companies/new").await;
    Filled::read(&form).set("name", name).set("street_line2", "first line\r\nsecond <line>")
}

async fn send(browser: &mut Browser, filled: &Filled) -> Page {
    filled.send(browser, "/companies", "save").await
}

fn companies(portal: &Portal) -> Vec<String> {
    portal.database.ask("SELECT name FROM crm_record ORDER BY name")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_lock_is_waited_for() {
    if is_postgres() {
        return;
    }
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    let form = filled(&mut anna, "Nordwind").await;
    let lock = Lock::hold(&portal.database);
    let release = async {
        sleep(Duration::from_secs(1)).await;
        drop(lock);
    };
    let (page, ()) = tokio::join!(send(&mut anna, &form), release);
    assert_eq!(page.status, 303, "{}", page.text);
    assert_eq!(companies(&portal), ["Nordwind"]);
}

/// About as long as we wait: done or not, but said rightly.
#[tokio::test(flavor = "multi_thread")]
async fn a_lock_of_five_seconds_ends_one_way_or_the_other() {
    if is_postgres() {
        return;
    }
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    let form = filled(&mut anna, "Nordwind").await;
    let lock = Lock::hold(&portal.database);
    let release = async {
        sleep(Duration::from_secs(5)).await;
        drop(lock);
    };
    let (page, ()) = tokio::join!(send(&mut anna, &form), release);
    let expected: &[&str] = if page.status == 303 { &["Nordwind"] } else { &[] };
    assert!(matches!(page.status, 303 | 503), "{}", page.text);
    assert_eq!(companies(&portal), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_lock_is_said_and_what_was_typed_is_sent_again() {
    if is_postgres() {
        return;
    }
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    anna.language = "de";
    let form = filled(&mut anna, "Nordwind").await;
    let lock = Lock::hold(&portal.database);
    let page = send(&mut anna, &form).await;
    assert_eq!(page.status, 503, "{}", page.text);
    assert_eq!(page.headers["retry-after"], "5");
    assert!(page.text.contains("Die Datenbank ist beschäftigt."), "{}", page.text);
    let action = page.attribute("main form.form", "action");
    assert_eq!(action.as_deref(), Some("/companies"), "{}", page.text);
    for (name, value) in
        form.0.iter().filter(|(name, _)| !["csrf", "once"].contains(&name.as_str()))
    {
        assert_eq!(
            page.value_of(name).replace("\r\n", "\n"),
            value.replace("\r\n", "\n"),
            "{name}"
        );
    }
    assert_eq!(companies(&portal), Vec::<String>::new());
    // Whoever only looks is not held up, and one who was away for a while is not either.
    assert_eq!(anna.get("/companies").await.status, 200);
    portal.clock.advance(2 * MINUTE);
    assert_eq!(anna.get("/companies").await.status, 200);
    let mut stranger = Browser::new(&portal);
    assert_eq!(stranger.get("/sign-in").await.status, 503);
    drop(lock);
    let sent = page.inputs("main form.form");
    let sent: Vec<_> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let done = anna.post_raw("/companies", &sent).await;
    assert_eq!(done.status, 303, "{}", done.text);
    assert_eq!(companies(&portal), ["Nordwind"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_not_sent_back_while_the_database_is_busy() {
    if is_postgres() {
        return;
    }
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    anna.get("/account/password").await;
    let _lock = Lock::hold(&portal.database);
    let fields =
        [("old", "my old secret"), ("password", "my new secret"), ("again", "my new secret")];
    let page = anna.post("/account/password", &fields).await;
    assert_eq!(page.status, 503, "{}", page.text);
    assert!(!page.text.contains("secret"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_writers_at_once_add_two_hundred_companies() {
    let portal = spawn(&[]).await;
    let mut anna = people::signed_in(&portal, "anna", Role::User).await;
    anna.get("/account").await;
    let writers = (0..8).map(|writer| {
        let mut anna = anna.clone();
        tokio::spawn(async move {
            for number in 0..25 {
                let name = format!("Firm {writer} {number}");
                let page = anna.post("/companies", &[("name", &name)]).await;
                assert_eq!(page.status, 303, "{}", page.text);
            }
        })
    });
    join_all(writers).await.into_iter().for_each(Result::unwrap);
    assert_eq!(companies(&portal).len(), 200);
}
