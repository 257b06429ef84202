//! Deleting a group: the question before it, and the refusal while a connection is shared with it.

use actix_web::web::{Data, Path};
use askama::Template;

use crate::i18n::{Key, Message};
use crate::store::error::StoreError;
use crate::store::groups;
use crate::users::{Group, GroupId};
use crate::web::error::{Answer, WebError};
use crate::web::visit::Visit;
use crate::web::{Portal, page};

#[derive(Template)]
#[template(path = "group_deletions/new.html")]
struct NewPage<'a> {
    visit: &'a Visit,
    group: Group,
    is_in_use: bool,
}

pub async fn new(visit: Visit, portal: Data<Portal>, id: Path<GroupId>) -> Answer {
    let group = get(&portal, *id).await?;
    page::show(&NewPage { visit: &visit, group, is_in_use: false })
}

pub async fn create(visit: Visit, portal: Data<Portal>, id: Path<GroupId>) -> Answer {
    let group = get(&portal, *id).await?;
    let mut tx = portal.store.begin().await?;
    match groups::delete_group(&mut tx, &visit.actor(), group.id, group.version).await {
        Err(StoreError::InUse) => {
            drop(tx);
            return page::show_again(&NewPage { visit: &visit, group, is_in_use: true });
        }
        done => done?,
    }
    tx.commit().await?;
    page::redirect(&visit, "/groups", Message::from(Key::GROUPS_DELETED).with("name", group.name))
}

async fn get(portal: &Portal, id: GroupId) -> Result<Group, WebError> {
    groups::find_group(&portal.store, id).await?.ok_or(WebError::NotFound)
}
