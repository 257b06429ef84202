//! Merges what a connector now says about its actor types and fields into the stored mappings. What a
//! person decided is kept as far as it is still possible; every difference is reported.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use super::{ActorMapping, FieldMapping, Side, automatic, defaults, matrix, record_kind};
use crate::connections::ConnectionId;
use crate::connector::encoding;
use crate::connector::types::{Access, ActorType, FieldInfo, FieldType};
use crate::crm::fields::{Catalogue, Catalogues};

/// One actor type as the connector describes it now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fetched {
    pub kind: ActorType,
    /// In the connector's order.
    pub fields: Vec<FieldInfo>,
    pub searchable: Vec<String>,
}

/// One difference, for a review screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub kind: ActorType,
    /// Key of the ERP field; none where it concerns the whole actor type.
    pub field: Option<String>,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    TypeAdded,
    TypeMissing,
    TypeBack,
    /// Other fields can be searched for than before.
    Searchable,
    FieldAdded,
    FieldMissing,
    FieldBack,
    FieldType {
        before: FieldType,
        after: FieldType,
    },
    /// Mandatory, read-only, or neither any more.
    FieldAccess(Access),
    /// Its items come from another list.
    FieldList,
    /// The most characters it takes; 0: any number.
    FieldLength(i64),
    /// It has another name; given is the one before.
    FieldName(String),
    /// Something else that is said about it: its description, its default, its place.
    FieldAbout,
    /// A direction is no longer possible and was switched off.
    DirectionOff(Side),
    ItemsDropped,
    DefaultDropped,
    /// It is no longer shown in searches or in the ERP tab.
    Hidden,
}

/// The mappings of a connection as they are after `fetched`, in the order of actor types, and what
/// changed. New mappings and fields have the id 0.
pub fn merge(
    connection_id: ConnectionId,
    catalogues: &Catalogues,
    stored: &[ActorMapping],
    fetched: &[Fetched],
) -> (Vec<ActorMapping>, Vec<Change>) {
    let mut mappings = Vec::new();
    let mut changes = Vec::new();
    for kind in ActorType::ALL {
        let before = stored.iter().find(|mapping| mapping.kind == kind);
        let now = fetched.iter().find(|fetched| fetched.kind == kind);
        let mut changed = |field, what| changes.push(Change { kind, field, what });
        match (before, now) {
            (None, None) => {}
            (Some(before), None) => {
                if !before.is_missing {
                    changed(None, What::TypeMissing);
                }
                mappings.push(ActorMapping { is_missing: true, ..before.clone() });
            }
            (None, Some(now)) => {
                changed(None, What::TypeAdded);
                let catalogue = Arc::clone(catalogues.of(record_kind(kind)));
                let new = ActorMapping::new(connection_id, kind, catalogue);
                mappings.push(merge_fields(new, now, &mut Vec::new()));
            }
            (Some(before), Some(now)) => {
                if before.is_missing {
                    changed(None, What::TypeBack);
                }
                mappings.push(merge_fields(before.clone(), now, &mut changes));
            }
        }
    }
    (mappings, changes)
}

fn merge_fields(
    mut mapping: ActorMapping,
    now: &Fetched,
    changes: &mut Vec<Change>,
) -> ActorMapping {
    let kind = mapping.kind;
    let catalogue = Arc::clone(&mapping.catalogue);
    mapping.is_missing = false;
    if set(&mapping.searchable) != set(&now.searchable) {
        mapping.searchable.clone_from(&now.searchable);
        changes.push(Change { kind, field: None, what: What::Searchable });
    }
    for field in &mut mapping.fields {
        let info = now.fields.iter().find(|info| info.key == field.erp.key);
        let found = match info {
            Some(info) => renew((kind, &catalogue), field, info),
            None if field.is_missing_in_erp => Vec::new(),
            None => {
                field.is_missing_in_erp = true;
                vec![What::FieldMissing]
            }
        };
        let key = &field.erp.key;
        changes.extend(found.into_iter().map(|what| Change {
            kind,
            field: Some(key.clone()),
            what,
        }));
    }
    for info in in_rank_order(&now.fields) {
        if mapping.field(&info.key).is_none() {
            let field = new_field(&mapping, info);
            changes.push(Change { kind, field: Some(info.key.clone()), what: What::FieldAdded });
            mapping.fields.push(field);
        }
    }
    mapping
}

fn set(keys: &[String]) -> BTreeSet<&String> {
    keys.iter().collect()
}

