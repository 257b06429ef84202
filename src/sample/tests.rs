//! Plausibility, uniqueness and stability of the sample.

use std::collections::{BTreeMap, HashSet};

use super::country::{self, Country};
use super::{ALPINE, CRM_SIZE, Category, Company, DEMO_SEED, EUROPE, Generator, Sample};

fn crm() -> Sample {
    Generator::new(DEMO_SEED).crm()
}

/// Whether `text` could have come from `pattern`.
fn fits(text: &str, pattern: &str) -> bool {
    text.chars().count() == pattern.chars().count()
        && text.chars().zip(pattern.chars()).all(|(have, want)| match want {
            '#' => have.is_ascii_digit(),
            '@' => have.is_ascii_uppercase(),
            other => have == other,
        })
}

#[test]
fn the_same_seed_gives_the_same_sample_and_another_one_another() {
    assert_eq!(crm(), crm());
    assert_ne!(crm(), Generator::new(1).crm());
}

#[test]
fn the_crm_has_its_size_and_every_country() {
    let crm = crm();
    assert_eq!(crm.companies.len(), CRM_SIZE.companies);
    assert_eq!(crm.persons.len(), CRM_SIZE.persons);
    assert_eq!(crm.projects.len(), CRM_SIZE.projects);
    let seen: HashSet<_> = crm.companies.iter().map(|company| company.country).collect();
    assert_eq!(seen.len(), country::ALL.len());
    for category in Category::ALL {
        assert!(crm.companies.iter().any(|company| company.category == *category));
    }
}

#[test]
fn addresses_fit_their_country() {
    for company in crm().companies {
        let country = country::find(company.country);
        for address in [Some(&company.street), company.postal.as_ref()].into_iter().flatten() {
            let city = country.cities.iter().find(|city| city.name == address.city).unwrap();
            assert!(city.zips.iter().any(|zip| fits(&address.zip, zip)), "{company:?}");
            assert!(fits(&company.phone, city.phone), "{company:?}");
        }
        assert!(company.vat_number.is_empty() || fits(&company.vat_number, country.vat));
    }
}

#[test]
fn web_addresses_are_made_from_the_name_and_cannot_exist() {
    let mut hosts = HashSet::new();
    for company in crm().companies {
        let Some((_, domain)) = company.email.split_once('@') else { continue };
        assert!(domain.ends_with(".example") && domain.is_ascii(), "{domain}");
        assert!(hosts.insert(domain.to_owned()), "{domain} twice");
        assert!(company.website.is_empty() || company.website == format!("https://www.{domain}"));
    }
    for person in crm().persons {
        assert!(person.email.is_empty() || person.email.ends_with(".example"), "{person:?}");
        assert!(person.email.is_ascii(), "{person:?}");
    }
}

#[test]
fn no_two_firms_share_a_name_however_many_are_made() {
    let mut generator = Generator::new(DEMO_SEED);
    let mut all: Vec<Company> = generator.crm().companies;
    all.extend(generator.companies(1_200, EUROPE));
    all.extend(generator.companies(300, ALPINE));
    let names: HashSet<_> = all.iter().map(|company| company.name.to_lowercase()).collect();
    assert_eq!(names.len(), all.len());
}

#[test]
fn people_fit_their_firm_and_there_are_gaps() {
    let crm = crm();
    for person in &crm.persons {
        let firm = &crm.companies[person.company];
        let country = country::find(firm.country);
        assert!(country.families.contains(&person.last_name.as_str()), "{person:?}");
        assert!(person.mobile_phone.is_empty() || fits(&person.mobile_phone, country.mobile));
        let same_start =
            person.direct_phone.is_empty() || person.direct_phone[..6] == firm.phone[..6];
        assert!(same_start, "{person:?}");
    }
    let gaps =
        |is_gap: fn(&super::Person) -> bool| crm.persons.iter().filter(|p| is_gap(p)).count();
    for count in [
        gaps(|p| p.email.is_empty()),
        gaps(|p| p.title.is_empty()),
        gaps(|p| p.birthdate.is_none()),
        gaps(|p| p.position.is_none()),
    ] {
        assert!((20..600).contains(&count), "{count}");
    }
}

#[test]
fn the_letters_that_break_programs_are_there() {
    let crm = crm();
    let text: String = crm.companies.iter().map(|c| c.name.as_str()).collect();
    for letter in ['ß', 'Ø', 'ø', 'Ł', 'å', 'é', 'ü', '\'', '&'] {
        assert!(text.contains(letter), "{letter}");
    }
}

#[test]
fn another_system_knows_the_same_firms_a_little_differently() {
    let mut generator = Generator::new(DEMO_SEED);
    let crm = generator.crm();
    let erp = generator.elsewhere(&crm, |_, company| company.category == Category::Customer);
    let customers: Vec<&Company> =
        crm.companies.iter().filter(|c| c.category == Category::Customer).collect();
    assert_eq!(erp.companies.len(), customers.len());

    let mut differing: BTreeMap<&str, usize> = BTreeMap::new();
    for (here, there) in customers.iter().zip(&erp.companies) {
        assert_eq!(here.country, there.country);
        assert_eq!(here.street.city, there.street.city);
        for (what, differs) in [
            ("name", here.name != there.name),
            ("phone", here.phone != there.phone),
            ("street", here.street != there.street),
            ("nothing", here.phone == there.phone && here.street == there.street),
        ] {
            *differing.entry(what).or_default() += usize::from(differs);
        }
    }
    assert!(differing.values().all(|&n| n > customers.len() / 10), "{differing:?}");
    for person in &erp.persons {
        assert!(person.company < erp.companies.len());
    }
    assert!(erp.persons.len() > 100 && !erp.projects.is_empty());
}

#[test]
fn every_country_can_say_everything() {
    for country in country::ALL {
        let Country { iso, cities, streets, trades, projects, .. } = country;
        assert!(super::countries().any(|(code, _)| code == *iso));
        assert!(cities.len() > 4 && trades.len() > 10 && projects.len() > 1, "{iso}");
        assert!(streets.iter().all(|street| street.contains("{n}")), "{iso}");
    }
}
