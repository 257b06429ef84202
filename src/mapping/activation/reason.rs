//! One thing that stands in the way, or is worth a word: what it is, how much it weighs, where it is mended.

use crate::connector::multilang;
use crate::connector::types::{ActorType, FieldInfo};
use crate::i18n::{Key, Language, Message, Texts};
use crate::mapping::defaults;
use crate::mapping::matrix::Why;

/// One reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub weight: Weight,
    pub place: Place,
    pub what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Activation is refused.
    Error,
    /// Said, but no hindrance.
    Warning,
}

/// Where a reason can be removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Connector,
    /// The connection's own form, with its test; what the connector said stands there.
    ConnectionTest,
    /// The mappings dialog as a whole.
    Mappings,
    /// One tab of it, and the field's ERP key where it is about one.
    Mapping(ActorType, Option<String>),
    /// The list mapping of one field.
    List(ActorType, String),
    Defaults(ActorType, String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    ConnectorDeleted,
    TestFailed,
    /// Passed, but the connector has something to say.
    TestNoted,
    NothingSwitchedOn,
    TypeMissing,
    /// A mandatory field that gets no value when an actor is created.
    MandatoryWithoutValue(FieldInfo),
    MandatoryWithoutDirection(FieldInfo),
    /// CRM fields are chosen, but nothing travels.
    WithoutDirection(Vec<FieldInfo>),
    MissingInErp(FieldInfo),
    MissingInCrm(FieldInfo),
    NotPossible(FieldInfo, Why),
    /// The ERP field, and the name of the one that has the CRM field already.
    UsedTwice(FieldInfo, String),
    ItemsTwice(FieldInfo),
    NoItems(FieldInfo),
    BadDefault(FieldInfo, defaults::Problem),
}

impl What {
    /// The reason in words. Reasons about a field name it; those that rest on another rule say the
    /// rule in `$why`.
    pub fn message(&self, language: Language) -> Message {
        let named =
            |key: Key, erp: &FieldInfo| Message::from(key).with("field", name(erp, language));
        let because = |erp: &FieldInfo, why: &Message| {
            let why = Texts::new(language).say(why);
            named(Key::ACTIVATION_NOT_POSSIBLE, erp).with("why", why)
        };
        match self {
            Self::ConnectorDeleted => Key::ACTIVATION_CONNECTOR_DELETED.into(),
            Self::TestFailed => Key::ACTIVATION_TEST_FAILED.into(),
            Self::TestNoted => Key::ACTIVATION_TEST_NOTED.into(),
            Self::NothingSwitchedOn => Key::ACTIVATION_NOTHING_ON.into(),
            Self::TypeMissing => Key::ACTIVATION_TYPE_MISSING.into(),
            Self::MandatoryWithoutValue(erp) => named(Key::ACTIVATION_MANDATORY_VALUE, erp),
            Self::MandatoryWithoutDirection(erp) => named(Key::ACTIVATION_MANDATORY_DIRECTION, erp),
            Self::WithoutDirection(fields) => {
                let names: Vec<String> = fields.iter().map(|erp| name(erp, language)).collect();
                Message::from(Key::ACTIVATION_WITHOUT_DIRECTION)
                    .with("count", fields.len())
                    .with("fields", names.join(", "))
            }
            Self::MissingInErp(erp) => named(Key::ACTIVATION_MISSING_IN_ERP, erp),
            Self::MissingInCrm(erp) => named(Key::ACTIVATION_MISSING_IN_CRM, erp),
            Self::NotPossible(erp, why) => because(erp, &why.key().into()),
            Self::UsedTwice(erp, other) => {
                let other = multilang::pick(other, language.code());
                named(Key::ACTIVATION_USED_TWICE, erp).with("other", other)
            }
            Self::ItemsTwice(erp) => named(Key::ACTIVATION_ITEMS_TWICE, erp),
            Self::NoItems(erp) => named(Key::ACTIVATION_NO_ITEMS, erp),
            Self::BadDefault(erp, problem) => because(erp, &problem.message()),
        }
    }
}

fn name(erp: &FieldInfo, language: Language) -> String {
    multilang::pick(&erp.name, language.code()).to_owned()
}
