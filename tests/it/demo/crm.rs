//! The demo's CRM holds what the catalogue allows, and is searched in every spelling.

use std::time::Instant;

use gleichlauf::connector::multilang;
use gleichlauf::crm::fields::{Catalogue, List};
use gleichlauf::crm::value::{FieldKind, Value};
use gleichlauf::crm::{Record, RecordKind};
use gleichlauf::demo;
use gleichlauf::store::crm::{self, Filter};
use gleichlauf::store::page::Place;
use gleichlauf::store::{Store, crm_lists, history};

use crate::support::database::store;

async fn all(store: &Store, kind: RecordKind) -> Vec<Record> {
    let page = crm::page(store, Filter::all(kind), Place::First, 10_000).await.unwrap();
    page.items.into_iter().map(|listed| listed.record).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_filled_once_with_values_that_fit_their_fields() {
    let (store, _, _database) = store().await;
    let start = Instant::now();
    demo::crm::fill(&store).await.unwrap();
    println!("the demo's CRM: {:?}", start.elapsed());
    let rows = history::verify(&store, &[]).await.unwrap();
    demo::crm::fill(&store).await.unwrap();
    assert_eq!(history::verify(&store, &[]).await.unwrap(), rows);
    let items = crm_lists::list_all(&store).await.unwrap();
    for (kind, count) in
        [(RecordKind::Company, 300), (RecordKind::Person, 700), (RecordKind::Project, 60)]
    {
        assert_eq!(crm::count(&store, kind).await.unwrap(), count);
        let catalogue = Catalogue::builtin(kind);
        let records = all(&store, kind).await;
        assert_eq!(records.len(), usize::try_from(count).unwrap());
        for (record, field) in
            records.iter().flat_map(|r| catalogue.all().iter().map(move |f| (r, f)))
        {
            match record.values.get(&field.key) {
                Value::Empty => assert!(!field.is_required, "{} of {}", field.key, record.name()),
                Value::Text(text) => {
                    assert_eq!(field.kind, FieldKind::Text);
                    assert!(
                        text.chars().count() as i64 <= field.max_length,
                        "{}: {text}",
                        field.key
                    );
                }
                Value::Item(id) => {
                    let item = items.iter().find(|item| item.id == *id).unwrap();
                    assert_eq!(Some(item.list), field.list);
                }
                _ => {}
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_speak_both_languages_and_the_search_knows_foreign_letters() {
    let (store, _, _database) = store().await;
    demo::crm::fill(&store).await.unwrap();
    for list in List::BUILTIN {
        let items = crm_lists::list(&store, list).await.unwrap();
        assert!(items.len() >= 5, "{list:?}");
        assert!(items.iter().all(|item| multilang::all(&item.text).len() == 2));
    }
    let companies = all(&store, RecordKind::Company).await;
    for letter in ['Ø', 'ß', 'Ł'] {
        let with = |r: &&Record| {
            r.values.iter().any(|(_, v)| matches!(v, Value::Text(text) if text.contains(letter)))
        };
        let found = companies.iter().find(with).unwrap_or_else(|| panic!("no {letter}"));
        let search = &gleichlauf::crm::fold::fold(&found.name());
        let filter = Filter { search, ..Filter::all(RecordKind::Company) };
        let page = crm::page(&store, filter, Place::First, 50).await.unwrap();
        assert!(page.items.iter().any(|listed| listed.record.id == found.id), "{search}");
    }
}
