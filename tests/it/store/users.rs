//! Accounts, groups and settings: what is refused, and what the history says.

use gleichlauf::history::Actor;
use gleichlauf::i18n::Language;
use gleichlauf::store::error::StoreError;
use gleichlauf::store::page::{Page, Place};
use gleichlauf::store::users::Filter;
use gleichlauf::store::{Store, Tx, groups, history, sessions, settings, users};
use gleichlauf::users::{Preferences, Role, Theme, User, UserChange, UserId};

use crate::support::database::store;
use crate::support::people::{add_user, new_user};

fn admin() -> Actor {
    Actor::user(1, "Ada", "admin", "192.0.2.1")
}

async fn begin(store: &Store) -> Tx {
    store.begin().await.unwrap()
}

async fn get(store: &Store, id: UserId) -> User {
    users::find_user(store, id).await.unwrap().unwrap()
}

fn change(user: &User, role: Role) -> UserChange {
    let (login, name) = (user.login.clone(), user.name.clone());
    UserChange { login, name, role, groups: Vec::new() }
}

async fn demote(store: &Store, user: &User) -> Result<(), StoreError> {
    let mut tx = begin(store).await;
    let to_user = change(user, Role::User);
    users::update_user(&mut tx, &admin(), user.id, user.version, &to_user).await?;
    tx.commit().await
}

