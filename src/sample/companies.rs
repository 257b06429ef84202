//! Firms: names that nobody else has, addresses that fit, and the gaps of real life.

use super::country::{self, City, Country, LegalForm};
use super::letters::slug;
use super::random::Random;
use super::{Address, Business, Category, Company, Generator};

/// Countries with their weights.
pub type Blend = &'static [(&'static str, i64)];

/// A German firm's customers and suppliers.
pub const EUROPE: Blend = &[
    ("DE", 30),
    ("AT", 9),
    ("CH", 11),
    ("NO", 9),
    ("DK", 7),
    ("SE", 7),
    ("NL", 6),
    ("PL", 6),
    ("FR", 5),
    ("GB", 4),
    ("FI", 3),
    ("IT", 4),
    ("ES", 3),
];

/// A Swiss firm's.
pub const ALPINE: Blend = &[("CH", 60), ("DE", 12), ("AT", 12), ("FR", 8), ("IT", 8)];

const CATEGORIES: [(Category, i64); 5] = [
    (Category::Customer, 55),
    (Category::Prospect, 20),
    (Category::Supplier, 15),
    (Category::Partner, 5),
    (Category::Former, 5),
];

impl Generator {
    pub fn companies(&mut self, count: usize, blend: Blend) -> Vec<Company> {
        (0..count).map(|at| self.company(10_001 + at, blend)).collect()
    }

    fn company(&mut self, number: usize, blend: Blend) -> Company {
        let country = country::find(self.random.weighted(blend));
        let (name, business, city) = self.firm(country);
        let domain = self.domain(country, &name);
        let random = &mut self.random;
        let category = random.weighted(&CATEGORIES);
        let employees = random.chance(80).then(|| random.between(2, 40) * random.between(1, 12));
        Company {
            number: number.to_string(),
            department: sometimes(random, 7, || city.name.to_owned()),
            category,
            business,
            country: country.iso,
            street: street(random, country, &city),
            postal: random.chance(12).then(|| post_office_box(random, country, &city)),
            phone: random.fill(city.phone),
            fax: if random.chance(25) { random.fill(city.phone) } else { String::new() },
            email: mailbox(random, &domain),
            website: sometimes(random, 88, || format!("https://www.{domain}")),
            vat_number: if random.chance(85) { random.fill(country.vat) } else { String::new() },
            employees,
            revenue: employees.map(|heads| heads * random.between(60, 240) * 1000),
            customer_since: match category {
                Category::Customer | Category::Former => random.day(1998, 2025),
                _ => None,
            },
            wants_no_mailings: random.chance(10),
            name,
        }
    }

    /// A name nobody has yet, what the firm does, and where it is.
    fn firm(&mut self, country: &Country) -> (String, Business, City) {
        loop {
            let random = &mut self.random;
            let city = random.pick(country.cities);
            let (trade, business) = random.pick(country.trades);
            let LegalForm(legal, _) = random.pick(country.legal_forms);
            let (family, second) = (random.pick(country.families), random.pick(country.families));
            if family == second {
                continue;
            }
            let name = random
                .pick(country.firm_names)
                .replace("{family}", family)
                .replace("{second}", second)
                .replace("{fancy}", random.pick(country.fancies))
                .replace("{trade}", trade)
                .replace("{city}", city.name)
                .replace("{legal}", legal);
            if self.names.insert(name.to_lowercase()) {
                return (name, business, city);
            }
        }
    }

    /// `Müller & Söhne KG` → `mueller-soehne.example`.
    fn domain(&mut self, country: &Country, name: &str) -> String {
        let legal_form = country.legal_forms.iter().find_map(|form| name.strip_suffix(form.0));
        let stem = slug(legal_form.unwrap_or(name), country);
        let mut domain = format!("{stem}.example");
        let mut next = 2;
        while !self.domains.insert(domain.clone()) {
            domain = format!("{stem}{next}.example");
            next += 1;
        }
        domain
    }
}

pub(super) fn street(random: &mut Random, country: &Country, city: &City) -> Address {
    let number = random.between(1, 148).to_string();
    let host = random.pick(country.families);
    let zip = random.pick(city.zips);
    Address {
        line1: random.pick(country.streets).replace("{n}", &number),
        line2: sometimes(random, 5, || format!("c/o {host}")),
        zip: random.fill(zip),
        city: city.name.to_owned(),
    }
}

fn post_office_box(random: &mut Random, country: &Country, city: &City) -> Address {
    let number = random.between(100, 9999);
    let zip = random.pick(city.zips);
    Address {
        line1: format!("{} {number}", country.post_office_box),
        line2: String::new(),
        zip: random.fill(zip),
        city: city.name.to_owned(),
    }
}

fn mailbox(random: &mut Random, domain: &str) -> String {
    let name = random.pick(&["info", "info", "office", "mail", "post"]);
    sometimes(random, 92, || format!("{name}@{domain}"))
}

/// The text in `percent` of all cases, else a gap.
pub(super) fn sometimes(
    random: &mut Random,
    percent: i64,
    text: impl FnOnce() -> String,
) -> String {
    if random.chance(percent) { text() } else { String::new() }
}
