//! What a person asks for: connecting, creating, disconnecting, synchronising one record.

use gleichlauf::clock::MINUTE;
use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::types::{ActorRef, ActorType, FieldValues};
use gleichlauf::crm::{RecordId, RecordKind};
use gleichlauf::mapping::Side;
use gleichlauf::store::links;
use gleichlauf::sync::connect::{Choice, Connected};
use gleichlauf::sync::create::Created;
use gleichlauf::sync::person::NotDone;
use jiff::tz::TimeZone;

use super::setting::{CUSTOMER, Setting, anna};
use crate::support::unruly_erp::{Fault, broken_off, refusal};

fn unreachable() -> Failure {
    Failure::Unreachable { detail: "refused".to_owned() }
}

fn customer(key: &str) -> ActorRef {
    ActorRef { kind: CUSTOMER, key: key.to_owned() }
}

fn sides(choices: &[(&str, Side)]) -> Choice {
    let sides = choices.iter().map(|(key, side)| ((*key).to_owned(), *side)).collect();
    Choice { sides, answers: FieldValues::new() }
}

impl Setting {
    async fn create(&self, record: RecordId, kind: ActorType) -> Result<Created, NotDone> {
        let answers = FieldValues::new();
        let place = (self.connection, record);
        self.engine.create(&anna(), place, kind, &TimeZone::UTC, &answers).await
    }

    async fn is_linked(&self, record: RecordId) -> bool {
        links::find_by_record(&self.store, self.connection, record).await.unwrap().is_some()
    }

