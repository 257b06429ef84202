//! Two versions side by side: only what differs, part by part.

use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use crate::versions::{Snapshot, Version};
use crate::web::error::{Answer, WebError};
use crate::web::version_words::{self as words, Group};
use crate::web::versioned::{self, Of};
use crate::web::visit::Visit;
use crate::web::{Portal, page};

/// Numbers of versions, or `now`.
#[derive(Deserialize)]
pub struct Wanted {
    #[serde(default)]
    a: String,
    #[serde(default)]
    b: String,
}

/// One of the two.
struct Side {
    /// `None`: what stands there now.
    version: Option<Version>,
    snapshot: Option<Snapshot>,
}

#[derive(Template)]
#[template(path = "version_comparisons/show.html")]
struct ShowPage<'a> {
    visit: &'a Visit,
    of: Of,
    current: Snapshot,
    a: Side,
    b: Side,
}

pub async fn show(
    visit: Visit,
    portal: Data<Portal>,
    of: Of,
    Query(wanted): Query<Wanted>,
) -> Answer {
    let current = of.current(&portal).await?;
    let a = side(&portal, of, &wanted.a, &current).await?;
    let b = side(&portal, of, &wanted.b, &current).await?;
    page::show(&ShowPage { visit: &visit, of, current, a, b })
}

async fn side(portal: &Portal, of: Of, wanted: &str, current: &Snapshot) -> Result<Side, WebError> {
    if matches!(wanted, "" | "now") {
        return Ok(Side { version: None, snapshot: Some(current.clone()) });
    }
    let number = wanted.parse().map_err(|_| WebError::NotFound)?;
    let version = of.version(portal, number).await?;
    Ok(Side { snapshot: version.snapshot.clone(), version: Some(version) })
}

impl ShowPage<'_> {
    fn name(&self) -> String {
        self.of.name(self.visit, &self.current)
    }

    /// The number, or that it is what stands there now.
    fn caption(&self, side: &Side) -> String {
        match &side.version {
            Some(version) => self.visit.t.versions_one(version.number),
            None => self.visit.t.versions_now().to_owned(),
        }
    }

    /// When and by whom.
    fn made(&self, side: &Side) -> String {
        let Some(version) = &side.version else { return String::new() };
        let who = versioned::who(self.visit, version);
        format!("{}, {who}", self.visit.moment(&version.at))
    }

    fn address(&self, side: &Side) -> String {
        match &side.version {
            Some(version) => format!("{}/{}", self.of.versions(), version.number),
            None => self.of.address(),
        }
    }

    fn turned(&self) -> String {
        let name = |side: &Side| {
            let number = side.version.as_ref().map(|version| version.number.to_string());
            number.unwrap_or_else(|| "now".to_owned())
        };
        let path = format!("{}/compare", self.of.versions());
        page::listing(&path, &[("a", &name(&self.b)), ("b", &name(&self.a))])
    }

    /// None: one of the two cannot be read.
    fn groups(&self) -> Option<Vec<Group>> {
        Some(words::groups(self.visit, self.a.snapshot.as_ref()?, self.b.snapshot.as_ref()?))
    }
}
