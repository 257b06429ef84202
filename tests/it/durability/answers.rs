//! The ERP does its work and its answer gets lost. There is one effect, which is found; or nobody can know,
//! and then a person is asked and nothing is sent again.

use std::sync::Arc;

use gleichlauf::app::Plugins;
use gleichlauf::clock::MINUTE;
use gleichlauf::connections::ConnectionId;
use gleichlauf::crm::RecordId;
use gleichlauf::store::links;
use gleichlauf::users::Role;

use super::erp::{Erp, Stock, Which};
use super::site::connect_to;
use crate::support::fault_proxy::FaultProxy;
use crate::support::portal::{Browser, Page, Portal, spawn_with};
use crate::support::records::Records;
use crate::support::wcf::Form;
use crate::support::{licences, people};

/// How often an answer gets lost for each operation and ERP.
const TIMES: usize = 20;
const CREATE: &str = "WSCreateActor";
const SAVE: &str = "WSSaveActors";

/// A portal that reaches its ERP through a proxy, and a user in it.
struct Desk {
    portal: Portal,
    records: Records,
    proxy: FaultProxy,
    erp: Arc<Erp>,
    connection: ConnectionId,
    user: Browser,
}

impl Desk {
    async fn open(which: Which) -> Self {
        let erp = Arc::new(Erp::start(which, Stock::Large).await);
        let proxy = FaultProxy::start(erp.socket()).await;
        let portal = spawn_with(&[proxy.address().to_string()], Plugins::new()).await;
        let store = portal.app.portal.store.clone();
        licences::install(&store, "2027-12-31").await;
        let connection = connect_to(&store, &erp, proxy.address()).await;
        let id = people::add_person(&portal, "user", Role::User).await;
        licences::give_seat(&store, id).await;
        let mut user = Browser::new(&portal);
        people::sign_in(&mut user, "user").await;
        user.get("/account").await;
        let records = Records { store, database: portal.database.clone() };
        Self { portal, records, proxy, erp, connection, user }
    }

    async fn create(&mut self, record: RecordId) -> Page {
        let path = format!("/companies/{record}/erp/{}/actors", self.connection);
        self.user.post(&path, &[("type", "Customer")]).await
    }

    async fn sync(&mut self, record: RecordId) -> Page {
        self.user.submit(&format!("/companies/{record}/erp/{}/syncs", self.connection), &[]).await
    }

    /// Links the company with a customer, with the customer's values but for the name.
    async fn connect(&mut self, record: RecordId, key: &str) -> Page {
        let names = self.erp.names();
        let side = |field: &str| format!("side:{field}");
        let [name, phone, email] = [names.name, names.phone, names.email].map(side);
        let fields = [
            ("type", "Customer"),
            ("key", key),
            (name.as_str(), "crm"),
            (phone.as_str(), "erp"),
            (email.as_str(), "erp"),
        ];
        let path = format!("/companies/{record}/erp/{}/links", self.connection);
        self.user.post(&path, &fields).await
    }

    /// Lets time pass, in which the portal does by itself what it does.
    async fn wait(&self) {
        for _ in 0..3 {
            self.portal.clock.advance(2 * MINUTE);
            while self.portal.app.portal.engine.run_one_due().await.unwrap() {}
        }
    }

    async fn is_linked(&self, record: RecordId) -> bool {
        let store = &self.records.store;
        links::find_by_record(store, self.connection, record).await.unwrap().is_some()
    }

