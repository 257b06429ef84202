//! Resyncs as they are kept: one at work per connection, items of what is linked and synchronised, figures that
//! move with them.

use gleichlauf::connections::ConnectionId;
use gleichlauf::connector::types::{Access, ActorRef, ActorType, FieldType};
use gleichlauf::crm::value::Value;
use gleichlauf::crm::{RecordId, RecordKind, Values};
use gleichlauf::links::Agreed;
use gleichlauf::runs::resync::{Choice, ItemState, ResyncState};
use gleichlauf::store::error::StoreError;
use gleichlauf::store::links::NewLink;
use gleichlauf::store::resyncs::items::{Counted, Outcome};
use gleichlauf::store::resyncs::{self, NewResync, candidates, items};
use gleichlauf::store::{Store, connections, crm, links, mappings};

use super::{anna, commit};
use crate::support::connections::{activate, add, field};
use crate::support::database::store;

const ALL: NewResync = NewResync { choice: Choice::All, with_blanks: false };

async fn connection(store: &Store, name: &str, is_on: bool) -> ConnectionId {
    let id = add(store, name, &[field("NAME", FieldType::Text, "", Access::Normal)]).await;
    let kind = ActorType::Customer;
    let mut mapping = mappings::find(store, id, kind).await.unwrap().unwrap();
    mapping.is_active = is_on;
    commit!(store, tx => mappings::save(&mut tx, &anna(), &mapping));
    activate(store, id).await;
    id
}

async fn linked(store: &Store, connection: ConnectionId, name: &str) -> RecordId {
    let values = Values::from_iter([("name", Value::Text(name.to_owned()))]);
    let kind = RecordKind::Company;
    let record = commit!(store, tx => crm::insert(&mut tx, &anna(), kind, None, &values));
    let new = NewLink {
        connection: (connection, "Köln"),
        record: (kind, record, name),
        actor: &ActorRef { kind: ActorType::Customer, key: format!("C-{name}") },
        parent: None,
        last_modified: "1",
        agreed: &Agreed::new(),
        record_version: 1,
    };
    commit!(store, tx => links::insert(&mut tx, &anna(), &new));
    record
}

#[tokio::test(flavor = "multi_thread")]
async fn one_at_a_time_is_at_work_and_only_what_is_synchronised_is_chosen() {
    let (store, _, _database) = store().await;
    let id = connection(&store, "Nord", true).await;
    let (off, elsewhere) =
        (connection(&store, "Aus", false).await, connection(&store, "Süd", true).await);
    let one = linked(&store, id, "Ærø").await;
    let (unsynchronised, foreign) =
        (linked(&store, off, "B").await, linked(&store, elsewhere, "C").await);
    let found = connections::find(&store, id).await.unwrap().unwrap();
    let chosen = NewResync { choice: Choice::Chosen, ..ALL };
    let resync = commit!(store, tx => resyncs::insert(&mut tx, &anna(), &found, chosen));
    let among = [one, unsynchronised, foreign, 1];
    let number = commit!(store, tx => items::choose(&mut tx, (resync, id), &among));
    assert_eq!(number, 1);
    assert_eq!(items::count_chosen(&store, resync, ActorType::Customer).await.unwrap(), 1);
    let mut tx = store.begin().await.unwrap();
    let second = resyncs::insert(&mut tx, &anna(), &found, ALL).await;
    assert!(matches!(second, Err(StoreError::Taken)));
    drop(tx);
    let other = connections::find(&store, off).await.unwrap().unwrap();
    let resync = commit!(store, tx => resyncs::insert(&mut tx, &anna(), &other, chosen));
    let number = commit!(store, tx => items::choose(&mut tx, (resync, off), &[unsynchronised]));
    assert_eq!(number, 0, "its actor type is switched off");
    let names = candidates::search(&store, id, "aero", 9).await.unwrap();
    assert_eq!(names.iter().map(|c| c.id).collect::<Vec<_>>(), [one]);
    assert!(candidates::search(&store, id, "B", 9).await.unwrap().is_empty());
    assert_eq!(candidates::list(&store, id, &among).await.unwrap(), names);
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_move_with_their_items_and_nothing_is_said_twice() {
    let (store, _, _database) = store().await;
    let id = connection(&store, "Nord", true).await;
    let record = linked(&store, id, "A").await;
    let link = links::find_by_record(&store, id, record).await.unwrap().unwrap();
    let found = connections::find(&store, id).await.unwrap().unwrap();
    let resync = commit!(store, tx => resyncs::insert(&mut tx, &anna(), &found, ALL));
    let fields = ["NAME".to_owned()];
    let counted = Counted { link: &link, state: ItemState::Open, fields: &fields, reason: None };
    commit!(store, tx => items::note_counted(&mut tx, resync, &counted));
    commit!(store, tx => resyncs::set_counted(&mut tx, resync));
    let tally = async || resyncs::find(&store, id, resync).await.unwrap().unwrap().tally;
    assert_eq!((tally().await.differing, tally().await.fields, tally().await.open()), (1, 1, 1));
    let failed = Outcome { state: ItemState::Failed, fields: &[], reason: None };
    let written = Outcome { state: ItemState::Written, fields: &fields, reason: None };
    for (outcome, expected) in [
        (&failed, (0, 1, 0)),
        (&failed, (0, 1, 0)),
        (&written, (1, 0, 1)),
        (&written, (1, 0, 1)),
        (&failed, (1, 0, 1)),
    ] {
        commit!(store, tx => items::note_outcome(&mut tx, resync, record, outcome));
        let now = tally().await;
        assert_eq!((now.written, now.failed, now.fields_written), expected, "{outcome:?}");
    }
    let found = resyncs::find(&store, id, resync).await.unwrap().unwrap();
    assert_eq!((found.state, found.may_be_confirmed()), (ResyncState::Counted, false));
}

#[tokio::test(flavor = "multi_thread")]
async fn links_are_counted_as_they_come_and_go() {
    let (store, _, database) = store().await;
    let id = connection(&store, "Nord", true).await;
    let record = linked(&store, id, "A").await;
    linked(&store, id, "B").await;
    let count =
        || database.ask(&format!("SELECT links FROM link_count WHERE connection_id = {id}"));
    assert_eq!(count(), ["2"]);
    let link = links::find_by_record(&store, id, record).await.unwrap().unwrap();
    commit!(store, tx => links::delete(&mut tx, &anna(), &link, "Nord", "A"));
    assert_eq!(count(), ["1"]);
}
