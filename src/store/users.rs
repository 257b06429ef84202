//! Accounts. The last enabled admin can neither be disabled nor get another role.

use std::fmt;

use super::conditions::Conditions;
use super::error::StoreError;
use super::page::{Page, Place};
use super::row::{Row, args};
use super::{Read, Result, Store, Tx, groups, id, jobs, session_rows};
use crate::history::{Action, Actor, Event, Subject};
use crate::i18n::Language;
use crate::users::{NewUser, Preferences, Role, Theme, User, UserChange, UserId, Visitor, norm};

const COLUMNS: &str = "id, login, name, role, (password IS NOT NULL) AS has_password, is_disabled, has_seat, \
     language, zone, theme, version, created_at, updated_at, updated_by";

/// The columns of a visitor; one row per group, or one if there is none.
pub(super) const VISITOR_COLUMNS: &str = "u.id, u.login, u.name, u.role, u.has_seat, u.language, u.zone, u.theme, \
     m.group_id";

/// Held by whoever changes who is an admin.
pub(super) const ADMINS: &str = "admins";

/// An account together with what its password is checked against.
pub struct Credentials {
    pub user: User,
    password: Option<String>,
}

impl Credentials {
    /// The stored hash; none for who may not come in by password, however right it is.
    pub fn stored_hash(&self) -> Option<String> {
        if self.user.is_disabled { None } else { self.password.clone() }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user.id).finish_non_exhaustive()
    }
}

pub async fn find_user(mut db: impl Read, id: UserId) -> Result<Option<User>> {
    let sql = format!("SELECT {COLUMNS} FROM app_user WHERE id = $1");
    db.row(&sql, args![id]).await?.as_ref().map(user).transpose()
}

/// The account with this login, to check a password against.
pub async fn find_credentials(mut db: impl Read, login: &str) -> Result<Option<Credentials>> {
    let sql = format!("SELECT {COLUMNS}, password FROM app_user WHERE login_norm = $1");
    let row = db.row(&sql, args![norm(login)]).await?;
    row.map(|row| Ok(Credentials { user: user(&row)?, password: row.opt_text("password")? }))
        .transpose()
}

/// The person as they are right now, for work that goes on after their request; `None` when disabled.
pub async fn find_visitor(db: impl Read, id: UserId) -> Result<Option<Visitor>> {
    select_visitor(db, "AND NOT u.is_disabled", id).await
}

/// The same, disabled or not: who would come if they could.
pub async fn find_would_be_visitor(db: impl Read, id: UserId) -> Result<Option<Visitor>> {
    select_visitor(db, "", id).await
}

async fn select_visitor(mut db: impl Read, and: &str, id: UserId) -> Result<Option<Visitor>> {
    let sql = format!(
        "SELECT {VISITOR_COLUMNS} FROM app_user u LEFT JOIN group_member m ON m.user_id = u.id \
         WHERE u.id = $1 {and}"
    );
    visitor(&db.rows(&sql, args![id]).await?)
}

/// Which accounts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Filter<'a> {
    /// Part of the login or the name.
    pub search: &'a str,
    pub role: Option<Role>,
}

/// One page of accounts in order of their logins.
pub async fn page(
    mut db: impl Read,
    filter: Filter<'_>,
    place: Place,
    limit: i64,
) -> Result<Page<User>> {
    let mut conditions = filter.conditions();
    let (compare, direction) = place.way();
    if let Place::After(id) | Place::Before(id) = place {
        let at = conditions.bind(id);
        conditions
            .and(format!("login_norm {compare} (SELECT login_norm FROM app_user WHERE id = {at})"));
    }
    let limit_arg = conditions.bind(limit + 1);
    let (condition, args) = conditions.finish();
    let sql = format!(
        "SELECT {COLUMNS} FROM app_user WHERE {condition} ORDER BY login_norm {direction} LIMIT {limit_arg}"
    );
    let users = db.rows(&sql, args).await?.iter().map(user).collect::<Result<Vec<_>>>()?;
    Ok(Page::cut_as_read(users, place, limit))
}

/// How many accounts there are.
pub async fn count(mut db: impl Read, filter: Filter<'_>) -> Result<i64> {
    let (condition, args) = filter.conditions().finish();
    let row =
        db.row(&format!("SELECT COUNT(*) AS n FROM app_user WHERE {condition}"), args).await?;
    row.map_or(Ok(0), |row| row.int("n"))
}

impl Filter<'_> {
    fn conditions(&self) -> Conditions<'static> {
        let mut conditions = Conditions::default();
        conditions.contains("search_text", &norm(self.search));
        if let Some(role) = self.role {
            conditions.compare("role =", role.as_str());
        }
        conditions
    }
}

