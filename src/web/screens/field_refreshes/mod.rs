//! Field refresh: what the connector offers now is held against what is stored, looked at, and taken over as
//! it was looked at.

use actix_web::web::{Data, Path};
use askama::Template;
use serde::Deserialize;

use crate::connections::{ConnectionId, ErpConnection};
use crate::i18n::{Key, Message};
use crate::mapping::refresh::Fetched;
use crate::store::connections;
use crate::web::error::{Answer, WebError};
use crate::web::form::Form;
use crate::web::offer::{self, Merged};
use crate::web::offer_words::{self as words, Group};
use crate::web::visit::Visit;
use crate::web::{Portal, found, guard, page};

#[derive(Template)]
#[template(path = "field_refreshes/show.html")]
struct ShowPage<'a> {
    visit: &'a Visit,
    connection: ErpConnection,
    /// What differs, actor type by actor type.
    groups: Vec<Group>,
    /// Stands for what is shown.
    mark: String,
    /// Why the connector could not be asked; blank when it could.
    away: String,
    /// What was looked at is not how it stands now.
    is_overtaken: bool,
    may_write: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct RefreshForm {
    /// The mark of what was looked at.
    offer: String,
}

pub async fn show(visit: Visit, portal: Data<Portal>, id: Path<ConnectionId>) -> Answer {
    let connection = found::connection(&portal, *id).await?;
    let page = empty_page(&visit, &portal, connection).await?;
    match offer::ask(&portal, &page.connection).await? {
        Ok(types) => page::show(&page.with(&portal, &types).await?),
        Err(why) => page::show(&ShowPage { away: visit.say(&why.message(&visit)), ..page }),
    }
}

/// Takes over what was looked at, if that is what the connector still offers.
pub async fn create(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<ConnectionId>,
    Form(form): Form<RefreshForm>,
) -> Answer {
    let connection = found::connection(&portal, *id).await?;
    let page = empty_page(&visit, &portal, connection).await?;
    let types = match offer::ask(&portal, &page.connection).await? {
        Ok(types) => types,
        Err(why) => {
            return page::show_again(&ShowPage { away: visit.say(&why.message(&visit)), ..page });
        }
    };
    if page.connection.is_active {
        return page::show_again(&page.with(&portal, &types).await?);
    }
    let name = visit.pick(&page.connection.name).to_owned();
    let saying = match take_over(&visit, &portal, *id, &types, &form).await {
        Ok(merged) if merged.changes.is_empty() => {
            Message::from(Key::FIELD_REFRESHES_NOTHING_DONE).with("name", name)
        }
        Ok(merged) => Message::from(Key::FIELD_REFRESHES_DONE)
            .with("name", name)
            .with("said", words::few(&visit, &merged)),
        Err(WebError::Overtaken) => {
            let connection = found::connection(&portal, *id).await?;
            let page = empty_page(&visit, &portal, connection).await?;
            let page = ShowPage { is_overtaken: true, ..page };
            return page::show_conflict(&page.with(&portal, &types).await?);
        }
        Err(error) => return Err(error),
    };
    page::redirect(&visit, &format!("/connections/{id}/mappings"), saying)
}

/// Nobody else changes anything meanwhile. What is taken over is exactly what was looked at.
async fn take_over(
    visit: &Visit,
    portal: &Portal,
    id: ConnectionId,
    types: &[Fetched],
    form: &RefreshForm,
) -> Result<Merged, WebError> {
    let mut tx = portal.store.begin().await?;
    tx.alone().await?;
    let connection = connections::find(&mut tx, id).await?;
    let is_at_rest = connection.is_some_and(|found| !found.is_deleted && !found.is_active);
    let seen = offer::preview(&mut tx, id, types).await?;
    if !is_at_rest || !seen.changes.is_empty() && seen.mark(types)? != form.offer {
        return Err(WebError::Overtaken);
    }
    let merged = offer::take_over(&mut tx, &visit.actor(), id, types).await?;
    tx.commit().await?;
    Ok(merged)
}

async fn empty_page<'a>(
    visit: &'a Visit,
    portal: &Portal,
    connection: ErpConnection,
) -> Result<ShowPage<'a>, WebError> {
    Ok(ShowPage {
        visit,
        connection,
        groups: Vec::new(),
        mark: String::new(),
        away: String::new(),
        is_overtaken: false,
        may_write: guard::may_change_sync(portal, visit).await?,
    })
}

impl ShowPage<'_> {
    /// The same with what these types would make of the mappings.
    async fn with(self, portal: &Portal, types: &[Fetched]) -> Result<Self, WebError> {
        let merged = offer::preview(&portal.store, self.connection.id, types).await?;
        let (groups, mark) = (words::groups(self.visit, &merged), merged.mark(types)?);
        Ok(Self { groups, mark, ..self })
    }

    fn name(&self) -> &str {
        self.visit.pick(&self.connection.name)
    }

    fn title(&self) -> String {
        self.visit.t.field_refreshes_title(self.name())
    }

    fn address(&self, end: &str) -> String {
        format!("/connections/{}{end}", self.connection.id)
    }
}
