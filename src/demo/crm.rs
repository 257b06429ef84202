//! The demo's CRM: its lists, and sample companies, persons and projects.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::connector::multilang;
use crate::crm::fields::List;
use crate::crm::value::Value;
use crate::crm::{RecordKind, Values};
use crate::history::Actor;
use crate::sample::{
    Address, Bilingual, Business, Category, Company, DEMO_SEED, Generator, Person, Position,
    Project, ProjectStatus, countries,
};
use crate::store::{Result, Store, Tx, crm, crm_lists};

/// Fills the CRM of a new portal; one that holds companies already is left alone.
pub async fn fill(store: &Store) -> Result<()> {
    if crm::count(store, RecordKind::Company).await? > 0 {
        return Ok(());
    }
    let sample = Generator::new(DEMO_SEED).crm();
    let mut tx = store.begin().await?;
    let lists = Lists::insert(&mut tx).await?;
    let mut companies = Vec::with_capacity(sample.companies.len());
    for company in &sample.companies {
        let values = company_values(company, &lists);
        companies.push(insert(&mut tx, RecordKind::Company, None, &values).await?);
    }
    for person in &sample.persons {
        let company = companies.get(person.company).copied();
        let values = person_values(person, &lists);
        insert(&mut tx, RecordKind::Person, company, &values).await?;
    }
    for project in &sample.projects {
        let company = project.company.and_then(|index| companies.get(index)).copied();
        let values = project_values(project, &lists);
        insert(&mut tx, RecordKind::Project, company, &values).await?;
    }
    tx.commit().await
}

async fn insert(
    tx: &mut Tx,
    kind: RecordKind,
    company: Option<i64>,
    values: &Values,
) -> Result<i64> {
    crm::insert(tx, &Actor::system(), kind, company, values).await
}

/// The ids of list items by what they stand for in the sample.
struct Lists {
    categories: BTreeMap<Category, i64>,
    businesses: BTreeMap<Business, i64>,
    positions: BTreeMap<Position, i64>,
    statuses: BTreeMap<ProjectStatus, i64>,
    countries: BTreeMap<&'static str, i64>,
}

impl Lists {
    async fn insert(tx: &mut Tx) -> Result<Self> {
        let all = Category::ALL.iter().map(|item| (*item, item.text()));
        let categories = insert_items(tx, List::CATEGORY, all).await?;
        let all = Business::ALL.iter().map(|item| (*item, item.text()));
        let businesses = insert_items(tx, List::BUSINESS, all).await?;
        let all = Position::ALL.iter().map(|item| (*item, item.text()));
        let positions = insert_items(tx, List::POSITION, all).await?;
        let all = ProjectStatus::ALL.iter().map(|item| (*item, item.text()));
        let statuses = insert_items(tx, List::PROJECT_STATUS, all).await?;
        let countries = insert_items(tx, List::COUNTRY, countries()).await?;
        Ok(Self { categories, businesses, positions, statuses, countries })
    }
}

async fn insert_items<T: Ord>(
    tx: &mut Tx,
    list: List,
    items: impl Iterator<Item = (T, Bilingual)>,
) -> Result<BTreeMap<T, i64>> {
    let mut ids = BTreeMap::new();
    for (item, text) in items {
        let text = multilang::write(text.english, text.german);
        ids.insert(item, crm_lists::insert(tx, &Actor::system(), list, &text).await?);
    }
    Ok(ids)
}

fn company_values(company: &Company, lists: &Lists) -> Values {
    let mut values: Values = [
        ("name", text(&company.name)),
        ("department", text(&company.department)),
        ("number", text(&company.number)),
        ("category", item(lists.categories.get(&company.category))),
        ("business", item(lists.businesses.get(&company.business))),
        ("country", item(lists.countries.get(company.country))),
        ("phone", text(&company.phone)),
        ("fax", text(&company.fax)),
        ("email", text(&company.email)),
        ("url", text(&company.website)),
        ("vat_no", text(&company.vat_number)),
        ("employees", company.employees.map_or(Value::Empty, Value::Whole)),
        ("revenue", money(company.revenue)),
        ("customer_since", company.customer_since.map_or(Value::Empty, Value::Date)),
        ("no_mailings", Value::Check(company.wants_no_mailings)),
    ]
    .into_iter()
    .collect();
    set_address(&mut values, "street", &company.street);
    if let Some(postal) = &company.postal {
        set_address(&mut values, "postal", postal);
    }
    values
}

fn set_address(values: &mut Values, which: &str, address: &Address) {
    for (part, value) in [
        ("line1", &address.line1),
        ("line2", &address.line2),
        ("zip", &address.zip),
        ("city", &address.city),
    ] {
        values.set(&format!("{which}_{part}"), text(value));
    }
}

fn person_values(person: &Person, lists: &Lists) -> Values {
    let position = person.position.and_then(|position| lists.positions.get(&position));
    [
        ("first_name", text(&person.first_name)),
        ("middle_name", text(&person.middle_name)),
        ("last_name", text(&person.last_name)),
        ("title", text(&person.title)),
        ("position", item(position)),
        ("number", text(&person.number)),
        ("phone_direct", text(&person.direct_phone)),
        ("phone_mobile", text(&person.mobile_phone)),
        ("email", text(&person.email)),
        ("birthdate", person.birthdate.map_or(Value::Empty, Value::Date)),
        ("newsletter", Value::Check(person.wants_newsletter)),
    ]
    .into_iter()
    .collect()
}

fn project_values(project: &Project, lists: &Lists) -> Values {
    [
        ("name", text(&project.name)),
        ("description", text(&project.description)),
        ("number", text(&project.number)),
        ("status", item(lists.statuses.get(&project.status))),
        ("end_date", project.end_date.map_or(Value::Empty, Value::Date)),
        ("budget", money(project.budget)),
        ("url", text(&project.website)),
    ]
    .into_iter()
    .collect()
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn item(id: Option<&i64>) -> Value {
    id.map_or(Value::Empty, |id| Value::Item(*id))
}

fn money(euros: Option<i64>) -> Value {
    euros.map_or(Value::Empty, |euros| Value::Decimal(Decimal::from(euros)))
}
