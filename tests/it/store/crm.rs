//! CRM records and lists: nothing gets lost, pages meet without gap, and the history says what changed.

use std::time::Instant;

use gleichlauf::crm::fields::List;
use gleichlauf::crm::value::Value;
use gleichlauf::crm::{RecordKind, Values};
use gleichlauf::store::crm::{self, Change, Filter};
use gleichlauf::store::error::StoreError;
use gleichlauf::store::page::Place;
use gleichlauf::store::{Store, crm_lists, history};

use super::{anna, commit, history_rows, newest};
use crate::support::database::{NOON, store};

fn named(name: &str) -> Values {
    [("name", Value::Text(name.into()))].into_iter().collect()
}

async fn add(store: &Store, kind: RecordKind, parent: Option<i64>, values: &Values) -> i64 {
    commit!(store, tx => crm::insert(&mut tx, &anna(), kind, parent, values))
}

async fn names(store: &Store, filter: Filter<'_>, place: Place, limit: i64) -> Vec<String> {
    let page = crm::page(store, filter, place, limit).await.unwrap();
    page.items.iter().map(|listed| listed.record.name()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_comes_back_as_it_was_written() {
    let (store, _, database) = store().await;
    let items = crm_lists::insert;
    let item = commit!(store, tx => items(&mut tx, &anna(), List::CATEGORY, "US:\"Customer\";GE:\"Kunde\""));
    let values: Values = [
        ("name", Value::Text("Łódź & Søn \"GmbH\" 'ß'".into())),
        ("category", Value::Item(item)),
        ("employees", Value::Whole(-12)),
        ("revenue", Value::Decimal("1234567.8900".parse().unwrap())),
        ("customer_since", Value::Date("2019-02-28".parse().unwrap())),
        ("no_mailings", Value::Check(false)),
        ("fax", Value::Text(String::new())),
    ]
    .into_iter()
    .collect();
    let id = add(&store, RecordKind::Company, None, &values).await;
    let record = crm::find(&store, RecordKind::Company, id).await.unwrap().unwrap();
    assert_eq!((record.values, record.version, record.parent), (values, 1, None));
    assert_eq!((record.updated_at, record.updated_by.as_str()), (NOON, "Anna Berg"));
    assert!(crm::find(&store, RecordKind::Project, id).await.unwrap().is_none());
    let (before, after) = newest(&database);
    assert!(after.contains(r#""category":"US:\"Customer\";GE:\"Kunde\"""#), "{after}");
    assert!(after.contains(r#""revenue":"1234567.89""#) && !after.contains("fax"), "{after}");
    assert_eq!(before, "{}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_editor_is_refused_and_nothing_is_overwritten() {
    let (store, _, database) = store().await;
    let kind = RecordKind::Company;
    let id = add(&store, kind, None, &named("Alt")).await;
    for round in 1..=20 {
        let seen = crm::find(&store, kind, id).await.unwrap().unwrap();
        let (first, second) = (named(&format!("Erste {round}")), named(&format!("Zweite {round}")));
        let change = |values| Change { kind, id, version: seen.version, parent: None, values };
        commit!(store, tx => crm::update(&mut tx, &anna(), change(&first)));
        let rows = history_rows(&database);
        let mut tx = store.begin().await.unwrap();
        let refused = crm::update(&mut tx, &anna(), change(&second)).await;
        assert!(matches!(refused, Err(StoreError::Overtaken)), "{refused:?}");
        drop(tx);
        let now = crm::find(&store, kind, id).await.unwrap().unwrap();
        assert_eq!((now.values, now.version), (first, seen.version + 1));
        assert_eq!(history_rows(&database), rows);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_editors_at_the_same_moment_do_not_both_win() {
    let (store, _, _database) = store().await;
    let kind = RecordKind::Company;
    let id = add(&store, kind, None, &named("Alt")).await;
    for version in 1..=25 {
        let edit = |name: String| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut tx = store.begin().await?;
                let values = named(&name);
                let change = Change { kind, id, version, parent: None, values: &values };
                crm::update(&mut tx, &anna(), change).await?;
                tx.commit().await
            })
        };
        let (one, other) = (edit(format!("A{version}")), edit(format!("B{version}")));
        let won = [one.await.unwrap(), other.await.unwrap()];
        assert_eq!(won.iter().filter(|r| r.is_ok()).count(), 1, "{won:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_changed_is_in_the_history_and_nothing_if_nothing_changed() {
    let (store, _, database) = store().await;
    let kind = RecordKind::Person;
    let company = add(&store, RecordKind::Company, None, &named("Nordwind")).await;
    let mut values: Values =
        [("first_name", "Åse"), ("last_name", "Dahl"), ("email", "a@d.example")]
            .map(|(key, text)| (key, Value::Text(text.into())))
            .into_iter()
            .collect();
    let id = add(&store, kind, None, &values).await;
    let rows = history_rows(&database);
    let same = Change { kind, id, version: 1, parent: None, values: &values.clone() };
    let changed = commit!(store, tx => crm::update(&mut tx, &anna(), same));
    assert_eq!((changed.version, history_rows(&database)), (1, rows));
    values.set("email", Value::Empty);
    let change = Change { kind, id, version: 1, parent: Some(company), values: &values };
    commit!(store, tx => crm::update(&mut tx, &anna(), change));
    assert_eq!(
        newest(&database),
        (
            r#"{"company":"","email":"a@d.example"}"#.to_owned(),
            r#"{"company":"Nordwind","email":""}"#.to_owned()
        )
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_makes_links_dirty_except_the_one_it_came_through() {
    let (store, _, database) = store().await;
    let kind = RecordKind::Company;
    let id = add(&store, kind, None, &named("Alt")).await;
    assert!(database.sql(&format!(
        "INSERT INTO sync_connector VALUES (1, 'c', 'c', '', FALSE, NULL, 1, 0, '', 0, '');
         INSERT INTO erp_connection SELECT n, CAST(n AS TEXT), 1, '', '', FALSE, FALSE, TRUE, '[]', NULL, NULL, 1, \
         0, '', 0, '', 0 FROM (SELECT 1 AS n UNION SELECT 2) AS two;
         INSERT INTO link SELECT id, id, 'company', {id}, 'Customer', '', '', '', 1, FALSE, NULL, NULL, 0, 0, 1, 0, NULL \
         FROM erp_connection;"
    )));
    let dirty = || database.ask("SELECT id FROM link WHERE is_dirty AND version = 2 ORDER BY id");
    let values = named("Neu");
    let change = Change { kind, id, version: 1, parent: None, values: &values };
    commit!(store, tx => crm::write(&mut tx, "Anna", change, Some(1)));
    assert_eq!(dirty(), ["2"]);
    let values = named("Neuer");
    let change = Change { kind, id, version: 2, parent: None, values: &values };
    commit!(store, tx => crm::update(&mut tx, &anna(), change));
    assert_eq!(dirty(), ["1"]);
    assert_eq!(database.ask("SELECT id FROM link WHERE is_dirty").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_meet_without_gap_in_both_directions() {
    let (store, _, _database) = store().await;
    let kind = RecordKind::Company;
    let mut tx = store.begin().await.unwrap();
    for number in 0..57 {
        // Many share a name, so that the id must decide.
        let name = ["Ørsted", "Łódź AG", "straße", "STRASSE", "Ärzte", "Zebra"][number % 6];
        crm::insert(&mut tx, &anna(), kind, None, &named(name)).await.unwrap();
    }
    crm::insert(&mut tx, &anna(), RecordKind::Project, None, &named("Anders")).await.unwrap();
    tx.commit().await.unwrap();
    let (mut forth, mut place) = (Vec::new(), Place::First);
    loop {
        let page = crm::page(&store, Filter::all(kind), place, 10).await.unwrap();
        assert_eq!(page.has_previous, place != Place::First);
        forth.push(page.items.iter().map(|l| l.record.id).collect::<Vec<_>>());
        place = Place::After(page.items.last().unwrap().record.id);
        if !page.has_next {
            break;
        }
    }
    assert_eq!(forth.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 10, 10, 10, 7]);
    let flat: Vec<i64> = forth.concat();
    assert_eq!(flat.iter().collect::<std::collections::BTreeSet<_>>().len(), 57);
    for number in (0..5).rev() {
        let at = Place::Before(forth[number + 1][0]);
        let page = crm::page(&store, Filter::all(kind), at, 10).await.unwrap();
        assert_eq!(page.items.iter().map(|l| l.record.id).collect::<Vec<_>>(), forth[number]);
        assert_eq!((page.has_previous, page.has_next), (number > 0, true));
    }
    assert_eq!(names(&store, Filter::all(kind), Place::First, 1).await, ["Ärzte"]);
    assert_eq!(crm::count(&store, kind).await.unwrap(), 57);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_search_finds_all_words_in_any_spelling_and_takes_wildcards_literally() {
    let (store, _, _database) = store().await;
    let kind = RecordKind::Company;
    for (name, city) in
        [("Łódź Søn", "Köln"), ("100% Obst", "a_b"), ("Straße 7", "Köln"), ("C!", "x")]
    {
        let mut values = named(name);
        values.set("street_city", Value::Text(city.into()));
        add(&store, kind, None, &values).await;
    }
    for (search, found) in [
        ("lodz", vec!["Łódź Søn"]),
        ("KÖLN łódź", vec!["Łódź Søn"]),
        ("koln obst", vec![]),
        ("strasse", vec!["Straße 7"]),
        ("%", vec!["100% Obst"]),
        ("_", vec!["100% Obst"]),
        ("!", vec!["C!"]),
        ("ob\0st'; --", vec![]),
        (" ", vec!["100% Obst", "C!", "Łódź Søn", "Straße 7"]),
    ] {
        let filter = Filter { search, ..Filter::all(kind) };
        assert_eq!(names(&store, filter, Place::First, 50).await, found, "{search}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn persons_of_a_company_and_records_in_bulk() {
    let (store, _, _database) = store().await;
    let company = add(&store, RecordKind::Company, None, &named("Nordwind")).await;
    let person = |name: &str| [("last_name", Value::Text(name.into()))].into_iter().collect();
    let mut ids = Vec::new();
    for name in ["Berg", "Ahl"] {
        ids.push(add(&store, RecordKind::Person, Some(company), &person(name)).await);
    }
    add(&store, RecordKind::Person, None, &person("Fremd")).await;
    let filter = Filter { parent: Some(company), ..Filter::all(RecordKind::Person) };
    let page = crm::page(&store, filter, Place::First, 50).await.unwrap();
    let shown: Vec<_> =
        page.items.iter().map(|l| (l.record.name(), l.parent_name.clone().unwrap())).collect();
    assert_eq!(shown, [("Ahl".into(), "Nordwind".into()), ("Berg".into(), "Nordwind".to_owned())]);
    ids.extend([company, 4711]);
    let bulk = crm::list_by_ids(&store, &ids).await.unwrap();
    assert_eq!(bulk.len(), 3);
    assert!(crm::list_by_ids(&store, &[]).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_writers_at_once_all_get_through() {
    let (store, _, _database) = store().await;
    let start = Instant::now();
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                for number in 0..25 {
                    add(&store, RecordKind::Company, None, &named(&format!("{writer}-{number}")))
                        .await;
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    println!("200 adds by 8 writers: {:?}", start.elapsed());
    assert_eq!(crm::count(&store, RecordKind::Company).await.unwrap(), 200);
    assert_eq!(history::verify(&store, &[]).await.unwrap(), (200, vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_item_leaves_the_list_but_keeps_its_text() {
    let (store, _, database) = store().await;
    let one = commit!(store, tx => crm_lists::insert(&mut tx, &anna(), List::COUNTRY, "Norge"));
    let two = commit!(store, tx => crm_lists::insert(&mut tx, &anna(), List::COUNTRY, "Danmark"));
    commit!(store, tx => crm_lists::rename(&mut tx, &anna(), one, "Norwegen"));
    commit!(store, tx => crm_lists::delete(&mut tx, &anna(), two));
    assert_eq!(newest(&database), (r#"{"country":"Danmark"}"#.to_owned(), "{}".to_owned()));
    let left = crm_lists::list(&store, List::COUNTRY).await.unwrap();
    assert_eq!(left.iter().map(|i| i.text.as_str()).collect::<Vec<_>>(), ["Norwegen"]);
    let texts = crm_lists::texts(&store, &[one, two]).await.unwrap();
    assert_eq!(texts.into_values().collect::<Vec<_>>(), ["Norwegen", "Danmark"]);
    assert_eq!(crm_lists::list_all(&store).await.unwrap().len(), 1);
}