/// Ranks are said to be unique, but some connectors send 0 throughout; then their order counts.
fn in_rank_order(fields: &[FieldInfo]) -> Vec<&FieldInfo> {
    let mut sorted: Vec<&FieldInfo> = fields.iter().collect();
    sorted.sort_by_key(|field| field.rank);
    sorted
}

fn new_field(mapping: &ActorMapping, info: &FieldInfo) -> FieldMapping {
    let taken: BTreeSet<&str> =
        mapping.fields.iter().filter_map(|field| field.crm_field.as_deref()).collect();
    let crm_field = automatic::suggest(mapping.kind, info, &mapping.catalogue)
        .map(|crm| crm.key.clone())
        .filter(|key| !taken.contains(key.as_str()));
    FieldMapping { crm_field, ..FieldMapping::new(info.clone()) }
}

/// Takes over what the connector says about a field it had before, and switches off what is no longer
/// possible.
fn renew(of: (ActorType, &Catalogue), field: &mut FieldMapping, info: &FieldInfo) -> Vec<What> {
    let mut found = Vec::new();
    if field.is_missing_in_erp {
        field.is_missing_in_erp = false;
        found.push(What::FieldBack);
    }
    let before = std::mem::replace(&mut field.erp, info.clone());
    found.extend(told_differently(&before, info));
    for side in impossible(of, field) {
        field.direction = field.direction.without(side);
        found.push(What::DirectionOff(side));
    }
    let has_items = !field.items.is_empty() || !field.item_rule.is_plain();
    if (before.kind, &before.list) != (info.kind, &info.list) && has_items {
        field.forget_items();
        found.push(What::ItemsDropped);
    }
    if field.default.is_some() && !default_fits(field, &before) {
        field.default = None;
        found.push(What::DefaultDropped);
    }
    let is_shown = field.is_shown_in_search || field.is_shown_in_tab;
    if is_shown && !info.kind.has_value() {
        field.is_shown_in_search = false;
        field.is_shown_in_tab = false;
        found.push(What::Hidden);
    }
    found
}

/// What the connector says otherwise about a field than before.
fn told_differently(before: &FieldInfo, after: &FieldInfo) -> Vec<What> {
    let mut found = Vec::new();
    if before.name != after.name {
        found.push(What::FieldName(before.name.clone()));
    }
    if before.kind != after.kind {
        found.push(What::FieldType { before: before.kind, after: after.kind });
    }
    if before.access != after.access {
        found.push(What::FieldAccess(after.access));
    }
    if before.kind == after.kind && before.list != after.list {
        found.push(What::FieldList);
    }
    if before.max_length != after.max_length {
        found.push(What::FieldLength(after.max_length));
    }
    if found.is_empty() && before != after {
        found.push(What::FieldAbout);
    }
    found
}

fn impossible((kind, catalogue): (ActorType, &Catalogue), field: &FieldMapping) -> Vec<Side> {
    let crm = field.crm_field.as_deref().and_then(|key| catalogue.find(key));
    let Some(crm) = crm else { return Vec::new() };
    let problems = matrix::permit(kind, &field.erp, crm, false).problems(field.direction);
    problems.into_iter().map(|(side, _)| side).collect()
}

