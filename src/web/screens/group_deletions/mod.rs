//! Deleting a group: the question before it, and the refusal while a connection is shared with it.

use actix_web::web::{Data, Path};
use askama::Template;

use crate::connections::ErpConnection;
use crate::i18n::{Key, Message};
use crate::store::error::StoreError;
use crate::store::{access, groups};
use crate::users::{Group, GroupId};
use crate::web::error::{Answer, WebError};
use crate::web::visit::Visit;
use crate::web::{Portal, page};

#[derive(Template)]
#[template(path = "group_deletions/new.html")]
struct NewPage<'a> {
    visit: &'a Visit,
    group: Group,
    /// Connections shared with it, which stand in the way.
    in_use: Vec<ErpConnection>,
    /// Deleted ones, out of whose scope it goes.
    deleted: Vec<ErpConnection>,
}

pub async fn new(visit: Visit, portal: Data<Portal>, id: Path<GroupId>) -> Answer {
    let group = get(&portal, *id).await?;
    page::show(&new_page(&visit, &portal, group).await?)
}

pub async fn create(visit: Visit, portal: Data<Portal>, id: Path<GroupId>) -> Answer {
    let group = get(&portal, *id).await?;
    let mut tx = portal.store.begin().await?;
    match groups::delete_group(&mut tx, &visit.actor(), group.id, group.version).await {
        Err(StoreError::InUse) => {
            drop(tx);
            return page::show_again(&new_page(&visit, &portal, group).await?);
        }
        done => done?,
    }
    tx.commit().await?;
    page::redirect(&visit, "/groups", Message::from(Key::GROUPS_DELETED).with("name", group.name))
}

async fn new_page<'a>(
    visit: &'a Visit,
    portal: &Portal,
    group: Group,
) -> Result<NewPage<'a>, WebError> {
    let in_use = access::list_shared_with(&portal.store, group.id, false).await?;
    let deleted = access::list_shared_with(&portal.store, group.id, true).await?;
    Ok(NewPage { visit, group, in_use, deleted })
}

impl NewPage<'_> {
    /// The names of the deleted connections that it is shared with.
    fn deleted(&self) -> String {
        let names = self.deleted.iter().map(|connection| self.visit.pick(&connection.name));
        names.collect::<Vec<_>>().join(", ")
    }
}

async fn get(portal: &Portal, id: GroupId) -> Result<Group, WebError> {
    groups::find_group(&portal.store, id).await?.ok_or(WebError::NotFound)
}
