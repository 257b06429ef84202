//! ERP connections: secrets stay sealed, scopes hold, and the history tells without telling too much.

use gleichlauf::connections::{Access, Grantee, Rights, Scope};
use gleichlauf::connector::types::{
    Access as FieldAccess, ConnectionGuid, FieldInfo, FieldType, Settings,
};
use gleichlauf::gates::{Grant, Way};
use gleichlauf::store::configuration::{self, Configuration};
use gleichlauf::store::connections::{self, Change, NewConnection};
use gleichlauf::store::error::StoreError;
use gleichlauf::store::{Store, access, connectors, groups};
use gleichlauf::users::Role;

use super::{anna, commit, history_rows, newest};
use crate::support::database::{Database, is_postgres, store};
use crate::support::people::add_user;

const SECRET: &str = "s3cret-Ünique";

pub fn field(key: &str, kind: FieldType) -> FieldInfo {
    FieldInfo {
        key: key.into(),
        name: key.into(),
        description: String::new(),
        kind,
        list: String::new(),
        default: String::new(),
        rank: 1,
        max_length: 0,
        access: FieldAccess::Normal,
    }
}

fn configured(values: &[(&str, &str)]) -> Configuration {
    let fields = vec![
        field("Server", FieldType::Text),
        field("Port", FieldType::Integer),
        field("Password", FieldType::Password),
        field("Note", FieldType::Label),
    ];
    Configuration { fields, values: values.iter().copied().collect() }
}

pub fn new_connection(connector_id: i64, name: &str) -> NewConnection {
    NewConnection {
        guid: ConnectionGuid::random().unwrap(),
        connector_id,
        name: name.into(),
        description: String::new(),
        scope: Scope::Everyone,
        configuration: configured(&[("Server", "a"), ("Port", "[I:80]"), ("Password", SECRET)]),
    }
}

/// A connector and a connection, by their ids.
pub async fn added(store: &Store) -> (i64, i64) {
    let connector =
        commit!(store, tx => connectors::insert(&mut tx, &anna(), "C", "https://a.example"));
    let new = new_connection(connector, "Nord");
    (connector, commit!(store, tx => connections::insert(&mut tx, &anna(), &new)))
}

fn plain(settings: &Settings) -> Vec<(&str, &str)> {
    settings.iter().collect()
}

