//! Projects: what firms of the country do, with a state and an end.

use super::companies::sometimes;
use super::country;
use super::random::Random;
use super::{Company, Generator, Project, ProjectStatus};

const STATUSES: [(ProjectStatus, i64); 5] = [
    (ProjectStatus::Planned, 25),
    (ProjectStatus::Running, 40),
    (ProjectStatus::OnHold, 8),
    (ProjectStatus::Done, 22),
    (ProjectStatus::Cancelled, 5),
];

impl Generator {
    /// Projects for these firms.
    pub fn projects(&mut self, firms: &[Company], count: usize) -> Vec<Project> {
        if firms.is_empty() {
            return Vec::new();
        }
        let last = i64::try_from(firms.len()).unwrap_or(1) - 1;
        (0..count)
            .map(|at| {
                let company = usize::try_from(self.random.between(0, last)).unwrap_or(0);
                self.project(at, company, &firms[company])
            })
            .collect()
    }

    fn project(&mut self, at: usize, company: usize, firm: &Company) -> Project {
        let random = &mut self.random;
        let status = random.weighted(&STATUSES);
        let is_over = matches!(status, ProjectStatus::Done | ProjectStatus::Cancelled);
        let year = if is_over { random.between(2023, 2025) } else { random.between(2027, 2029) };
        let (name, description) = described(random, firm, year);
        let mut full_name = name.clone();
        let mut part = 2;
        while !self.names.insert(full_name.to_lowercase()) {
            full_name = format!("{name} ({part})");
            part += 1;
        }
        Project {
            number: format!("P-{:04}", at + 1),
            company: random.chance(90).then_some(company),
            name: full_name,
            description,
            status,
            website: sometimes(random, 15, || format!("https://projects.example/{}", at + 1)),
            end_date: if is_over || random.chance(80) { random.day(year, year) } else { None },
            budget: random.chance(75).then(|| random.between(4, 480) * 500),
        }
    }
}

fn described(random: &mut Random, firm: &Company, year: i64) -> (String, String) {
    let country = country::find(firm.country);
    let (name, description) = random.pick(country.projects);
    let (year, n) = (year.to_string(), random.between(1, 5).to_string());
    let fill = |text: &str| {
        text.replace("{city}", &firm.street.city).replace("{year}", &year).replace("{n}", &n)
    };
    // Most projects carry their customer's name, as most offices file them.
    let name = fill(name);
    let named =
        if random.chance(70) { format!("{}: {name}", short_name(&firm.name)) } else { name };
    (named, fill(description))
}

/// The first two words of a firm's name.
fn short_name(name: &str) -> String {
    let words: Vec<&str> = name.split(' ').take(2).collect();
    words.join(" ").trim_end_matches([' ', '&', '+', ',']).to_owned()
}
