//! What of the example can be had, and what is named.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::connections::Grantee;
use crate::crm::fields::List;
use crate::mapping::testing::{erp_field, mapped, mapping_of, unmapped};
use crate::mapping::{DefaultRule, Direction};
use crate::versions::state::{Aside, CrmField, ItemRef, Setting};
use crate::versions::testing::example;
use crate::versions::world::{KnownItem, Source};

fn declared() -> Vec<FieldInfo> {
    vec![
        erp_field("Password", FieldType::Password),
        erp_field("Port", FieldType::Integer),
        FieldInfo { access: Access::Mandatory, ..erp_field("Server", FieldType::Text) },
    ]
}

/// Where the example stands as it is.
fn world(source: Source) -> World {
    let mut name = mapped("NAME", FieldType::Text, "name", Direction::BOTH);
    name.is_shown_in_search = true;
    let mut phone = unmapped("PHONE", FieldType::Text);
    let value = Some("+49".to_owned());
    phone.default =
        Some(DefaultRule { value, asks_user: true, is_mandatory: false, ..DefaultRule::default() });
    let mut group = mapped("GROUP", FieldType::List, "category", Direction::TO_CRM);
    group.items.insert("A".into(), 7);
    let item = |id, text: &str| KnownItem { id, list: List::CATEGORY, text: text.to_owned() };
    World {
        source,
        mappings: vec![mapping_of(ActorType::Customer, [name, phone, group])],
        elsewhere: Vec::new(),
        people: vec![
            (Grantee::User(3), "Ida".to_owned()),
            (Grantee::User(4), "Jon".to_owned()),
            (Grantee::User(5), "Jon".to_owned()),
            (Grantee::Group(3), "Ida".to_owned()),
        ],
        items: vec![item(7, "Kunde"), item(8, "US:\"Partner\";GE:\"Partner GmbH\"")],
        erp_lists: [("GROUPList".to_owned(), Some(["A", "B"].map(str::to_owned).into()))].into(),
    }
}

fn attained(wanted: &ConnectionState, world: &World) -> Attained {
    attain(&example(), &declared(), wanted, world)
}

/// What was left out, as name and reason.
fn left(attained: &Attained) -> Vec<(String, &str)> {
    attained.left_out.iter().map(|left| (left.what.join(" – "), left.why.key.id())).collect()
}

fn owned<const N: usize>(left: [(&'static str, &'static str); N]) -> Vec<(String, &'static str)> {
    left.map(|(what, why)| (what.to_owned(), why)).into()
}

fn customer(wanted: &mut ConnectionState) -> &mut crate::versions::state::TypeState {
    wanted.actor_types.get_mut(&ActorType::Customer).unwrap()
}

#[test]
fn what_stands_there_already_is_had_as_it_is() {
    for source in [Source::Version, Source::File] {
        let world = world(source);
        let attained = attained(&example(), &world);
        assert_eq!(left(&attained), owned([]));
        assert_eq!(attained.mappings, world.mappings);
        assert_eq!(attained.settings["Server"], "erp.example");
        let Scope::Only(rows) = &attained.scope else { panic!() };
        assert_eq!(rows[0].who, Grantee::User(3));
    }
}

#[test]
fn what_was_changed_comes_back() {
    let mut world = world(Source::Version);
    let before = world.mappings.clone();
    let now = &mut world.mappings[0];
    now.is_active = false;
    now.fields[0].direction = Direction::NONE;
    now.fields[1] = mapped("PHONE", FieldType::Text, "phone", Direction::BOTH);
    now.fields[2].items = [("A".to_owned(), 8), ("B".to_owned(), 7)].into();
    now.fields.swap(0, 2);
    let attained = attained(&example(), &world);
    assert_eq!(left(&attained), owned([]));
    assert_eq!(attained.mappings, before);
}

#[test]
fn what_is_gone_is_named_and_the_rest_is_had() {
    let mut wanted = example();
    wanted.actor_types.insert(
        ActorType::Project,
        crate::versions::state::TypeState { is_active: true, ..Default::default() },
    );
    let fields = &mut customer(&mut wanted).fields;
    let mut gone = fields[0].clone();
    gone.key = "GONE".into();
    gone.name = "Gone".into();
    let untouched = crate::versions::state::FieldState {
        key: "NEVER_USED".into(),
        crm_field: None,
        in_search: false,
        ..gone.clone()
    };
    fields[2].items.insert("B".into(), ItemRef { id: 9, text: "Nobody's".into() });
    fields[1].crm_field = Some(CrmField { key: "no_longer".into(), label: "".into() });
    fields.extend([gone, untouched]);
    wanted.scope.grants[0].id = 99;
    wanted.settings.insert(
        "Client".into(),
        Setting {
            name: "Mandant".into(),
            kind: Aside(FieldType::Text),
            value: Held::Plain("1".into()),
        },
    );
    wanted.settings.get_mut("Port").unwrap().value = Held::Plain("many".into());
    wanted.settings.get_mut("Server").unwrap().value = Held::Plain(String::new());
    let world = world(Source::Version);
    let attained = attained(&wanted, &world);
    let mut found = left(&attained);
    found.sort_unstable();
    assert_eq!(
        found,
        owned([
            ("", "versions-left-no-type"),
            ("", "versions-left-scope"),
            ("GROUP – B – Nobody's", "versions-left-no-item"),
            ("Gone", "versions-left-no-field"),
            ("Ida", "versions-left-nobody"),
            ("Mandant", "versions-left-no-setting"),
            ("PHONE – no_longer", "mapping-edit-unknown-crm-field"),
            ("Port", "versions-left-not-of-type"),
            ("Server", "form-required"),
        ])
    );
    assert_eq!(attained.mappings, world.mappings, "as it was, where it cannot be otherwise");
    assert_eq!(attained.settings["Port"], "[I:80]");
    assert!(matches!(&attained.scope, Scope::Only(rows) if rows[0].who == Grantee::User(3)));
}

