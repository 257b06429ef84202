//! Groups of users.

use std::collections::BTreeSet;

use super::error::StoreError;
use super::row::{Row, args};
use super::{Read, Result, Tx, access, id};
use crate::history::{Action, Actor, Event, Subject};
use crate::users::{Group, GroupId, UserId, norm};

const SELECT: &str = "SELECT g.id, g.name, g.version, \
     (SELECT COUNT(*) FROM group_member m WHERE m.group_id = g.id) AS members FROM user_group g";

/// All groups by name.
pub async fn list_groups(mut db: impl Read) -> Result<Vec<Group>> {
    let rows = db.rows(&format!("{SELECT} ORDER BY g.name_norm"), args![]).await?;
    rows.iter().map(group).collect()
}

pub async fn find_group(mut db: impl Read, id: GroupId) -> Result<Option<Group>> {
    let row = db.row(&format!("{SELECT} WHERE g.id = $1"), args![id]).await?;
    row.as_ref().map(group).transpose()
}

/// The groups a user is in, by name.
pub async fn list_groups_of(mut db: impl Read, user: UserId) -> Result<Vec<Group>> {
    let sql = format!(
        "{SELECT} JOIN group_member own ON own.group_id = g.id WHERE own.user_id = $1 ORDER BY g.name_norm"
    );
    db.rows(&sql, args![user]).await?.iter().map(group).collect()
}

/// Who is in a group: ids and names, by login.
pub async fn list_members(mut db: impl Read, id: GroupId) -> Result<Vec<(UserId, String)>> {
    let sql = "SELECT u.id, u.name FROM app_user u JOIN group_member m ON m.user_id = u.id \
         WHERE m.group_id = $1 ORDER BY u.login_norm";
    let rows = db.rows(sql, args![id]).await?;
    rows.iter().map(|row| Ok((row.int("id")?, row.text("name")?))).collect()
}

/// Adds an empty group. `Taken` when the name is.
pub async fn insert_group(tx: &mut Tx, actor: &Actor, name: &str) -> Result<GroupId> {
    let id = id::fresh(tx.clock().now());
    tx.execute_one(
        "INSERT INTO user_group (id, name, name_norm, version) VALUES ($1, $2, $3, $4)",
        args![id, name, norm(name), 1],
    )
    .await?;
    let event = Event::new(Action::GroupAdded, Subject::new("group", id, name)).after("name", name);
    tx.record(actor, &event).await?;
    Ok(id)
}

/// Renames and fills a group as somebody saw it at `version`.
pub async fn update_group(
    tx: &mut Tx,
    actor: &Actor,
    id: GroupId,
    version: i64,
    name: &str,
    members: &[UserId],
) -> Result<()> {
    let old = get_unchanged(tx, id, version).await?;
    tx.execute_one(
        "UPDATE user_group SET name = $3, name_norm = $4, version = version + 1 WHERE id = $1 AND version = $2",
        args![id, version, name, norm(name)],
    )
    .await?;
    let before = member_names(tx, id).await?;
    let old_members: BTreeSet<UserId> =
        list_members(&mut *tx, id).await?.into_iter().map(|(user, _)| user).collect();
    let members: BTreeSet<UserId> = members.iter().copied().collect();
    tx.execute("DELETE FROM group_member WHERE group_id = $1", args![id]).await?;
    for user in &members {
        insert_member(tx, id, *user).await?;
    }
    // Whoever has one of them open for editing must not undo this.
    for user in members.symmetric_difference(&old_members) {
        let sql = "UPDATE app_user SET version = version + 1 WHERE id = $1";
        tx.execute(sql, args![*user]).await?;
    }
    let event = Event::new(Action::GroupChanged, Subject::new("group", id, name))
        .changed("name", old.name, name)
        .changed("members", before, member_names(tx, id).await?);
    if event.has_details() { tx.record(actor, &event).await } else { Ok(()) }
}

/// Deletes a group. `InUse` while a connection is shared with it; out of the scope of deleted connections,
/// which nobody can edit, it goes by itself.
pub async fn delete_group(tx: &mut Tx, actor: &Actor, id: GroupId, version: i64) -> Result<()> {
    let old = get_unchanged(tx, id, version).await?;
    access::leave_deleted(tx, actor, id).await?;
    let members = member_names(tx, id).await?;
    tx.execute_one("DELETE FROM user_group WHERE id = $1 AND version = $2", args![id, version])
        .await?;
    let event = Event::new(Action::GroupDeleted, Subject::new("group", id, &old.name))
        .before("name", &old.name)
        .before("members", members);
    tx.record(actor, &event).await
}

/// The names of somebody's groups, for the history.
pub(super) struct GroupNames {
    pub before: String,
    pub after: String,
}

/// Puts a user into exactly these groups. The caller records it.
pub(super) async fn set_groups_of(
    tx: &mut Tx,
    user: UserId,
    groups: &[GroupId],
) -> Result<GroupNames> {
    let before = group_names(tx, user).await?;
    let old_groups: BTreeSet<GroupId> =
        list_groups_of(&mut *tx, user).await?.into_iter().map(|group| group.id).collect();
    let groups: BTreeSet<GroupId> = groups.iter().copied().collect();
    tx.execute("DELETE FROM group_member WHERE user_id = $1", args![user]).await?;
    for group in &groups {
        insert_member(tx, *group, user).await?;
    }
    // Whoever has one of them open for editing must not undo this.
    for group in groups.symmetric_difference(&old_groups) {
        let sql = "UPDATE user_group SET version = version + 1 WHERE id = $1";
        tx.execute(sql, args![*group]).await?;
    }
    Ok(GroupNames { before, after: group_names(tx, user).await? })
}

/// A group or user that is gone meanwhile means that somebody else was faster.
async fn insert_member(tx: &mut Tx, group: GroupId, user: UserId) -> Result<()> {
    let sql = "INSERT INTO group_member (group_id, user_id) VALUES ($1, $2)";
    match tx.execute_one(sql, args![group, user]).await {
        Err(StoreError::InUse) => Err(StoreError::Overtaken),
        done => done,
    }
}

async fn group_names(tx: &mut Tx, user: UserId) -> Result<String> {
    let groups = list_groups_of(&mut *tx, user).await?;
    Ok(groups.into_iter().map(|group| group.name).collect::<Vec<_>>().join(", "))
}

async fn member_names(tx: &mut Tx, id: GroupId) -> Result<String> {
    let members = list_members(&mut *tx, id).await?;
    Ok(members.into_iter().map(|(_, name)| name).collect::<Vec<_>>().join(", "))
}

async fn get_unchanged(tx: &mut Tx, id: GroupId, version: i64) -> Result<Group> {
    let found = find_group(&mut *tx, id).await?;
    found.filter(|group| group.version == version).ok_or(StoreError::Overtaken)
}

fn group(row: &Row) -> Result<Group> {
    Ok(Group {
        id: row.int("id")?,
        name: row.text("name")?,
        version: row.int("version")?,
        members: row.int("members")?,
    })
}
