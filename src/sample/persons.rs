//! People: names of their country, at a firm, with an address there.

use super::companies::sometimes;
use super::country::{self, Country};
use super::letters::slug;
use super::random::Random;
use super::{Company, Generator, Person, Position};

/// The first colleague of most firms runs it; the others are spread.
const POSITIONS: [(Position, i64); 9] = [
    (Position::Management, 12),
    (Position::Sales, 20),
    (Position::Purchasing, 22),
    (Position::Finance, 14),
    (Position::Engineering, 12),
    (Position::Computing, 6),
    (Position::Logistics, 6),
    (Position::Marketing, 5),
    (Position::Office, 8),
];

impl Generator {
    /// People of these firms: every firm has its share, some have many, some nobody.
    pub fn persons(&mut self, firms: &[Company], count: usize) -> Vec<Person> {
        if firms.is_empty() {
            return Vec::new();
        }
        let last = i64::try_from(firms.len()).unwrap_or(1) - 1;
        (0..count)
            .map(|at| {
                // Two draws, the lower one: the older customers have more people on file.
                let at_firm = self.random.between(0, last).min(self.random.between(0, last));
                let company = usize::try_from(at_firm).unwrap_or(0);
                person(&mut self.random, 20_001 + at, company, &firms[company])
            })
            .collect()
    }
}

fn person(random: &mut Random, number: usize, company: usize, firm: &Company) -> Person {
    let country = country::find(firm.country);
    let given = if random.chance(47) { country.women } else { country.men };
    let first_name = random.pick(given);
    let last_name = random.pick(country.families);
    let position = random.weighted(&POSITIONS);
    Person {
        number: number.to_string(),
        company,
        first_name: sometimes(random, 97, || first_name.to_owned()),
        middle_name: middle_name(random, given, first_name),
        last_name: last_name.to_owned(),
        title: title(random, country, position),
        position: random.chance(90).then_some(position),
        direct_phone: direct_phone(random, &firm.phone),
        mobile_phone: if random.chance(60) { random.fill(country.mobile) } else { String::new() },
        email: email(random, country, first_name, last_name, firm),
        birthdate: if random.chance(35) { random.day(1958, 2001) } else { None },
        wants_newsletter: random.chance(30),
    }
}

fn middle_name(random: &mut Random, given: &[&str], first_name: &str) -> String {
    let name = random.pick(given);
    let fits = name != first_name && random.chance(9);
    if fits { name.to_owned() } else { String::new() }
}

fn title(random: &mut Random, country: &Country, position: Position) -> String {
    let at = Position::ALL.iter().position(|p| *p == position).unwrap_or(0);
    sometimes(random, 82, || country.titles[at].to_owned())
}

/// The firm's number with other last digits.
fn direct_phone(random: &mut Random, phone: &str) -> String {
    if phone.is_empty() || !random.chance(75) {
        return String::new();
    }
    let last_two = random.between(10, 99).to_string();
    let mut digits = last_two.chars().rev();
    let changed: Vec<char> = phone
        .chars()
        .rev()
        .map(|c| if c.is_ascii_digit() { digits.next().unwrap_or(c) } else { c })
        .collect();
    changed.into_iter().rev().collect()
}

fn email(
    random: &mut Random,
    country: &Country,
    first: &str,
    last: &str,
    firm: &Company,
) -> String {
    let Some((_, domain)) = firm.email.split_once('@') else { return String::new() };
    let (first, last) = (slug(first, country), slug(last, country));
    let initial: String = first.chars().take(1).collect();
    let name = match random.between(1, 4) {
        1 => format!("{initial}.{last}"),
        2 => last,
        _ => format!("{first}.{last}"),
    };
    sometimes(random, 90, || format!("{name}@{domain}"))
}