/// Whether there is any account at all.
pub async fn is_empty(mut db: impl Read) -> Result<bool> {
    Ok(db.row("SELECT id FROM app_user LIMIT 1", args![]).await?.is_none())
}

/// Adds an account without a password. `Taken` when the login is.
pub async fn insert_user(tx: &mut Tx, actor: &Actor, new: &NewUser) -> Result<UserId> {
    let now = tx.clock().now();
    let id = id::fresh(now);
    let preferences = &new.preferences;
    tx.execute_one(
        "INSERT INTO app_user (id, login, login_norm, name, search_text, role, password, is_disabled, has_seat, \
         language, zone, theme, version, created_at, updated_at, updated_by) \
         VALUES ($1, $2, $3, $4, $5, $6, NULL, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
        args![
            id,
            &new.login,
            norm(&new.login),
            &new.name,
            search_text(&new.login, &new.name),
            new.role.as_str(),
            false,
            false,
            preferences.language.map(Language::code),
            &preferences.zone,
            preferences.theme.as_str(),
            1,
            now,
            now,
            &actor.name
        ],
    )
    .await?;
    let groups = groups::set_groups_of(tx, id, &new.groups).await?;
    let event = Event::new(Action::UserAdded, Subject::new("user", id, &new.name))
        .after("login", &new.login)
        .after("name", &new.name)
        .after("role", new.role.as_str());
    let event = if groups.after.is_empty() { event } else { event.after("groups", groups.after) };
    tx.record(actor, &event).await?;
    Ok(id)
}

/// Changes an account as somebody saw it at `version`. Who gets another role is signed out everywhere, and
/// only users keep a seat.
pub async fn update_user(
    tx: &mut Tx,
    actor: &Actor,
    id: UserId,
    version: i64,
    change: &UserChange,
) -> Result<()> {
    tx.lock(ADMINS).await?;
    let before = get_unchanged(tx, id, version).await?;
    if before.role == Role::Admin && change.role != Role::Admin {
        must_leave_an_admin(tx, &before).await?;
    }
    let has_seat = before.has_seat && change.role == Role::User;
    // Never gives a seat back that somebody took since it was read.
    tx.execute_one(
        "UPDATE app_user SET login = $3, login_norm = $4, name = $5, search_text = $6, role = $7, \
         has_seat = has_seat AND $8, \
         version = version + 1, updated_at = $9, updated_by = $10 WHERE id = $1 AND version = $2",
        args![
            id,
            version,
            &change.login,
            norm(&change.login),
            &change.name,
            search_text(&change.login, &change.name),
            change.role.as_str(),
            has_seat,
            tx.clock().now(),
            &actor.name
        ],
    )
    .await?;
    let groups = groups::set_groups_of(tx, id, &change.groups).await?;
    if before.role != change.role {
        session_rows::delete_of(tx, id).await?;
    }
    let event = Event::new(Action::UserChanged, Subject::new("user", id, &change.name))
        .changed("login", before.login, &change.login)
        .changed("name", before.name.as_str(), &change.name)
        .changed("role", before.role.as_str(), change.role.as_str())
        .changed("seat", yes_no(before.has_seat), yes_no(has_seat))
        .changed("groups", groups.before, groups.after);
    if event.has_details() {
        tx.record(actor, &event).await?;
    }
    if before.role != change.role {
        jobs::disown(tx, id).await?;
    }
    Ok(())
}

/// Locks somebody out, from the very next request, and frees their seat.
pub async fn disable_user(tx: &mut Tx, actor: &Actor, id: UserId, version: i64) -> Result<()> {
    tx.lock(ADMINS).await?;
    let before = get_unchanged(tx, id, version).await?;
    if before.is_disabled {
        return Ok(());
    }
    if before.role == Role::Admin {
        must_leave_an_admin(tx, &before).await?;
    }
    set_disabled(tx, actor, id, true).await?;
    session_rows::delete_of(tx, id).await?;
    let event = Event::new(Action::UserDisabled, Subject::new("user", id, &before.name)).changed(
        "seat",
        yes_no(before.has_seat),
        "no",
    );
    tx.record(actor, &event).await?;
    jobs::disown(tx, id).await
}

/// Lets somebody in again, with the password they had, but without a seat.
pub async fn enable_user(tx: &mut Tx, actor: &Actor, id: UserId, version: i64) -> Result<()> {
    let before = get_unchanged(tx, id, version).await?;
    if !before.is_disabled {
        return Ok(());
    }
    set_disabled(tx, actor, id, false).await?;
    let event = Event::new(Action::UserEnabled, Subject::new("user", id, &before.name));
    tx.record(actor, &event).await
}

