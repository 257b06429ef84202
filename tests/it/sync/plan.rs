//! Planning, carrying out and planning again, with random edits on both sides in between.

use std::collections::BTreeMap;

use gleichlauf::connector::types::{Access, ActorType, FieldType, FieldValues};
use gleichlauf::crm::Values;
use gleichlauf::crm::value::{FieldKind, Value};
use gleichlauf::links::Agreed;
use gleichlauf::mapping::rules::{FieldRules, ItemRule, Occasion, Unmapped, When};
use gleichlauf::mapping::translate::{self, ListTexts, Refusal};
use gleichlauf::mapping::{ActorMapping, Direction, FieldMapping, Pair, Side};
use gleichlauf::sync::plan::{Plan, Situation, Winners, plan};
use proptest::prelude::*;

use crate::support::connections::{field as erp_field, mapped, mapping};

/// One linked pair of records, as both systems hold it. Only the first fields are ever edited, so that
/// rare histories of one field come up; `first` tells which ones these are.
#[derive(Debug)]
struct Linked {
    first: usize,
    mapping: ActorMapping,
    texts: ListTexts,
    crm: Values,
    erp: FieldValues,
    agreed: Agreed,
    winner: Side,
}

/// What happens to the pair. Fields and values are picked by number.
#[derive(Clone, Debug)]
enum Step {
    EditCrm(usize, usize),
    EditErp(usize, usize),
    /// One planning and carrying out; the ERP's answer lacks the fields whose bit is set.
    Sync(u8),
    Turn(usize, Direction),
    Rule(usize, FieldRules),
    Unmapped(Unmapped),
}

impl Linked {
    fn new(first: usize, directions: &[Direction], winner: Side) -> Self {
        let mut fields = fields();
        fields.rotate_left(first);
        let fields = fields
            .into_iter()
            .zip(directions)
            .map(|(field, direction)| FieldMapping { direction: *direction, ..field })
            .collect();
        let mapping = ActorMapping {
            id: 1,
            is_active: true,
            fields,
            version: 1,
            ..mapping(1, ActorType::Customer)
        };
        let countries = BTreeMap::from([("B".to_owned(), "Two".to_owned())]);
        let texts = ListTexts {
            crm: BTreeMap::from([(1, "One".to_owned())]),
            erp: BTreeMap::from([("L".to_owned(), countries)]),
            ..ListTexts::default()
        };
        let (crm, erp, agreed) = (Values::new(), FieldValues::new(), Agreed::new());
        Self { first, mapping, texts, crm, erp, agreed, winner }
    }

    fn plan(&self, missing: u8) -> Plan {
        let answer = self
            .mapping
            .fields
            .iter()
            .enumerate()
            .filter(|(number, _)| missing & (1 << number) == 0)
            .map(|(_, field)| &field.erp.key)
            .map(|key| (key.clone(), self.erp.get(key).cloned().unwrap_or_default()))
            .collect();
        plan(&Situation {
            pairs: &self.mapping.pairs(),
            agreed: &self.agreed,
            crm: &self.crm,
            erp: &answer,
            winner: self.winner,
            winners: &Winners::new(),
            occasion: Occasion::Sync,
            texts: &self.texts,
        })
    }

    fn carry_out(&mut self, plan: Plan) {
        for change in plan.to_crm {
            self.crm.set(&change.crm_key, change.new.crm);
        }
        for change in plan.to_erp {
            self.erp.insert(change.erp_key, change.new.erp);
        }
        self.agreed = plan.agreed;
    }

    fn apply(&mut self, step: &Step) {
        match step {
            Step::EditCrm(field, value) => {
                let (key, values) = &crm_values()[(self.first + field) % FIELDS];
                self.crm.set(key, values[value % values.len()].clone());
            }
            Step::EditErp(field, value) => {
                let (key, values) = &erp_values()[(self.first + field) % FIELDS];
                self.erp.insert((*key).to_owned(), values[value % values.len()].to_owned());
            }
            Step::Sync(missing) => {
                let plan = self.plan(*missing);
                self.carry_out(plan);
            }
            Step::Turn(field, direction) => self.mapping.fields[*field].direction = *direction,
            Step::Rule(field, rules) => self.mapping.fields[*field].rules = *rules,
            Step::Unmapped(unmapped) => {
                let rule = ItemRule {
                    unmapped: *unmapped,
                    crm_default: Some(1),
                    erp_default: Some("B".to_owned()),
                };
                let lists = self.mapping.fields.iter_mut();
                let lists = lists.filter(|field| field.erp.kind == FieldType::List);
                lists.for_each(|field| field.item_rule = rule.clone());
            }
        }
    }

