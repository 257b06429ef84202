//! The scope of a connection: everyone, or these users and groups, each with two rights. It takes effect at once,
//! also while the connection is active.

mod form;

use actix_web::web::{Data, Path, Query};
use askama::Template;
use serde::Deserialize;

use self::form::ScopeForm;
use crate::connections::{ConnectionId, ErpConnection};
use crate::i18n::{Key, Message};
use crate::store::connections::Change;
use crate::store::error::StoreError;
use crate::store::{access, connections};
use crate::web::conflict::{Conflict, differences};
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Pairs, Problems};
use crate::web::scope::{self, ScopePart};
use crate::web::visit::Visit;
use crate::web::{Portal, found, guard, page};

#[derive(Template)]
#[template(path = "connection_scopes/edit.html")]
struct EditPage<'a> {
    visit: &'a Visit,
    connection: ErpConnection,
    /// The version the form was made of.
    version: String,
    scope: ScopePart,
    /// Who is in the stored scope, for those who only look.
    grants: Vec<(String, &'static str)>,
    problems: Problems,
    /// What somebody else saved first.
    conflict: Option<Conflict>,
    may_write: bool,
}

impl EditPage<'_> {
    fn title(&self) -> String {
        self.visit.t.connection_scopes_title(self.visit.pick(&self.connection.name))
    }

    fn problem(&self) -> String {
        self.problems.at("scope", &self.visit.t)
    }
}

/// Who is shown of those who can be ticked.
#[derive(Deserialize)]
pub struct Listing {
    #[serde(default)]
    search: String,
    #[serde(default)]
    only: String,
    after: Option<i64>,
    before: Option<i64>,
}

impl Listing {
    /// As the form's own buttons would send it.
    fn inputs(&self) -> Vec<(String, String)> {
        let way = |way: &str, id: Option<i64>| id.map(|id| format!("{way} {id}"));
        let wish = way("after", self.after).or(way("before", self.before)).unwrap_or_default();
        [("search", self.search.clone()), ("only", self.only.clone()), ("do", wish)]
            .map(|(name, value)| (name.to_owned(), value))
            .into()
    }
}

pub async fn edit(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<ConnectionId>,
    query: Query<Listing>,
) -> Answer {
    let connection = connections::find(&portal.store, *id).await?.ok_or(WebError::NotFound)?;
    let stored = access::scope(&portal.store, &connection).await?;
    let mut typed = Pairs(scope::inputs(&stored));
    typed.0.extend(query.inputs());
    let version = connection.version.to_string();
    page::show(&form_page(&visit, &portal, connection, (&typed, version)).await?)
}

/// Saves the scope; the buttons that search and turn pages only show the form again.
pub async fn update(
    visit: Visit,
    portal: Data<Portal>,
    id: Path<ConnectionId>,
    Form(form): Form<ScopeForm>,
    typed: Pairs,
) -> Answer {
    let connection = found::connection(&portal, *id).await?;
    if form.wish != "save" {
        let typed = (&typed, form.version);
        return page::show(&form_page(&visit, &portal, connection, typed).await?);
    }
    let mut problems = Problems::of(&form);
    let wanted = scope::read(&portal.store, &typed).await?.map_err(|more| problems.extend(more));
    let version = form.version.parse().ok().filter(|_| problems.is_empty());
    let (Ok(scope), Some(version)) = (wanted, version) else {
        let page = form_page(&visit, &portal, connection, (&typed, form.version)).await?;
        return page::show_again(&EditPage { problems, ..page });
    };
    let said = Message::from(Key::CONNECTION_SCOPES_SAVED);
    let (said, to) =
        (said.with("name", visit.pick(&connection.name)), format!("/sync?connection={id}"));
    // Where both say the same, nothing of either is lost.
    if access::is_same(&access::scope(&portal.store, &connection).await?, &scope) {
        return page::redirect(&visit, &to, said);
    }
    let ErpConnection { name, description, .. } = connection;
    let change = Change { name, description, scope, configuration: None };
    let mut tx = portal.store.begin().await?;
    match connections::update(&mut tx, &visit.actor(), (*id, version), &change).await {
        Err(StoreError::Overtaken) => {
            drop(tx);
            let saved = found::connection(&portal, *id).await?;
            let conflict = Some(conflict(&visit, &portal, &saved, &change).await?);
            let typed = (&typed, saved.version.to_string());
            let page = form_page(&visit, &portal, saved, typed).await?;
            return page::show_conflict(&EditPage { conflict, ..page });
        }
        other => other?,
    }
    tx.commit().await?;
    page::redirect(&visit, &to, said)
}

async fn conflict(
    visit: &Visit,
    portal: &Portal,
    saved: &ErpConnection,
    yours: &Change,
) -> Result<Conflict, WebError> {
    let theirs = access::scope(&portal.store, saved).await?;
    let theirs = scope::in_words(&portal.store, visit, &theirs).await?;
    let yours = scope::in_words(&portal.store, visit, &yours.scope).await?;
    let rows = differences([(visit.t.sync_scope(), theirs, yours)]);
    Ok(Conflict::with(visit, &saved.updated_by, saved.updated_at, rows))
}

async fn form_page<'a>(
    visit: &'a Visit,
    portal: &Portal,
    connection: ErpConnection,
    (typed, version): (&Pairs, String),
) -> Result<EditPage<'a>, WebError> {
    let may_write = guard::may_change_sync(portal, visit).await?;
    let stored = access::scope(&portal.store, &connection).await?;
    Ok(EditPage {
        visit,
        version,
        scope: scope::part(&portal.store, typed).await?,
        grants: scope::grants(&portal.store, visit, &stored).await?,
        connection,
        problems: Problems::default(),
        conflict: None,
        may_write,
    })
}