#[test]
fn an_id_in_a_file_means_nothing_without_its_name() {
    let mut wanted = example();
    let group = &mut customer(&mut wanted).fields[2];
    group.items = [
        ("A".to_owned(), ItemRef { id: 7, text: "partner gmbh".into() }),
        ("B".to_owned(), ItemRef { id: 8, text: "Kunde".into() }),
    ]
    .into();
    wanted.scope.grants[0].id = 4;
    let of_file = world(Source::File);
    let found = attained(&wanted, &of_file);
    assert_eq!(left(&found), owned([]));
    let items = &found.mappings[0].field("GROUP").unwrap().items;
    assert_eq!(*items, [("A".to_owned(), 8), ("B".to_owned(), 7)].into());
    assert!(matches!(&found.scope, Scope::Only(rows) if rows[0].who == Grantee::User(3)));
    // In a version it is the id that counts: things may have been renamed since.
    let found = attained(&wanted, &world(Source::Version));
    let items = &found.mappings[0].field("GROUP").unwrap().items;
    assert_eq!(*items, [("A".to_owned(), 7), ("B".to_owned(), 8)].into());
    assert!(matches!(&found.scope, Scope::Only(rows) if rows[0].who == Grantee::User(4)));
    // A name that two people bear could be either.
    wanted.scope.grants[0].name = "Jon".into();
    wanted.scope.grants[0].id = 77;
    assert!(
        left(&attained(&wanted, &of_file)).contains(&owned([("Jon", "versions-left-nobody")])[0])
    );
}

#[test]
fn a_text_that_several_items_bear_means_none_of_them() {
    let mut wanted = example();
    let item = ItemRef { id: 99, text: "Kunde".into() };
    customer(&mut wanted).fields[2].items = [("A".to_owned(), item)].into();
    let mut of_file = world(Source::File);
    of_file.mappings[0].fields[2].items.clear();
    assert_eq!(attained(&wanted, &of_file).mappings[0].fields[2].items["A"], 7);
    of_file.items.push(KnownItem { id: 9, list: List::CATEGORY, text: "kunde ".to_owned() });
    let found = attained(&wanted, &of_file);
    assert_eq!(left(&found), owned([("GROUP – A – Kunde", "versions-left-no-item")]));
    assert!(found.mappings[0].fields[2].items.is_empty());
}

#[test]
fn what_the_erps_list_does_not_have_is_named_and_what_stands_there_stays() {
    for source in [Source::Version, Source::File] {
        let mut world = world(source);
        world.erp_lists = [("GROUPList".to_owned(), Some(["B".to_owned()].into()))].into();
        let mut wanted = example();
        let group = &mut customer(&mut wanted).fields[2];
        group.items.insert("C".into(), ItemRef { id: 8, text: "Partner".into() });
        group.unmapped_items.erp_default = Some("D".into());
        let found = attained(&wanted, &world);
        let no_item = "versions-left-no-erp-item";
        let gone = owned([("GROUP – C – Partner", no_item), ("GROUP – D", no_item)]);
        assert_eq!(left(&found), gone, "{source:?}");
        assert_eq!(found.mappings, world.mappings, "{source:?}");
        // Nobody can tell while the connector does not answer.
        world.erp_lists.clear();
        let found = attained(&wanted, &world);
        assert_eq!(left(&found), owned([("GROUP", "versions-left-list-unknown")]), "{source:?}");
        assert_eq!(found.mappings, world.mappings, "{source:?}");
    }
}

#[test]
fn only_lists_that_get_other_items_are_asked_for() {
    let of_version = world(Source::Version);
    let mut wanted = example();
    assert!(mapping::lists_needed(&wanted, &of_version).is_empty());
    let group = &mut customer(&mut wanted).fields[2];
    group.items.insert("B".into(), ItemRef { id: 8, text: "".into() });
    let asked: Vec<String> = mapping::lists_needed(&wanted, &of_version).into_iter().collect();
    assert_eq!(asked, ["GROUPList"]);
}