    fn crm_of(&self, pair: &Pair) -> Value {
        self.crm.get(&pair.crm.key).clone()
    }

    fn erp_of(&self, pair: &Pair) -> String {
        self.erp.get(&pair.field.erp.key).cloned().unwrap_or_default()
    }
}

const FIELDS: usize = 8;
/// How many of them one history edits.
const EDITED: usize = 2;

/// Every kind of pair the matrix knows, two-way and not.
fn fields() -> Vec<FieldMapping> {
    let mut fields = vec![
        field("NAME", FieldType::Text, "name"),
        field("SHORT", FieldType::Text, "phone"),
        field("STAFF", FieldType::Integer, "employees"),
        field("REVENUE", FieldType::Double, "revenue"),
        field("MUTE", FieldType::Checkbox, "no_mailings"),
        field("SINCE", FieldType::Datetime, "customer_since"),
        field("GROUP", FieldType::List, "category"),
        field("NOTE", FieldType::Text, "fax"),
    ];
    fields[1].erp.max_length = 4;
    fields[6].items = BTreeMap::from([("A".to_owned(), 1), ("B".to_owned(), 2)]);
    fields
}

fn field(key: &str, kind: FieldType, crm: &str) -> FieldMapping {
    let list = if kind == FieldType::List { "L" } else { "" };
    mapped(erp_field(key, kind, list, Access::Normal), crm, Direction::NONE)
}

fn crm_values() -> [(&'static str, Vec<Value>); FIELDS] {
    let of = |kind, stored: &[&str]| {
        let read = |text: &&str| Value::from_stored(kind, text).unwrap_or_default();
        stored.iter().map(read).collect::<Vec<_>>()
    };
    [
        ("name", of(FieldKind::Text, &["a", "b", "Ørsted", "", " "])),
        ("phone", of(FieldKind::Text, &["1", "22", "äöüß", "too long", ""])),
        ("employees", of(FieldKind::Whole, &["1", "2", "-3", ""])),
        ("revenue", of(FieldKind::Decimal, &["1.5", "1.50", "2", ""])),
        ("no_mailings", of(FieldKind::Check, &["1", "0", ""])),
        ("customer_since", of(FieldKind::Date, &["2026-01-02", "2024-02-29", ""])),
        ("category", of(FieldKind::List, &["1", "2", "3", ""])),
        ("fax", of(FieldKind::Text, &["a\r\nb", "a\nb", "c", ""])),
    ]
}

fn erp_values() -> [(&'static str, Vec<&'static str>); FIELDS] {
    [
        ("NAME", vec!["a", "b", "Łódź", "", "   "]),
        ("SHORT", vec!["1", "22", "333", ""]),
        ("STAFF", vec!["[I:1]", "2", "[I:4]", "", "[I:x]"]),
        ("REVENUE", vec!["[F:1.50]", "[F:1.5]", "[F:3]", ""]),
        ("MUTE", vec!["[I:1]", "[I:0]", "true", ""]),
        ("SINCE", vec!["[DT:01/02/2026 00:00:00]", "[DT:01/02/2026 13:00:00]", "[DT:01/01/0001]"]),
        ("GROUP", vec!["A", "B", "C", "[I:A]", ""]),
        ("NOTE", vec!["a\nb", "c", "d", ""]),
    ]
}

fn direction() -> impl Strategy<Value = Direction> {
    (any::<bool>(), any::<bool>()).prop_map(|(to_crm, to_erp)| Direction { to_crm, to_erp })
}

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Crm), Just(Side::Erp)]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0..EDITED, 0..5usize).prop_map(|(field, value)| Step::EditCrm(field, value)),
        4 => (0..EDITED, 0..5usize).prop_map(|(field, value)| Step::EditErp(field, value)),
        3 => any::<u8>().prop_map(Step::Sync),
        1 => (0..EDITED, direction()).prop_map(|(field, direction)| Step::Turn(field, direction)),
    ]
}

fn rules() -> impl Strategy<Value = FieldRules> {
    let when = || prop::sample::select(When::ALL.to_vec());
    let fields = (when(), when(), any::<bool>());
    fields.prop_map(|(to_crm, to_erp, may_blank)| FieldRules { to_crm, to_erp, may_blank })
}

/// The same with rules, which come and go.
fn ruled_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => step(),
        2 => (0..EDITED, rules()).prop_map(|(field, rules)| Step::Rule(field, rules)),
        1 => prop::sample::select(Unmapped::ALL.to_vec()).prop_map(Step::Unmapped),
    ]
}

fn linked() -> impl Strategy<Value = Linked> {
    lived(step())
}

fn ruled() -> impl Strategy<Value = Linked> {
    lived(ruled_step())
}