fn default_fits(field: &FieldMapping, before: &FieldInfo) -> bool {
    let erp = &field.erp;
    let value = field.default.as_ref().and_then(|rule| rule.value.as_deref()).unwrap_or_default();
    defaults::takes_values(erp)
        && (value.is_empty() || before.list == erp.list)
        && (before.kind == erp.kind || encoding::read(erp.kind, value).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::rules::{FieldRules, ItemRule, Unmapped, When};
    use crate::mapping::testing::{erp_field, mapped, mapping_of, unmapped};
    use crate::mapping::{DefaultRule, Direction};

    fn fetched(kind: ActorType, fields: impl Into<Vec<FieldInfo>>) -> Fetched {
        Fetched { kind, fields: fields.into(), searchable: vec!["NAME".to_owned()] }
    }

    /// The fields of one customer mapping after a merge, and what was reported.
    fn merged(
        fields: impl IntoIterator<Item = FieldMapping>,
        now: impl Into<Vec<FieldInfo>>,
    ) -> (Vec<FieldMapping>, Vec<What>) {
        let searchable = vec!["NAME".to_owned()];
        let stored = [ActorMapping { searchable, ..mapping_of(ActorType::Customer, fields) }];
        let (mut after, changes) =
            merge(1, Catalogues::builtin(), &stored, &[fetched(ActorType::Customer, now)]);
        (after.remove(0).fields, changes.into_iter().map(|change| change.what).collect())
    }

    #[test]
    fn a_new_actor_type_comes_switched_off_and_mapped_without_directions() {
        let name = FieldInfo { rank: 2, ..erp_field("Name", FieldType::Text) };
        let phone = FieldInfo { rank: 1, ..erp_field("PHONE", FieldType::Text) };
        let (mappings, changes) =
            merge(7, Catalogues::builtin(), &[], &[fetched(ActorType::Customer, [name, phone])]);
        let [mapping] = &mappings[..] else { panic!("{mappings:?}") };
        assert_eq!((mapping.id, mapping.connection_id, mapping.is_active), (0, 7, false));
        assert_eq!(mapping.searchable, ["NAME"]);
        let rows: Vec<_> = mapping
            .fields
            .iter()
            .map(|field| (field.erp.key.as_str(), field.crm_field.as_deref(), field.direction))
            .collect();
        assert_eq!(
            rows,
            [("PHONE", Some("phone"), Direction::NONE), ("Name", Some("name"), Direction::NONE)]
        );
        assert_eq!(
            changes,
            [Change { kind: ActorType::Customer, field: None, what: What::TypeAdded }]
        );
    }

    #[test]
    fn the_same_answer_again_changes_nothing() {
        let now = [fetched(ActorType::Person, [erp_field("LASTNAME", FieldType::Text)])];
        let (first, _) = merge(1, Catalogues::builtin(), &[], &now);
        assert_eq!(merge(1, Catalogues::builtin(), &first, &now), (first, Vec::new()));
    }

    #[test]
    fn actor_types_that_vanish_are_kept_and_come_back() {
        let stored = [mapping_of(ActorType::Project, [unmapped("X", FieldType::Text)])];
        let (gone, changes) = merge(1, Catalogues::builtin(), &stored, &[]);
        assert!(gone[0].is_missing && gone[0].is_active);
        assert_eq!(changes[0].what, What::TypeMissing);
        assert_eq!(merge(1, Catalogues::builtin(), &gone, &[]).1, []);
        let now = [fetched(ActorType::Project, [erp_field("X", FieldType::Text)])];
        let (back, changes) = merge(1, Catalogues::builtin(), &gone, &now);
        assert!(!back[0].is_missing);
        assert_eq!(changes[0].what, What::TypeBack);
    }

    #[test]
    fn fields_that_vanish_keep_their_mapping_for_their_return() {
        let phone = mapped("PHONE", FieldType::Text, "phone", Direction::BOTH);
        let (gone, what) = merged([phone.clone()], []);
        assert_eq!(what, [What::FieldMissing]);
        assert!(gone[0].is_missing_in_erp);
        let (back, what) = merged(gone, [erp_field("PHONE", FieldType::Text)]);
        assert_eq!(what, [What::FieldBack]);
        assert_eq!(back, [phone]);
    }

    #[test]
    fn a_renamed_key_is_a_new_field_and_takes_no_crm_field_from_another() {
        let phone = mapped("TELEPHONE", FieldType::Text, "phone", Direction::BOTH);
        let (fields, what) = merged([phone], [erp_field("PHONE", FieldType::Text)]);
        assert_eq!(what, [What::FieldMissing, What::FieldAdded]);
        assert_eq!(fields[1].crm_field, None);
    }

    #[test]
    fn directions_that_became_impossible_are_switched_off() {
        let code = || mapped("CODE", FieldType::Text, "code", Direction::BOTH);
        let mut locked = erp_field("CODE", FieldType::Text);
        locked.access = Access::ReadOnly;
        let (fields, what) = merged([code()], [locked]);
        assert_eq!(fields[0].direction, Direction::TO_CRM);
        assert_eq!(what, [What::FieldAccess(Access::ReadOnly), What::DirectionOff(Side::Erp)]);

        let (fields, what) = merged([code()], [erp_field("CODE", FieldType::Integer)]);
        assert_eq!(fields[0].direction, Direction::TO_CRM);
        let typed = What::FieldType { before: FieldType::Text, after: FieldType::Integer };
        assert_eq!(what, [typed, What::DirectionOff(Side::Erp)]);

        let (fields, _) = merged([code()], [erp_field("CODE", FieldType::Label)]);
        assert_eq!(fields[0].direction, Direction::NONE);
    }

    #[test]
    fn list_items_and_defaults_go_when_they_no_longer_fit() {
        let rule = DefaultRule {
            value: Some("A".into()),
            asks_user: false,
            is_mandatory: false,
            ..DefaultRule::default()
        };
        let mut group = mapped("GROUP", FieldType::List, "category", Direction::BOTH);
        group.items.insert("A".into(), 1);
        group.default = Some(rule.clone());
        let same = erp_field("GROUP", FieldType::List);
        assert_eq!(merged([group.clone()], [same.clone()]), (vec![group.clone()], vec![]));
        let (fields, what) = merged([group], [FieldInfo { list: "Other".into(), ..same }]);
        assert_eq!(what, [What::FieldList, What::ItemsDropped, What::DefaultDropped]);
        assert!(fields[0].items.is_empty() && fields[0].default.is_none());

        let mut days = unmapped("DAYS", FieldType::Text);
        days.default = Some(rule);
        let (_, what) = merged([days], [erp_field("DAYS", FieldType::Integer)]);
        assert!(what.contains(&What::DefaultDropped), "A is no number");
    }

    #[test]
    fn rules_stay_and_those_for_items_go_with_their_list() {
        let mut group = mapped("GROUP", FieldType::List, "category", Direction::BOTH);
        group.rules = FieldRules { to_crm: When::OnCreate, to_erp: When::IfEmpty, may_blank: true };
        group.item_rule = ItemRule { unmapped: Unmapped::Leave, ..ItemRule::default() };
        let renamed = FieldInfo { name: "Gruppe".into(), ..erp_field("GROUP", FieldType::List) };
        let (fields, what) = merged([group.clone()], [renamed.clone()]);
        assert_eq!(fields[0], FieldMapping { erp: renamed.clone(), ..group.clone() });
        assert_eq!(what, [What::FieldName("GROUP".into())]);
        let (fields, what) =
            merged([group.clone()], [FieldInfo { list: "Other".into(), ..renamed }]);
        assert!(what.contains(&What::ItemsDropped), "{what:?}");
        assert_eq!((fields[0].rules, fields[0].item_rule.is_plain()), (group.rules, true));
    }

    #[test]
    fn whatever_is_taken_over_is_reported() {
        let before = FieldInfo { max_length: 80, ..erp_field("X", FieldType::Text) };
        let to = |change: &dyn Fn(&mut FieldInfo)| {
            let mut after = before.clone();
            change(&mut after);
            merged([FieldMapping::new(before.clone())], [after]).1
        };
        assert_eq!(to(&|_| ()), []);
        assert_eq!(to(&|x| x.name = "Y".into()), [What::FieldName(before.name.clone())]);
        assert_eq!(to(&|x| x.access = Access::Mandatory), [What::FieldAccess(Access::Mandatory)]);
        assert_eq!(to(&|x| x.max_length = 0), [What::FieldLength(0)]);
        assert_eq!(to(&|x| x.list = "L".into()), [What::FieldList]);
        let about: [fn(&mut FieldInfo); 3] =
            [|x| x.description = "Y".into(), |x| x.default = "Y".into(), |x| x.rank = 7];
        for change in about {
            assert_eq!(to(&change), [What::FieldAbout]);
        }
        let mut shown = FieldMapping::new(before.clone());
        shown.is_shown_in_tab = true;
        let label = FieldInfo { kind: FieldType::Label, ..before.clone() };
        let (after, what) = merged([shown], [label]);
        assert!(!after[0].is_shown_in_tab && what.contains(&What::Hidden));
    }

    #[test]
    fn other_searchable_fields_are_a_change_and_another_order_of_them_is_none() {
        let stored = ActorMapping {
            searchable: vec!["NAME".to_owned(), "X".to_owned()],
            ..mapping_of(ActorType::Customer, [unmapped("X", FieldType::Text)])
        };
        let x = [erp_field("X", FieldType::Text)];
        let offered = |keys: &[&str]| Fetched {
            searchable: keys.iter().map(|key| (*key).to_owned()).collect(),
            ..fetched(ActorType::Customer, x.clone())
        };
        let stored = [stored];
        let merge = |keys: &[&str]| merge(1, Catalogues::builtin(), &stored, &[offered(keys)]);
        assert_eq!(merge(&["X", "NAME"]), (stored.to_vec(), Vec::new()));
        let (after, changes) = merge(&["X"]);
        assert_eq!((after[0].searchable.len(), &changes[0].what), (1, &What::Searchable));
    }
}