/// Sets what [`crate::users::hasher::Hasher::hash`] made, and ends every session of that person: the one
/// that asked must be renewed.
pub async fn set_password(tx: &mut Tx, actor: &Actor, id: UserId, hash: &str) -> Result<()> {
    let user = find_user(&mut *tx, id).await?.ok_or(StoreError::Overtaken)?;
    tx.execute_one("UPDATE app_user SET password = $2 WHERE id = $1", args![id, hash]).await?;
    session_rows::delete_of(tx, id).await?;
    let event = Event::new(Action::PasswordChanged, Subject::new("user", id, user.name));
    tx.record(actor, &event).await
}

/// Replaces a hash by one of the same password with stronger settings, unless it changed meanwhile.
pub async fn refresh_hash(store: &Store, id: UserId, old: &str, new: &str) -> Result<()> {
    let sql = "UPDATE app_user SET password = $3 WHERE id = $1 AND password = $2";
    store.execute(sql, args![id, old, new]).await?;
    Ok(())
}

/// Changes what people choose for themselves.
pub async fn update_preferences(
    tx: &mut Tx,
    actor: &Actor,
    id: UserId,
    new: &Preferences,
) -> Result<()> {
    let before = find_user(&mut *tx, id).await?.ok_or(StoreError::Overtaken)?;
    let old = &before.preferences;
    let code = |preferences: &Preferences| preferences.language.map(Language::code);
    tx.execute_one(
        "UPDATE app_user SET language = $2, zone = $3, theme = $4 WHERE id = $1",
        args![id, code(new), &new.zone, new.theme.as_str()],
    )
    .await?;
    let event = Event::new(Action::UserChanged, Subject::new("user", id, before.name))
        .changed("language", code(old).unwrap_or_default(), code(new).unwrap_or_default())
        .changed("zone", &old.zone, &new.zone)
        .changed("theme", old.theme.as_str(), new.theme.as_str());
    if event.has_details() { tx.record(actor, &event).await } else { Ok(()) }
}

/// The account, if nobody changed it since.
pub(super) async fn get_unchanged(tx: &mut Tx, id: UserId, version: i64) -> Result<User> {
    let found = find_user(&mut *tx, id).await?;
    found.filter(|user| user.version == version).ok_or(StoreError::Overtaken)
}

/// Who is left must be able to come in: an admin who never set a password does not count.
async fn must_leave_an_admin(tx: &mut Tx, leaving: &User) -> Result<()> {
    let mut db = &mut *tx;
    let other = db
        .row(
            "SELECT id FROM app_user WHERE role = 'admin' AND NOT is_disabled AND password IS NOT NULL \
             AND id <> $1 LIMIT 1",
            args![leaving.id],
        )
        .await?;
    if other.is_none() && !leaving.is_disabled { Err(StoreError::LastAdmin) } else { Ok(()) }
}

async fn set_disabled(tx: &mut Tx, actor: &Actor, id: UserId, is_disabled: bool) -> Result<()> {
    tx.execute_one(
        "UPDATE app_user SET is_disabled = $2, has_seat = $3, version = version + 1, updated_at = $4, \
         updated_by = $5 WHERE id = $1",
        args![id, is_disabled, false, tx.clock().now(), &actor.name],
    )
    .await
}

/// Folds the rows of one person into one visitor.
pub(super) fn visitor(rows: &[Row]) -> Result<Option<Visitor>> {
    let Some(row) = rows.first() else { return Ok(None) };
    let groups = rows.iter().map(|row| row.opt_int("group_id")).collect::<Result<Vec<_>>>()?;
    Ok(Some(Visitor {
        id: row.int("id")?,
        login: row.text("login")?,
        name: row.text("name")?,
        role: row.named("role", Role::parse)?,
        has_seat: row.flag("has_seat")?,
        groups: groups.into_iter().flatten().collect(),
        preferences: preferences(row)?,
    }))
}

fn user(row: &Row) -> Result<User> {
    Ok(User {
        id: row.int("id")?,
        login: row.text("login")?,
        name: row.text("name")?,
        role: row.named("role", Role::parse)?,
        has_password: row.flag("has_password")?,
        is_disabled: row.flag("is_disabled")?,
        has_seat: row.flag("has_seat")?,
        preferences: preferences(row)?,
        version: row.int("version")?,
        created_at: row.int("created_at")?,
        updated_at: row.int("updated_at")?,
        updated_by: row.text("updated_by")?,
    })
}

fn preferences(row: &Row) -> Result<Preferences> {
    Ok(Preferences {
        language: row.opt_text("language")?.as_deref().and_then(Language::parse),
        zone: row.text("zone")?,
        theme: row.named("theme", Theme::parse)?,
    })
}

fn search_text(login: &str, name: &str) -> String {
    format!("{login}\n{name}").to_lowercase()
}

pub(super) fn yes_no(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}