fn change(configuration: Option<Configuration>) -> Change {
    Change {
        name: "Nord".into(),
        description: String::new(),
        scope: Scope::Everyone,
        configuration,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blank_secret_is_kept_and_a_new_one_replaces_it() {
    let (store, _, database) = store().await;
    let (_, id) = added(&store).await;
    let (_, after) = newest(&database);
    assert!(after.contains(r#""setting:Password":"set""#), "{after}");
    assert!(after.contains(r#""setting:Port":"80""#), "{after}");
    let edit = change(Some(configured(&[("Server", "b"), ("Port", "[I:80]"), ("Password", "")])));
    commit!(store, tx => connections::update(&mut tx, &anna(), (id, 1), &edit));
    assert_eq!(
        newest(&database),
        (r#"{"setting:Server":"a"}"#.to_owned(), r#"{"setting:Server":"b"}"#.to_owned())
    );
    let settings = configuration::for_calls(&store, id).await.unwrap();
    assert_eq!(plain(&settings), [("Password", SECRET), ("Port", "[I:80]"), ("Server", "b")]);
    let edit =
        change(Some(configured(&[("Server", "b"), ("Port", "[I:80]"), ("Password", "other")])));
    commit!(store, tx => connections::update(&mut tx, &anna(), (id, 2), &edit));
    let settings = configuration::for_calls(&store, id).await.unwrap();
    assert_eq!(settings.get("Password"), Some("other"));
    let (before, after) = newest(&database);
    assert_eq!(before, r#"{"setting:Password":"set"}"#);
    assert_eq!(after, r#"{"setting:Password":"changed"}"#);
    let shown = configuration::for_form(&store, id).await.unwrap();
    assert_eq!(shown.secrets.into_keys().collect::<Vec<_>>(), ["Password"]);
    assert!(!shown.values.contains_key("Password") && !shown.values.contains_key("Note"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_was_a_secret_leaves_no_trace_of_how_it_was_kept() {
    let (store, _, database) = store().await;
    let (_, id) = added(&store).await;
    let mut open = configured(&[("Server", "a"), ("Port", "[I:80]"), ("Password", "x")]);
    open.fields[2].kind = FieldType::Text;
    commit!(store, tx => connections::update(&mut tx, &anna(), (id, 1), &change(Some(open))));
    let said =
        (r#"{"setting:Password":"set"}"#.to_owned(), r#"{"setting:Password":"x"}"#.to_owned());
    assert_eq!(newest(&database), said);
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_stand_nowhere_in_the_database_in_clear() {
    let (store, _, database) = store().await;
    added(&store).await;
    assert!(dump(&database).contains("Nord"));
    assert!(!dump(&database).contains(SECRET));
    assert!(!dump(&database).contains(&hex(SECRET)));
}

fn dump(database: &Database) -> String {
    let mut tool = if is_postgres() {
        let mut dump = std::process::Command::new("pg_dump");
        dump.arg(&database.settings.database);
        dump
    } else {
        let mut sqlite = std::process::Command::new("sqlite3");
        sqlite.args(["-cmd", ".timeout 5000", &database.settings.database, ".dump"]);
        sqlite
    };
    String::from_utf8(tool.output().unwrap().stdout).unwrap()
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn another_host_does_not_get_the_old_secrets() {
    let (store, _, database) = store().await;
    let (connector, id) = added(&store).await;
    let update = connectors::update;
    commit!(store, tx => update(&mut tx, &anna(), (connector, 1), "C", "https://a.example/v2.svc"));
    assert!(configuration::for_calls(&store, id).await.unwrap().get("Password").is_some());
    commit!(store, tx => update(&mut tx, &anna(), (connector, 2), "C", "https://b.example/v2.svc"));
    let settings = configuration::for_calls(&store, id).await.unwrap();
    assert_eq!(plain(&settings), [("Port", "[I:80]"), ("Server", "a")]);
    assert_eq!(newest(&database).0, r#"{"setting:Password":"set"}"#);
    assert_eq!(connections::find(&store, id).await.unwrap().unwrap().version, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_active_only_name_description_and_scope_change() {
    let (store, _, database) = store().await;
    let (_, id) = added(&store).await;
    commit!(store, tx => connections::activate(&mut tx, &anna(), (id, 1)));
    let renamed = Change { name: "Süd".into(), description: "x".into(), ..change(None) };
    commit!(store, tx => connections::update(&mut tx, &anna(), (id, 2), &renamed));
    assert_eq!(newest(&database).1, r#"{"description":"x","name":"Süd"}"#);
    let rows = history_rows(&database);
    let mut tx = store.begin().await.unwrap();
    let configured = change(Some(configured(&[("Server", "z")])));
    let refused = connections::update(&mut tx, &anna(), (id, 3), &configured).await;
    assert!(matches!(refused, Err(StoreError::Overtaken)), "{refused:?}");
    drop(tx);
    let mut tx = store.begin().await.unwrap();
    let refused = connections::delete(&mut tx, &anna(), (id, 3)).await;
    assert!(matches!(refused, Err(StoreError::Overtaken)), "{refused:?}");
    drop(tx);
    assert_eq!(history_rows(&database), rows);
    assert_eq!(configuration::for_calls(&store, id).await.unwrap().get("Server"), Some("a"));
}

#[tokio::test(flavor = "multi_thread")]
async fn switching_deleting_and_pausing_leave_a_row_each() {
    let (store, _, database) = store().await;
    let (_, id) = added(&store).await;
    let guid = connections::find(&store, id).await.unwrap().unwrap().guid;
    commit!(store, tx => connections::activate(&mut tx, &anna(), (id, 1)));
    commit!(store, tx => connections::pause(&mut tx, &anna(), id, "pause-failing"));
    commit!(store, tx => connections::pause(&mut tx, &anna(), id, "pause-failing"));
    let connection = connections::find_by_guid(&store, &guid).await.unwrap().unwrap();
    assert!(connection.is_active && connection.paused_because.as_deref() == Some("pause-failing"));
    commit!(store, tx => connections::resume(&mut tx, &anna(), id));
    commit!(store, tx => connections::set_last_sync(&mut tx, id, 5));
    assert_eq!(connections::list_active(&store).await.unwrap()[0].last_sync, Some(5));
    commit!(store, tx => connections::deactivate(&mut tx, &anna(), (id, 2)));
    commit!(store, tx => connections::delete(&mut tx, &anna(), (id, 3)));
    assert!(connections::list(&store).await.unwrap().is_empty());
    assert!(connections::list_with_deleted(&store).await.unwrap()[0].is_deleted);
    commit!(store, tx => connections::restore(&mut tx, &anna(), (id, 4)));
    let actions =
        database.ask("SELECT action FROM history WHERE subject_kind = 'connection' ORDER BY seq");
    assert_eq!(
        actions,
        [
            "connection-added",
            "connection-activated",
            "connection-paused",
            "connection-paused",
            "connection-deactivated",
            "connection-deleted",
            "connection-restored",
        ]
    );
}

fn row(who: Grantee, may_connect: bool, may_create: bool) -> Access {
    Access { who, may_connect, may_create }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_a_connection_outside_their_scope() {
    let (store, _, database) = store().await;
    let (connector, open) = added(&store).await;
    let ida = add_user(&store, "ida", Role::User).await;
    let jon = add_user(&store, "jon", Role::User).await;
    let eve = add_user(&store, "eve", Role::User).await;
    let sales = commit!(store, tx => groups::insert_group(&mut tx, &anna(), "Vertrieb"));
    commit!(store, tx => groups::update_group(&mut tx, &anna(), sales, 1, "Vertrieb", &[jon]));
    let rows = vec![
        row(Grantee::User(ida), true, false),
        row(Grantee::Group(sales), false, false),
        row(Grantee::User(jon), false, true),
    ];
    let new = NewConnection { scope: Scope::Only(rows), ..new_connection(connector, "Geheim") };
    let closed = commit!(store, tx => connections::insert(&mut tx, &anna(), &new));
    let (_, after) = newest(&database);
    assert!(
        after.contains(r#""groups":"Vertrieb","may-connect":"ida Łoś","may-create":"jon Łoś""#),
        "{after}"
    );
    assert!(
        after.contains(r#""scope":"specific""#) && after.contains(r#""users":"ida Łoś, jon Łoś""#)
    );
    assert!(access::usable_by(&store, ida).await.unwrap().is_empty(), "it is not active");
    let grants = async |user| access::grants(&store, user, closed).await.unwrap();
    let grant = |way, may_connect, may_create| {
        let rights = Rights { may_connect, may_create };
        Grant { way, rights }
    };
    assert_eq!(grants(ida).await, [grant(Way::User, true, false)]);
    let of_group = Way::Group("Vertrieb".to_owned());
    let both = [grant(Way::User, false, true), grant(of_group, false, false)];
    assert_eq!(grants(jon).await, both);
    assert_eq!(grants(eve).await, []);
    let open_to = access::grants(&store, eve, open).await.unwrap();
    assert_eq!(open_to, [grant(Way::Everyone, true, true)]);
    commit!(store, tx => connections::activate(&mut tx, &anna(), (closed, 1)));
    let usable = async |user| {
        let usable = access::usable_by(&store, user).await.unwrap();
        usable.into_iter().map(|u| (u.connection.id, u.rights)).collect::<Vec<_>>()
    };
    let rights = |may_connect, may_create| Rights { may_connect, may_create };
    assert_eq!(usable(ida).await, [(closed, rights(true, false))]);
    assert_eq!(usable(jon).await, [(closed, rights(false, true))]);
    assert_eq!(usable(eve).await, []);
    commit!(store, tx => connections::activate(&mut tx, &anna(), (open, 1)));
    assert_eq!(usable(eve).await, [(open, rights(true, true))]);
    assert_eq!(usable(ida).await.len(), 2);
    commit!(store, tx => groups::update_group(&mut tx, &anna(), sales, 2, "Vertrieb", &[]));
    let only = Scope::Only(vec![
        row(Grantee::Group(sales), true, true),
        row(Grantee::User(eve), true, true),
    ]);
    let edit = Change { name: "Geheim".into(), scope: only, ..change(None) };
    commit!(store, tx => connections::update(&mut tx, &anna(), (closed, 2), &edit));
    let (before, after) = newest(&database);
    assert!(
        before.contains("jon Łoś") && after.contains(r#""users":"eve Łoś""#),
        "{before} {after}"
    );
    assert_eq!(usable(jon).await.len(), 1);
    assert_eq!(usable(eve).await.len(), 2);
}