fn lived(step: impl Strategy<Value = Step>) -> impl Strategy<Value = Linked> {
    let history = (
        0..FIELDS,
        prop::collection::vec(direction(), FIELDS),
        side(),
        prop::collection::vec(step, 0..40),
    );
    history.prop_map(|(first, directions, winner, steps)| {
        let mut linked = Linked::new(first, &directions, winner);
        steps.iter().for_each(|step| linked.apply(step));
        linked
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// After one planning that sees all fields there is nothing left to write, and planning again says
    /// the same.
    #[test]
    fn one_planning_is_enough(mut linked in prop_oneof![linked(), ruled()]) {
        let first = linked.plan(0);
        prop_assert_eq!(&linked.plan(0), &first, "planning alone changes nothing");
        let refused = first.refused.clone();
        linked.carry_out(first);
        let second = linked.plan(0);
        prop_assert!(second.is_done(), "{second:?}");
        prop_assert!(second.conflicts.is_empty());
        prop_assert_eq!(&second.refused, &refused);
        prop_assert_eq!(&second.agreed, &linked.agreed);
    }

    /// Two-way fields without exceptions are equal in the end, save where one side is blank or the value was
    /// refused.
    #[test]
    fn two_way_fields_end_up_equal(mut linked in prop_oneof![linked(), ruled()]) {
        let plan = linked.plan(0);
        let refused = plan.refused.iter().map(|(key, _)| key);
        let refused: Vec<String> = refused.chain(&plan.left).cloned().collect();
        linked.carry_out(plan);
        for pair in linked.mapping.pairs() {
            let (crm, erp) = (linked.crm_of(&pair), linked.erp_of(&pair));
            let is_blank = translate::is_blank_in_crm(&crm)
                || translate::is_blank_in_erp(&pair.field.erp, &erp);
            let is_excused = is_blank || refused.contains(&pair.field.erp.key);
            if pair.field.is_kept_equal() && !is_excused {
                prop_assert!(translate::agree(&pair, &crm, &erp, &linked.texts), "{crm:?} {erp}");
            }
        }
    }

    /// From an agreed state, a change on one side reaches the other if it may, and nothing else moves:
    /// neither the changed side nor any other field.
    #[test]
    fn a_change_on_one_side_travels_and_moves_nothing_else(
        mut linked in linked(),
        field in 0..EDITED,
        value in 0..5usize,
        from in side(),
        missing in any::<u8>(),
    ) {
        for _ in 0..2 {
            linked.apply(&Step::Sync(0));
        }
        let is_settled = linked.plan(0).refused.is_empty();
        prop_assume!(is_settled);
        // A change the ERP made is only seen where the field came.
        let missing = if from == Side::Erp { missing & !(1 << field) } else { missing };
        linked.apply(&match from {
            Side::Crm => Step::EditCrm(field, value),
            Side::Erp => Step::EditErp(field, value),
        });
        let before = (linked.crm.clone(), linked.erp.clone(), linked.agreed.clone());
        let plan = linked.plan(missing);
        prop_assert!(plan.conflicts.is_empty());
        let changes: Vec<_> = plan.to_crm.iter().chain(&plan.to_erp).collect();
        prop_assert!(changes.len() <= 1);
        let key = linked.mapping.fields[field].erp.key.clone();
        prop_assert!(changes.iter().all(|change| change.erp_key == key));
        let has_refused = !plan.refused.is_empty();
        let has_changed = is_changed(&linked, &before.2, field, from);
        linked.carry_out(plan);
        let pairs = linked.mapping.pairs();
        let Some(pair) = pairs.iter().find(|pair| pair.field.erp.key == key) else { return Ok(()) };
        let (crm, erp) = (linked.crm_of(pair), linked.erp_of(pair));
        let (may_travel, is_blank) = match from {
            Side::Crm => (pair.field.direction.to_erp, translate::is_blank_in_crm(&crm)),
            Side::Erp => (
                pair.field.direction.to_crm,
                translate::is_blank_in_erp(&pair.field.erp, &erp),
            ),
        };
        if has_changed && may_travel && !is_blank && !has_refused {
            prop_assert!(translate::agree(pair, &crm, &erp, &linked.texts), "{crm:?} {erp}");
        } else {
            prop_assert_eq!((&linked.crm, &linked.erp), (&before.0, &before.1));
        }
    }

    /// An answer with gaps moves nothing, and what was agreed about the missing fields stands.
    #[test]
    fn a_missing_field_says_nothing(mut linked in linked(), missing in any::<u8>()) {
        linked.apply(&Step::Sync(0));
        let is_settled = linked.plan(0).refused.is_empty();
        prop_assume!(is_settled);
        let plan = linked.plan(missing);
        prop_assert!(plan.is_done());
        for (key, value) in &linked.agreed {
            prop_assert_eq!(&plan.agreed[key], value);
        }
    }

    /// Nor does it under rules: what waits or is left in the ERP can still be told from what was agreed.
    #[test]
    fn a_missing_field_says_nothing_under_rules(mut linked in ruled(), missing in any::<u8>()) {
        linked.apply(&Step::Sync(0));
        let is_settled = linked.plan(0).refused.is_empty();
        prop_assume!(is_settled);
        let plan = linked.plan(missing);
        prop_assert!(plan.is_done());
        for (key, value) in &linked.agreed {
            prop_assert_eq!(&plan.agreed[key].erp, &value.erp);
        }
    }

    /// No plan ever blanks a value or cuts one, whatever came or did not come.
    #[test]
    fn nothing_is_blanked_and_nothing_is_cut(
        linked in linked(),
        missing in any::<u8>(),
    ) {
        let plan = linked.plan(missing);
        let pairs = linked.mapping.pairs();
        for change in plan.to_crm.iter().chain(&plan.to_erp) {
            let pair = pairs.iter().find(|pair| pair.field.erp.key == change.erp_key);
            let pair = pair.ok_or(TestCaseError::fail("a change of a field that is not mapped"))?;
            let (crm, erp) = (&change.new.crm, &change.new.erp);
            prop_assert!(!translate::is_blank_in_crm(crm));
            prop_assert!(!translate::is_blank_in_erp(&pair.field.erp, erp));
            prop_assert!(translate::agree(pair, crm, erp, &linked.texts));
        }
    }

    /// A rule holds on its way: what counts at creation does not travel, what stands there is not overwritten
    /// where it must not be, and only what was agreed on is ever blanked.
    #[test]
    fn rules_hold_on_their_way(linked in ruled(), missing in any::<u8>()) {
        let plan = linked.plan(missing);
        let pairs = linked.mapping.pairs();
        let changes = plan.to_crm.iter().map(|change| (Side::Crm, change));
        for (to, change) in changes.chain(plan.to_erp.iter().map(|change| (Side::Erp, change))) {
            let pair = pairs.iter().find(|pair| pair.field.erp.key == change.erp_key).unwrap();
            let (crm, erp) = match to {
                Side::Crm => (linked.crm_of(pair), String::new()),
                Side::Erp => (Value::Empty, linked.erp_of(pair)),
            };
            let had_nothing = translate::is_blank_in_crm(&crm)
                && translate::is_blank_in_erp(&pair.field.erp, &erp);
            match pair.field.rules.when(to) {
                When::Always => {}
                When::OnCreate => prop_assert!(false, "{change:?}"),
                When::IfEmpty => prop_assert!(had_nothing, "{change:?}"),
            }
            if translate::is_blank_in_crm(&change.new.crm) {
                prop_assert!(pair.field.rules.may_blank);
                prop_assert!(linked.agreed.contains_key(&change.erp_key));
            }
        }
    }

    /// What is refused stays pending: once the obstacle is gone, it travels.
    #[test]
    fn what_was_refused_travels_later(winner in side(), rounds in 1..4usize) {
        let mut linked = Linked::new(6, &[Direction::BOTH; FIELDS], winner);
        linked.apply(&Step::EditErp(0, 0));
        linked.apply(&Step::Sync(0));
        linked.apply(&Step::EditErp(0, 2));
        for _ in 0..rounds {
            let plan = linked.plan(0);
            prop_assert_eq!(&plan.refused, &[("GROUP".to_owned(), Refusal::UnmappedItem("C".to_owned()))]);
            linked.carry_out(plan);
        }
        prop_assert_eq!(linked.crm.get("category"), &Value::Item(1));
        linked.mapping.fields[0].items.insert("C".to_owned(), 3);
        linked.apply(&Step::Sync(0));
        prop_assert_eq!(linked.crm.get("category"), &Value::Item(3));
    }
}

/// Whether a field means something else on one side than what was agreed.
fn is_changed(linked: &Linked, agreed: &Agreed, field: usize, from: Side) -> bool {
    let pairs = linked.mapping.pairs();
    let key = &linked.mapping.fields[field].erp.key;
    let Some(pair) = pairs.iter().find(|pair| pair.field.erp.key == *key) else { return false };
    let Some(value) = agreed.get(key) else { return true };
    match from {
        Side::Erp => !translate::same_in_erp(&pair.field.erp, &linked.erp_of(pair), &value.erp),
        Side::Crm => {
            let before = Value::from_stored(pair.crm.kind, &value.crm).unwrap();
            !translate::same_in_crm(&linked.crm_of(pair), &before)
        }
    }
}
