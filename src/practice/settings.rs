//! What a connection to the practice ERP is configured with: one field of each type the contract knows.

use rust_decimal::Decimal;
use secrecy::SecretString;

use super::model::{self, Field, words};
use crate::clock::Millis;
use crate::connector::encoding::{self, Value};
use crate::connector::multilang;
use crate::connector::types::FieldType::{Checkbox, Datetime, Double, Integer, Label, Password};
use crate::connector::types::{Access, FieldInfo, Settings};

const CLIENT: &str = "Client";
const USER: &str = "User";
const PASSWORD: &str = "Password";
const MAX_HITS: &str = "MaxHits";
const FACTOR: &str = "Factor";
const ONLY_SINCE: &str = "OnlySince";
const READ_ONLY: &str = "ReadOnly";

const MOST_HITS: i64 = 10_000;

static FIELDS: [Field; 8] = [
    Field::plain(
        "About",
        Label,
        words(
            "Practice ERP, with two clients",
            "Übungs-ERP mit zwei Mandanten",
            "Øvings-ERP med to klienter",
        ),
    ),
    Field::choice(CLIENT, "Client", words("Client", "Mandant", "Klient"))
        .mandatory()
        .default("01")
        .hint(words(
            "The company in the ERP system",
            "Die Firma im ERP-System",
            "Firmaet i ERP-systemet",
        )),
    Field::text(USER, 40, words("User", "Benutzer", "Bruker")).mandatory(),
    Field::plain(PASSWORD, Password, words("Password", "Passwort", "Passord")).mandatory(),
    Field::plain(
        MAX_HITS,
        Integer,
        words("Most hits per search", "Höchstzahl der Treffer", "Maks. antall treff"),
    )
    .default("[I:500]")
    .hint(words("From 1 to 10000", "Von 1 bis 10000", "Fra 1 til 10000")),
    Field::plain(FACTOR, Double, words("Exchange factor", "Umrechnungsfaktor", "Omregningsfaktor"))
        .default("[F:1]")
        .hint(words(
            "Balances are multiplied by it",
            "Salden werden damit multipliziert",
            "Saldoer multipliseres med den",
        )),
    Field::plain(
        ONLY_SINCE,
        Datetime,
        words("Only changes since", "Nur Änderungen ab", "Bare endringer siden"),
    )
    .hint(words(
        "Older changes are not reported",
        "Ältere Änderungen werden nicht gemeldet",
        "Eldre endringer meldes ikke",
    )),
    Field::plain(READ_ONLY, Checkbox, words("Read only", "Nur lesen", "Bare lese"))
        .default("[I:0]")
        .hint(words(
            "Nothing is written to the ERP system",
            "Ins ERP-System wird nichts geschrieben",
            "Ingenting skrives til ERP-systemet",
        )),
];

/// The configuration fields as the contract describes them, in rank order.
pub fn describe() -> Vec<FieldInfo> {
    (1..).zip(&FIELDS).map(|(rank, field)| field.info(rank)).collect()
}

/// A connection's configuration, read and in range.
#[derive(Debug)]
pub struct Configuration {
    pub client: String,
    pub user: String,
    pub password: SecretString,
    pub options: Options,
}

/// What remains of it once the log-in is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    pub max_hits: i64,
    pub factor: Decimal,
    /// UTC.
    pub only_since: Option<Millis>,
    pub is_read_only: bool,
}

/// Why a configuration cannot be used. Holds captions, never values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSettings {
    #[error("missing: {0:?}")]
    Missing(Vec<&'static str>),
    #[error("{0} is not in range")]
    OutOfRange(&'static str),
}

impl BadSettings {
    /// For people, as multi-language text.
    pub fn sentence(&self) -> String {
        let captions = |keys: &[&str], pick: fn(&Field) -> &'static str| {
            let names = keys.iter().filter_map(|key| FIELDS.iter().find(|f| f.key == *key));
            names.map(pick).collect::<Vec<_>>().join(", ")
        };
        let (keys, english, german) = match self {
            Self::Missing(keys) => (keys.as_slice(), "Please fill in: ", "Bitte ausfüllen: "),
            Self::OutOfRange(key) => {
                (std::slice::from_ref(key), "Not a usable value: ", "Kein brauchbarer Wert: ")
            }
        };
        multilang::write(
            &format!("{english}{}.", captions(keys, |field| field.name.english)),
            &format!("{german}{}.", captions(keys, |field| field.name.german)),
        )
    }
}

