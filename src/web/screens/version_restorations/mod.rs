//! Restoring an earlier version: first the plan, then all of it in one change, which is itself a version.

mod form;

use std::collections::BTreeSet;

use actix_web::web::{Data, Path};
use askama::Template;

use self::form::RestorationForm;
use crate::history::Action;
use crate::i18n::{Key, Message, named};
use crate::versions::Version;
use crate::versions::place::Part;
use crate::versions::world::Source;
use crate::web::error::{Answer, WebError};
use crate::web::form::{Form, Problems};
use crate::web::reconfigure::{self, Plan, Refused};
use crate::web::version_words::plan::{self, PlanView, carried_out};
use crate::web::versioned::{self, Number, Of};
use crate::web::visit::Visit;
use crate::web::{Portal, page};

#[derive(Template)]
#[template(path = "version_restorations/new.html")]
struct NewPage<'a> {
    visit: &'a Visit,
    of: Of,
    version: &'a Version,
    name: String,
    plan: &'a Plan,
    view: PlanView,
    mark: String,
    parts: Vec<(Part, String, bool)>,
    problems: Problems,
    /// Something changed after the plan was looked at.
    is_overtaken: bool,
}

pub async fn new(visit: Visit, portal: Data<Portal>, of: Of, path: Path<Number>) -> Answer {
    let version = of.version(&portal, path.number).await?;
    let parts = Part::ALL.into();
    let plan = draw_up(&portal, of, &version, &parts).await?;
    page::show(&page_of(&visit, of, &version, &plan, &parts)?)
}

/// Shows the plan again for the parts that were ticked, or carries out the one that was looked at.
pub async fn create(
    visit: Visit,
    portal: Data<Portal>,
    of: Of,
    path: Path<Number>,
    Form(form): Form<RestorationForm>,
) -> Answer {
    let version = of.version(&portal, path.number).await?;
    let parts = plan::parts(&form.part);
    let plan = draw_up(&portal, of, &version, &parts).await?;
    let shown = page_of(&visit, of, &version, &plan, &parts)?;
    if form.wish == "plan" {
        return page::show(&shown);
    }
    let problems = Problems::of(&form);
    if !problems.is_empty() {
        return page::show_again(&NewPage { problems, ..shown });
    }
    if form.version.parse() != Ok(plan.number) || form.plan != shown.mark {
        return page::show_conflict(&NewPage { is_overtaken: true, ..shown });
    }
    let event = reconfigure::event(Action::VersionRestored, of.0, plan.current.name());
    let event = event.after("version", version.number.to_string());
    let done = match plan.carry_out(&visit, &portal, &event).await? {
        Ok(done) => done,
        Err(Refused::Because(why)) => {
            return page::show_again(&NewPage { problems: Problems::whole(why), ..shown });
        }
        Err(Refused::Overtaken) => {
            let plan = draw_up(&portal, of, &version, &parts).await?;
            let shown = page_of(&visit, of, &version, &plan, &parts)?;
            return page::show_conflict(&NewPage { is_overtaken: true, ..shown });
        }
    };
    // By the name that it has again.
    let (name, number) = (of.name(&visit, &plan.target), version.number);
    let saying = |key: Key| Message::from(key).with("name", name.clone()).with("number", number);
    let sayings =
        [Key::VERSION_RESTORATIONS_DONE, Key::VERSION_RESTORATIONS_DONE_PARTLY].map(saying).into();
    carried_out(&visit, &of.versions(), &done, sayings)
}

async fn draw_up(
    portal: &Portal,
    of: Of,
    version: &Version,
    parts: &BTreeSet<Part>,
) -> Result<Plan, WebError> {
    let wanted = version.snapshot.as_ref().ok_or(WebError::NotFound)?;
    reconfigure::plan(portal, of.0, wanted, parts, Source::Version).await
}

fn page_of<'a>(
    visit: &'a Visit,
    of: Of,
    version: &'a Version,
    plan: &'a Plan,
    parts: &BTreeSet<Part>,
) -> Result<NewPage<'a>, WebError> {
    let parts = match plan.current.connection() {
        Some(_) => plan::part_choices(visit, parts),
        None => Vec::new(),
    };
    Ok(NewPage {
        visit,
        of,
        version,
        name: of.name(visit, &plan.current),
        view: PlanView::of(visit, plan),
        mark: plan.mark()?,
        parts,
        plan,
        problems: Problems::default(),
        is_overtaken: false,
    })
}

impl NewPage<'_> {
    fn title(&self) -> String {
        self.visit.t.version_restorations_title(self.version.number)
    }

    fn action(&self) -> String {
        format!("{}/{}/restorations", self.of.versions(), self.version.number)
    }

    fn back(&self) -> String {
        format!("{}/{}", self.of.versions(), self.version.number)
    }

    fn lead(&self) -> String {
        let when = self.visit.moment(&self.version.at);
        let who = versioned::who(self.visit, self.version);
        self.visit.t.version_restorations_lead(named::when(when), named::who(who))
    }
}
