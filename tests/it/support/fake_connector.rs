//! An ERP in memory behind the connector contract, which does what a test tells it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use gleichlauf::connector::failure::{Failure, RefusalCode};
use gleichlauf::connector::handover::Giver;
use gleichlauf::connector::types::*;
use gleichlauf::connector::{Answer, Connector, encoding};
use tokio::sync::Notify;

/// Customers `C1`…, a person `P1`… under each, a supplier `S1`… per two, a project `J1`… per three.
/// The password `wrong` is refused; company `02` answers with a warning.
pub struct FakeConnector(Mutex<Erp>);

#[derive(Default)]
struct Erp {
    rows: BTreeMap<(ActorType, String), Row>,
    clock: u64,
    connections: BTreeSet<ConnectionGuid>,
    calls: Vec<(&'static str, String)>,
    failures: Vec<(String, Failure)>,
    /// Every configuration that was ever sent.
    received: Vec<String>,
    throws: Option<&'static str>,
    /// The call that waits until it is let go.
    held: Option<(&'static str, Arc<Notify>)>,
    /// What it asks for besides.
    asked: Vec<FieldInfo>,
    /// Keys of fields it does not offer, and of list items it does not have (any more).
    gone: BTreeSet<String>,
    /// The actor types it offers otherwise than [`fields`] says; without fields: not at all.
    offered: BTreeMap<ActorType, Vec<FieldInfo>>,
    /// Items that its lists have besides.
    stocked: Vec<(String, ListItem)>,
    /// How many actors a poll gives before it fails.
    poll_length: Option<usize>,
    delay: Duration,
}

#[derive(Clone)]
struct Row {
    stamp: u64,
    fields: FieldValues,
    parent: Option<ActorRef>,
}

impl FakeConnector {
    pub fn new(customers: usize) -> Arc<Self> {
        let mut erp = Erp::default();
        for n in 1..=customers {
            let country = ["DE", "AT", "NO"][n % 3];
            let fields = [
                ("Name", format!("Ærø & Söhne <{n}>")),
                ("Phone", format!("+49 30 {n}")),
                ("Country", country.to_owned()),
                ("Limit", format!("[F:{n}.5]")),
                ("Rating", format!("[I:{n}]")),
                ("Blocked", "[I:0]".to_owned()),
                ("Since", format!("[DT:01/{:02}/2020 00:00:00.0000000]", n % 28 + 1)),
            ];
            erp.put(ActorType::Customer, format!("C{n}"), &fields, None);
            let parent = ActorRef { kind: ActorType::Customer, key: format!("C{n}") };
            let name = [("FirstName", "Zoë".to_owned()), ("LastName", format!("Weiß-{n}"))];
            erp.put(ActorType::Person, format!("P{n}"), &name, Some(parent));
            if n % 2 == 0 {
                erp.put(ActorType::Supplier, format!("S{n}"), &fields, None);
            }
            if n % 3 == 0 {
                let name = [("Name", format!("Halle {n}")), ("State", "open".to_owned())];
                erp.put(ActorType::Project, format!("J{n}"), &name, None);
            }
        }
        Arc::new(Self(Mutex::new(erp)))
    }

    fn erp(&self) -> MutexGuard<'_, Erp> {
        self.0.lock().unwrap()
    }

    /// A user of the ERP changes a value; the new timestamp.
    pub fn set(&self, kind: ActorType, key: &str, field: &str, value: &str) -> String {
        let mut erp = self.erp();
        let stamp = erp.tick();
        let row = erp.rows.get_mut(&(kind, key.to_owned())).unwrap();
        row.stamp = stamp;
        row.fields.insert(field.to_owned(), value.to_owned());
        written(stamp)
    }

    /// A row disappears from the ERP.
    pub fn delete(&self, kind: ActorType, key: &str) {
        self.erp().rows.remove(&(kind, key.to_owned()));
    }

    /// The connector forgets its connections.
    pub fn forget(&self) {
        self.erp().connections.clear();
    }

    /// The next call of this operation (`*`: any) ends like that, before anything is done.
    pub fn fail(&self, operation: &str, failure: Failure) {
        self.erp().failures.push((operation.to_owned(), failure));
    }

    /// The next call of this operation panics.
    pub fn throw(&self, operation: &'static str) {
        self.erp().throws = Some(operation);
    }

    /// The next call of this operation waits for a notification.
    pub fn hold(&self, operation: &'static str) -> Arc<Notify> {
        let released = Arc::new(Notify::new());
        self.erp().held = Some((operation, released.clone()));
        released
    }

    /// From now on it does not offer the field of this key, nor have the list item.
    pub fn withdraw(&self, key: &str) {
        self.erp().gone.insert(key.to_owned());
    }

    /// From now on it asks for this configuration field, too.
    pub fn ask_also(&self, field: FieldInfo) {
        self.erp().asked.push(field);
    }

    /// From now on it offers these fields of an actor type; none: it does not offer the type.
    pub fn offer(&self, kind: ActorType, fields: Vec<FieldInfo>) {
        self.erp().offered.insert(kind, fields);
    }

    /// From now on this list has this item, too.
    pub fn stock(&self, list: &str, key: &str, text: &str) {
        let item = ListItem { key: key.to_owned(), text: text.to_owned() };
        self.erp().stocked.push((list.to_owned(), item));
    }

    /// The items of a list as it stands.
    fn items(&self, list: &str) -> Answer<Vec<ListItem>> {
        let erp = self.erp();
        let more = erp.stocked.iter().filter(|(of, _)| of == list).map(|(_, item)| item.clone());
        lists(list).map(|reply| reply.map(|items| items.into_iter().chain(more).collect()))
    }

    /// Polls fail after that many actors.
    pub fn cut_polls(&self, actors: usize) {
        self.erp().poll_length = Some(actors);
    }

    /// Every call takes that long from now on.
    pub fn delay(&self, delay: Duration) {
        self.erp().delay = delay;
    }

    /// The calls since the last time this was asked: operation and connection.
    pub fn calls(&self) -> Vec<(&'static str, String)> {
        std::mem::take(&mut self.erp().calls)
    }

    /// Every configuration ever sent to be tested or saved, `key=value` in lines.
    pub fn received(&self) -> Vec<String> {
        self.erp().received.clone()
    }

    fn receive(&self, settings: &Settings) {
        let lines: Vec<String> =
            settings.iter().map(|(key, value)| format!("{key}={value}")).collect();
        self.erp().received.push(lines.join("\n"));
    }

    /// What the ERP holds.
    pub fn dump(&self, kind: ActorType) -> BTreeMap<String, FieldValues> {
        let erp = self.erp();
        let of_kind = erp.rows.iter().filter(|((k, _), _)| *k == kind);
        of_kind.map(|((_, key), row)| (key.clone(), row.fields.clone())).collect()
    }

    /// Notes the call, takes its time, and fails if told so or if the connection is unknown.
    async fn enter(&self, operation: &'static str, id: Option<&ConnectionGuid>) -> Answer<()> {
        let delay = {
            let mut erp = self.erp();
            erp.calls.push((operation, id.map_or(String::new(), |id| id.as_str().to_owned())));
            erp.delay
        };
        tokio::time::sleep(delay).await;
        let held = self.erp().held.take_if(|(held, _)| *held == operation);
        if let Some((_, released)) = held {
            released.notified().await;
        }
        let throws = self.erp().throws.take_if(|throws| *throws == operation);
        assert_eq!(throws, None, "told to throw");
        let mut erp = self.erp();
        let told = erp.failures.iter().position(|(call, _)| call == "*" || call == operation);
        if let Some(told) = told {
            return Err(erp.failures.remove(told).1);
        }
        match id {
            Some(id) if !erp.connections.contains(id) && *id != ConnectionGuid::zero() => {
                let text = format!("no configuration stored for {}", id.as_str());
                Err(Failure::refused_as(RefusalCode::UnknownConnection, text))
            }
            _ => Ok(Reply::ok(())),
        }
    }

    fn found(
        &self,
        kind: ActorType,
        fields: &[String],
        limit: usize,
        is_it: impl Fn(&str, &Row) -> bool,
    ) -> Found {
        let erp = self.erp();
        let mut actors = erp.rows.iter().filter(|((k, key), row)| *k == kind && is_it(key, row));
        let shown = actors.by_ref().take(limit).map(|((_, key), row)| show(kind, key, row, fields));
        Found { actors: shown.collect(), more: actors.next().is_some() }
    }
}

impl Erp {
    fn fields(&self, kind: ActorType) -> Vec<FieldInfo> {
        let offered = self.offered.get(&kind).cloned().unwrap_or_else(|| fields(kind));
        offered.into_iter().filter(|field| !self.gone.contains(&field.key)).collect()
    }