/// Reads typed values. What is absent takes its default, but for what is mandatory.
pub fn read(settings: &Settings) -> Result<Configuration, BadSettings> {
    let missing: Vec<&'static str> = FIELDS
        .iter()
        .filter(|field| field.access == Access::Mandatory)
        .map(|field| field.key)
        .filter(|key| settings.get(key).is_none_or(str::is_empty))
        .collect();
    if !missing.is_empty() {
        return Err(BadSettings::Missing(missing));
    }
    let Value::ListKey(client) = value(settings, CLIENT)? else {
        return Err(BadSettings::OutOfRange(CLIENT));
    };
    model::client(&client).ok_or(BadSettings::OutOfRange(CLIENT))?;
    Ok(Configuration {
        client,
        user: settings.get(USER).unwrap_or_default().to_owned(),
        password: settings.get(PASSWORD).unwrap_or_default().into(),
        options: options(settings)?,
    })
}

fn options(settings: &Settings) -> Result<Options, BadSettings> {
    let max_hits = match value(settings, MAX_HITS)? {
        Value::Integer(hits) if (1..=MOST_HITS).contains(&hits) => hits,
        _ => return Err(BadSettings::OutOfRange(MAX_HITS)),
    };
    let factor = match value(settings, FACTOR)? {
        Value::Double(factor) if factor > Decimal::ZERO => factor,
        _ => return Err(BadSettings::OutOfRange(FACTOR)),
    };
    let only_since = match value(settings, ONLY_SINCE)? {
        Value::Datetime(at) => Some(
            at.to_zoned(jiff::tz::TimeZone::UTC)
                .map_err(|_| BadSettings::OutOfRange(ONLY_SINCE))?
                .timestamp()
                .as_millisecond(),
        ),
        _ => None,
    };
    let is_read_only = value(settings, READ_ONLY)? == Value::Checkbox(true);
    Ok(Options { max_hits, factor, only_since, is_read_only })
}

/// A field's value, or its default where it was left empty.
fn value(settings: &Settings, key: &'static str) -> Result<Value, BadSettings> {
    let field = FIELDS.iter().find(|field| field.key == key);
    let field = field.ok_or(BadSettings::OutOfRange(key))?;
    let typed = settings.get(key).filter(|raw| !raw.trim().is_empty());
    encoding::read(field.kind, typed.unwrap_or(field.default))
        .map_err(|_| BadSettings::OutOfRange(key))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn typed(more: &[(&str, &str)]) -> Settings {
        let base = [(CLIENT, "02"), (USER, "sync2"), (PASSWORD, "practice2")];
        base.iter().chain(more).map(|(key, value)| (*key, *value)).collect()
    }

    #[test]
    fn every_type_of_the_contract_occurs_once() {
        let kinds: HashSet<_> = describe().iter().map(|field| field.kind).collect();
        assert_eq!(kinds.len(), 8);
        let ranks: Vec<_> = describe().iter().map(|field| field.rank).collect();
        assert_eq!(ranks, (1..=8).collect::<Vec<_>>());
    }

    #[test]
    fn what_is_left_empty_takes_its_default() {
        let read = read(&typed(&[(MAX_HITS, " "), (READ_ONLY, "[I:1]")])).unwrap();
        assert_eq!((read.options.max_hits, read.options.factor), (500, Decimal::ONE));
        assert_eq!((read.options.only_since, read.options.is_read_only), (None, true));
    }

    #[test]
    fn a_date_is_taken_as_utc() {
        let read = read(&typed(&[(ONLY_SINCE, "[DT:01/02/1970 00:00:00]")])).unwrap();
        assert_eq!(read.options.only_since, Some(crate::clock::DAY));
    }

    #[test]
    fn missing_and_unusable_values_are_named() {
        let missing = read(&Settings::new()).unwrap_err();
        assert_eq!(missing, BadSettings::Missing(vec![CLIENT, USER, PASSWORD]));
        assert!(missing.sentence().contains("Mandant, Benutzer, Passwort"));
        for (key, bad) in [
            (CLIENT, "03"),
            (MAX_HITS, "[I:0]"),
            (MAX_HITS, "many"),
            (FACTOR, "[F:0]"),
            (ONLY_SINCE, "soon"),
        ] {
            let settings = typed(&[(key, bad)]);
            assert_eq!(read(&settings).unwrap_err(), BadSettings::OutOfRange(key));
        }
    }
}
