//! Free and advanced search through the contract.

use gleichlauf::connector::failure::RefusalCode;
use gleichlauf::connector::types::{Actor, ActorType, Operator, Restriction};

use super::{Erp, code, keys, refusal};

async fn names(erp: &Erp, kind: ActorType, text: &str) -> Vec<String> {
    let fields = keys(&["NAME"]);
    let found = erp.connector.search(&erp.first, kind, text, &fields, 20).await.unwrap().value;
    found.actors.into_iter().map(|actor| actor.fields["NAME"].clone()).collect()
}

async fn with_customer() -> (Erp, Actor) {
    let erp = Erp::new().await;
    let customer = erp
        .create(
            ActorType::Customer,
            &[
                ("NAME", "Żółw & Große Ærø GmbH"),
                ("CUSTGROUP", "40"),
                ("STREETCITY", "Łódź"),
                ("EMAIL", "turtle@zolw.example"),
                ("PHONE", "+48 42 777 88 99"),
                ("RATING", "[I:3]"),
                ("CREDITLIMIT", "[F:1250.5]"),
                ("SINCE", "[DT:02/03/2004 00:00:00.0000000]"),
                ("BLOCKED", "[I:1]"),
            ],
        )
        .await
        .unwrap();
    (erp, customer)
}

#[tokio::test]
async fn the_free_search_looks_in_name_number_city_mail_and_phone() {
    let (erp, customer) = with_customer().await;
    let number = customer.fields["NUMBER2"].clone();
    for text in [
        "żółw",
        "GROSSE ÆRØ",
        "ŻÓŁW łódź",
        "turtle@ZOLW",
        "777 88 99",
        "+48427778899",
        number.as_str(),
        customer.key.to_lowercase().as_str(),
    ] {
        let found = names(&erp, ActorType::Customer, text).await;
        assert_eq!(found, ["Żółw & Große Ærø GmbH"], "{text}");
    }
    assert!(names(&erp, ActorType::Supplier, "żółw").await.is_empty());
    assert!(names(&erp, ActorType::Customer, "qqqqqq").await.is_empty());
    let other = erp.connector.search(&erp.second, ActorType::Customer, "żółw", &[], 9).await;
    assert!(other.unwrap().value.actors.is_empty());
}

#[tokio::test]
async fn a_name_spelled_differently_is_found_by_its_longest_word() {
    let (erp, _) = with_customer().await;
    let found = names(&erp, ActorType::Customer, "Żółw u. Große").await;
    assert!(found.contains(&"Żółw & Große Ærø GmbH".to_owned()), "{found:?}");
}

#[tokio::test]
async fn a_blank_search_finds_all_up_to_the_limit() {
    let erp = Erp::new().await;
    let all =
        erp.connector.search(&erp.first, ActorType::Customer, " ", &[], 7).await.unwrap().value;
    assert_eq!((all.actors.len(), all.more), (7, true));
    let projects = erp.connector.search(&erp.second, ActorType::Project, "", &[], 400).await;
    assert!(!projects.unwrap().value.more);
}

#[tokio::test]
async fn persons_are_found_under_their_parent() {
    let erp = Erp::new().await;
    let person = erp.since(&erp.first, ActorType::Person, "").await.remove(0);
    let parent = person.parent.clone().unwrap();
    let fields = keys(&["LASTNAME"]);
    let search = |text: &str| {
        let (connector, id) = (erp.connector.clone(), erp.first.clone());
        let (parent, fields, text) = (parent.clone(), fields.clone(), text.to_owned());
        async move {
            let kind = ActorType::Person;
            connector
                .search_by_parent(&id, kind, &text, parent.kind, &parent.key, &fields, 50)
                .await
                .unwrap()
                .value
                .actors
        }
    };
    let all = search("").await;
    assert!(all.iter().any(|actor| actor.key == person.key));
    assert!(all.iter().all(|actor| actor.parent.as_ref() == Some(&parent)));
    let named = search(&person.fields["LASTNAME"].to_uppercase()).await;
    assert!(named.iter().any(|actor| actor.key == person.key));

    let restriction = |field: &str, value: &str| Restriction {
        field: field.to_owned(),
        operator: Operator::Equals,
        values: vec![value.to_owned()],
    };
    let both = [
        restriction(Restriction::PARENT_TYPE, parent.kind.as_str()),
        restriction(Restriction::PARENT_KEY, &parent.key),
    ];
    let found = erp.connector.search_advanced(&erp.first, ActorType::Person, &both, &[], 50).await;
    assert_eq!(found.unwrap().value.actors.len(), all.len());
}

