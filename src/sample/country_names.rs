//! The names of the sample's countries.

use super::Bilingual;

const NAMES: [(&str, &str, &str); 13] = [
    ("DE", "Germany", "Deutschland"),
    ("AT", "Austria", "Österreich"),
    ("CH", "Switzerland", "Schweiz"),
    ("NO", "Norway", "Norwegen"),
    ("DK", "Denmark", "Dänemark"),
    ("SE", "Sweden", "Schweden"),
    ("NL", "Netherlands", "Niederlande"),
    ("PL", "Poland", "Polen"),
    ("FR", "France", "Frankreich"),
    ("GB", "United Kingdom", "Vereinigtes Königreich"),
    ("FI", "Finland", "Finnland"),
    ("IT", "Italy", "Italien"),
    ("ES", "Spain", "Spanien"),
];

/// The countries that occur, each with its name.
pub fn countries() -> impl Iterator<Item = (&'static str, Bilingual)> {
    NAMES.into_iter().map(|(iso, english, german)| (iso, Bilingual { english, german }))
}
