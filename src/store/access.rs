//! Who may use which connection.

use std::collections::{BTreeMap, BTreeSet};

use super::row::{Arg, Row, args, to_json};
use super::{Read, Result, Tx, connections, id};
use crate::connections::{Access, ConnectionId, ErpConnection, Grantee, Rights, Scope};
use crate::history::Details;

/// A connection somebody may use, and what they may do in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usable {
    pub connection: ErpConnection,
    pub rights: Rights,
}

/// What makes connection `c` usable for the user `$1`, by access row `a`.
const MINE: &str = "a.connection_id = c.id AND (a.user_id = $1 OR a.group_id IN \
     (SELECT group_id FROM group_member WHERE user_id = $1))";

/// The access rows of a connection; none for one that is for everyone.
pub async fn list(mut db: impl Read, connection: ConnectionId) -> Result<Vec<Access>> {
    let sql = "SELECT user_id, group_id, may_connect, may_create FROM connection_access \
               WHERE connection_id = $1 ORDER BY id";
    db.rows(sql, args![connection])
        .await?
        .iter()
        .filter_map(|row| access(row).transpose())
        .collect()
}

/// Who may use a connection.
pub async fn scope(db: impl Read, connection: &ErpConnection) -> Result<Scope> {
    if connection.is_for_everyone {
        return Ok(Scope::Everyone);
    }
    list(db, connection.id).await.map(Scope::Only)
}

/// The active connections a user may use, alone or through groups, oldest first.
pub async fn usable_by(db: impl Read, user: i64) -> Result<Vec<Usable>> {
    usable(db, "", args![user]).await
}

/// One connection, if it is active and the user may use it.
pub async fn find_usable(
    db: impl Read,
    user: i64,
    connection: ConnectionId,
) -> Result<Option<Usable>> {
    Ok(usable(db, "AND c.id = $2", args![user, connection]).await?.pop())
}

/// Whether there is any active connection a user may use.
pub async fn any_usable_by(mut db: impl Read, user: i64) -> Result<bool> {
    let sql = format!(
        "SELECT c.id FROM erp_connection c WHERE c.is_active AND NOT c.is_deleted AND \
         (c.is_for_everyone OR EXISTS (SELECT 1 FROM connection_access a WHERE {MINE})) LIMIT 1"
    );
    Ok(db.row(&sql, args![user]).await?.is_some())
}

async fn usable(mut db: impl Read, and: &str, args: Vec<Arg<'_>>) -> Result<Vec<Usable>> {
    let right = |name: &str| {
        format!(
            "c.is_for_everyone OR EXISTS (SELECT 1 FROM connection_access a WHERE {MINE} AND a.{name}) AS {name}"
        )
    };
    let sql = format!(
        "SELECT {}, {}, {} FROM {} WHERE c.is_active AND NOT c.is_deleted AND \
         (c.is_for_everyone OR EXISTS (SELECT 1 FROM connection_access a WHERE {MINE})) {and} ORDER BY c.id",
        connections::COLUMNS,
        right("may_connect"),
        right("may_create"),
        connections::TABLES,
    );
    let usable = |row: &Row| {
        let rights =
            Rights { may_connect: row.flag("may_connect")?, may_create: row.flag("may_create")? };
        Ok(Usable { connection: connections::connection(row)?, rights })
    };
    db.rows(&sql, args).await?.iter().map(usable).collect()
}

/// Replaces the access rows of a connection. Somebody named twice gets both rights together.
pub(super) async fn replace(tx: &mut Tx, connection: ConnectionId, scope: &Scope) -> Result<()> {
    let clear = "DELETE FROM connection_access WHERE connection_id = $1";
    tx.execute(clear, args![connection]).await?;
    for (who, rights) in grants(scope) {
        let (user, group) = match who {
            Grantee::User(id) => (Some(id), None),
            Grantee::Group(id) => (None, Some(id)),
        };
        let id = id::fresh(tx.clock().now());
        tx.execute_one(
            "INSERT INTO connection_access (id, connection_id, user_id, group_id, may_connect, may_create) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            args![id, connection, user, group, rights.may_connect, rights.may_create],
        )
        .await?;
    }
    Ok(())
}

/// A scope as the history has it: who, by name.
pub(super) async fn details(tx: &mut Tx, scope: &Scope) -> Result<Details> {
    let grants = grants(scope);
    let is = if *scope == Scope::Everyone { "everyone" } else { "specific" };
    let mut details = Details::from([("scope".to_owned(), is.to_owned())]);
    let mut names: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (who, name) in names_of(tx, &grants).await? {
        let kind = if matches!(who, Grantee::User(_)) { "users" } else { "groups" };
        names.entry(kind).or_default().insert(name.clone());
        let rights = grants.get(&who).copied().unwrap_or_default();
        if rights.may_connect {
            names.entry("may-connect").or_default().insert(name.clone());
        }
        if rights.may_create {
            names.entry("may-create").or_default().insert(name);
        }
    }
    for (field, names) in names {
        details.insert(field.to_owned(), names.into_iter().collect::<Vec<_>>().join(", "));
    }
    Ok(details)
}

async fn names_of(
    mut tx: &mut Tx,
    grants: &BTreeMap<Grantee, Rights>,
) -> Result<Vec<(Grantee, String)>> {
    let (mut users, mut groups) = (Vec::new(), Vec::new());
    for who in grants.keys() {
        match who {
            Grantee::User(id) => users.push(*id),
            Grantee::Group(id) => groups.push(*id),
        }
    }
    let ids = tx.dialect().ids("$1");
    let from = format!("app_user WHERE id IN {ids}");
    let of_users: Vec<(i64, String)> =
        tx.many("id, name", &from, "id", args![to_json(&users)?]).await?;
    let from = format!("user_group WHERE id IN {ids}");
    let of_groups: Vec<(i64, String)> =
        tx.many("id, name", &from, "id", args![to_json(&groups)?]).await?;
    let users = of_users.into_iter().map(|(id, name)| (Grantee::User(id), name));
    Ok(users.chain(of_groups.into_iter().map(|(id, name)| (Grantee::Group(id), name))).collect())
}

/// Whether both scopes let the same people do the same.
pub(super) fn is_same(one: &Scope, other: &Scope) -> bool {
    (*one == Scope::Everyone) == (*other == Scope::Everyone) && grants(one) == grants(other)
}

fn grants(scope: &Scope) -> BTreeMap<Grantee, Rights> {
    let Scope::Only(rows) = scope else { return BTreeMap::new() };
    let mut grants: BTreeMap<Grantee, Rights> = BTreeMap::new();
    for row in rows {
        let rights = grants.entry(row.who).or_default();
        rights.may_connect |= row.may_connect;
        rights.may_create |= row.may_create;
    }
    grants
}

/// `None`: a row that names nobody, which the database does not let in.
fn access(row: &Row) -> Result<Option<Access>> {
    let user = row.opt_int("user_id")?.map(Grantee::User);
    let Some(who) = user.or(row.opt_int("group_id")?.map(Grantee::Group)) else { return Ok(None) };
    let (may_connect, may_create) = (row.flag("may_connect")?, row.flag("may_create")?);
    Ok(Some(Access { who, may_connect, may_create }))
}
