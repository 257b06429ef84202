//! The page of the ERP tab.

use askama::Template;

use super::Live;
use crate::connections::{ErpConnection, Rights};
use crate::connector::types::ActorType;
use crate::crm::Record;
use crate::links::Link;
use crate::mapping::{ActorMapping, FieldMapping, Pair, display, translate};
use crate::runs::write::WriteState;
use crate::store::crm_lists::Item;
use crate::store::erp_writes::ErpWrite;
use crate::web::visit::Visit;
use crate::web::{captions, erp, values};

#[derive(Template)]
#[template(path = "erp_tab/show.html")]
pub struct ShowPage<'a> {
    pub visit: &'a Visit,
    pub record: Record,
    pub company: Option<Record>,
    pub items: Vec<Item>,
    /// One per connection the person may use.
    pub sections: Vec<Section>,
}

pub struct Section {
    pub connection: ErpConnection,
    pub rights: Rights,
    pub state: State,
}

pub enum State {
    /// The actor types it can be connected as.
    Unlinked(Vec<ActorType>),
    /// A connect or create whose end is not known yet.
    OnItsWay(ErpWrite),
    Linked {
        link: Link,
        mapping: Option<ActorMapping>,
        /// The ERP's values, or why they could not be read.
        live: Result<Live, String>,
    },
}

/// One synchronised field.
pub struct Row {
    pub caption: String,
    pub crm: String,
    pub erp: String,
    pub direction: &'static str,
    pub differs: bool,
}

impl ShowPage<'_> {
    fn base(&self) -> String {
        format!("/{}/{}/erp", self.record.kind.path(), self.record.id)
    }

    fn details(&self) -> String {
        format!("/{}/{}", self.record.kind.path(), self.record.id)
    }

    fn plural(&self) -> &'static str {
        captions::record_kinds(self.visit.t, self.record.kind)
    }

    fn is_linked(&self) -> bool {
        self.sections.iter().any(|section| matches!(section.state, State::Linked { .. }))
    }

    fn mark(&self) -> &'static str {
        if self.is_linked() { "●" } else { "" }
    }

    fn name(&self, section: &Section) -> String {
        self.visit.pick(&section.connection.name).to_owned()
    }

    /// What the connection is for, in the words of whoever set it up.
    fn description<'s>(&self, section: &'s Section) -> &'s str {
        self.visit.pick(&section.connection.description)
    }

    fn actor_type(&self, kind: &ActorType) -> &'static str {
        captions::actor_type(self.visit.t, *kind)
    }

    fn path(&self, section: &Section, rest: &str) -> String {
        format!("{}/{}/{rest}", self.base(), section.connection.id)
    }

    fn search(&self, section: &Section, kind: &ActorType) -> String {
        self.path(section, &format!("search?type={kind}"))
    }

    fn is_unclear(&self, write: &ErpWrite) -> bool {
        write.state == WriteState::Unclear
    }

    fn failure(&self, link: &Link) -> String {
        link.failure
            .as_ref()
            .map_or(String::new(), |failure| erp::reason(self.visit, &failure.reason))
    }

    /// Fields that are synchronised, side by side.
    fn rows(&self, mapping: &ActorMapping, live: Option<&Live>) -> Vec<Row> {
        mapping.pairs().iter().map(|pair| self.row(pair, live)).collect()
    }

    fn row(&self, pair: &Pair<'_>, live: Option<&Live>) -> Row {
        let field = pair.field;
        let ours = values::shown(self.visit, self.record.values.get(&pair.crm.key), &self.items);
        let theirs = live.map(|live| self.live(field, live)).unwrap_or_default();
        let is_there = live.is_some_and(|live| live.fields.contains_key(&field.erp.key));
        let t = self.visit.t;
        Row {
            caption: captions::field(self.visit, &pair.crm),
            // What counted at creation only may differ from then on.
            differs: is_there && field.lasting().is_any() && !self.is_same(pair, live),
            crm: ours,
            erp: theirs,
            direction: match (field.direction.to_erp, field.direction.to_crm) {
                (true, true) => t.erp_direction_both(),
                (true, false) => t.erp_direction_to_erp(),
                _ => t.erp_direction_to_crm(),
            },
        }
    }

    fn is_same(&self, pair: &Pair<'_>, live: Option<&Live>) -> bool {
        let Some(live) = live else { return true };
        let raw = live.fields.get(&pair.field.erp.key).map_or("", String::as_str);
        translate::agree(pair, self.record.values.get(&pair.crm.key), raw, &live.meanings)
    }

    /// Fields of the ERP alone, in rank order.
    fn shown(&self, mapping: &ActorMapping, live: &Live) -> Vec<(String, String)> {
        mapping
            .fields
            .iter()
            .filter(|field| {
                field.is_shown_in_tab && !field.is_missing_in_erp && field.crm_field.is_none()
            })
            .map(|field| (self.visit.pick(&field.erp.name).to_owned(), self.live(field, live)))
            .collect()
    }

    fn live(&self, field: &FieldMapping, live: &Live) -> String {
        let raw = live.fields.get(&field.erp.key).map_or("", String::as_str);
        let empty = Default::default();
        let items = live.texts.get(&field.erp.list).unwrap_or(&empty);
        display::display(&field.erp, raw, items, self.visit.t)
    }

    fn last_sync(&self, link: &Link) -> String {
        link.last_sync
            .map_or(String::new(), |at| self.visit.t.erp_last_sync(self.visit.moment(&at)))
    }
}
