//! The error pages: one text, in the frame that fits the visitor.

use askama::Template;

use crate::i18n::{Key, Texts};
use crate::web::assets;
use crate::web::error::Note;
use crate::web::form::Pairs;
use crate::web::visit::Visit;

#[derive(Template)]
#[template(path = "errors/signed_in.html")]
struct SignedInPage<'a> {
    visit: &'a Visit,
    note: &'a Note,
    /// What was typed and can be sent again as it is.
    again: &'a Pairs,
    may_open_licence: bool,
}

impl SignedInPage<'_> {
    /// Whether the licence page says why, and this person may open it.
    fn leads_to_licence(&self) -> bool {
        self.note.message.key == Key::ERROR_LICENCE && self.may_open_licence
    }

    /// Whether it makes sense to wait before sending it again.
    fn is_busy(&self) -> bool {
        self.note.message.key == Key::ERROR_BUSY
    }
}

#[derive(Template)]
#[template(path = "errors/bare.html")]
struct BarePage<'a> {
    visit: &'a Visit,
    note: &'a Note,
    /// What was typed before the session ended.
    again: &'a Pairs,
}

#[derive(Template)]
#[template(path = "errors/without_visit.html")]
struct WithoutVisitPage<'a> {
    t: Texts,
    assets: &'static str,
    note: &'a Note,
}

/// The page for a visitor we know at least the language of.
pub fn page(visit: &Visit, note: &Note, again: &Pairs, may_open_licence: bool) -> String {
    let page = match visit.person {
        Some(_) => SignedInPage { visit, note, again, may_open_licence }.render(),
        None => BarePage { visit, note, again }.render(),
    };
    page.unwrap_or_else(|_| without_visit(visit.t, note))
}

/// The page when nothing could be read from the database.
pub fn without_visit(t: Texts, note: &Note) -> String {
    let page = WithoutVisitPage { t, assets: assets::PREFIX, note };
    page.render().unwrap_or_else(|_| t.say(&note.message))
}
