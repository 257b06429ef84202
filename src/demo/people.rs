//! The demo's log-ins and its licence.

use std::fs;
use std::path::Path;

use anyhow::Context as _;

use crate::history::Actor;
use crate::licence::{self, KeyPair, Licence};
use crate::store::{Store, cipher, groups, licence as store_licence, users};
use crate::users::hasher::Hasher;
use crate::users::password::NewPassword;
use crate::users::{NewUser, Preferences, Role, Theme};

/// One log-in of the demo.
pub struct Person {
    pub login: &'static str,
    pub password: &'static str,
    pub what: &'static str,
    name: &'static str,
    role: Role,
}

pub const ALL: [Person; 4] = [
    Person {
        login: "admin",
        password: "sunny-harbour-1",
        what: "sets everything up",
        name: "Alma Vogt",
        role: Role::Admin,
    },
    Person {
        login: "user",
        password: "sunny-harbour-2",
        what: "works with companies, persons, projects; has a licence seat",
        name: "Jørgen Lindqvist",
        role: Role::User,
    },
    Person {
        login: "auditor",
        password: "sunny-harbour-3",
        what: "sees everything, changes nothing",
        name: "Edda Łukasik",
        role: Role::Auditor,
    },
    Person {
        login: "guest",
        password: "sunny-harbour-4",
        what: "a user without a seat: never sees the ERP tab",
        name: "Gero Weiß",
        role: Role::User,
    },
];

const LICENSED: &str = "user";
const SEATS: i64 = 5;

/// The demo signs its own licence; the key stays in the demo's folder and is trusted by this demo only.
pub fn licence_keys(folder: &Path) -> anyhow::Result<KeyPair> {
    let (private, public) = (folder.join("licence-key.pem"), folder.join("licence-key.pub"));
    if !private.exists() {
        let pair = licence::key_pair()?;
        cipher::write_private(&private, &pair.private_pem)?;
        fs::write(&public, &pair.public)?;
    }
    let read = |path: &Path| fs::read_to_string(path).with_context(|| path.display().to_string());
    Ok(KeyPair { private_pem: read(&private)?.into(), public: read(&public)? })
}

/// Makes the people, their group and the licence.
pub async fn fill(store: &Store, hasher: &Hasher, private_pem: &str) -> anyhow::Result<()> {
    let actor = Actor::system();
    let mut hashes = Vec::new();
    for person in &ALL {
        let password = NewPassword::check(person.password, person.login)
            .map_err(|problem| anyhow::anyhow!("{}: {problem:?}", person.login))?;
        hashes.push(hasher.hash(password).await?);
    }
    let today = licence::today(store.clock().now());
    let licence = Licence {
        customer: "Gleichlauf demo".to_owned(),
        edition: "Development Tools".to_owned(),
        seats: SEATS,
        issued: today,
        expires: today.saturating_add(jiff::Span::new().days(365)),
        is_demo: true,
    };
    let file = licence::issue(private_pem, &licence)?;
    let mut tx = store.begin().await?;
    store_licence::install_licence(&mut tx, &actor, &file, &licence).await?;
    tx.commit().await?;
    for (person, hash) in ALL.iter().zip(hashes) {
        let new = NewUser {
            login: person.login.to_owned(),
            name: person.name.to_owned(),
            role: person.role,
            groups: Vec::new(),
            preferences: Preferences {
                language: None,
                zone: "Europe/Berlin".to_owned(),
                theme: Theme::Auto,
            },
        };
        let mut tx = store.begin().await?;
        let id = users::insert_user(&mut tx, &actor, &new).await?;
        users::set_password(&mut tx, &actor, id, &hash).await?;
        tx.commit().await?;
        if person.login == LICENSED {
            let mut tx = store.begin().await?;
            store_licence::assign_seat(&mut tx, &actor, id, |_| SEATS).await?;
            tx.commit().await?;
            add_group(store, &actor, id).await?;
        }
    }
    Ok(())
}

async fn add_group(store: &Store, actor: &Actor, member: i64) -> anyhow::Result<()> {
    let mut tx = store.begin().await?;
    let id = groups::insert_group(&mut tx, actor, "Vertrieb / Sales").await?;
    tx.commit().await?;
    let group = groups::find_group(store, id).await?.context("the group just made")?;
    let mut tx = store.begin().await?;
    groups::update_group(&mut tx, actor, id, group.version, &group.name, &[member]).await?;
    Ok(tx.commit().await?)
}
