//! The filtered rows of the history as a file, CSV or JSON lines, however many there are. Each export is
//! itself a row of the history, and ends when whoever asked for it may no longer see it.

mod rows;

use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};

use self::rows::Format;
use crate::history::chain::SignedHead;
use crate::history::{Action, Event, Subject};
use crate::i18n::{Key, format};
use crate::store::history_log::{self, Filter};
use crate::store::{history, sessions, users};
use crate::users::UserId;
use crate::web::error::{Answer, WebError};
use crate::web::history_filter::Wanted;
use crate::web::visit::Visit;
use crate::web::{Portal, guard, session};

pub async fn show(
    visit: Visit,
    portal: Data<Portal>,
    request: HttpRequest,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let format = Format::of(request.path()).ok_or(WebError::NotFound)?;
    let filter = wanted.check(&visit.zone).map_err(|_| WebError::BadRequest)?;
    record(&visit, &portal, format, &wanted).await?;
    // With that row as its last one, the file ends in a signature and can be checked by itself.
    let head = history::database_head(&portal.store).await?;
    let reader = Reader {
        portal: portal.as_ref().clone(),
        user: visit.person()?.id,
        session: session::sid(&visit.session)
            .ok_or(WebError::Forbidden(Key::ERROR_NOT_SIGNED_IN))?,
        path: format.path(),
    };
    let day = format::iso(portal.clock().now());
    let name = format!("history-{}.{}", &day[..10], format.extension());
    Ok(HttpResponse::Ok()
        .content_type(format.content_type())
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename(name)],
        })
        .streaming(body(reader, format, filter, head)))
}

async fn record(
    visit: &Visit,
    portal: &Portal,
    format: Format,
    wanted: &Wanted,
) -> Result<(), WebError> {
    let event = Event::new(Action::Exported, Subject::only("portal"))
        .after("format", format.extension())
        .after("filter", wanted.address("", &[]));
    let mut tx = portal.store.begin().await?;
    tx.record(&visit.actor(), &event).await?;
    Ok(tx.commit().await?)
}

/// Who gets the file, and by what right.
#[derive(Clone)]
struct Reader {
    portal: Portal,
    user: UserId,
    session: i64,
    path: &'static str,
}

impl Reader {
    /// Fails once the person, their role or their session is no longer what opened the address.
    async fn check(&self) -> anyhow::Result<()> {
        let store = &self.portal.store;
        let person = users::find_visitor(store, self.user).await?;
        let may = person.is_some_and(|person| guard::is_open_to(&person, self.path));
        let open = sessions::list_sessions(store, self.user).await?;
        let goes_on = open.iter().any(|session| session.sid == self.session);
        anyhow::ensure!(may && goes_on, "an export was cut off: its reader may no longer see it");
        Ok(())
    }
}

fn body(
    reader: Reader,
    format: Format,
    filter: Filter,
    head: SignedHead,
) -> impl Stream<Item = anyhow::Result<Bytes>> {
    let rows = history_log::export(reader.portal.store.clone(), filter, head.seq);
    let pieces = rows.map_err(anyhow::Error::from).and_then(move |entries| {
        let (reader, head) = (reader.clone(), head.clone());
        async move {
            reader.check().await?;
            format.rows(&entries, &head)
        }
    });
    stream::once(async move { format.head() }).chain(pieces)
}
