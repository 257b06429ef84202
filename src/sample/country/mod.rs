//! What is typical of each country: places, streets, names of people and firms, formats. Data only.

mod at;
mod ch;
mod de;
mod dk;
mod es;
mod fi;
mod fr;
mod gb;
mod it;
mod nl;
mod no;
mod pl;
mod se;

use super::Business;

/// Patterns use `#` for a digit and `@` for a letter.
pub(super) struct Country {
    /// ISO 3166 code of two letters.
    pub iso: &'static str,
    pub cities: &'static [City],
    /// With `{n}` where the house number stands.
    pub streets: &'static [&'static str],
    pub mobile: &'static str,
    pub vat: &'static str,
    pub women: &'static [&'static str],
    pub men: &'static [&'static str],
    pub families: &'static [&'static str],
    /// Made-up words that firms like to carry.
    pub fancies: &'static [&'static str],
    /// What a firm does, as its name says it.
    pub trades: &'static [(&'static str, Business)],
    pub legal_forms: &'static [LegalForm],
    /// With `{family}`, `{second}`, `{fancy}`, `{trade}`, `{city}` and `{legal}`.
    pub firm_names: &'static [&'static str],
    /// In the order of [`super::Position::ALL`].
    pub titles: [&'static str; 9],
    /// Name and description, with `{city}`, `{year}` and `{n}`.
    pub projects: &'static [(&'static str, &'static str)],
    /// The word that people write for `&`.
    pub and: &'static str,
    pub post_office_box: &'static str,
    /// Whether ä, ö, ü become two letters where there are only plain ones.
    pub long_umlauts: bool,
}

#[derive(Clone, Copy)]
pub(super) struct City {
    pub name: &'static str,
    pub zips: &'static [&'static str],
    pub phone: &'static str,
}

/// As firms write it, and as the next clerk does.
#[derive(Clone, Copy)]
pub(super) struct LegalForm(pub &'static str, pub &'static str);

pub(super) const ALL: [&Country; 13] = [
    &de::COUNTRY,
    &at::COUNTRY,
    &ch::COUNTRY,
    &no::COUNTRY,
    &dk::COUNTRY,
    &se::COUNTRY,
    &nl::COUNTRY,
    &pl::COUNTRY,
    &fr::COUNTRY,
    &gb::COUNTRY,
    &fi::COUNTRY,
    &it::COUNTRY,
    &es::COUNTRY,
];

pub(super) fn find(iso: &str) -> &'static Country {
    ALL.into_iter().find(|country| country.iso == iso).unwrap_or(&de::COUNTRY)
}
