//! The program is killed at every named point, once for each operation and ERP; then another one goes on.

use std::os::unix::process::ExitStatusExt as _;
use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use gleichlauf::crm::RecordId;
use gleichlauf::sync::failpoint::{Moment, Operation, Point};

use super::erp::{Erp, Stock, Which};
use super::site::{Running, Site};
use crate::support::program::until;
use crate::support::wcf::Form;

/// Portals that are killed at the same time; most of their time goes by in waiting.
const AT_ONCE: usize = 8;
const SIGABRT: i32 = 6;

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_every_point_with_the_practice_erp() {
    at_every_point(Which::Practice).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_every_point_with_the_dot_net_connector() {
    at_every_point(Which::Net(Form::Default)).await;
}

async fn at_every_point(which: Which) {
    let erp = Arc::new(Erp::start(which, Stock::Small).await);
    stream::iter(Point::all())
        .for_each_concurrent(AT_ONCE, async |point| match point.0 {
            Operation::Poll | Operation::Save => in_a_run(&erp, point).await,
            Operation::Connect => in_a_connect(&erp, point).await,
            Operation::Create => in_a_create(&erp, point).await,
        })
        .await;
}

/// Whether the ERP has been asked to do its work before this moment.
fn is_sent(moment: Moment) -> bool {
    !matches!(moment, Moment::IntentStored | Moment::BeforeSend)
}

/// Waits until the program has ended at its point, and starts another one.
async fn another(site: &Site, point: Point, mut killed: Running) -> Running {
    let ended = killed.program.ended().await;
    assert_eq!(ended.signal(), Some(SIGABRT), "{point}: {ended}\n{}", site.it.log());
    site.start(None, Some(killed)).await
}

/// One side of each of two links was changed.
async fn in_a_run(erp: &Arc<Erp>, point: Point) {
    let site = Site::new(erp).await;
    let (to_erp, its_key) = site.linked().await;
    let (to_crm, other_key) = site.linked().await;
    let before = site.travels().len();
    let mut running = site.start(Some(point), None).await;
    site.edit(to_erp, "phone", "p1").await;
    erp.set(&other_key, erp.names().email, "e1").await;
    running.sync(site.connection).await;
    let mut running = another(&site, point, running).await;
    until(&format!("both changes arrive, {point}"), async || {
        site.travels().len() > before + 1 && site.is_at_rest().await
    })
    .await;
    site.sync_to_the_end(&mut running).await;
    assert_eq!(erp.get(&its_key, erp.names().phone).await, "p1", "{point}");
    assert_eq!(site.crm(to_crm, "email").await, "e1", "{point}");
    let mut log = site.log().split_off(before);
    log.sort();
    assert_eq!(log, ["email: e0 > e1 (crm)", "phone: p0 > p1 (erp)"], "{point}");
}

async fn in_a_connect(erp: &Arc<Erp>, point: Point) {
    let site = Site::new(erp).await;
    let (key, names) = (erp.take_customer(), erp.names());
    for (field, value) in [(names.name, "Erp"), (names.phone, "p0"), (names.email, "e0")] {
        erp.set(&key, field, value).await;
    }
    let record = site.company(&[("name", "Crm"), ("phone", "p0"), ("email", "e0")]).await;
    let mut running = site.start(Some(point), None).await;
    connect(&site, &mut running, record, &key).await;
    let mut running = another(&site, point, running).await;
    until(&format!("it is known how the connect ended, {point}"), async || site.is_at_rest().await)
        .await;
    assert_eq!(site.is_linked(record).await, is_sent(point.1), "{point}");
    if !is_sent(point.1) {
        assert_eq!(erp.get(&key, names.name).await, "Erp", "{point}");
        connect(&site, &mut running, record, &key).await;
    }
    site.sync_to_the_end(&mut running).await;
    assert!(site.is_linked(record).await, "{point}");
    assert_eq!(erp.get(&key, names.name).await, "Crm", "{point}");
    let log = site.log();
    assert_eq!(log.iter().filter(|row| row.starts_with("name")).count(), 1, "{point}: {log:?}");
    assert_eq!(site.history("linked").len(), 1, "{point}");
}

/// Links them with the company's values; the portal may be gone before it answers.
async fn connect(site: &Site, running: &mut Running, record: RecordId, key: &str) {
    let side = format!("side:{}", site.erp.names().name);
    let fields = [("type", "Customer"), ("key", key), (side.as_str(), "crm")];
    let path = format!("/companies/{record}/erp/{}/links", site.connection);
    let _ = running.person.try_post(&path, &fields).await;
}

async fn in_a_create(erp: &Arc<Erp>, point: Point) {
    let site = Site::new(erp).await;
    let name = format!("Ærø {point}");
    let record = site.company(&[("name", &name), ("phone", "p0")]).await;
    let base = format!("/companies/{record}/erp");
    let of_connection = format!("{base}/{}", site.connection);
    let actors = format!("{of_connection}/actors");
    let mut running = site.start(Some(point), None).await;
    let _ = running.person.try_post(&actors, &[("type", "Customer")]).await;
    let mut running = another(&site, point, running).await;
    until(&format!("it is known how the create ended, {point}"), async || site.is_at_rest().await)
        .await;
    site.sync_to_the_end(&mut running).await;
    let made = usize::from(is_sent(point.1));
    assert_eq!(erp.count_named(&name).await, made, "{point}");
    assert_eq!(site.is_linked(record).await, is_sent(point.1), "{point}");
    if !is_sent(point.1) {
        // A person sees it, and nobody sends it again but a person.
        let page = running.person.get(&base).await;
        assert!(page.has(&format!("a[href='{of_connection}/drops']")), "{}", page.text);
        let again = running.person.post(&actors, &[("type", "Customer")]).await;
        assert_eq!((again.status, erp.count_named(&name).await), (422, 0), "{point}");
        let dropped = running.person.post(&format!("{of_connection}/drops"), &[]).await;
        assert_eq!(dropped.status, 303, "{}", dropped.text);
        let again = running.person.post(&actors, &[("type", "Customer")]).await;
        assert_eq!(again.status, 303, "{}", again.text);
        assert!(site.is_linked(record).await, "{point}");
        assert_eq!(erp.count_named(&name).await, 1, "{point}");
    }
    assert_eq!(site.history("linked").len(), 1, "{point}");
    assert_eq!(site.history("created-in-erp").len(), 1, "{point}");
}