    fn tick(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }

    fn put(
        &mut self,
        kind: ActorType,
        key: String,
        fields: &[(&str, String)],
        parent: Option<ActorRef>,
    ) {
        let fields = fields.iter().map(|(key, value)| (key.to_string(), value.clone())).collect();
        let stamp = self.tick();
        self.rows.insert((kind, key), Row { stamp, fields, parent });
    }
}

/// Times of change as text that sorts.
fn written(stamp: u64) -> String {
    format!("2026-01-01T00:00:{stamp:09}")
}

fn show(kind: ActorType, key: &str, row: &Row, fields: &[String]) -> Actor {
    let wanted = row.fields.iter().filter(|(key, _)| fields.contains(key));
    Actor {
        kind,
        key: key.to_owned(),
        last_modified: written(row.stamp),
        fields: wanted.map(|(k, v)| (k.clone(), v.clone())).collect(),
        parent: row.parent.clone(),
    }
}

fn field(key: &str, kind: FieldType, list: &str, access: Access, rank: i64) -> FieldInfo {
    FieldInfo {
        key: key.to_owned(),
        name: format!("US:\"{key}\";GE:\"{key} (deutsch)\""),
        description: format!("About {key}"),
        kind,
        list: list.to_owned(),
        default: if kind == FieldType::List { "01".to_owned() } else { String::new() },
        rank,
        max_length: if kind == FieldType::Text { 80 } else { 0 },
        access,
    }
}

/// The configuration fields: all eight types.
pub fn config() -> Vec<FieldInfo> {
    let must = Access::Mandatory;
    let may = Access::Normal;
    vec![
        field("About", FieldType::Label, "", may, 1),
        field("Server", FieldType::Text, "", must, 2),
        field("Password", FieldType::Password, "", must, 3),
        field("Company", FieldType::List, "Company", must, 4),
        field("Timeout", FieldType::Integer, "", may, 5),
        field("Rate", FieldType::Double, "", may, 6),
        field("From", FieldType::Datetime, "", may, 7),
        field("ReadOnly", FieldType::Checkbox, "", may, 8),
    ]
}

/// The fields of an actor type.
pub fn fields(kind: ActorType) -> Vec<FieldInfo> {
    let may = Access::Normal;
    match kind {
        ActorType::Customer | ActorType::Supplier | ActorType::Partner => vec![
            field("Name", FieldType::Text, "", Access::Mandatory, 1),
            field("Phone", FieldType::Text, "", may, 2),
            field("Country", FieldType::List, "Country", may, 3),
            field("Limit", FieldType::Double, "", Access::ReadOnly, 4),
            field("Rating", FieldType::Integer, "", may, 5),
            field("Blocked", FieldType::Checkbox, "", may, 6),
            field("Since", FieldType::Datetime, "", may, 7),
        ],
        ActorType::Person => vec![
            field("FirstName", FieldType::Text, "", may, 1),
            field("LastName", FieldType::Text, "", Access::Mandatory, 2),
        ],
        ActorType::Project => vec![
            field("Name", FieldType::Text, "", Access::Mandatory, 1),
            field("State", FieldType::List, "State", may, 2),
        ],
    }
}

fn lists(name: &str) -> Answer<Vec<ListItem>> {
    let items: &[(&str, &str)] = match name {
        "Company" => &[("01", "Nordwind"), ("02", "Nordwind (Schweiz)")],
        "Country" => &[
            ("DE", "US:\"Germany\";GE:\"Deutschland\""),
            ("AT", "US:\"Austria\";GE:\"Österreich\""),
            ("NO", "US:\"Norway\";GE:\"Norwegen\""),
        ],
        "State" => &[("open", "US:\"Open\";GE:\"Offen\""), ("closed", "US:\"Closed\";GE:\"Zu\"")],
        _ => return Err(Failure::refused("US:\"No such list\"", name)),
    };
    let item = |(key, text): &(&str, &str)| ListItem { key: (*key).into(), text: (*text).into() };
    Ok(Reply::ok(items.iter().map(item).collect()))
}

fn check(settings: &Settings) -> Answer<()> {
    let is_blank = |key: &&str| settings.get(key).unwrap_or_default().is_empty();
    if let Some(key) = ["Server", "Password", "Company"].iter().find(|key| is_blank(key)) {
        return Err(Failure::refused(format!("US:\"Missing: {key}\";GE:\"Es fehlt: {key}\""), ""));
    }
    match (settings.get("Password"), settings.get("Company")) {
        (Some("wrong"), _) => {
            Err(Failure::refused("US:\"Refused\";GE:\"Abgelehnt\"", "bad password"))
        }
        (_, Some("02")) => Ok(Reply {
            state: State::Warning,
            user_text: "US:\"Closed for posting\"".into(),
            ..Reply::ok(())
        }),
        _ => Ok(Reply::ok(())),
    }
}

fn holds(kind: ActorType, row: &Row, restriction: &Restriction) -> bool {
    let first = restriction.values.first().map_or("", String::as_str);
    match restriction.field.as_str() {
        Restriction::PARENT_KEY => return row.parent.as_ref().is_some_and(|p| p.key == first),
        Restriction::PARENT_TYPE => {
            return row.parent.as_ref().is_some_and(|p| p.kind.as_str() == first);
        }
        _ => {}
    }
    let kind = fields(kind).iter().find(|f| f.key == restriction.field).map(|f| f.kind).unwrap();
    let raw = row.fields.get(&restriction.field).map_or("", String::as_str);
    let read = |raw: &str| encoding::read(kind, raw).unwrap();
    let order = |n: usize| {
        use encoding::Value::*;
        match (read(raw), read(&restriction.values[n])) {
            (Integer(a), Integer(b)) => a.cmp(&b),
            (Double(a), Double(b)) => a.cmp(&b),
            (Checkbox(a), Checkbox(b)) => a.cmp(&b),
            (Datetime(a), Datetime(b)) => a.cmp(&b),
            _ => raw.to_lowercase().cmp(&restriction.values[n].to_lowercase()),
        }
    };
    let (text, part) = (raw.to_lowercase(), first.to_lowercase());
    match restriction.operator {
        Operator::Equals => order(0).is_eq(),
        Operator::IsNot | Operator::NotEquals => order(0).is_ne(),
        Operator::Begins => text.starts_with(&part),
        Operator::Contains => text.contains(&part),
        Operator::Ends => text.ends_with(&part),
        Operator::NotBegins => !text.starts_with(&part),
        Operator::NotContains => !text.contains(&part),
        Operator::NotEnds => !text.ends_with(&part),
        Operator::Between => order(0).is_ge() && order(1).is_le(),
        Operator::Greater | Operator::After => order(0).is_gt(),
        Operator::Less | Operator::Before => order(0).is_lt(),
        Operator::GreaterOrEqual | Operator::AfterOrEqual => order(0).is_ge(),
        Operator::LessOrEqual | Operator::BeforeOrEqual => order(0).is_le(),
        Operator::OneOf => restriction.values.iter().any(|value| value == raw),
        Operator::NotOneOf => !restriction.values.iter().any(|value| value == raw),
    }
}

fn hits(key: &str, row: &Row, text: &str) -> bool {
    let text = text.trim().to_lowercase();
    key.to_lowercase() == text || row.fields.values().any(|v| v.to_lowercase().contains(&text))
}

#[async_trait]
impl Connector for FakeConnector {
    async fn config_fields(&self) -> Answer<Vec<FieldInfo>> {
        self.enter("GetConfigData", None).await?;
        let asked = self.erp().asked.clone();
        Ok(Reply::ok(config().into_iter().chain(asked).collect()))
    }

