//! Believable sample data in the languages of thirteen countries, for the demo and the practice ERP.
//! Pure: the same seed gives the same firms, people and projects for ever. Nothing here is real: web and
//! e-mail addresses lie under `.example`, and every VAT number ends in a way no office would give out.
//!
//! A [`Generator`] never gives two firms the same name. What a second system holds of the same firms,
//! spelled a little differently, comes from [`Generator::elsewhere`].

mod companies;
mod country;
mod country_names;
mod elsewhere;
mod kinds;
mod letters;
mod persons;
mod projects;
mod random;

use std::collections::HashSet;

use jiff::civil::Date;

pub use companies::{ALPINE, Blend, EUROPE};
pub use country_names::countries;
pub use kinds::{Bilingual, Business, Category, Position, ProjectStatus};
use random::Random;

/// A firm. Empty texts are gaps, as every real address book has them.
#[derive(Clone, Debug, PartialEq)]
pub struct Company {
    /// Of the system that holds it.
    pub number: String,
    pub name: String,
    pub department: String,
    pub category: Category,
    pub business: Business,
    /// ISO 3166, two letters.
    pub country: &'static str,
    pub street: Address,
    /// Where it differs from the street address.
    pub postal: Option<Address>,
    pub phone: String,
    pub fax: String,
    pub email: String,
    pub website: String,
    pub vat_number: String,
    pub employees: Option<i64>,
    /// In whole euros a year.
    pub revenue: Option<i64>,
    pub customer_since: Option<Date>,
    pub wants_no_mailings: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    pub line1: String,
    pub line2: String,
    pub zip: String,
    pub city: String,
}

/// Somebody who works at one of the sample's companies.
#[derive(Clone, Debug, PartialEq)]
pub struct Person {
    pub number: String,
    /// Index into [`Sample::companies`].
    pub company: usize,
    pub first_name: String,
    pub middle_name: String,
    pub last_name: String,
    /// The job, in the country's own words.
    pub title: String,
    pub position: Option<Position>,
    pub direct_phone: String,
    pub mobile_phone: String,
    pub email: String,
    pub birthdate: Option<Date>,
    pub wants_newsletter: bool,
}

/// A project; most are for one of the sample's companies.
#[derive(Clone, Debug, PartialEq)]
pub struct Project {
    pub number: String,
    /// Index into [`Sample::companies`].
    pub company: Option<usize>,
    pub name: String,
    pub description: String,
    pub status: ProjectStatus,
    pub website: String,
    pub end_date: Option<Date>,
    /// In whole euros.
    pub budget: Option<i64>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sample {
    pub companies: Vec<Company>,
    pub persons: Vec<Person>,
    pub projects: Vec<Project>,
}

/// How much to make.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    pub companies: usize,
    pub persons: usize,
    pub projects: usize,
}

/// The seed of the demo: the CRM and the practice ERP must start from the same one, so that they know
/// the same firms.
pub const DEMO_SEED: u64 = 20_260_907;

/// The size of the demo's CRM.
pub const CRM_SIZE: Size = Size { companies: 300, persons: 700, projects: 60 };

/// Makes samples; see the module.
pub struct Generator {
    random: Random,
    names: HashSet<String>,
    domains: HashSet<String>,
}

impl Generator {
    pub fn new(seed: u64) -> Self {
        Self { random: Random::new(seed), names: HashSet::new(), domains: HashSet::new() }
    }

    /// New firms, their people and their projects, none of which this generator gave out before.
    pub fn sample(&mut self, size: Size, blend: Blend) -> Sample {
        let companies = self.companies(size.companies, blend);
        let persons = self.persons(&companies, size.persons);
        let projects = self.projects(&companies, size.projects);
        Sample { companies, persons, projects }
    }

    /// What the demo's CRM holds. Always the first thing asked of a generator that should know it.
    pub fn crm(&mut self) -> Sample {
        self.sample(CRM_SIZE, EUROPE)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