    fn writes(&self) -> Vec<String> {
        self.database.ask("SELECT kind, state FROM erp_write")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn differing_values_are_settled_field_by_field() {
    let it = Setting::new().await;
    it.erp.put(CUSTOMER, "C1", &[("NAME", "Erp"), ("PHONE", "1"), ("EMAIL", "e@example.org")]);
    let record = it.company(&[("name", "Crm"), ("phone", "2")]).await;
    let place = (it.connection, record);
    let question = it.engine.ask_to_connect(&anna(), place, &customer("C1")).await.unwrap();
    let keys: Vec<&str> = question.rows.iter().map(|row| row.erp_key.as_str()).collect();
    assert_eq!(keys, ["NAME", "PHONE", "EMAIL"]);
    let asked = it.engine.connect(&anna(), place, &customer("C1"), Choice::default()).await;
    assert!(matches!(asked.unwrap(), Connected::AskAgain(_)));
    let choice = sides(&[("NAME", Side::Crm), ("PHONE", Side::Erp), ("EMAIL", Side::Erp)]);
    let linked = it.engine.connect(&anna(), place, &customer("C1"), choice).await.unwrap();
    let Connected::Linked(link) = linked else { panic!("{linked:?}") };
    assert_eq!(it.erp.get(CUSTOMER, "C1", "NAME"), "Crm");
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "1");
    assert_eq!(it.crm(record, "phone").await, "1");
    assert_eq!(it.crm(record, "email").await, "e@example.org");
    let mut log = it.log();
    log.sort();
    assert_eq!(
        log,
        ["email:  > e@example.org (crm)", "name: Erp > Crm (erp)", "phone: 2 > 1 (crm)"]
    );
    assert_eq!(it.history("linked").len(), 1);
    assert!(!it.link(link).await.is_dirty);
    it.run().await;
    assert_eq!(it.log().len(), 3);
    assert!(it.writes().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_and_an_actor_are_linked_once_in_a_connection() {
    let it = Setting::new().await;
    let (record, _) = it.linked("C1", "A", "1").await;
    it.erp.put(CUSTOMER, "C2", &[("NAME", "A")]);
    let other = it.company(&[("name", "B")]).await;
    let connect = async |record: RecordId, key: &str| {
        let place = (it.connection, record);
        it.engine.connect(&anna(), place, &customer(key), Choice::default()).await
    };
    assert!(matches!(connect(record, "C2").await, Err(NotDone::RecordLinked)));
    let taken = connect(other, "C1").await;
    assert!(matches!(taken, Err(NotDone::ActorLinked { record_id, .. }) if record_id == record));
    assert!(matches!(connect(other, "C9").await, Err(NotDone::ActorGone)));
    assert!(matches!(it.create(record, CUSTOMER).await, Err(NotDone::RecordLinked)));
    assert!(matches!(it.create(other, ActorType::Supplier).await, Err(NotDone::NotThere)));
    assert_eq!(it.erp.created(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_is_linked_only_under_the_linked_company() {
    let it = Setting::new().await;
    let names = [("first_name", "Zoë"), ("last_name", "Łoś")];
    it.erp.put(CUSTOMER, "C1", &[("NAME", "A")]);
    it.erp.put(ActorType::Person, "P1", &[("FIRSTNAME", "Zoë"), ("LASTNAME", "Łoś")]);
    it.erp.set_parent(ActorType::Person, "P1", customer("C2"));
    let company = it.company(&[("name", "A")]).await;
    let person = it.record(RecordKind::Person, Some(company), &names).await;
    let alone = it.record(RecordKind::Person, None, &names).await;
    let actor = ActorRef { kind: ActorType::Person, key: "P1".to_owned() };
    let connect = async |record: RecordId| {
        it.engine.connect(&anna(), (it.connection, record), &actor, Choice::default()).await
    };
    assert!(matches!(connect(person).await, Err(NotDone::CompanyNotLinked)));
    it.connect(company, CUSTOMER, "C1").await;
    assert!(matches!(connect(alone).await, Err(NotDone::CompanyNotLinked)));
    assert!(matches!(connect(person).await, Err(NotDone::OtherCompany)));
    it.erp.set_parent(ActorType::Person, "P1", customer("C1"));
    assert!(matches!(connect(person).await.unwrap(), Connected::Linked(_)));
    let second = it.record(RecordKind::Person, Some(company), &names).await;
    assert!(matches!(it.create(second, ActorType::Person).await.unwrap(), Created::Linked(_)));
    let made = it.erp.all(ActorType::Person).into_iter().find(|actor| actor.key != "P1").unwrap();
    assert_eq!(made.parent, Some(customer("C1")));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_linked_when_the_erp_says_no() {
    let it = Setting::new().await;
    it.erp.put(CUSTOMER, "C1", &[("NAME", "Erp")]);
    it.erp.refuse("C1", "closed");
    let record = it.company(&[("name", "Crm")]).await;
    let place = (it.connection, record);
    let choice = sides(&[("NAME", Side::Crm)]);
    let refused = it.engine.connect(&anna(), place, &customer("C1"), choice).await;
    assert!(matches!(refused, Err(NotDone::Erp(Failure::Refused(_)))), "{refused:?}");
    assert!(!it.is_linked(record).await && it.writes().is_empty());
    it.erp.fail("create", Fault::Before(refusal("closed")));
    let refused = it.create(record, CUSTOMER).await;
    assert!(matches!(refused, Err(NotDone::Erp(Failure::Refused(_)))), "{refused:?}");
    assert!(!it.is_linked(record).await && it.writes().is_empty());
    assert_eq!((it.history("create-intended").len(), it.history("create-dropped").len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_to_a_connect_is_looked_up() {
    let it = Setting::new().await;
    it.erp.put(CUSTOMER, "C1", &[("NAME", "Erp")]);
    let record = it.company(&[("name", "Crm")]).await;
    let place = (it.connection, record);
    let choice = || sides(&[("NAME", Side::Crm)]);
    it.erp.fail("save", Fault::Before(broken_off()));
    let failed = it.engine.connect(&anna(), place, &customer("C1"), choice()).await;
    assert!(matches!(failed, Err(NotDone::Erp(_))), "not done, and known not to be");
    assert!(!it.is_linked(record).await && it.writes().is_empty());
    it.erp.fail("save", Fault::After(broken_off()));
    it.engine.connect(&anna(), place, &customer("C1"), choice()).await.unwrap();
    assert!(it.is_linked(record).await);
    assert_eq!(it.log(), ["name: Erp > Crm (erp)"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connect_whose_end_nobody_saw_is_finished_later_if_the_erp_has_the_values() {
    let it = Setting::new().await;
    it.erp.put(CUSTOMER, "C1", &[("NAME", "Erp"), ("PHONE", "1")]);
    let record = it.company(&[("name", "Crm")]).await;
    let place = (it.connection, record);
    let choice = sides(&[("NAME", Side::Crm), ("PHONE", Side::Erp)]);
    it.erp.fail("actors", Fault::After(unreachable()));
    let failed = it.engine.connect(&anna(), place, &customer("C1"), choice.clone()).await;
    assert!(matches!(failed, Err(NotDone::Erp(_))), "nothing was sent");
    it.erp.fail("save", Fault::After(broken_off()));
    let gate = it.erp.hold("save");
    let engine = it.engine.clone();
    let connecting =
        tokio::spawn(async move { engine.connect(&anna(), place, &customer("C1"), choice).await });
    gate.reached().await;
    it.erp.fail("actors", Fault::Before(unreachable()));
    it.erp.let_pass("save");
    gate.open();
    let unknown = connecting.await.unwrap();
    assert!(matches!(unknown, Err(NotDone::NotKnown(_))), "{unknown:?}");
    assert_eq!(it.writes(), ["connect|prepared"]);
    it.finish(&it.engine).await;
    assert!(it.is_linked(record).await && it.writes().is_empty());
    assert_eq!(it.crm(record, "phone").await, "1");
    assert_eq!(it.erp.count("save"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_actor_is_made_once_linked_and_its_number_comes_back() {
    let it = Setting::new().await;
    let record = it.company(&[("name", "Ærø"), ("phone", "1")]).await;
    let created = it.create(record, CUSTOMER).await.unwrap();
    assert!(matches!(created, Created::Linked(_)));
    let made = it.erp.all(CUSTOMER).remove(0);
    assert_eq!((made.fields["NAME"].as_str(), made.fields["PHONE"].as_str()), ("Ærø", "1"));
    assert_eq!(it.crm(record, "number").await, made.key);
    assert_eq!(it.history("created-in-erp").len(), 1);
    it.run().await;
    assert_eq!((it.erp.created(), it.writes().len()), (1, 0));
    assert_eq!(it.log().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_to_a_create_makes_no_second_actor() {
    let it = Setting::new().await;
    it.erp.put(CUSTOMER, "C1", &[("NAME", "Ærø"), ("PHONE", "1")]);
    let record = it.company(&[("name", "Ærø"), ("phone", "1")]).await;
    it.erp.fail("create", Fault::After(broken_off()));
    let created = it.create(record, CUSTOMER).await.unwrap();
    assert!(matches!(created, Created::Linked(_)), "the one that was there before is not it");
    let link = links::find_by_record(&it.store, it.connection, record).await.unwrap().unwrap();
    assert_eq!((it.erp.created(), link.actor.key.as_str()), (1, "N0001"));
    assert_eq!(it.crm(record, "number").await, "N0001");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_create_whose_end_nobody_saw_is_found_later() {
    let it = Setting::new().await;
    let record = it.company(&[("name", "Ærø")]).await;
    it.erp.fail("create", Fault::After(broken_off()));
    it.erp.fail("search", Fault::After(refusal("")));
    let unknown = it.create(record, CUSTOMER).await;
    assert!(matches!(unknown.unwrap(), Created::Unclear(_)), "known keys were not known");
    let second = it.company(&[("name", "Bø")]).await;
    let gate = it.erp.hold("create");
    it.erp.fail("create", Fault::After(broken_off()));
    let engine = it.engine.clone();
    let place = (it.connection, second);
    let creating = tokio::spawn(async move {
        let answers = FieldValues::new();
        engine.create(&anna(), place, CUSTOMER, &TimeZone::UTC, &answers).await
    });
    gate.reached().await;
    it.erp.fail("search", Fault::Before(unreachable()));
    it.erp.fail("search", Fault::Before(unreachable()));
    it.erp.let_pass("create");
    gate.open();
    let unknown = creating.await.unwrap();
    assert!(matches!(unknown, Err(NotDone::NotKnown(_))), "{unknown:?}");
    assert!(it.engine.run_one_due().await.unwrap(), "looked up in vain");
    assert!(!it.is_linked(second).await);
    it.clock.advance(MINUTE);
    it.finish(&it.engine).await;
    assert!(it.is_linked(second).await);
    assert_eq!(it.erp.created(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_found_out_is_for_a_person_and_never_sent_again() {
    let it = Setting::new().await;
    let record = it.company(&[("name", "Ærø")]).await;
    it.erp.fail("create", Fault::Before(broken_off()));
    let Created::Unclear(write) = it.create(record, CUSTOMER).await.unwrap() else { panic!() };
    assert_eq!(it.history("create-unclear").len(), 1);
    for _ in 0..3 {
        it.run().await;
    }
    assert_eq!((it.erp.count("create"), it.writes()), (1, vec!["create|unclear".to_owned()]));
    assert!(matches!(it.create(record, CUSTOMER).await, Err(NotDone::CreateUnclear(_))));
    let again = it.engine.look_again(&anna(), write).await.unwrap();
    assert_eq!(again, Created::Unclear(write));
    // Two that fit are as unclear as none.
    it.erp.put(CUSTOMER, "X1", &[("NAME", "Ærø")]);
    it.erp.put(CUSTOMER, "X2", &[("NAME", "Ærø")]);
    assert_eq!(it.engine.look_again(&anna(), write).await.unwrap(), Created::Unclear(write));
    it.erp.remove(CUSTOMER, "X2");
    let found = it.engine.look_again(&anna(), write).await.unwrap();
    assert!(matches!(found, Created::Linked(_)), "{found:?}");
    let other = it.company(&[("name", "Bø")]).await;
    it.erp.fail("create", Fault::Before(broken_off()));
    let Created::Unclear(write) = it.create(other, CUSTOMER).await.unwrap() else { panic!() };
    it.engine.drop_create(&anna(), write).await.unwrap();
    assert_eq!((it.writes().len(), it.history("create-dropped").len()), (0, 1));
    it.erp.fail("create", Fault::Before(broken_off()));
    it.create(other, CUSTOMER).await.unwrap();
    it.erp.put(CUSTOMER, "X3", &[("NAME", "Bø")]);
    it.connect(other, CUSTOMER, "X3").await;
    assert_eq!((it.writes().len(), it.history("create-dropped").len()), (0, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn disconnecting_takes_the_links_and_nothing_else() {
    let it = Setting::new().await;
    let (company, link) = it.linked("C1", "A", "1").await;
    it.erp.put(ActorType::Person, "P1", &[("LASTNAME", "Łoś"), ("FIRSTNAME", "")]);
    let person = it.record(RecordKind::Person, Some(company), &[("last_name", "Łoś")]).await;
    it.connect(person, ActorType::Person, "P1").await;
    it.erp.forget_calls();
    assert_eq!(it.engine.count_persons_linked_with(link).await.unwrap(), 1);
    assert_eq!(it.engine.disconnect(&anna(), link).await.unwrap(), 1);
    assert!(it.erp.calls().is_empty());
    assert!(!it.is_linked(company).await && !it.is_linked(person).await);
    assert_eq!(it.history("unlinked").len(), 2);
    it.edit(company, "phone", "2").await;
    it.run().await;
    assert_eq!(
        (it.erp.get(CUSTOMER, "C1", "PHONE"), it.crm(company, "name").await),
        ("1".into(), "A".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_in_another_company_than_in_the_erp_is_reported() {
    let it = Setting::new().await;
    let (old, link) = it.linked("C1", "A", "1").await;
    let (new, _) = it.linked("C2", "B", "1").await;
    let fields = [("LASTNAME", "Łoś"), ("FIRSTNAME", "")];
    it.erp.put(ActorType::Person, "P1", &fields);
    it.erp.set_parent(ActorType::Person, "P1", customer("C1"));
    let person = it.record(RecordKind::Person, Some(old), &[("last_name", "Łoś")]).await;
    let persons_link = it.connect(person, ActorType::Person, "P1").await;
    let failure = async || {
        it.clock.advance(25 * 60 * MINUTE);
        it.run().await;
        it.link(persons_link).await.failure.map(|failure| failure.reason.id)
    };
    assert_eq!(failure().await, None);
    it.move_to(person, new).await;
    assert_eq!(failure().await.as_deref(), Some("sync-failed-other-company"));
    it.edit(person, "first_name", "Zoë").await;
    assert_eq!(failure().await.as_deref(), Some("sync-failed-other-company"));
    assert_eq!(it.erp.get(ActorType::Person, "P1", "FIRSTNAME"), "Zoë", "its values travel");
    // The ERP's side follows, then moves on by itself.
    it.erp.set_parent(ActorType::Person, "P1", customer("C2"));
    it.erp.put(ActorType::Person, "P1", &[]);
    assert_eq!(failure().await, None);
    it.erp.set_parent(ActorType::Person, "P1", customer("C1"));
    it.erp.put(ActorType::Person, "P1", &[]);
    assert_eq!(failure().await.as_deref(), Some("sync-failed-other-company"));
    // In the ERP it is the first company's, so it goes with that one.
    assert_eq!(it.engine.count_persons_linked_with(link).await.unwrap(), 1);
    assert_eq!(it.engine.disconnect(&anna(), link).await.unwrap(), 1);
    assert!(!it.is_linked(person).await && it.is_linked(new).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_synchronises_one_record_at_once_also_while_the_engine_is_at_it() {
    let it = Setting::new().await;
    let (record, link) = it.linked("C1", "A", "1").await;
    it.edit(record, "phone", "2").await;
    let gate = it.erp.hold("save");
    it.clock.advance(15 * MINUTE);
    let engine = it.engine.clone();
    let run = tokio::spawn(async move { engine.run_one_due().await });
    gate.reached().await;
    it.edit(record, "email", "x@example.org").await;
    let engine = it.engine.clone();
    let person = tokio::spawn(async move { engine.sync_record(&anna(), link).await });
    tokio::task::yield_now().await;
    it.erp.let_pass("save");
    gate.open();
    run.await.unwrap().unwrap();
    let synced = person.await.unwrap().unwrap();
    assert_eq!((synced.counts.to_erp, synced.failure), (1, None));
    assert_eq!(it.erp.get(CUSTOMER, "C1", "PHONE"), "2");
    assert_eq!(it.erp.get(CUSTOMER, "C1", "EMAIL"), "x@example.org");
    assert_eq!(it.log().len(), 2);
    assert_eq!(it.history("sync-requested").len(), 1);
}
