//! The program is killed at random moments while changes flow both ways, people connect and create. In the
//! end both sides and the history are compared with what was accepted.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use gleichlauf::crm::RecordId;
use gleichlauf::history::Actor;
use gleichlauf::runs::{Job, JobId, Task};
use gleichlauf::store::{engine, history, jobs};
use tokio::time::sleep;

use super::chance::{self, Chance};
use super::erp::{Erp, Stock, Values, Which};
use super::site::{Running, Site};
use crate::support::database::is_postgres;
use crate::support::program::until;
use crate::support::records::Travel;
use crate::support::wcf::Form;

/// How often the program is killed with each ERP, in so many portals side by side; fewer times on the second
/// database.
fn kills() -> usize {
    if is_postgres() { 8 } else { 20 }
}
const PORTALS: usize = 4;
const RECORDS: usize = 6;

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_moments_with_the_practice_erp() {
    killed_at_random_moments(Which::Practice).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_random_moments_with_the_dot_net_connector() {
    killed_at_random_moments(Which::Net(Form::Own)).await;
}

async fn killed_at_random_moments(which: Which) {
    let seed = chance::seed();
    let erp = Arc::new(Erp::start(which, Stock::Small).await);
    let portals = (0..PORTALS as u64).map(|portal| {
        let (erp, chance) = (erp.clone(), Chance::new(seed.wrapping_add(portal)));
        async move {
            let mut story = Story::new(&erp, chance).await;
            story.live_through(kills() / PORTALS).await;
            story.check().await
        }
    });
    let cut_off: usize = join_all(portals).await.into_iter().sum();
    assert!(cut_off > 0, "no run was cut off, so nothing was proved; the seed was {seed}");
}

/// One portal, and all that was done to it and to the ERP.
struct Story {
    site: Site,
    chance: Chance,
    /// Linked records with their customers.
    linked: Vec<(RecordId, String)>,
    /// Changes that were accepted, as the history has to tell them.
    accepted: Vec<Travel>,
    /// Companies that somebody began to connect, with the customer.
    connected: Vec<(RecordId, String)>,
    /// Companies for which somebody began to create a customer, by the name of both.
    created: Vec<(RecordId, String)>,
    /// Rows of the history from before the first change.
    rows_before: usize,
}

impl Story {
    async fn new(erp: &Arc<Erp>, chance: Chance) -> Self {
        let site = Site::new(erp).await;
        let mut linked = Vec::new();
        for _ in 0..RECORDS {
            linked.push(site.linked().await);
        }
        let mut tx = site.store.begin().await.unwrap();
        engine::switch_on(&mut tx, &Actor::system()).await.unwrap();
        tx.commit().await.unwrap();
        let rows_before = site.travels().len();
        let (accepted, connected, created) = Default::default();
        Self { site, chance, linked, accepted, connected, created, rows_before }
    }

    async fn live_through(&mut self, kills: usize) {
        let mut running = self.site.start(None, None).await;
        let mut cut_off = None;
        for round in 0..kills {
            self.change_both_sides(round).await;
            running.sync(self.site.connection).await;
            cut_off = self.run_begins(cut_off).await.or(cut_off);
            let connecting = self.begin_connect(&running).await;
            let creating = self.begin_create(&running, round).await;
            let longest = [50, 400, 1_500][self.chance.below(3) as usize];
            sleep(Duration::from_millis(self.chance.below(longest))).await;
            running.program.kill().await;
            connecting.await.unwrap();
            creating.await.unwrap();
            running = self.site.start(None, Some(running)).await;
        }
        until(&format!("all is done: {}", self.site.it.log()), async || {
            self.site.is_at_rest().await && self.open().is_empty()
        })
        .await;
        self.site.sync_to_the_end(&mut running).await;
    }

    /// Changes fields at random, but for those whose last change has not arrived yet.
    async fn change_both_sides(&mut self, round: usize) {
        let open = self.open();
        for (place, (record, key)) in self.linked.clone().into_iter().enumerate() {
            for field in ["phone", "email"] {
                let is_open = open.iter().any(|it| it.record == record && it.field == field);
                if is_open || self.chance.below(3) == 0 {
                    continue;
                }
                let old = self.site.crm(record, field).await;
                let new = format!("{field} {place} {round}");
                let target = if self.chance.below(2) == 0 {
                    self.site.edit(record, field, &new).await;
                    "erp"
                } else {
                    let names = self.site.erp.names();
                    let its = if field == "phone" { names.phone } else { names.email };
                    self.site.erp.set(&key, its, &new).await;
                    "crm"
                };
                let (field, target) = (field.to_owned(), target.to_owned());
                self.accepted.push(Travel { record, field, old, new, target });
            }
        }
    }

    /// Accepted changes that the history does not tell of yet.
    fn open(&self) -> Vec<Travel> {
        let told = self.site.travels();
        self.accepted.iter().filter(|change| !told.contains(change)).cloned().collect()
    }

    /// Waits until a run begins that is not the one cut off before; `None` when everything was done too fast
    /// to see it.
    async fn run_begins(&self, cut_off: Option<JobId>) -> Option<JobId> {
        let mut found = None;
        until(&format!("a run begins: {}", self.site.it.log()), async || {
            let connection = self.site.connection;
            let running =
                jobs::find_running(&self.site.store, connection, Task::Sync).await.unwrap();
            found = running.map(|job| job.id).filter(|job| Some(*job) != cut_off);
            found.is_some() || self.open().is_empty()
        })
        .await;
        found
    }

    /// A person begins to connect a company with a customer, whose name becomes the company's.
    async fn begin_connect(&mut self, running: &Running) -> tokio::task::JoinHandle<()> {
        let key = self.site.erp.take_customer();
        let name = format!("Connected {key}");
        let record = self.site.company(&[("name", &name)]).await;
        self.connected.push((record, key.clone()));
        let path = format!("/companies/{record}/erp/{}/links", self.site.connection);
        let side = |field: &str| format!("side:{field}");
        let names = self.site.erp.names();
        let fields = [
            ("type".to_owned(), "Customer"),
            (side(names.name), "crm"),
            (side(names.phone), "erp"),
            (side(names.email), "erp"),
        ];
        let mut user = running.person.clone();
        tokio::spawn(async move {
            let mut fields: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
            fields.push(("key", &key));
            let _ = user.try_post(&path, &fields).await;
        })
    }

    /// A person begins to create a customer for a new company.
    async fn begin_create(
        &mut self,
        running: &Running,
        round: usize,
    ) -> tokio::task::JoinHandle<()> {
        let name = format!("Created {} {round}", self.site.connection);
        let record = self.site.company(&[("name", &name), ("phone", "p0")]).await;
        self.created.push((record, name));
        let path = format!("/companies/{record}/erp/{}/actors", self.site.connection);
        let mut user = running.person.clone();
        tokio::spawn(async move {
            let _ = user.try_post(&path, &[("type", "Customer")]).await;
        })
    }

    /// Gives how many runs were cut off.
    async fn check(&self) -> usize {
        let cut_off = self.say_what_was_hit().await;
        let customers = self.site.erp.customers().await;
        let mut told = self.site.travels().split_off(self.rows_before);
        for change in &self.accepted {
            let rows = told.iter().filter(|row| *row == change).count();
            assert_eq!(rows, 1, "{change:?}");
            told.retain(|row| row != change);
        }
        for (record, key) in &self.linked {
            self.check_equal(*record, &customers[key]).await;
        }
        for (record, key) in &self.connected {
            self.check_connected(*record, &customers[key], &mut told).await;
        }
        for (record, name) in &self.created {
            self.check_created(*record, name, &customers, &mut told).await;
        }
        assert_eq!(told, [], "rows about changes that nobody made");
        let (_, findings) = history::verify(&self.site.store, &[]).await.unwrap();
        assert_eq!(findings, []);
        cut_off
    }

    /// Kills at random prove something only where they hit something.
    async fn say_what_was_hit(&self) -> usize {
        let runs = jobs::list_ended(&self.site.store, self.site.connection, Task::Sync, 1_000)
            .await
            .unwrap();
        let is_cut_off = |job: &&Job| {
            job.failure.as_ref().is_some_and(|reason| reason.id == "sync-failed-cut-off")
        };
        let cut_off = runs.iter().filter(is_cut_off).count();
        let mut linked = [0, 0];
        for (linked, begun) in linked.iter_mut().zip([&self.connected, &self.created]) {
            for (record, _) in begun {
                *linked += usize::from(self.site.is_linked(*record).await);
            }
        }
        println!(
            "{} changes; {cut_off} of {} runs were cut off; {} of {} connects and {} of {} creates were done",
            self.accepted.len(),
            runs.len(),
            linked[0],
            self.connected.len(),
            linked[1],
            self.created.len()
        );
        cut_off
    }

    async fn check_equal(&self, record: RecordId, customer: &Values) {
        let names = self.site.erp.names();
        for (crm, erp) in [("name", names.name), ("phone", names.phone), ("email", names.email)] {
            let ours = self.site.crm(record, crm).await;
            let theirs = customer.get(erp).cloned().unwrap_or_default();
            assert_eq!(ours, theirs, "{crm} of {record}");
        }
    }

    /// Linked, and then both sides agree, or not, and then the customer is as it was.
    async fn check_connected(&self, record: RecordId, customer: &Values, told: &mut Vec<Travel>) {
        let is_linked = self.site.is_linked(record).await;
        let has_our_name = customer[self.site.erp.names().name].starts_with("Connected");
        assert_eq!(is_linked, has_our_name, "{record}");
        if is_linked {
            self.check_equal(record, customer).await;
        }
        let rows = told.iter().filter(|row| row.record == record && row.field == "name").count();
        assert_eq!(rows, usize::from(is_linked), "{record}");
        told.retain(|row| row.record != record);
    }

    /// One customer, which is linked, or none; when nobody can know, a person is asked.
    async fn check_created(
        &self,
        record: RecordId,
        name: &str,
        customers: &BTreeMap<String, Values>,
        told: &mut Vec<Travel>,
    ) {
        let field = self.site.erp.names().name;
        let made: Vec<&Values> =
            customers.values().filter(|it| it.get(field).is_some_and(|it| it == name)).collect();
        let is_linked = self.site.is_linked(record).await;
        assert_eq!(made.len(), usize::from(is_linked), "{name}");
        for customer in made {
            self.check_equal(record, customer).await;
        }
        for field in ["name", "phone", "number"] {
            let is_it = |row: &&Travel| row.record == record && row.field == field;
            let rows = told.iter().filter(is_it).count();
            assert_eq!(rows, usize::from(is_linked), "{field} of {name}");
        }
        told.retain(|row| row.record != record);
    }
}
