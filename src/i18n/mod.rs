//! Languages and texts. Every text a person reads stands in `src/i18n/‹language›/‹screen›.ftl`; the build
//! script turns each message into a method of [`Texts`] and a constant of [`Key`].

pub mod format;

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde::{Deserialize, Serialize};
use unic_langid::LanguageIdentifier;

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// The languages the portal speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    En,
    De,
}

impl Language {
    /// In the order of the build script's list.
    pub const ALL: [Language; 2] = [Self::En, Self::De];

    /// The ISO code, as in `<html lang>`, the database and connectors' texts.
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
        }
    }

    /// The language's name in itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The best match for an `Accept-Language` header; the order counts, weights do not.
    pub fn accepted(header: &str) -> Self {
        header
            .split(',')
            .filter_map(|part| Self::parse(part.trim().get(..2)?.to_ascii_lowercase().as_str()))
            .next()
            .unwrap_or_default()
    }
}

/// Names one message, for texts chosen at run time (problems of a form, kinds of events).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key(u16);

impl Key {
    /// The key of a message by its id in the files.
    pub fn parse(id: &str) -> Option<Self> {
        IDS.binary_search(&id).ok().and_then(|n| u16::try_from(n).ok()).map(Key)
    }

    pub fn id(self) -> &'static str {
        IDS[usize::from(self.0)]
    }

    /// The names of what is to be filled in.
    pub fn variables(self) -> &'static [&'static str] {
        VARIABLES[usize::from(self.0)]
    }
}

/// A message with what is to be filled in, its language chosen later.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    pub key: Key,
    pub arguments: Vec<(Cow<'static, str>, Argument)>,
}

impl Message {
    pub fn with(mut self, name: &'static str, value: impl Into<Argument>) -> Self {
        self.arguments.push((name.into(), value.into()));
        self
    }
}

impl From<Key> for Message {
    fn from(key: Key) -> Self {
        Self { key, arguments: Vec::new() }
    }
}

/// What may be filled into a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    Text(String),
    Number(i64),
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Argument {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

/// Templates pass references.
impl<T: Clone + Into<Argument>> From<&T> for Argument {
    fn from(value: &T) -> Self {
        value.clone().into()
    }
}

impl From<usize> for Argument {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

/// All texts in one language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    pub language: Language,
}

impl Texts {
    pub fn new(language: Language) -> Self {
        Self { language }
    }

    /// A message whose key was chosen at run time.
    pub fn say(self, message: &Message) -> String {
        self.filled(message.key, &message.arguments)
    }

    /// A message without anything to fill in, by key.
    pub fn plain(self, key: Key) -> &'static str {
        PLAIN[self.language as usize][usize::from(key.0)].unwrap_or_default()
    }

    fn filled<N: AsRef<str>>(self, key: Key, arguments: &[(N, Argument)]) -> String {
        if let Some(text) = PLAIN[self.language as usize][usize::from(key.0)] {
            return text.to_owned();
        }
        let bundle = &BUNDLES[self.language as usize];
        let Some(pattern) = bundle.get_message(key.id()).and_then(|message| message.value()) else {
            return String::new();
        };
        let values: FluentArgs = arguments
            .iter()
            .map(|(name, value)| {
                let value = match value {
                    Argument::Text(text) => FluentValue::from(text.as_str()),
                    Argument::Number(number) => FluentValue::from(*number),
                };
                (name.as_ref(), value)
            })
            .collect();
        bundle.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned()
    }
}

/// Messages with variables, parsed once at first use.
static BUNDLES: LazyLock<Vec<FluentBundle<FluentResource>>> = LazyLock::new(|| {
    Language::ALL
        .into_iter()
        .zip(SOURCES)
        .map(|(language, source)| bundle(language, source))
        .collect()
});

fn bundle(language: Language, source: &str) -> FluentBundle<FluentResource> {
    let id: LanguageIdentifier = language.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // The marks it would put around each value spoil attributes and exports.
    bundle.set_use_isolating(false);
    let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(parsed, _)| parsed);
    bundle.add_resource_overriding(resource);
    bundle
}
