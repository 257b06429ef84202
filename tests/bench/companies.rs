//! Databases with many companies, made once and kept under `target`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use gleichlauf::clock::Clock;
use gleichlauf::crm::value::Value;
use gleichlauf::crm::{Record, RecordKind};
use gleichlauf::demo;
use gleichlauf::history::Actor;
use gleichlauf::store::crm::{self, Filter};
use gleichlauf::store::page::{PAGE, Place};
use gleichlauf::store::{Settings, Store, users};
use gleichlauf::users::hasher::Hasher;
use gleichlauf::users::password::NewPassword;
use gleichlauf::users::{NewUser, Preferences, Role, Theme};

pub const LOGIN: &str = "anna";
pub const PASSWORD: &str = "correct horse 7 battery";

/// How many companies share a transaction.
const BATCH: usize = 5_000;

/// The folder of a portal with this many companies, at least those of the demo, and somebody to sign in.
pub async fn folder(companies: usize) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{companies}"));
    if folder.join("made").exists() {
        return folder;
    }
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    println!("Making {}", folder.display());
    let store = open(&folder).await;
    demo::crm::fill(&store).await.unwrap();
    add_person(&store).await;
    let samples = all(&store).await;
    let missing: Vec<usize> = (samples.len()..companies).collect();
    for batch in missing.chunks(BATCH) {
        let mut tx = store.begin().await.unwrap();
        for &number in batch {
            let mut values = samples[number % samples.len()].values.clone();
            let name = format!("{} {number:07}", values.text("name"));
            values.set("name", Value::Text(name));
            crm::insert(&mut tx, &Actor::system(), RecordKind::Company, None, &values)
                .await
                .unwrap();
        }
        tx.commit().await.unwrap();
    }
    fs::write(folder.join("made"), "").unwrap();
    folder
}

/// The store in such a folder.
pub async fn open(folder: &Path) -> Store {
    let settings = Settings {
        database: folder.join("gleichlauf.db").display().to_string(),
        key_file: folder.join("gleichlauf.key"),
        head_file: folder.join("history.head"),
    };
    Store::open(&settings, Clock::machine()).await.unwrap()
}

async fn add_person(store: &Store) {
    let password = NewPassword::check(PASSWORD, LOGIN).unwrap();
    let hash = Hasher::new().unwrap().hash(password).await.unwrap();
    let new = NewUser {
        login: LOGIN.to_owned(),
        name: "Anna".to_owned(),
        role: Role::User,
        groups: Vec::new(),
        preferences: Preferences {
            language: None,
            zone: "Europe/Berlin".to_owned(),
            theme: Theme::Auto,
        },
    };
    let mut tx = store.begin().await.unwrap();
    let id = users::insert_user(&mut tx, &Actor::system(), &new).await.unwrap();
    users::set_password(&mut tx, &Actor::system(), id, &hash).await.unwrap();
    tx.commit().await.unwrap();
}

/// The demo's companies, by name.
async fn all(store: &Store) -> Vec<Record> {
    let (mut found, mut place) = (BTreeMap::new(), Place::First);
    loop {
        let page = crm::page(store, Filter::all(RecordKind::Company), place, PAGE).await.unwrap();
        let Some(last) = page.items.last() else { break };
        place = Place::After(last.record.id);
        found.extend(page.items.into_iter().map(|item| (item.record.name(), item.record)));
    }
    found.into_values().collect()
}

/// A company that stands about in the middle of the list: one of the demo's.
pub async fn in_the_middle(small: &Path, folder: &Path) -> i64 {
    let samples = all(&open(small).await).await;
    let name = samples[samples.len() / 2].name();
    let store = open(folder).await;
    let filter = Filter { search: &name, ..Filter::all(RecordKind::Company) };
    let page = crm::page(&store, filter, Place::First, PAGE).await.unwrap();
    page.items.iter().find(|item| item.record.name() == name).unwrap().record.id
}
