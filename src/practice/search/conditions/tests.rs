//! Every operator on every type of field, and what is refused.

use super::*;

fn restriction(field: &str, operator: Operator, values: &[&str]) -> Restriction {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    Restriction { field: field.to_owned(), operator, values }
}

fn finds(field: &str, operator: Operator, values: &[&str], have: &str) -> bool {
    let conditions = read(ActorType::Customer, &[restriction(field, operator, values)]).unwrap();
    let row = FieldValues::from([(field.to_owned(), have.to_owned())]);
    conditions.iter().all(|condition| condition.holds(&row, None))
}

#[test]
fn texts_are_compared_without_regard_to_case_in_any_script() {
    use Operator::*;
    let have = "Ærø Größe Łódź";
    for (operator, values, expected) in [
        (Equals, ["ærØ GRÖSSE ŁÓDŹ"].as_slice(), true),
        (Equals, &["Ærø"], false),
        (IsNot, &["ÆRØ GRÖẞE ŁÓDŹ"], false),
        (NotEquals, &["other"], true),
        (Begins, &["ÆRØ"], true),
        (Begins, &["Łódź"], false),
        (NotBegins, &["ærø"], false),
        (Contains, &["GRÖSSE"], true),
        (Contains, &[""], true),
        (NotContains, &["größe"], false),
        (Ends, &["łÓDŹ"], true),
        (NotEnds, &["Lodz"], true),
        (Between, &["Æ", "Ø"], true),
        (Between, &["a", "z"], false),
        (OneOf, &["x", "ærø größe łódź"], true),
        (NotOneOf, &["x"], true),
    ] {
        assert_eq!(finds("NAME", operator, values, have), expected, "{operator:?} {values:?}");
    }
}

#[test]
fn an_empty_text_is_found_only_as_empty() {
    assert!(finds("PHONE", Operator::Equals, &[""], ""));
    assert!(!finds("PHONE", Operator::Contains, &["1"], ""));
    assert!(finds("PHONE", Operator::NotContains, &["1"], ""));
}

#[test]
fn numbers_are_compared_as_numbers_encoded_or_plain() {
    use Operator::*;
    for (operator, values, expected) in [
        (Equals, ["[I:9]"].as_slice(), true),
        (Equals, &["9.0"], true),
        (NotEquals, &["[I:9]"], false),
        (Greater, &["[I:10]"], false),
        (Less, &["[I:10]"], true),
        (GreaterOrEqual, &["9"], true),
        (LessOrEqual, &["8"], false),
        (Between, &["[I:1]", "[I:9]"], true),
        (Between, &["[I:10]", "[I:90]"], false),
    ] {
        assert_eq!(finds("RATING", operator, values, "[I:9]"), expected, "{operator:?}");
    }
    assert!(finds("CREDITLIMIT", Operator::Equals, &["[F:1.50]"], "[F:1.5]"));
    assert!(finds("CREDITLIMIT", Operator::Between, &["1.4", "[F:1.6]"], "[F:1.5]"));
}

#[test]
fn nothing_is_neither_more_nor_less_than_a_number() {
    for operator in [Operator::Less, Operator::Greater, Operator::Equals, Operator::LessOrEqual] {
        assert!(!finds("RATING", operator, &["[I:5]"], ""), "{operator:?}");
    }
    assert!(finds("RATING", Operator::NotEquals, &["[I:5]"], ""));
    assert!(finds("RATING", Operator::Equals, &[""], ""));
}

#[test]
fn a_day_means_all_of_it_and_a_time_is_exact() {
    use Operator::*;
    let have = "[DT:01/31/2024 14:30:00.0000000]";
    for (operator, values, expected) in [
        (Equals, ["[DT:01/31/2024 00:00:00]"].as_slice(), true),
        (Equals, &["[DT:01/31/2024 14:30:00]"], true),
        (Equals, &["[DT:01/31/2024 14:31:00]"], false),
        (Before, &["2024-01-31"], false),
        (Before, &["[DT:01/31/2024 15:00:00]"], true),
        (After, &["[D:30.01.2024]"], true),
        (After, &["2024-01-31"], false),
        (BeforeOrEqual, &["2024-01-31"], true),
        (AfterOrEqual, &["2024-02-01"], false),
        (Between, &["2024-01-01", "2024-01-31"], true),
    ] {
        assert_eq!(finds("SINCE", operator, values, have), expected, "{operator:?} {values:?}");
    }
    assert!(!finds("SINCE", Before, &["2024-01-31"], ""));
}

#[test]
fn list_keys_may_come_plain_or_encoded() {
    assert!(finds("CUSTGROUP", Operator::OneOf, &["20", "[I:10]"], "10"));
    assert!(!finds("CUSTGROUP", Operator::OneOf, &[], "10"));
    assert!(finds("CUSTGROUP", Operator::NotOneOf, &["20"], "10"));
    assert!(!finds("PAYTERMS", Operator::NotOneOf, &["30S"], "30S"));
    assert!(finds("COUNTRY", Operator::Equals, &["DE"], "DE"));
}

#[test]
fn a_box_is_ticked_or_not() {
    assert!(finds("BLOCKED", Operator::Equals, &["[I:1]"], "[I:1]"));
    assert!(finds("BLOCKED", Operator::Equals, &["0"], ""));
    assert!(!finds("BLOCKED", Operator::Equals, &["[I:1]"], "[I:0]"));
}

#[test]
fn the_parent_is_found_by_type_and_key_together() {
    let wanted = [
        restriction(Restriction::PARENT_TYPE, Operator::Equals, &["customer"]),
        restriction(Restriction::PARENT_KEY, Operator::Equals, &["C1"]),
    ];
    let conditions = read(ActorType::Person, &wanted).unwrap();
    let under = |kind, key: &str| {
        let parent = ActorRef { kind, key: key.to_owned() };
        conditions.iter().all(|c| c.holds(&FieldValues::new(), Some(&parent)))
    };
    assert!(under(ActorType::Customer, "C1"));
    assert!(!under(ActorType::Supplier, "C1"));
    assert!(!under(ActorType::Customer, "C10"));
}

#[test]
fn what_makes_no_sense_is_named() {
    let refused = |field: &str, operator, values: &[&str]| {
        read(ActorType::Customer, &[restriction(field, operator, values)]).unwrap_err()
    };
    assert!(matches!(refused("COLOUR", Operator::Equals, &["x"]), BadSearch::UnknownField { .. }));
    assert!(matches!(refused("BALANCE", Operator::Equals, &["1"]), BadSearch::UnknownField { .. }));
    assert!(matches!(
        refused("RATING", Operator::Contains, &["1"]),
        BadSearch::UnfitOperator { .. }
    ));
    assert!(matches!(
        refused("RATING", Operator::Between, &["1"]),
        BadSearch::TooFewValues { needed: 2, .. }
    ));
    assert!(matches!(
        refused("SINCE", Operator::Before, &["soon"]),
        BadSearch::UnreadableValue { .. }
    ));
}

#[test]
fn every_operator_the_contract_offers_for_a_type_is_taken() {
    for kind in model::KINDS {
        for field in model::fields(kind).filter(|field| field.is_searchable) {
            for operator in Operator::for_type(field.kind) {
                assert!(Subject::Field(field).takes(*operator), "{} {operator:?}", field.key);
            }
        }
    }
}
