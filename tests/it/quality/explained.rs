//! The access explainer beside the guard: of everybody, on every way, in every state of the portal, it names the
//! gate at which the way ends, and there it ends.

use std::collections::{BTreeMap, BTreeSet};

use gleichlauf::connections::ConnectionId;
use gleichlauf::crm::RecordId;
use gleichlauf::gates::Gate;
use gleichlauf::i18n::{Key, Language, Texts};
use gleichlauf::users::{Role, UserId};

use super::stage::{Stage, Who};
use crate::support::portal::{Browser, Page};
use crate::support::{licences, people};

/// Kind as in addresses and in the explainer's own, and the record.
type Record = (&'static str, &'static str, RecordId);
/// The closed gates, by person, record, connection and actor type.
type Told = BTreeMap<(&'static str, RecordId, ConnectionId, String), Vec<Gate>>;

/// Everybody in a browser of their own, and where they may want to go.
struct House {
    stage: Stage,
    people: Vec<(&'static str, UserId, Browser)>,
    records: [Record; 4],
    /// By the names that the page gives them.
    connections: BTreeMap<String, ConnectionId>,
    /// Where the page sends to; each is opened once.
    places: BTreeSet<String>,
}

/// One way as the page tells it.
#[derive(Debug)]
struct Way {
    connection: ConnectionId,
    kind: String,
    closed: Vec<Gate>,
    /// What it says of the first closed one, and where that can be changed.
    reason: String,
    place: String,
}

impl Way {
    fn end(&self) -> Option<Gate> {
        self.closed.first().copied()
    }

    fn is_open(&self, gate: Gate) -> bool {
        !self.closed.contains(&gate)
    }
}

async fn house() -> House {
    let stage = Stage::set().await;
    let store = stage.store().clone();
    let mut people: Vec<(&str, UserId)> =
        vec![("ada", stage.ada), ("ida", stage.ida), ("bert", stage.bert), ("carl", stage.carl)];
    for (login, role) in [
        ("eve", Role::Auditor),
        ("gil", Role::User),
        ("disabled user", Role::User),
        ("disabled admin", Role::Admin),
    ] {
        people.push((login, people::add_person(&stage.portal, login, role).await));
    }
    // Into the south through a group.
    let (south, group) = (stage.south, stage.group);
    let mut sql = format!(
        "INSERT INTO connection_access (id, connection_id, group_id, may_connect, may_create) \
         VALUES (1, {south}, {group}, TRUE, FALSE);"
    );
    let mut browsers = Vec::new();
    for (login, id) in people {
        if ["gil", "disabled user"].contains(&login) {
            licences::give_seat(&store, id).await;
        }
        if ["gil", "disabled user", "disabled admin"].contains(&login) {
            sql += &format!("INSERT INTO group_member (group_id, user_id) VALUES ({group}, {id});");
        }
        let mut browser = Browser::new(&stage.portal);
        people::sign_in(&mut browser, login).await;
        if login.starts_with("disabled") {
            people::disable(&store, id).await;
        }
        browsers.push((login, id, browser));
    }
    assert!(stage.portal.database.sql(&sql), "{sql}");
    let named = |row: &String| {
        let (id, name) = row.split_once('|').unwrap();
        (name.to_owned(), id.parse().unwrap())
    };
    let names = stage.portal.database.ask("SELECT id, name FROM erp_connection");
    House {
        people: browsers,
        records: [
            ("companies", "company", stage.company),
            ("persons", "person", stage.person),
            ("projects", "project", stage.project),
            ("companies", "company", stage.hidden),
        ],
        connections: names.iter().map(named).collect(),
        places: BTreeSet::new(),
        stage,
    }
}

impl House {
    /// Every way to a record, as the page tells an administrator.
    async fn explained(&mut self, user: UserId, (_, kind, record): Record) -> Vec<Way> {
        let path = format!("/access?user={user}&kind={kind}&record={record}");
        let page = self.stage.browser(Who::Ada).get(&path).await;
        let parts: Vec<&str> = page.text.split("aria-labelledby=\"way-").skip(1).collect();
        assert!(parts.len() >= self.connections.len(), "{}", page.text);
        let way = |text: &&str| {
            let part = Page { text: (*text).to_owned(), ..page.clone() };
            let heading = part.all("h2").remove(0);
            let (name, kind) = heading.split_once(" · ").unwrap();
            let states = part.attributes("tbody .badge", "class");
            let reasons = part.all("tbody td:nth-child(3)");
            assert_eq!((states.len(), reasons.len()), (Gate::ALL.len(), Gate::ALL.len()));
            let closed =
                Gate::ALL.into_iter().filter(|it| !states[*it as usize].ends_with(" good"));
            let closed: Vec<Gate> = closed.collect();
            let ends = Gate::ALL.into_iter().filter(|it| states[*it as usize].ends_with(" bad"));
            assert_eq!(ends.collect::<Vec<_>>(), closed.first().copied().as_slice());
            let first = closed.first().map_or(0, |gate| *gate as usize);
            let link = format!("tbody tr:nth-child({}) a", first + 1);
            Way {
                connection: self.connections[name],
                kind: kind.to_owned(),
                closed,
                reason: reasons[first].clone(),
                place: part.attribute(&link, "href").unwrap_or_default(),
            }
        };
        parts.iter().map(way).collect()
    }

    /// Sends everybody on all ways.
    async fn compare(&mut self, state: &str) -> Told {
        self.compare_of(state, |_| true).await
    }

    /// Sends some on all ways.
    async fn compare_of(&mut self, state: &str, is_meant: impl Fn(&str) -> bool) -> Told {
        let mut told = Told::new();
        for at in 0..self.people.len() {
            let (login, user, _) = self.people[at];
            if !is_meant(login) {
                continue;
            }
            let (before, mut refused) = (self.refusals(), 0);
            for record in self.records {
                let ways = self.explained(user, record).await;
                let (of, _, id) = record;
                let browser = &mut self.people[at].2;
                let tab = browser.get(&format!("/{of}/{id}/erp")).await;
                refused += usize::from(tab.status == 403);
                for way in ways.iter() {
                    let what = format!("{state}: {login}, /{of}/{id}, {way:?}");
                    let base = format!("/{of}/{id}/erp/{}", way.connection);
                    let page = browser.get(&format!("{base}/search?type={}", way.kind)).await;
                    let ending = ending(way, &ways);
                    let answer = format!("{}{}", page.location, page.text);
                    assert_eq!(page.status, ending.status, "{what}: {answer}");
                    assert!(answer.contains(ending.says), "{what}: {answer}");
                    refused += usize::from(ending.is_noted);
                    check_tab(&what, &tab, &base, way);
                    check_words(&what, way, user, &format!("/{of}/{id}"));
                    if !way.place.is_empty() {
                        self.places.insert(way.place.clone());
                    }
                    told.insert((login, id, way.connection, way.kind.clone()), way.closed.clone());
                }
            }
            assert_eq!(self.refusals() - before, refused, "{state}: {login}, in the history");
        }
        told
    }

    fn refusals(&self) -> usize {
        let sql = "SELECT COUNT(*) FROM history WHERE action = 'refused'";
        self.stage.portal.database.ask(sql)[0].parse().unwrap()
    }

    fn sql(&self, sql: &str) {
        assert!(self.stage.portal.database.sql(sql), "{sql}");
    }
}

/// How a request ends.
struct Ending {
    status: u16,
    /// In the page, or at the start of the address it leads to.
    says: &'static str,
    /// The history knows of it.
    is_noted: bool,
}

/// How the guard lets the way end that the page tells of. It asks for any connection first, and then for this.
fn ending(way: &Way, ways: &[Way]) -> Ending {
    let plain = |key| Texts::new(Language::En).plain(key);
    let refused = |key| Ending { status: 403, says: plain(key), is_noted: true };
    let is_any =
        |gates: &[Gate]| ways.iter().any(|way| gates.iter().all(|gate| way.is_open(*gate)));
    match way.end() {
        Some(Gate::Account) => Ending { status: 303, says: "/sign-in?", is_noted: false },
        Some(Gate::Licence) => refused(Key::ERROR_LICENCE),
        Some(Gate::Seat) => refused(Key::ERROR_SEAT),
        Some(Gate::Role) => refused(Key::ERROR_ROLE),
        Some(Gate::Scope | Gate::Active) if !is_any(&[Gate::Scope]) => refused(Key::ERROR_SCOPE),
        Some(Gate::Scope | Gate::Active) if !is_any(&[Gate::Scope, Gate::Active]) => {
            refused(Key::ERROR_INACTIVE)
        }
        Some(Gate::Scope | Gate::Active) => {
            Ending { status: 404, says: plain(Key::ERROR_NOT_FOUND), is_noted: true }
        }
        Some(Gate::TypeOn) => {
            Ending { status: 404, says: plain(Key::ERROR_NOT_FOUND), is_noted: false }
        }
        // Only what is linked nowhere can be searched for.
        Some(Gate::Linked) => Ending { status: 200, says: "<h1", is_noted: false },
        None => Ending { status: 303, says: "/", is_noted: false },
    }
}

/// The tab itself shows what the way leads to, and nothing of what it does not.
fn check_tab(what: &str, tab: &Page, base: &str, way: &Way) {
    let is_named = tab.text.contains(&format!("\"{base}/"));
    let is_reached = tab.status == 200 && way.is_open(Gate::Scope) && way.is_open(Gate::Active);
    assert!(is_reached || !is_named, "{what}: {}", tab.text);
    let is_synced = tab.text.contains(&format!("action=\"{base}/syncs\""));
    assert_eq!(is_synced, way.end().is_none(), "{what}: {}", tab.text);
    let is_offered = tab.text.contains(&format!("href=\"{base}/search?type={}\"", way.kind));
    assert_eq!(is_offered, way.end() == Some(Gate::Linked), "{what}: {}", tab.text);
}

/// What the page says of the end, and where it sends to.
fn check_words(what: &str, way: &Way, user: UserId, record: &str) {
    let plain = |key| Texts::new(Language::En).plain(key);
    let Way { connection, kind, .. } = way;
    let (reason, place) = match way.end() {
        None => return,
        Some(Gate::Account) => (plain(Key::ACCESS_ACCOUNT_DISABLED), format!("/users/{user}")),
        Some(Gate::Licence) => (plain(Key::ACCESS_LICENCE_MISSING), "/licence".to_owned()),
        Some(Gate::Seat) => (plain(Key::ACCESS_SEAT_MISSING), format!("/users/{user}/seat")),
        Some(Gate::Role) => ("has no ERP tab", format!("/users/{user}")),
        Some(Gate::Scope) => {
            (plain(Key::ACCESS_SCOPE_NO), format!("/connections/{connection}/scope"))
        }
        Some(Gate::Active) => (plain(Key::ACCESS_ACTIVE_NO), format!("/connections/{connection}")),
        Some(Gate::TypeOn) => {
            ("switched off", format!("/connections/{connection}/mappings?type={kind}"))
        }
        Some(Gate::Linked) => ("not linked yet", record.to_owned()),
    };
    assert!(way.reason.contains(reason), "{what}");
    assert_eq!(way.place, place, "{what}");
}

/// A state of the portal in which one gate more is closed on somebody's way than usual, and the way back.
struct State {
    name: &'static str,
    closes: Gate,
    begin: String,
    end: String,
}

fn states(house: &House) -> Vec<State> {
    let Stage { north, ida, carl, company, free, .. } = house.stage;
    let swap = |name, closes, table: &str, (usual, other): (&str, &str), of: &str| State {
        name,
        closes,
        begin: format!("UPDATE {table} SET {other} WHERE {of}"),
        end: format!("UPDATE {table} SET {usual} WHERE {of}"),
    };
    let user = format!("id = {ida}");
    let connection = format!("id = {north}");
    let customers = format!("connection_id = {north} AND LOWER(actor_type) = 'customer'");
    let access = format!("connection_id = {north}");
    let link = format!("connection_id = {north} AND erp_key = 'C1'");
    let is = |name: &str, value: i64| format!("{name} = {value}");
    vec![
        swap(
            "disabled",
            Gate::Account,
            "app_user",
            ("is_disabled = FALSE", "is_disabled = TRUE"),
            &user,
        ),
        swap("no seat", Gate::Seat, "app_user", ("has_seat = TRUE", "has_seat = FALSE"), &user),
        swap("an auditor", Gate::Role, "app_user", ("role = 'user'", "role = 'auditor'"), &user),
        swap(
            "out of scope",
            Gate::Scope,
            "connection_access",
            (&is("user_id", ida), &is("user_id", carl)),
            &access,
        ),
        swap(
            "deactivated",
            Gate::Active,
            "erp_connection",
            ("is_active = TRUE", "is_active = FALSE"),
            &connection,
        ),
        swap(
            "the type off",
            Gate::TypeOn,
            "actor_mapping",
            ("is_active = TRUE", "is_active = FALSE"),
            &customers,
        ),
        swap(
            "the type missing",
            Gate::TypeOn,
            "actor_mapping",
            ("is_missing = FALSE", "is_missing = TRUE"),
            &customers,
        ),
        swap(
            "linked elsewhere",
            Gate::Linked,
            "link",
            (&is("record_id", company), &is("record_id", free)),
            &link,
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_of_everybody_what_the_guard_does() {
    let mut house = house().await;
    let Stage { north, south, company, hidden, .. } = house.stage;
    let usual = house.compare("as usual").await;
    let customer = |login, record, connection| (login, record, connection, "Customer".to_owned());
    let way = customer("ida", company, north);
    for (login, record, connection, closed) in [
        ("ida", company, north, vec![]),
        ("gil", hidden, south, vec![]),
        ("ida", hidden, north, vec![Gate::Linked]),
        ("carl", company, north, vec![Gate::Seat, Gate::Scope]),
        ("ada", company, north, vec![Gate::Scope]),
        ("eve", company, north, vec![Gate::Role, Gate::Scope]),
        // Who is disabled gives the seat back, and stays in the scope.
        ("disabled user", hidden, south, vec![Gate::Account, Gate::Seat]),
        ("disabled admin", hidden, south, vec![Gate::Account]),
    ] {
        assert_eq!(usual[&customer(login, record, connection)], closed, "{login}");
    }
    for state in states(&house) {
        house.sql(&state.begin);
        // What is changed about one person is nothing to others.
        let is_of_one = state.closes <= Gate::Scope;
        let is_meant = |login: &str| !is_of_one || ["ida", "carl"].contains(&login);
        let told = house.compare_of(state.name, is_meant).await;
        house.sql(&state.end);
        // Their sessions end with them.
        for (login, _, browser) in house.people.iter_mut().filter(|_| state.closes == Gate::Account)
        {
            if *login == "ida" {
                people::sign_in(browser, login).await;
            }
        }
        assert_eq!(told[&way], [state.closes], "{}", state.name);
    }
    let store = house.stage.store().clone();
    licences::install(&store, "2026-11-21").await;
    let told = house.compare("the licence expired").await;
    assert!(told.values().all(|closed| closed.contains(&Gate::Licence)));
    assert_eq!(told[&way], [Gate::Licence]);
    house.sql("DELETE FROM licence");
    assert_eq!(house.compare("no licence").await, told);
    licences::install(&store, "2027-12-31").await;
    let everyone = format!("UPDATE erp_connection SET is_for_everyone = TRUE WHERE id = {south}");
    house.sql(&everyone);
    let told = house.compare("the south for everyone").await;
    assert_eq!(told[&customer("ada", hidden, south)], []);
    assert_eq!(told[&customer("carl", hidden, south)], [Gate::Seat]);
    for place in house.places.clone() {
        let page = house.stage.browser(Who::Ada).get(&place).await;
        assert_eq!(page.status, 200, "{place}");
    }
}