    async fn test_config(&self, settings: &Settings) -> Answer<()> {
        self.receive(settings);
        self.enter("TestConfigData", None).await?;
        check(settings)
    }

    async fn save_connection(&self, id: &ConnectionGuid, settings: &Settings) -> Answer<()> {
        self.receive(settings);
        self.enter("SaveConnection", None).await?;
        let answer = check(settings)?;
        self.erp().connections.insert(id.clone());
        Ok(answer)
    }

    async fn test_connection(&self, id: &ConnectionGuid) -> Answer<()> {
        self.enter("TestConnection", Some(id)).await
    }

    async fn delete_connection(&self, id: &ConnectionGuid) -> Answer<()> {
        self.enter("DeleteConnection", None).await?;
        self.erp().connections.remove(id);
        Ok(Reply::ok(()))
    }

    async fn actor_types(&self, id: &ConnectionGuid) -> Answer<Vec<ActorType>> {
        self.enter("GetSupportedActorTypes", Some(id)).await?;
        let erp = self.erp();
        let is_offered = |kind: &ActorType| match erp.offered.get(kind) {
            Some(fields) => !fields.is_empty(),
            None => *kind != ActorType::Partner,
        };
        Ok(Reply::ok(ActorType::ALL.into_iter().filter(is_offered).collect()))
    }

