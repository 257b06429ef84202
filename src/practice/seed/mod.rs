//! What the practice ERP holds on its first day: firms of its own, and many that the demo's CRM knows
//! too, spelled and filed a little differently.

mod values;

use sqlx::SqliteConnection;

use crate::clock::{DAY, Millis};
use crate::connector::types::{ActorRef, ActorType, FieldValues};
use crate::sample::{ALPINE, Blend, Category, Company, DEMO_SEED, EUROPE, Generator, Sample, Size};

use super::data::connections::insert_login;
use super::data::write::write_rows;
use super::data::{Result, Row};
use super::{login, model};
use values::{Values, firm_values, person_values, project_values};

/// One client's log-in and stock.
struct Plan {
    client: &'static str,
    user: &'static str,
    password: &'static str,
    /// Beside the firms shared with the CRM.
    own: Size,
    blend: Blend,
    /// Which of the CRM's firms this client deals with; by place and record.
    is_shared: fn(usize, &Company) -> bool,
}

const PLANS: [Plan; 2] = [
    Plan {
        client: "01",
        user: "sync",
        password: "practice",
        own: Size { companies: 940, persons: 480, projects: 70 },
        blend: EUROPE,
        is_shared: |place, firm| trades(firm) && place % 8 != 3,
    },
    Plan {
        client: "02",
        user: "sync2",
        password: "practice2",
        own: Size { companies: 150, persons: 60, projects: 15 },
        blend: ALPINE,
        is_shared: |_, firm| trades(firm) && matches!(firm.country, "CH" | "AT" | "IT" | "FR"),
    },
];

/// Firms with which goods and money change hands; others have no place in an ERP.
fn trades(firm: &Company) -> bool {
    matches!(firm.category, Category::Customer | Category::Supplier | Category::Former)
}

/// Fills new tables.
pub async fn fill(connection: &mut SqliteConnection, now: Millis) -> Result<()> {
    let mut generator = Generator::new(DEMO_SEED);
    let crm = generator.crm();
    for plan in PLANS {
        let salt = login::salt()?;
        let hash = login::hash(plan.password.into(), salt.clone()).await?;
        insert_login(connection, plan.client, plan.user, &salt, &hash).await?;

        let mut stock = Stock::default();
        stock.take(&generator.elsewhere(&crm, plan.is_shared));
        stock.take(&generator.sample(plan.own, plan.blend));
        stock.store(connection, plan.client, now).await?;
    }
    Ok(())
}

/// One client's rows while they are being made.
#[derive(Default)]
struct Stock {
    rows: Vec<Row>,
    last: Numbers,
}

/// The last number given, by kind.
#[derive(Default)]
struct Numbers {
    customer: i64,
    supplier: i64,
    person: i64,
    project: i64,
}

impl Numbers {
    fn of(&mut self, kind: ActorType) -> &mut i64 {
        match kind {
            ActorType::Customer | ActorType::Partner => &mut self.customer,
            ActorType::Supplier => &mut self.supplier,
            ActorType::Person => &mut self.person,
            ActorType::Project => &mut self.project,
        }
    }
}

/// Where each kind's numbers begin.
fn first_number(kind: ActorType) -> i64 {
    match kind {
        ActorType::Customer | ActorType::Partner => 10_001,
        ActorType::Person => 20_001,
        ActorType::Supplier => 70_001,
        ActorType::Project => 1_001,
    }
}

impl Stock {
    fn take(&mut self, sample: &Sample) {
        let firms: Vec<ActorRef> = sample.companies.iter().map(|firm| self.firm(firm)).collect();
        for person in &sample.persons {
            let values = person_values(person, self.next(ActorType::Person));
            self.add(ActorType::Person, values, Some(firms[person.company].clone()));
        }
        for project in &sample.projects {
            let values = project_values(project, self.next(ActorType::Project));
            self.add(ActorType::Project, values, None);
        }
    }

    fn firm(&mut self, firm: &Company) -> ActorRef {
        let kind = match firm.category {
            Category::Supplier | Category::Partner => ActorType::Supplier,
            _ => ActorType::Customer,
        };
        let values = firm_values(firm, kind, self.next(kind));
        self.add(kind, values, None)
    }

    fn next(&mut self, kind: ActorType) -> i64 {
        let last = self.last.of(kind);
        *last = (*last + 1).max(first_number(kind));
        *last
    }

    fn add(&mut self, kind: ActorType, mut given: Values, parent: Option<ActorRef>) -> ActorRef {
        let number = *self.last.of(kind);
        given.set(model::number_field(kind), number.to_string());
        let mut values: FieldValues = model::fields(kind)
            .map(|field| (field.key.to_owned(), field.default.to_owned()))
            .collect();
        // A supplier has no customer group, and so on.
        values.extend(given.0.into_iter().filter(|(key, _)| model::field(kind, key).is_some()));
        let key = format!("{}{number}", model::key_letter(kind));
        let of = ActorRef { kind, key: key.clone() };
        self.rows.push(Row { kind, key, parent, modified: 0, changed_at: 0, values });
        of
    }

    /// Writes all rows, as if they had been changed one after the other through the last year.
    async fn store(
        mut self,
        connection: &mut SqliteConnection,
        client: &str,
        now: Millis,
    ) -> Result<()> {
        let count = i64::try_from(self.rows.len()).unwrap_or(1).max(1);
        for (at, row) in (1..).zip(&mut self.rows) {
            row.modified = at;
            row.changed_at = now - (count - at) * (365 * DAY / count);
        }
        write_rows(connection, client, &self.rows).await?;
        begin_series(connection, client, "change", count).await?;
        for kind in model::KINDS {
            begin_series(connection, client, kind.as_str(), *self.last.of(kind)).await?;
        }
        Ok(())
    }
}

async fn begin_series(
    connection: &mut SqliteConnection,
    client: &str,
    name: &str,
    last: i64,
) -> Result<()> {
    const SQL: &str = "INSERT INTO series (client, name, last) VALUES ($1, $2, $3)";
    sqlx::query(SQL).bind(client).bind(name).bind(last).execute(connection).await?;
    Ok(())
}
