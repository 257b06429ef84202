//! What the chosen connection synchronises, actor type by actor type.

use crate::i18n::named;
use crate::mapping::{ActorMapping, FieldMapping, Pair, display};
use crate::web::captions;
use crate::web::visit::Visit;

/// One actor type.
pub struct Summary {
    pub actor: &'static str,
    pub is_on: bool,
    /// The fields that synchronise, with their directions.
    pub fields: String,
    /// What new actors in the ERP get besides.
    pub defaults: String,
}

impl Summary {
    pub fn of(visit: &Visit, mapping: &ActorMapping) -> Self {
        Self {
            actor: captions::actor_type(visit.t, mapping.kind),
            is_on: mapping.is_active && !mapping.is_missing,
            fields: fields(visit, mapping),
            defaults: defaults(visit, mapping),
        }
    }
}

fn fields(visit: &Visit, mapping: &ActorMapping) -> String {
    let pairs = mapping.pairs();
    let text = |pair: &Pair<'_>| {
        let arrow = pair.field.direction.arrow();
        let crm = captions::field(visit, &pair.crm);
        format!("{} {arrow} {crm}", visit.pick(&pair.field.erp.name))
    };
    pairs.iter().map(text).collect::<Vec<_>>().join(", ")
}

fn defaults(visit: &Visit, mapping: &ActorMapping) -> String {
    let text = |field: &FieldMapping| {
        let rule = field.default.as_ref()?;
        let raw = rule.value.as_deref().unwrap_or_default();
        let value = display::display(&field.erp, raw, &rule.items(), visit.t);
        let name = visit.pick(&field.erp.name);
        Some(match (value.is_empty(), rule.asks_user) {
            (true, _) => visit.t.sync_default_asked(name),
            (false, true) => visit.t.sync_default_offered(named::name(name), named::value(value)),
            (false, false) => visit.t.sync_default_set(named::name(name), named::value(value)),
        })
    };
    mapping.fields.iter().filter_map(text).collect::<Vec<_>>().join(", ")
}
