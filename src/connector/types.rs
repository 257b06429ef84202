//! The contract's plain data: actors, fields, lists, restrictions, replies.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

/// The id under which a connector keeps one connection's configuration; text on the wire.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ConnectionGuid(String);

impl ConnectionGuid {
    /// The all-zero id that stands for "a connection still being defined".
    pub fn zero() -> Self {
        Self("00000000-0000-0000-0000-000000000000".to_owned())
    }

    /// Takes an id as it stands in the database or on the wire; compared without regard to case.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_ascii_lowercase())
    }

    /// A fresh random id (version 4 layout).
    pub fn random() -> Result<Self, getrandom::Error> {
        let mut b = [0u8; 16];
        getrandom::fill(&mut b)?;
        b[6] = (b[6] & 0x0f) | 0x40;
        b[8] = (b[8] & 0x3f) | 0x80;
        let hex: String = b.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self(format!(
            "{}-{}-{}-{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..]
        )))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ConnectionGuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for ConnectionGuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The kinds of actor the engine synchronises. `Employee` and `Sale` exist on the wire, but no product
/// has ever synchronised them; they are not represented here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ActorType {
    Customer,
    Supplier,
    Partner,
    Person,
    Project,
}

impl ActorType {
    pub const ALL: [ActorType; 5] =
        [Self::Customer, Self::Supplier, Self::Partner, Self::Person, Self::Project];

    /// The name on the wire and in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "Customer",
            Self::Supplier => "Supplier",
            Self::Partner => "Partner",
            Self::Person => "Person",
            Self::Project => "Project",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.as_str().eq_ignore_ascii_case(name.trim()))
    }
}

impl fmt::Display for ActorType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The type of a configuration field or of an actor's field (`FieldMetadataTypeInfo`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum FieldType {
    Checkbox,
    Text,
    Password,
    Integer,
    Double,
    List,
    Datetime,
    Label,
}

impl FieldType {
    pub const ALL: [FieldType; 8] = [
        Self::Checkbox,
        Self::Text,
        Self::Password,
        Self::Integer,
        Self::Double,
        Self::List,
        Self::Datetime,
        Self::Label,
    ];

    /// Whether there is a value to show and to synchronise: a label has none, a password keeps its own.
    pub fn has_value(self) -> bool {
        !matches!(self, Self::Password | Self::Label)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Checkbox => "Checkbox",
            Self::Text => "Text",
            Self::Password => "Password",
            Self::Integer => "Integer",
            Self::Double => "Double",
            Self::List => "List",
            Self::Datetime => "Datetime",
            Self::Label => "Label",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.as_str() == name)
    }
}

/// What may be done with a field (`FieldAccessInfo`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Access {
    Normal,
    /// When an actor is created in the ERP, the value must not be empty.
    Mandatory,
    ReadOnly,
}

impl Access {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "Normal",
            Self::Mandatory => "Mandatory",
            Self::ReadOnly => "ReadOnly",
        }
    }

    pub fn parse(name: &str) -> Option<Self> {
        [Self::Normal, Self::Mandatory, Self::ReadOnly].into_iter().find(|a| a.as_str() == name)
    }
}

/// One field, as a connector describes it (`FieldMetadataInfo`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldInfo {
    pub key: String,
    /// May be multi-language text, see [`super::multilang`].
    pub name: String,
    /// Shown as tooltip; may be multi-language text.
    pub description: String,
    pub kind: FieldType,
    /// The list whose items a [`FieldType::List`] field takes; blank otherwise.
    pub list: String,
    /// Encoded, see [`super::encoding`].
    pub default: String,
    /// Ascending order of display. Some connectors send 0 throughout: their order is the answer's.
    pub rank: i64,
    /// In characters; 0 is "no limit".
    pub max_length: i64,
    pub access: Access,
}

impl FieldInfo {
    /// Without what a connector suggests as a password: a secret is typed by a person, and lies nowhere in the
    /// open.
    pub fn without_secret(mut self) -> Self {
        if self.kind == FieldType::Password {
            self.default.clear();
        }
        self
    }
}