    async fn actor_fields(&self, id: &ConnectionGuid, kind: ActorType) -> Answer<Vec<FieldInfo>> {
        self.enter("GetSupportedActorTypeFields", Some(id)).await?;
        Ok(Reply::ok(self.erp().fields(kind)))
    }

    async fn searchable_fields(&self, id: &ConnectionGuid, kind: ActorType) -> Answer<Vec<String>> {
        self.enter("GetSearchableFields", Some(id)).await?;
        Ok(Reply::ok(self.erp().fields(kind).into_iter().map(|field| field.key).collect()))
    }

    async fn actors(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        keys: &[String],
        fields: &[String],
    ) -> Answer<Vec<Actor>> {
        self.enter("GetActors", Some(id)).await?;
        let is_it = |key: &str, _: &Row| keys.iter().any(|wanted| wanted == key);
        Ok(Reply::ok(self.found(kind, fields, usize::MAX, is_it).actors))
    }

    async fn search(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        text: &str,
        fields: &[String],
        limit: usize,
    ) -> Answer<Found> {
        self.enter("SearchActors", Some(id)).await?;
        Ok(Reply::ok(self.found(kind, fields, limit, |key, row| hits(key, row, text))))
    }

    async fn search_by_parent(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        text: &str,
        parent_kind: ActorType,
        parent_key: &str,
        fields: &[String],
        limit: usize,
    ) -> Answer<Found> {
        self.enter("SearchActorByParent", Some(id)).await?;
        let parent = Some(ActorRef { kind: parent_kind, key: parent_key.to_owned() });
        let is_it = |key: &str, row: &Row| row.parent == parent && hits(key, row, text);
        Ok(Reply::ok(self.found(kind, fields, limit, is_it)))
    }