    /// How often the history says that this field of the record went into the ERP.
    fn told(&self, record: RecordId, field: &str, value: &str) -> usize {
        let travels = self.records.travels();
        let is_it = |it: &&crate::support::records::Travel| {
            it.record == record && it.field == field && it.new == value && it.target == "erp"
        };
        travels.iter().filter(is_it).count()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_of_the_practice_erp() {
    answers_get_lost(Which::Practice).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_of_the_dot_net_connector() {
    answers_get_lost(Which::Net(Form::Own)).await;
}

async fn answers_get_lost(which: Which) {
    let mut desk = Desk::open(which).await;
    for round in 0..TIMES {
        let record = created_although_the_answer_is_lost(&mut desk, round).await;
        saved_although_the_answer_is_lost(&mut desk, record, round).await;
    }
    created_although_nobody_is_there_any_more(&mut desk).await;
    saved_although_nobody_is_there_any_more(&mut desk).await;
    a_create_that_cannot_be_looked_up(&mut desk).await;
}

async fn created_although_the_answer_is_lost(desk: &mut Desk, round: usize) -> RecordId {
    let name = format!("Lost {round}");
    let record = desk.records.company(&[("name", &name), ("phone", "p0")]).await;
    desk.proxy.lose_answers_to(CREATE);
    let page = desk.create(record).await;
    assert_eq!(page.status, 303, "{}", page.text);
    assert_eq!(desk.proxy.heal(), 1);
    assert!(desk.is_linked(record).await, "{name}");
    assert_eq!(desk.erp.count_named(&name).await, 1);
    assert_eq!(desk.told(record, "name", &name), 1);
    record
}

async fn saved_although_the_answer_is_lost(desk: &mut Desk, record: RecordId, round: usize) {
    let phone = format!("p{}", round + 1);
    desk.records.edit(record, "phone", &phone).await;
    desk.proxy.lose_answers_to(SAVE);
    desk.sync(record).await;
    assert!(desk.proxy.heal() > 0);
    desk.sync(record).await;
    assert_phone(desk, record, &phone).await;
}

async fn assert_phone(desk: &Desk, record: RecordId, phone: &str) {
    let store = &desk.records.store;
    let link = links::find_by_record(store, desk.connection, record).await.unwrap().unwrap();
    assert_eq!(desk.erp.get(&link.actor.key, desk.erp.names().phone).await, phone);
    assert_eq!(desk.records.crm(record, "phone").await, phone);
    assert_eq!(desk.told(record, "phone", phone), 1);
    assert!(link.failure.is_none() && !link.is_dirty, "{link:?}");
}

async fn created_although_nobody_is_there_any_more(desk: &mut Desk) {
    let record = desk.records.company(&[("name", "Left alone")]).await;
    desk.proxy.lose_answer_and_leave(CREATE);
    desk.create(record).await;
    desk.wait().await;
    assert!(!desk.is_linked(record).await);
    assert_eq!(desk.erp.count_named("Left alone").await, 1);
    desk.proxy.heal();
    desk.wait().await;
    assert!(desk.is_linked(record).await);
    assert_eq!(desk.erp.count_named("Left alone").await, 1);
}

async fn saved_although_nobody_is_there_any_more(desk: &mut Desk) {
    let record = desk.records.company(&[("name", "Saved alone")]).await;
    assert_eq!(desk.create(record).await.status, 303);
    desk.records.edit(record, "phone", "away").await;
    desk.proxy.lose_answer_and_leave(SAVE);
    desk.sync(record).await;
    assert_eq!(desk.told(record, "phone", "away"), 0);
    desk.proxy.heal();
    desk.wait().await;
    desk.sync(record).await;
    assert_phone(desk, record, "away").await;
}

/// A search for this name finds far too many: nobody can tell which one is new.
async fn a_create_that_cannot_be_looked_up(desk: &mut Desk) {
    let record = desk.records.company(&[("name", "e")]).await;
    desk.proxy.lose_answers_to(CREATE);
    let page = desk.create(record).await;
    assert_eq!(page.status, 303, "{}", page.text);
    assert_eq!(desk.proxy.heal(), 1);
    for _ in 0..3 {
        desk.wait().await;
    }
    assert!(!desk.is_linked(record).await);
    assert_eq!(desk.erp.count_named("e").await, 1, "it is never sent again");
    let base = format!("/companies/{record}/erp");
    let of_connection = format!("{base}/{}", desk.connection);
    let shown = desk.user.get(&base).await;
    assert!(shown.has(&format!("form[action='{of_connection}/lookups']")), "{}", shown.text);
    let again = desk.create(record).await;
    assert_eq!((again.status, desk.erp.count_named("e").await), (422, 1));
    let looked = desk.user.post(&format!("{of_connection}/lookups"), &[]).await;
    assert_eq!((looked.status, desk.is_linked(record).await), (303, false));
    let customers = desk.erp.customers().await;
    let names = desk.erp.names();
    let (key, _) = customers.iter().find(|(_, values)| values[names.name] == "e").unwrap();
    let connected = desk.connect(record, key).await;
    assert_eq!(connected.status, 303, "{}", connected.text);
    assert!(desk.is_linked(record).await);
}
