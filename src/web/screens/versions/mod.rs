//! Versions of a connector, a connection or the sync priority: the list of them, and what one of them
//! changed and held.

use actix_web::web::{Data, Path, Query};
use askama::Template;
use serde::Deserialize;

use crate::store::page::{Page, Place};
use crate::store::versions::{self, Listed};
use crate::versions::{Snapshot, Version};
use crate::web::error::Answer;
use crate::web::page::{self, Neighbours};
use crate::web::version_words::{self as words, Group};
use crate::web::versioned::{self, Number, Of};
use crate::web::visit::Visit;
use crate::web::{Portal, guard};

/// Versions on one page; each is read as a whole.
const PAGE: i64 = 20;
/// Those that can be chosen to be compared; earlier ones by their address.
const MOST_CHOICES: i64 = 500;

#[derive(Deserialize)]
pub struct Wanted {
    before: Option<i64>,
    after: Option<i64>,
}

#[derive(Template)]
#[template(path = "versions/index.html")]
struct IndexPage<'a> {
    visit: &'a Visit,
    of: Of,
    current: Snapshot,
    found: Page<Version>,
    /// The one before the last of the page, to tell what that changed.
    earlier: Option<Version>,
    /// To choose two from.
    choices: Vec<Listed>,
    may_write: bool,
}

pub async fn index(
    visit: Visit,
    portal: Data<Portal>,
    of: Of,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let current = of.current(&portal).await?;
    let place = Place::of(wanted.after, wanted.before);
    let found = versions::page(&portal.store, of.0, place, PAGE).await?;
    let earlier = match found.items.last() {
        Some(last) => versions::find(&portal.store, of.0, last.number - 1).await?,
        None => None,
    };
    let choices = versions::list(&portal.store, of.0, MOST_CHOICES).await?;
    let may_write = guard::may_change_sync(&portal, &visit).await?;
    page::show(&IndexPage { visit: &visit, of, current, found, earlier, choices, may_write })
}

/// One version in the list.
struct Row<'a> {
    version: &'a Version,
    who: String,
    what: String,
    address: String,
    /// Than what stands there now; so it can be restored.
    is_other: bool,
}

impl IndexPage<'_> {
    fn name(&self) -> String {
        self.of.name(self.visit, &self.current)
    }

    fn title(&self) -> String {
        self.visit.t.versions_title(self.name())
    }

    fn rows(&self) -> Vec<Row<'_>> {
        let earlier = self.found.items.iter().skip(1).chain(&self.earlier).map(Some);
        let earlier = earlier.chain([None]);
        self.found
            .items
            .iter()
            .zip(earlier)
            .map(|(version, before)| self.row(version, before))
            .collect()
    }

    fn row<'b>(&self, version: &'b Version, earlier: Option<&Version>) -> Row<'b> {
        Row {
            version,
            who: versioned::who(self.visit, version),
            what: what(self.visit, version, earlier),
            address: format!("{}/{}", self.of.versions(), version.number),
            is_other: is_other(version, &self.current),
        }
    }

    /// Number and caption of the versions to choose from, and whether it is suggested: the last change.
    fn choices(&self, suggested: usize) -> Vec<(i64, String, bool)> {
        let suggested = suggested.min(self.choices.len().saturating_sub(1));
        let caption = |version: &Listed| {
            let number = self.visit.t.versions_one(version.number);
            format!("{number} – {}", self.visit.moment(&version.at))
        };
        let all = self.choices.iter().enumerate();
        all.map(|(at, version)| (version.number, caption(version), at == suggested)).collect()
    }

    fn is_connection(&self) -> bool {
        self.current.connection().is_some()
    }

    fn neighbours(&self) -> Neighbours {
        let path = self.of.versions();
        page::neighbours(
            &self.found,
            |version| version.number,
            |place, number| page::listing(&path, &[(place, &number.to_string())]),
        )
    }
}

/// Whether anything could be restored of a version.
fn is_other(version: &Version, current: &Snapshot) -> bool {
    let then = version.snapshot.as_ref();
    then.is_some_and(|then| then.attainable() != current.attainable())
}

/// What a version changed, in a line.
fn what(visit: &Visit, version: &Version, earlier: Option<&Version>) -> String {
    match (&version.snapshot, earlier.map(|earlier| &earlier.snapshot)) {
        (None, _) => visit.t.versions_unreadable().to_owned(),
        (Some(_), None) if version.by.is_empty() => visit.t.versions_first_found().to_owned(),
        (Some(_), None) => visit.t.versions_first().to_owned(),
        (Some(_), Some(None)) => visit.t.versions_after_unreadable().to_owned(),
        (Some(now), Some(Some(then))) => words::summary(visit, then, now),
    }
}

#[derive(Template)]
#[template(path = "versions/show.html")]
struct ShowPage<'a> {
    visit: &'a Visit,
    of: Of,
    current: Snapshot,
    version: Version,
    earlier: Option<Version>,
    may_write: bool,
}

pub async fn show(visit: Visit, portal: Data<Portal>, of: Of, path: Path<Number>) -> Answer {
    let current = of.current(&portal).await?;
    let version = of.version(&portal, path.number).await?;
    let earlier = versions::find(&portal.store, of.0, version.number - 1).await?;
    let may_write = guard::may_change_sync(&portal, &visit).await?;
    page::show(&ShowPage { visit: &visit, of, current, version, earlier, may_write })
}

impl ShowPage<'_> {
    fn name(&self) -> String {
        self.of.name(self.visit, &self.current)
    }

    fn title(&self) -> String {
        self.visit.t.versions_one(self.version.number)
    }

    fn who(&self) -> String {
        versioned::who(self.visit, &self.version)
    }

    fn address(&self) -> String {
        format!("{}/{}", self.of.versions(), self.version.number)
    }

    /// What it changed; none for the first one.
    fn changes(&self) -> Option<Vec<Group>> {
        let earlier = self.earlier.as_ref()?.snapshot.as_ref()?;
        Some(words::groups(self.visit, earlier, self.version.snapshot.as_ref()?))
    }

    /// Everything that stood there.
    fn content(&self) -> Vec<Group> {
        let snapshot = self.version.snapshot.as_ref();
        snapshot.map_or_else(Vec::new, |snapshot| words::content(self.visit, snapshot))
    }

    /// Whether something else stands there now.
    fn differs_from_now(&self) -> bool {
        self.version.snapshot.as_ref().is_some_and(|then| *then != self.current)
    }

    fn can_be_restored(&self) -> bool {
        self.may_write && is_other(&self.version, &self.current)
    }

    fn compared_with_now(&self) -> String {
        let number = self.version.number.to_string();
        page::listing(&format!("{}/compare", self.of.versions()), &[("a", &number), ("b", "now")])
    }
}