/// Encoded field values by field key.
pub type FieldValues = BTreeMap<String, String>;

/// An actor as the ERP has it. `fields` holds only what was asked for and came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    pub kind: ActorType,
    pub key: String,
    /// Opaque; see [`super::Connector`] for what may be concluded from it.
    pub last_modified: String,
    pub fields: FieldValues,
    pub parent: Option<ActorRef>,
}

/// An actor to be made: no key, no time of change yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewActor {
    pub kind: ActorType,
    pub fields: FieldValues,
    pub parent: Option<ActorRef>,
}

/// Which actor: identity within one connection.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ActorRef {
    pub kind: ActorType,
    pub key: String,
}

impl fmt::Display for ActorRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.key)
    }
}

/// What a search found, up to the limit asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub actors: Vec<Actor>,
    /// There were more than the limit.
    pub more: bool,
}

/// One item of an ERP list. `text` may be multi-language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListItem {
    pub key: String,
    pub text: String,
}

/// One condition of an advanced search. `field` may also be [`Restriction::PARENT_KEY`] or
/// [`Restriction::PARENT_TYPE`], always both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restriction {
    pub field: String,
    pub operator: Operator,
    /// One value, two for `Between` (low, high), any number for `OneOf` and `NotOneOf`.
    /// List keys travel plain, other values encoded.
    pub values: Vec<String>,
}

impl Restriction {
    pub const PARENT_KEY: &'static str = "ParentErpKey";
    pub const PARENT_TYPE: &'static str = "ParentActorType";
}

/// The operators of an advanced search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Operator {
    Equals,
    Begins,
    Contains,
    Ends,
    NotBegins,
    NotContains,
    NotEnds,
    /// "Not equal" of text.
    IsNot,
    /// "Not equal" of numbers.
    NotEquals,
    Between,
    Greater,
    Less,
    GreaterOrEqual,
    LessOrEqual,
    OneOf,
    NotOneOf,
    Before,
    After,
    BeforeOrEqual,
    AfterOrEqual,
}

impl Operator {
    pub const ALL: [Operator; 20] = [
        Self::Equals,
        Self::Begins,
        Self::Contains,
        Self::Ends,
        Self::NotBegins,
        Self::NotContains,
        Self::NotEnds,
        Self::IsNot,
        Self::NotEquals,
        Self::Between,
        Self::Greater,
        Self::Less,
        Self::GreaterOrEqual,
        Self::LessOrEqual,
        Self::OneOf,
        Self::NotOneOf,
        Self::Before,
        Self::After,
        Self::BeforeOrEqual,
        Self::AfterOrEqual,
    ];

    /// The operator as it goes over the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Equals => "=",
            Self::Begins => "begins",
            Self::Contains => "contains",
            Self::Ends => "ends",
            Self::NotBegins => "notbegins",
            Self::NotContains => "notcontains",
            Self::NotEnds => "notends",
            Self::IsNot => "isnot",
            Self::NotEquals => "!=",
            Self::Between => "between",
            Self::Greater => ">",
            Self::Less => "<",
            Self::GreaterOrEqual => ">=",
            Self::LessOrEqual => "<=",
            Self::OneOf => "oneof",
            Self::NotOneOf => "notoneof",
            Self::Before => "before",
            Self::After => "after",
            Self::BeforeOrEqual => "beforeOrEqual",
            Self::AfterOrEqual => "afterOrEqual",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|o| o.as_str() == text)
    }

    /// The operators the contract offers for a field type, in the order a list shows them.
    pub fn for_type(kind: FieldType) -> &'static [Operator] {
        match kind {
            FieldType::Text => &[
                Self::Contains,
                Self::Begins,
                Self::Equals,
                Self::Ends,
                Self::NotContains,
                Self::NotBegins,
                Self::NotEnds,
                Self::IsNot,
                Self::Between,
            ],
            FieldType::Integer | FieldType::Double => &[
                Self::Equals,
                Self::Greater,
                Self::Less,
                Self::GreaterOrEqual,
                Self::LessOrEqual,
                Self::NotEquals,
                Self::Between,
            ],
            FieldType::Checkbox => &[Self::Equals],
            FieldType::List => &[Self::OneOf, Self::NotOneOf],
            FieldType::Datetime => &[
                Self::Equals,
                Self::Before,
                Self::After,
                Self::BeforeOrEqual,
                Self::AfterOrEqual,
                Self::Between,
            ],
            FieldType::Password | FieldType::Label => &[],
        }
    }

    /// How many values a person types for it: two for `Between`, else one (or a list of keys).
    pub fn takes_two_values(self) -> bool {
        self == Self::Between
    }
}

