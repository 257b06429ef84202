//! The same firms and people as another system holds them: same in substance, different in detail, so
//! that linking has something to recognise and settling differences has something to settle.

use super::companies::street;
use super::country::{self, City, Country};
use super::letters;
use super::random::Random;
use super::{Company, Generator, Person, Project, Sample};

impl Generator {
    /// What a second system holds of the firms that `is_shared` picks: them, most of their people and
    /// projects, all with slightly other values. Indices are the new sample's own.
    pub fn elsewhere(
        &mut self,
        of: &Sample,
        is_shared: impl Fn(usize, &Company) -> bool,
    ) -> Sample {
        let shared: Vec<usize> =
            (0..of.companies.len()).filter(|&at| is_shared(at, &of.companies[at])).collect();
        let new_index = |old: usize| shared.iter().position(|&at| at == old);
        let random = &mut self.random;
        let companies = shared.iter().map(|&at| company(random, &of.companies[at])).collect();
        let mut persons = Vec::new();
        for known in &of.persons {
            let Some(company) = new_index(known.company) else { continue };
            if random.chance(70) {
                persons.push(person(random, company, known));
            }
        }
        let projects = of
            .projects
            .iter()
            .filter_map(|p| p.company.and_then(new_index).map(|company| (company, p)))
            .map(|(company, p)| project(random, company, p))
            .collect();
        Sample { companies, persons, projects }
    }
}

fn company(random: &mut Random, known: &Company) -> Company {
    let mut firm = known.clone();
    firm.number = String::new();
    let country = country::find(known.country);
    let Some(city) = country.cities.iter().find(|city| city.name == known.street.city) else {
        return firm;
    };
    if random.chance(45) {
        firm.name = retyped(random, country, &known.name);
    }
    if random.chance(40) {
        firm.phone = random.fill(city.phone);
    }
    if random.chance(25) {
        firm.street = moved(random, country, city, &known.street.line1);
    }
    if random.chance(25) {
        firm.email = firm.email.replace("info@", "buchhaltung@").replace("office@", "invoice@");
    }
    if random.chance(20) {
        firm.website = String::new();
    }
    if random.chance(15) {
        firm.vat_number = known.vat_number.replace(['.', '-'], "");
    }
    firm
}

/// One way in which a clerk elsewhere would have typed the name.
fn retyped(random: &mut Random, country: &Country, name: &str) -> String {
    match random.between(1, 5) {
        1 => name.replace(" & ", &format!(" {} ", country.and)),
        2 => letters::respelled(name, country),
        3 => name.to_uppercase(),
        4 => name.replace('\'', "’"),
        _ => country
            .legal_forms
            .iter()
            .find_map(|form| name.strip_suffix(form.0).map(|stem| format!("{stem}{}", form.1)))
            .unwrap_or_else(|| name.to_owned()),
    }
}

/// A new street in the same town, never the old one.
fn moved(random: &mut Random, country: &Country, city: &City, old_line: &str) -> super::Address {
    loop {
        let address = street(random, country, city);
        if address.line1 != old_line {
            return address;
        }
    }
}

fn person(random: &mut Random, company: usize, known: &Person) -> Person {
    let mut person = Person { company, number: String::new(), ..known.clone() };
    if random.chance(30) {
        person.mobile_phone = person.mobile_phone.replace(' ', "");
    }
    if random.chance(30) {
        person.title = String::new();
    }
    if random.chance(15) {
        person.direct_phone = String::new();
    }
    if random.chance(50) {
        person.middle_name = String::new();
    }
    if random.chance(20) {
        person.birthdate = None;
    }
    person
}

fn project(random: &mut Random, company: usize, known: &Project) -> Project {
    let mut project = Project { company: Some(company), number: String::new(), ..known.clone() };
    if random.chance(30) {
        project.end_date = random.day(2027, 2028);
    }
    if random.chance(30) {
        project.budget = project.budget.map(|euros| euros + 2_500);
    }
    if random.chance(20) {
        project.description = String::new();
    }
    project
}