    async fn search_advanced(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        restrictions: &[Restriction],
        fields: &[String],
        limit: usize,
    ) -> Answer<Found> {
        self.enter("SearchActorsAdvanced", Some(id)).await?;
        let is_it = |_: &str, row: &Row| restrictions.iter().all(|r| holds(kind, row, r));
        Ok(Reply::ok(self.found(kind, fields, limit, is_it)))
    }

    async fn create_actor(&self, id: &ConnectionGuid, actor: &NewActor) -> Answer<Actor> {
        self.enter("CreateActor", Some(id)).await?;
        let must = fields(actor.kind).into_iter().filter(|f| f.access == Access::Mandatory);
        for FieldInfo { key, .. } in must {
            if actor.fields.get(&key).is_none_or(String::is_empty) {
                return Err(Failure::refused(format!("US:\"Missing: {key}\""), ""));
            }
        }
        let mut erp = self.erp();
        let stamp = erp.tick();
        let key = format!("N{stamp}");
        let row = Row { stamp, fields: actor.fields.clone(), parent: actor.parent.clone() };
        let all: Vec<String> = row.fields.keys().cloned().collect();
        let made = show(actor.kind, &key, &row, &all);
        erp.rows.insert((actor.kind, key), row);
        Ok(Reply::ok(made))
    }