/// How well the work was done, when it was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    #[default]
    Ok,
    OkWithInfo,
    Warning,
}

/// Whether `IsOk` and `State` of an answer say the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Agreement {
    #[default]
    Same,
    /// Only one of the two came.
    Half,
    /// One says that the work was done, the other that it was not.
    Opposed,
}

/// A successful reply: the payload, and what the connector wants said about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply<T> {
    pub value: T,
    pub state: State,
    pub agreement: Agreement,
    /// For people; may be multi-language text. Shown when `state` is not `Ok`.
    pub user_text: String,
    /// For the log; English.
    pub tech_text: String,
}

impl<T> Reply<T> {
    pub fn ok(value: T) -> Self {
        Self {
            value,
            state: State::Ok,
            agreement: Agreement::Same,
            user_text: String::new(),
            tech_text: String::new(),
        }
    }

    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Reply<U> {
        Reply {
            value: f(self.value),
            state: self.state,
            agreement: self.agreement,
            user_text: self.user_text,
            tech_text: self.tech_text,
        }
    }
}

/// Configuration values of one connection by field key, encoded as on the wire. They may hold
/// passwords, so they cannot be printed or serialised by accident.
#[derive(Clone, Default)]
pub struct Settings {
    values: BTreeMap<String, SecretString>,
    /// The keys whose values nobody may see.
    secrets: BTreeSet<String>,
}

/// What stands for a secret in a text that repeats it.
const HIDDEN: &str = "•••";
/// Shorter secrets are left alone: a text without every "a" helps nobody.
const SHORTEST_HIDDEN: usize = 4;

impl Settings {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn set(&mut self, key: &str, value: String) {
        self.values.insert(key.to_owned(), SecretString::from(value));
    }

    /// Sets a value that nobody may see.
    pub fn set_secret(&mut self, key: &str, value: String) {
        self.secrets.insert(key.to_owned());
        self.set(key, value);
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(ExposeSecret::expose_secret)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(k, v)| (k.as_str(), v.expose_secret()))
    }

    /// The values that nobody may see, by key.
    pub fn secrets(&self) -> impl Iterator<Item = (&str, &str)> {
        self.iter().filter(|(key, _)| self.secrets.contains(*key))
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// A connector's text without the secrets, should it repeat them.
    pub fn hide_secrets(&self, text: String) -> String {
        let long_enough = |(_, secret): &(&str, &str)| secret.len() >= SHORTEST_HIDDEN;
        let secrets = self.secrets().filter(long_enough);
        secrets.fold(text, |text, (_, secret)| match text.contains(secret) {
            true => text.replace(secret, HIDDEN),
            false => text,
        })
    }
}

impl<K: AsRef<str>, V: Into<String>> FromIterator<(K, V)> for Settings {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let mut settings = Self::new();
        for (key, value) in pairs {
            settings.set(key.as_ref(), value.into());
        }
        settings
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

/// What was learned of a connector's wire: which namespaces it uses. Never guessed, since a wrong one
/// is answered with silence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireForm {
    /// Namespace of the operations' wrappers.
    pub service_namespace: String,
    /// Namespace of the members inside requests and results.
    pub data_namespace: String,
    /// `SOAPAction` per operation where it is not the usual `‹service›/IErpConnectorWS/‹operation›`.
    pub actions: BTreeMap<String, String>,
}
