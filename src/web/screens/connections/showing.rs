//! A draft as the page that asks for it, or asks once more.

use super::conflict;
use super::draft::Draft;
use super::kept::{self, Kept};
use super::view::EditPage;
use crate::web::error::{Answer, WebError};
use crate::web::page;

impl Draft<'_> {
    /// The form: as a page, or once more with its problems.
    pub fn show(&self) -> Answer {
        let page = EditPage::of(self, self.kept()?);
        if self.problems.is_empty() && !self.is_stuck() {
            page::show(&page)
        } else {
            page::show_again(&page)
        }
    }

    /// The form with what somebody else saved meanwhile.
    pub fn show_conflict(&self) -> Answer {
        let Some(saved) = &self.old else { return Err(WebError::NotFound) };
        let conflict = Some(conflict::of(self, saved));
        let page = EditPage { conflict, ..EditPage::of(self, self.kept()?) };
        page::show_overtaken(&page, &self.problems)
    }

    /// Somebody posted, and the fields could not be had.
    fn is_stuck(&self) -> bool {
        self.away.is_some() && !self.typed.get("csrf").is_empty()
    }

    fn kept(&self) -> Result<String, WebError> {
        let (Some(place), Some(declared)) = (self.place(), &self.declared) else {
            return Ok(String::new());
        };
        let secrets = self.values.typed_secrets.clone();
        kept::seal(&self.portal.store, &place, &Kept { declared: declared.clone(), secrets })
    }
}