    async fn save_actors(&self, id: &ConnectionGuid, actors: &[Actor]) -> Answer<Vec<Actor>> {
        self.enter("SaveActors", Some(id)).await?;
        let mut erp = self.erp();
        let mut saved = Vec::new();
        for actor in actors {
            let stamp = erp.tick();
            let Some(row) = erp.rows.get_mut(&(actor.kind, actor.key.clone())) else {
                return Err(Failure::refused("US:\"Not found in the ERP\"", &*actor.key));
            };
            row.stamp = stamp;
            for field in fields(actor.kind).iter().filter(|f| f.access != Access::ReadOnly) {
                if let Some(value) = actor.fields.get(&field.key) {
                    row.fields.insert(field.key.clone(), value.clone());
                }
            }
            let sent: Vec<String> = actor.fields.keys().cloned().collect();
            saved.push(show(actor.kind, &actor.key, row, &sent));
        }
        Ok(Reply::ok(saved))
    }

    async fn list(&self, id: &ConnectionGuid, list: &str) -> Answer<Vec<ListItem>> {
        self.enter("GetList", Some(id)).await?;
        let gone = self.erp().gone.clone();
        let is_there = |item: &ListItem| !gone.contains(&item.key);
        self.items(list)
            .map(|reply| reply.map(|items| items.into_iter().filter(is_there).collect()))
    }

    async fn list_items(
        &self,
        id: &ConnectionGuid,
        list: &str,
        keys: &[String],
    ) -> Answer<Vec<ListItem>> {
        self.enter("GetListItems", Some(id)).await?;
        let wanted = |items: Vec<ListItem>| {
            items.into_iter().filter(|item| keys.contains(&item.key)).collect()
        };
        self.items(list).map(|reply| reply.map(wanted))
    }

    async fn actors_since(
        &self,
        id: &ConnectionGuid,
        kind: ActorType,
        since: &str,
        fields: &[String],
        each: Giver,
    ) -> Answer<()> {
        self.enter("GetActorsByTimestamp", Some(id)).await?;
        let is_it = |_: &str, row: &Row| written(row.stamp).as_str() >= since;
        let mut actors = self.found(kind, fields, usize::MAX, is_it).actors;
        actors.sort_by(|a, b| a.last_modified.cmp(&b.last_modified));
        let poll_length = self.erp().poll_length;
        for (at, actor) in actors.into_iter().enumerate() {
            if poll_length == Some(at) {
                return Err(Failure::BrokenOff { detail: "told to break off".into() });
            }
            if each.send(actor).await.is_err() {
                break;
            }
        }
        Ok(Reply::ok(()))
    }
}
