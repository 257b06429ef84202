//! Taking back what was just saved: what the newest version changed stands again as it stood before, which
//! is a change of its own. Nothing that was saved since is ever undone with it.

use std::collections::BTreeSet;

use actix_web::web::{Data, Path};

use crate::history::Action;
use crate::i18n::Key;
use crate::versions::difference::diff;
use crate::versions::place::Part;
use crate::versions::world::Source;
use crate::web::back::Back;
use crate::web::error::{Answer, WebError};
use crate::web::form::Form;
use crate::web::reconfigure::{self, Refused};
use crate::web::version_words::plan::carried_out;
use crate::web::versioned::{Number, Of};
use crate::web::visit::Visit;
use crate::web::{Portal, page};

/// Undoes the version of this number, as long as it is the newest.
pub async fn create(
    visit: Visit,
    portal: Data<Portal>,
    of: Of,
    path: Path<Number>,
    Form(back): Form<Back>,
) -> Answer {
    let versions = of.versions();
    let to = back.or(&versions);
    let made = of.version(&portal, path.number).await?;
    let before = of.version(&portal, path.number - 1).await?;
    let (Some(now), Some(then)) = (&made.snapshot, &before.snapshot) else {
        return Err(WebError::NotFound);
    };
    let parts: BTreeSet<Part> = diff(then, now).iter().map(|d| d.place.part()).collect();
    let plan = reconfigure::plan(&portal, of.0, then, &parts, Source::Version).await?;
    let done = match plan.number == made.number {
        true => {
            let event = reconfigure::event(Action::VersionRestored, of.0, plan.current.name());
            let event = event.after("version", before.number.to_string());
            plan.carry_out(&visit, &portal, &event).await?
        }
        false => Err(Refused::Overtaken),
    };
    match done {
        Ok(done) => {
            let sayings = (Key::VERSION_UNDOS_DONE.into(), Key::VERSION_UNDOS_DONE_PARTLY.into());
            carried_out(&visit, to, &done, sayings)
        }
        Err(Refused::Because(why)) => page::redirect_warning(&visit, to, why),
        // Where one can see what it would take by now.
        Err(Refused::Overtaken) => {
            let plan = format!("{versions}/{}/restorations", before.number);
            page::redirect_warning(&visit, &plan, Key::VERSION_UNDOS_OVERTAKEN)
        }
    }
}