#[test]
fn items_stay_with_a_crm_field_that_cannot_be_another() {
    let mut world = world(Source::Version);
    world.mappings[0].fields[2].is_missing_in_erp = false;
    let mut wanted = example();
    let group = &mut customer(&mut wanted).fields[2];
    group.crm_field = Some(CrmField { key: "no_longer".into(), label: "".into() });
    group.items = [("A".to_owned(), ItemRef { id: 9, text: "x".into() })].into();
    let found = attained(&wanted, &world);
    let why = "mapping-edit-unknown-crm-field";
    assert_eq!(left(&found), owned([("GROUP – no_longer", why)]));
    assert_eq!(found.mappings, world.mappings);
}

#[test]
fn what_was_attained_once_is_attained_again() {
    let mut wanted = example();
    customer(&mut wanted).fields.swap(0, 2);
    customer(&mut wanted).fields[1].default = None;
    wanted.scope.grants.push(Grant { id: 9, ..wanted.scope.grants[0].clone() });
    for source in [Source::Version, Source::File] {
        let mut world = world(source);
        let first = attained(&wanted, &world);
        let target = first.state(&example(), &Names::default());
        world.source = Source::Version;
        let second = attain(&target, &declared(), &target, &world);
        assert_eq!(left(&second), owned([]), "{source:?}");
        assert_eq!(second.mappings, first.mappings, "{source:?}");
        assert!(second.has_scope_of(&first), "{source:?}");
    }
}

#[test]
fn what_was_not_asked_for_stays_although_it_could_not_be_had() {
    let mut of_file = world(Source::File);
    // A pair whose item is gone from the CRM's list, and people of other names.
    of_file.items.retain(|item| item.id != 7);
    of_file.people.clear();
    let mut found = attained(&example(), &of_file);
    assert!(found.mappings[0].fields[2].items.is_empty());
    found.keep_to(&BTreeSet::from([Part::General]), &example(), &of_file);
    assert_eq!(left(&found), owned([]));
    assert_eq!(found.mappings, of_file.mappings);
    assert!(matches!(&found.scope, Scope::Only(rows) if rows[0].who == Grantee::User(3)));
}

#[test]
fn a_file_may_name_a_secret_but_never_brings_one() {
    let mut now = example();
    now.settings.get_mut("Password").unwrap().value = Held::UNSET;
    let found = attain(&now, &declared(), &example(), &world(Source::File));
    assert_eq!(left(&found), owned([("Password", "versions-left-secret")]));
    assert!(!found.settings.contains_key("Password"));
    let mut plain = example();
    plain.settings.get_mut("Password").unwrap().value = Held::Plain("told".into());
    let found = attain(&example(), &declared(), &plain, &world(Source::File));
    assert!(!found.settings.contains_key("Password"), "what is no secret there is one here");
}

#[test]
fn one_crm_field_goes_to_one_erp_field() {
    let mut wanted = example();
    customer(&mut wanted).fields[1].crm_field =
        Some(CrmField { key: "name".into(), label: "".into() });
    let found = attained(&wanted, &world(Source::Version));
    assert_eq!(left(&found), owned([("PHONE – ", "mapping-edit-used-twice")]));
    // What must stay as it is keeps its CRM field, whatever else wants it.
    let mut world = world(Source::Version);
    world.mappings[0].fields[1] = mapped("PHONE", FieldType::Text, "phone", Direction::BOTH);
    world.mappings[0].fields[1].is_missing_in_erp = true;
    let mut wanted = example();
    let fields = &mut customer(&mut wanted).fields;
    fields[1].crm_field = Some(CrmField { key: "fax".into(), label: "".into() });
    fields[0].crm_field = Some(CrmField { key: "phone".into(), label: "".into() });
    let found = attained(&wanted, &world);
    let keys: Vec<String> = left(&found).into_iter().map(|(what, _)| what).collect();
    assert_eq!(keys, ["PHONE – ", "NAME – "]);
    assert_eq!(found.mappings[0].field("PHONE").unwrap().crm_field.as_deref(), Some("phone"));
    assert_eq!(found.mappings[0].field("NAME").unwrap().crm_field.as_deref(), Some("name"));
}

#[test]
fn what_will_be_is_what_was_attained() {
    let mut wanted = example();
    wanted.name = "Süd".into();
    wanted.settings.get_mut("Port").unwrap().value = Held::Plain("81".into());
    let found = attained(&wanted, &world(Source::File));
    let names = Names {
        grantees: [(Grantee::User(3), "Ida".to_owned())].into(),
        items: [(7, "Kunde".to_owned())].into(),
    };
    let state = found.state(&example(), &names);
    assert_eq!((state.name.as_str(), &state.scope), ("Süd", &wanted.scope));
    assert_eq!(state.settings["Port"].value, Held::Plain("[I:81]".into()));
    assert_eq!(state.settings["Password"].value, Held::Secret { secret_is_set: true, set_in: 0 });
    let list =
        |state: &ConnectionState| state.actor_types[&ActorType::Customer].fields[2].list.clone();
    assert_eq!(list(&state), "GROUPList", "what the connector says is not taken from a file");
}