async fn disable(store: &Store, user: &User) -> Result<(), StoreError> {
    let mut tx = begin(store).await;
    users::disable_user(&mut tx, &admin(), user.id, user.version).await?;
    tx.commit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_is_taken_in_any_case_of_letters() {
    let (store, _, _database) = store().await;
    add_user(&store, "Jørgen", Role::User).await;
    let mut tx = begin(&store).await;
    let again = users::insert_user(&mut tx, &admin(), &new_user("JØRGEN", Role::User)).await;
    assert!(matches!(again, Err(StoreError::Taken)));
    let found = users::find_credentials(&store, " jØrgen ").await.unwrap().unwrap();
    assert_eq!(found.user.login, "Jørgen");
    assert_eq!(found.stored_hash().as_deref(), Some("$hash"));
    assert!(!format!("{found:?}").contains("$hash"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_on_an_old_version_is_refused() {
    let (store, _, _database) = store().await;
    add_user(&store, "root", Role::Admin).await;
    let id = add_user(&store, "anna", Role::User).await;
    let seen = get(&store, id).await;
    let mut tx = begin(&store).await;
    let auditor = change(&seen, Role::Auditor);
    users::update_user(&mut tx, &admin(), id, seen.version, &auditor).await.unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(disable(&store, &seen).await, Err(StoreError::Overtaken)));
    assert_eq!(get(&store, id).await.role, Role::Auditor);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_enabled_admin_stays() {
    let (store, _, _database) = store().await;
    let id = add_user(&store, "root", Role::Admin).await;
    let root = get(&store, id).await;
    // Somebody who never set a password could not take over.
    let mut tx = begin(&store).await;
    users::insert_user(&mut tx, &admin(), &new_user("second", Role::Admin)).await.unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(demote(&store, &root).await, Err(StoreError::LastAdmin)));
    assert!(matches!(disable(&store, &root).await, Err(StoreError::LastAdmin)));
    let third = add_user(&store, "third", Role::Admin).await;
    disable(&store, &root).await.unwrap();
    let third = get(&store, third).await;
    assert!(matches!(demote(&store, &third).await, Err(StoreError::LastAdmin)));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_admins_who_demote_each_other_leave_one() {
    for _ in 0..5 {
        let (store, _, _database) = store().await;
        let one = add_user(&store, "one", Role::Admin).await;
        let two = add_user(&store, "two", Role::Admin).await;
        let (one, two) = (get(&store, one).await, get(&store, two).await);
        let (first, second) = tokio::join!(demote(&store, &one), disable(&store, &two));
        assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_tells_what_changed_and_no_secret() {
    let (store, _, database) = store().await;
    add_user(&store, "root", Role::Admin).await;
    let id = add_user(&store, "anna", Role::User).await;
    let mut tx = begin(&store).await;
    let group = groups::insert_group(&mut tx, &admin(), "Einkauf").await.unwrap();
    let seen = get(&store, id).await;
    let renamed = UserChange {
        login: "anna".to_owned(),
        name: "Anna Berg".to_owned(),
        role: Role::Auditor,
        groups: vec![group, group],
    };
    users::update_user(&mut tx, &admin(), id, seen.version, &renamed).await.unwrap();
    let preferences = Preferences {
        language: Some(Language::De),
        zone: "Asia/Tokyo".to_owned(),
        theme: Theme::Dark,
    };
    users::update_preferences(&mut tx, &admin(), id, &preferences).await.unwrap();
    users::set_password(&mut tx, &admin(), id, "$another").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(get(&store, id).await.preferences, preferences);
    let rows = database.ask("SELECT action, before_values, after_values FROM history ORDER BY seq");
    let changed = r#"user-changed|{"groups":"","name":"anna Łoś","role":"user"}|{"groups":"Einkauf","name":"Anna Berg","role":"auditor"}"#;
    assert!(rows.iter().any(|row| row == changed), "{rows:#?}");
    let chosen = r#"user-changed|{"language":"","theme":"auto","zone":"Europe/Berlin"}|{"language":"de","theme":"dark","zone":"Asia/Tokyo"}"#;
    assert!(rows.iter().any(|row| row == chosen), "{rows:#?}");
    assert_eq!(rows.last().unwrap(), "password-changed|{}|{}");
    assert!(!rows.iter().any(|row| row.contains('$')), "{rows:#?}");
    assert_eq!(history::verify(&store, &[]).await.unwrap().1, vec![]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_gets_another_role_or_is_disabled_is_signed_out() {
    let (store, _, _database) = store().await;
    add_user(&store, "root", Role::Admin).await;
    let id = add_user(&store, "anna", Role::User).await;
    let sign_in = || async {
        let new = sessions::NewSession { user: Some(id), state: "{}", address: "a", agent: "b" };
        sessions::insert_session(&store, &new).await
    };
    let key = sign_in().await.unwrap();
    let mut tx = begin(&store).await;
    let auditor = change(&get(&store, id).await, Role::Auditor);
    users::update_user(&mut tx, &admin(), id, 1, &auditor).await.unwrap();
    tx.commit().await.unwrap();
    assert!(sessions::load_session(&store, &key).await.unwrap().is_none());
    let key = sign_in().await.unwrap();
    disable(&store, &get(&store, id).await).await.unwrap();
    assert!(sessions::load_session(&store, &key).await.unwrap().is_none());
    assert!(sign_in().await.is_err(), "a disabled user got a session");
    assert!(users::find_visitor(&store, id).await.unwrap().is_none());
    let disabled = users::find_credentials(&store, "anna").await.unwrap().unwrap();
    assert_eq!(disabled.stored_hash(), None);
    let mut tx = begin(&store).await;
    users::enable_user(&mut tx, &admin(), id, disabled.user.version).await.unwrap();
    tx.commit().await.unwrap();
    assert!(sessions::load_session(&store, &key).await.unwrap().is_none(), "an old key came back");
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_are_listed_page_by_page_and_searched_in_any_case() {
    let (store, _, _database) = store().await;
    for login in ["dora", "anna", "carl", "Łucja", "bert_x"] {
        add_user(&store, login, Role::User).await;
    }
    let page = |search: &'static str, place| {
        let store = &store;
        async move {
            let filter = Filter { search, role: None };
            users::page(store, filter, place, 2).await.unwrap()
        }
    };
    let logins =
        |page: &Page<User>| page.items.iter().map(|user| user.login.clone()).collect::<Vec<_>>();
    let first = page("", Place::First).await;
    assert_eq!(logins(&first), ["anna", "bert_x"]);
    assert!(first.has_next && !first.has_previous);
    let second = page("", Place::After(first.items[1].id)).await;
    assert_eq!(logins(&second), ["carl", "dora"]);
    assert!(second.has_next && second.has_previous);
    let back = page("", Place::Before(second.items[0].id)).await;
    assert_eq!(logins(&back), ["anna", "bert_x"]);
    assert!(back.has_next && !back.has_previous);
    assert_eq!(logins(&page("ŁUCJA", Place::First).await), ["Łucja"]);
    assert_eq!(logins(&page("t_x", Place::First).await), ["bert_x"]);
    assert_eq!(logins(&page("%", Place::First).await), [""; 0]);
    let count = |search, role| users::count(&store, Filter { search, role });
    assert_eq!(count("łoś", None).await.unwrap(), 5);
    assert_eq!(count("", Some(Role::User)).await.unwrap(), 5);
    assert_eq!(count("", Some(Role::Admin)).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_filled_renamed_and_deleted_when_unused() {
    let (store, _, database) = store().await;
    let anna = add_user(&store, "anna", Role::User).await;
    let mut tx = begin(&store).await;
    let id = groups::insert_group(&mut tx, &admin(), "Einkauf").await.unwrap();
    groups::update_group(&mut tx, &admin(), id, 1, "Vertrieb", &[anna, anna]).await.unwrap();
    tx.commit().await.unwrap();
    let group = groups::find_group(&store, id).await.unwrap().unwrap();
    assert_eq!((group.name.as_str(), group.version, group.members), ("Vertrieb", 2, 1));
    assert_eq!(users::find_visitor(&store, anna).await.unwrap().unwrap().groups, [id]);
    assert_eq!(groups::list_groups_of(&store, anna).await.unwrap(), [group]);

    let mut tx = begin(&store).await;
    let taken = groups::insert_group(&mut tx, &admin(), "vertrieb ").await;
    assert!(matches!(taken, Err(StoreError::Taken)));
    drop(tx);
    let mut tx = begin(&store).await;
    let gone = groups::update_group(&mut tx, &admin(), id, 2, "Vertrieb", &[anna, 4711]).await;
    assert!(matches!(gone, Err(StoreError::Overtaken)), "{gone:?}");
    drop(tx);

    assert!(database.sql(&format!(
        "INSERT INTO sync_connector VALUES (1, 'c', 'c', 'a', false, NULL, 1, 0, '', 0, ''); \
         INSERT INTO erp_connection VALUES (1, 'g', 1, 'n', '', false, false, false, '[]', NULL, NULL, 1, 0, '', 0, '', 0); \
         INSERT INTO connection_access VALUES (1, 1, NULL, {id}, true, true)"
    )));
    let mut tx = begin(&store).await;
    let used = groups::delete_group(&mut tx, &admin(), id, 2).await;
    assert!(matches!(used, Err(StoreError::InUse)), "{used:?}");
    drop(tx);
    assert!(database.sql("DELETE FROM connection_access"));
    let mut tx = begin(&store).await;
    groups::delete_group(&mut tx, &admin(), id, 2).await.unwrap();
    tx.commit().await.unwrap();
    assert!(users::find_visitor(&store, anna).await.unwrap().unwrap().groups.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_edits_a_person_and_who_edits_their_group_do_not_overwrite_each_other() {
    let (store, _, _database) = store().await;
    let anna = add_user(&store, "anna", Role::User).await;
    let bert = add_user(&store, "bert", Role::User).await;
    let mut tx = begin(&store).await;
    let id = groups::insert_group(&mut tx, &admin(), "Einkauf").await.unwrap();
    tx.commit().await.unwrap();
    let (seen_anna, seen_bert) = (get(&store, anna).await, get(&store, bert).await);
    let fill = async |version, members: &[UserId]| {
        let mut tx = begin(&store).await;
        groups::update_group(&mut tx, &admin(), id, version, "Einkauf", members).await?;
        tx.commit().await
    };
    fill(1, &[anna]).await.unwrap();
    let mut tx = begin(&store).await;
    let late = change(&seen_anna, Role::User);
    let late = users::update_user(&mut tx, &admin(), anna, seen_anna.version, &late).await;
    assert!(matches!(late, Err(StoreError::Overtaken)), "anna would have left the group again");
    drop(tx);
    let mut tx = begin(&store).await;
    let joins = UserChange { groups: vec![id], ..change(&seen_bert, Role::User) };
    users::update_user(&mut tx, &admin(), bert, seen_bert.version, &joins).await.unwrap();
    tx.commit().await.unwrap();
    assert!(
        matches!(fill(2, &[anna]).await, Err(StoreError::Overtaken)),
        "bert would be out again"
    );
    fill(3, &[anna]).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_crm_is_named_and_the_history_says_so() {
    let (store, _, _database) = store().await;
    assert_eq!(settings::find_crm_name(&store).await.unwrap(), None);
    for name in [" Kundenkartei ", "Kundenkartei", ""] {
        let mut tx = begin(&store).await;
        settings::set_crm_name(&mut tx, &admin(), name).await.unwrap();
        tx.commit().await.unwrap();
        let expected = (!name.is_empty()).then(|| "Kundenkartei".to_owned());
        assert_eq!(settings::find_crm_name(&store).await.unwrap(), expected);
    }
    assert_eq!(history::verify(&store, &[]).await.unwrap().0, 2);
}
