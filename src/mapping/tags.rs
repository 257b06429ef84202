//! Tags in default values: `‹name›` and the like between `<` and `>`, replaced when an actor is created.

use jiff::civil::DateTime;

use super::translate::Refusal;
use crate::connector::encoding;
use crate::connector::types::{FieldInfo, FieldType};
use crate::i18n::Key;

/// What a tag stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    RecordNumber,
    Name,
    Today,
    Now,
    UserName,
    CompanyNumber,
}

/// What is known when an actor is created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    pub record_number: String,
    pub name: String,
    pub user_name: String,
    /// Of the record's company, or of the record itself when it is one.
    pub company_number: String,
    /// In the user's time zone.
    pub now: DateTime,
}

impl Tag {
    pub const ALL: [Tag; 6] = [
        Self::RecordNumber,
        Self::Name,
        Self::Today,
        Self::Now,
        Self::UserName,
        Self::CompanyNumber,
    ];

    /// As it is typed.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RecordNumber => "<number>",
            Self::Name => "<name>",
            Self::Today => "<today>",
            Self::Now => "<now>",
            Self::UserName => "<user>",
            Self::CompanyNumber => "<company-number>",
        }
    }

    /// The message that tells what it is.
    pub fn meaning(self) -> Key {
        match self {
            Self::RecordNumber => Key::MAPPING_TAG_NUMBER,
            Self::Name => Key::MAPPING_TAG_NAME,
            Self::Today => Key::MAPPING_TAG_TODAY,
            Self::Now => Key::MAPPING_TAG_NOW,
            Self::UserName => Key::MAPPING_TAG_USER,
            Self::CompanyNumber => Key::MAPPING_TAG_COMPANY_NUMBER,
        }
    }

    /// The tags that make sense for a field of this type. In a text they may stand anywhere; elsewhere
    /// a tag is the whole value.
    pub fn offered(kind: FieldType) -> &'static [Tag] {
        match kind {
            FieldType::Text => &Self::ALL,
            FieldType::Integer => &[Self::RecordNumber, Self::CompanyNumber],
            FieldType::Datetime => &[Self::Today, Self::Now],
            _ => &[],
        }
    }

    /// What it becomes in a text.
    pub fn text(self, facts: &Facts) -> String {
        match self {
            Self::RecordNumber => facts.record_number.clone(),
            Self::Name => facts.name.clone(),
            Self::Today => facts.now.date().to_string(),
            Self::Now => facts.now.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            Self::UserName => facts.user_name.clone(),
            Self::CompanyNumber => facts.company_number.clone(),
        }
    }
}

/// The tag that is the whole value of a field that is no text.
pub fn whole(kind: FieldType, value: &str) -> Option<Tag> {
    let is_it = |tag: &&Tag| tag.as_str() == value.trim();
    Tag::offered(kind).iter().find(is_it).copied().filter(|_| kind != FieldType::Text)
}

/// The encoded value with its tags replaced.
pub fn replace(erp: &FieldInfo, value: &str, facts: &Facts) -> Result<String, Refusal> {
    if erp.kind == FieldType::Text {
        return Ok(replace_in_text(value, facts));
    }
    let Some(tag) = whole(erp.kind, value) else { return Ok(value.to_owned()) };
    let read = encoding::read(erp.kind, &tag.text(facts)).map_err(|_| Refusal::NotOfType)?;
    Ok(encoding::write(&read))
}

/// One pass, so that a name that looks like a tag is not replaced in turn.
fn replace_in_text(value: &str, facts: &Facts) -> String {
    let mut text = String::new();
    let mut rest = value;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        match Tag::ALL.into_iter().find(|tag| from.starts_with(tag.as_str())) {
            Some(tag) => {
                text.push_str(&tag.text(facts));
                rest = &from[tag.as_str().len()..];
            }
            None => {
                text.push('<');
                rest = &from[1..];
            }
        }
    }
    text + rest
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::mapping::testing::erp_field;

    fn facts() -> Facts {
        Facts {
            record_number: "4711".into(),
            name: "Søren <today>".into(),
            user_name: "Ida".into(),
            company_number: "K-12".into(),
            now: "2026-11-22T13:59:00".parse().unwrap(),
        }
    }

    #[test]
    fn tags_are_replaced_by_type() {
        for (kind, value, replaced) in [
            (FieldType::Text, "by <user>, <today>", "by Ida, 2026-11-22"),
            (FieldType::Text, "<name>", "Søren <today>"),
            (FieldType::Text, "a<b <nothing> <", "a<b <nothing> <"),
            (FieldType::Text, "<company-number>/<number>", "K-12/4711"),
            (FieldType::Integer, "<number>", "[I:4711]"),
            (FieldType::Integer, "[I:5]", "[I:5]"),
            (FieldType::Datetime, "<today>", "[DT:11/22/2026 00:00:00.0000000]"),
            (FieldType::Datetime, "<now>", "[DT:11/22/2026 13:59:00.0000000]"),
            (FieldType::List, "<name>", "<name>"),
        ] {
            let found = replace(&erp_field("X", kind), value, &facts());
            assert_eq!(found.as_deref(), Ok(replaced), "{kind:?} {value}");
        }
        let number = erp_field("X", FieldType::Integer);
        assert_eq!(replace(&number, "<company-number>", &facts()), Err(Refusal::NotOfType));
    }

    #[test]
    fn every_tag_has_a_name_and_a_meaning_of_its_own() {
        for tag in Tag::ALL {
            assert_eq!(Tag::ALL.iter().filter(|other| other.as_str() == tag.as_str()).count(), 1);
            assert!(tag.meaning().id().starts_with("mapping-tag-"));
        }
    }
}
