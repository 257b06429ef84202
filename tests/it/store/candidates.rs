//! Who can be let into a connection: groups, then users, page by page.

use gleichlauf::connections::Grantee;
use gleichlauf::store::candidates::{self, Filter};
use gleichlauf::store::page::Place;
use gleichlauf::store::{Store, groups};
use gleichlauf::users::Role;

use super::{anna, commit};
use crate::support::database::store;
use crate::support::people;

/// Ids of all pages forwards; the pages backwards are the same.
async fn walk(store: &Store, filter: Filter<'_>) -> Vec<String> {
    let (mut all, mut place) = (Vec::new(), Place::First);
    loop {
        let page = candidates::page(store, filter, place, 2).await.unwrap();
        let id = |who| match who {
            Grantee::User(id) | Grantee::Group(id) => id,
        };
        if let (Place::After(_), Some(first)) = (place, page.items.first()) {
            let before = Place::Before(id(first.who));
            let before = candidates::page(store, filter, before, 2).await.unwrap();
            let names: Vec<_> = before.items.into_iter().map(|found| found.name).collect();
            assert!(all.ends_with(&names), "{all:?} {names:?}");
        }
        all.extend(page.items.iter().map(|found| found.name.clone()));
        match page.items.last() {
            Some(last) if page.has_next => place = Place::After(id(last.who)),
            _ => return all,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_come_first_and_the_disabled_only_when_they_are_in() {
    let (store, _, _database) = store().await;
    let sales = commit!(store, tx => groups::insert_group(&mut tx, &anna(), "Vertrieb"));
    commit!(store, tx => groups::insert_group(&mut tx, &anna(), "Büro"));
    let mut ids = Vec::new();
    for login in ["udo", "bert", "eva"] {
        ids.push(people::add_user(&store, login, Role::User).await);
    }
    people::disable(&store, ids[1]).await;
    let all = walk(&store, Filter::default()).await;
    assert_eq!(all.len(), 4, "{all:?}");
    assert!(all[0] == "Büro" && all[1] == "Vertrieb" && all[2].starts_with("eva"), "{all:?}");
    let chosen = [Grantee::Group(sales), Grantee::User(ids[1])];
    let with_chosen = Filter { chosen: &chosen, ..Filter::default() };
    assert_eq!(walk(&store, with_chosen).await.len(), 5);
    let only = walk(&store, Filter { only_chosen: true, ..with_chosen }).await;
    assert!(only[0] == "Vertrieb" && only[1].starts_with("bert") && only.len() == 2, "{only:?}");
    assert_eq!(walk(&store, Filter { search: "UD", ..Filter::default() }).await.len(), 1);
    assert_eq!(walk(&store, Filter { search: "%", ..Filter::default() }).await.len(), 0);
}