#[tokio::test]
async fn every_operator_finds_the_right_rows() {
    use Operator::*;
    let (erp, customer) = with_customer().await;
    let number = customer.fields["NUMBER2"].as_str();
    for (field, operator, wanted, expected) in [
        ("NAME", Equals, ["żółw & grosse ærø gmbh"].as_slice(), true),
        ("NAME", IsNot, &["ŻÓŁW & GROSSE ÆRØ GMBH"], false),
        ("NAME", Begins, &["ŻÓŁ"], true),
        ("NAME", NotBegins, &["żółw"], false),
        ("NAME", Contains, &["GROẞE"], true),
        ("NAME", NotContains, &["x"], true),
        ("NAME", Ends, &["GMBH"], true),
        ("NAME", NotEnds, &["gmbh"], false),
        ("STREETCITY", Between, &["ł", "ń"], true),
        ("RATING", Equals, &["[I:3]"], true),
        ("RATING", NotEquals, &["3"], false),
        ("RATING", Greater, &["[I:2]"], true),
        ("RATING", Less, &["[I:3]"], false),
        ("CREDITLIMIT", GreaterOrEqual, &["[F:1250.5]"], true),
        ("CREDITLIMIT", LessOrEqual, &["1250.49"], false),
        ("CREDITLIMIT", Between, &["[F:1250]", "[F:1251]"], true),
        ("BLOCKED", Equals, &["[I:1]"], true),
        ("CUSTGROUP", OneOf, &["10", "[I:40]"], true),
        ("CUSTGROUP", NotOneOf, &["40"], false),
        ("SINCE", Before, &["[DT:02/04/2004 00:00:00]"], true),
        ("SINCE", After, &["[DT:02/03/2004 00:00:00]"], false),
        ("SINCE", BeforeOrEqual, &["2004-02-03"], true),
        ("SINCE", AfterOrEqual, &["[D:03.02.2004]"], true),
        ("SINCE", Equals, &["[DT:02/03/2004 00:00:00]"], true),
        ("SINCE", Between, &["2004-01-01", "2004-02-03"], true),
    ] {
        let restriction = |field: &str, operator, values: &[&str]| Restriction {
            field: field.to_owned(),
            operator,
            values: keys(values),
        };
        // Together with the number, so that at most this one row is found: all must hold.
        let both =
            [restriction("NUMBER2", Equals, &[number]), restriction(field, operator, wanted)];
        let found = erp.connector.search_advanced(&erp.first, customer.kind, &both, &[], 9).await;
        let hits = found.unwrap().value.actors.len();
        assert_eq!(hits, usize::from(expected), "{field} {operator:?} {wanted:?}");
    }
}

#[tokio::test]
async fn advanced_searches_go_through_all_rows_and_stop_at_the_limit() {
    let erp = Erp::new().await;
    let german = [Restriction {
        field: "COUNTRY".to_owned(),
        operator: Operator::OneOf,
        values: keys(&["DE"]),
    }];
    let fields = keys(&["COUNTRY", "NAME"]);
    let search = |limit| {
        erp.connector.search_advanced(&erp.first, ActorType::Customer, &german, &fields, limit)
    };
    let some = search(10).await.unwrap().value;
    assert_eq!((some.actors.len(), some.more), (10, true));
    let all = search(500).await.unwrap().value;
    assert!(all.actors.len() > 150 && !all.more, "{}", all.actors.len());
    assert!(all.actors.iter().all(|actor| actor.fields["COUNTRY"] == "DE"));
    let none =
        erp.connector.search_advanced(&erp.first, ActorType::Customer, &[], &fields, 9).await;
    assert_eq!(none.unwrap().value.actors.len(), 9, "no restriction restricts nothing");
}

#[tokio::test]
async fn senseless_restrictions_are_refused() {
    let erp = Erp::new().await;
    let search = |field: &str, operator, wanted: &[&str]| {
        let (connector, id) = (erp.connector.clone(), erp.first.clone());
        let restriction = Restriction { field: field.to_owned(), operator, values: keys(wanted) };
        async move { connector.search_advanced(&id, ActorType::Customer, &[restriction], &[], 9).await }
    };
    assert_eq!(
        code(search("COLOUR", Operator::Equals, &["x"]).await),
        Some(RefusalCode::UnknownField)
    );
    let refused = refusal(search("RATING", Operator::Contains, &["1"]).await);
    assert!(refused.user_text.contains("RATING"));
    refusal(search("RATING", Operator::Between, &["1"]).await);
    refusal(search("SINCE", Operator::Before, &["soon"]).await);
}

#[tokio::test]
async fn searching_survives_signs_that_mean_something_elsewhere() {
    let erp = Erp::new().await;
    let odd = "100% \"O'Brien\" [x_] \\ <b>";
    erp.create(ActorType::Customer, &[("NAME", odd), ("CUSTGROUP", "10")]).await.unwrap();
    for text in ["100%", "\"O'Brien\"", "[x_]", "\\", "<b>"] {
        let found = names(&erp, ActorType::Customer, text).await;
        assert_eq!(found, [odd], "{text}");
    }
}
