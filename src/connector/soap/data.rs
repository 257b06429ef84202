//! The contract's data in XML, both ways: actors, fields, restrictions, texts, dictionaries.
//!
//! Members are written in the order a .NET reader needs (it drops what comes too late) and read in any.

use super::writer::Writer;
use super::xml::{At, Xml, not_understood};
use crate::connector::failure::Failure;
use crate::connector::handover::{Unreadable, Whose};
use crate::connector::types::{
    Access, Actor, ActorRef, ActorType, FieldInfo, FieldType, FieldValues, NewActor, Operator,
    Restriction,
};

/// The content of a `string[]`; `null` texts are left out.
pub fn read_strings(xml: &mut Xml) -> Result<Vec<String>, Failure> {
    let mut strings = Vec::new();
    while let Some(tag) = xml.child()? {
        match xml.name() {
            "string" if tag.is_nil => xml.skip()?,
            "string" if tag.is_array => strings.push(xml.text()?),
            "string" => return Err(foreign(xml)),
            _ => xml.skip()?,
        }
    }
    Ok(strings)
}

/// The content of a dictionary, in its order; a `null` value is a blank one, a missing key is none.
pub fn read_dictionary(
    xml: &mut Xml,
    mut each: impl FnMut(Option<String>, String) -> Result<(), Failure>,
) -> Result<(), Failure> {
    while let Some(tag) = xml.child()? {
        match xml.name() {
            "KeyValueOfstringstring" if tag.is_array => {
                let (key, value) = read_pair(xml)?;
                each(key, value)?;
            }
            "KeyValueOfstringstring" => return Err(foreign(xml)),
            _ => xml.skip()?,
        }
    }
    Ok(())
}

fn read_pair(xml: &mut Xml) -> Result<(Option<String>, String), Failure> {
    let (mut key, mut value) = (None, None);
    while let Some(tag) = xml.child()? {
        match xml.name() {
            "Key" if tag.is_array && !tag.is_nil => key = Some(xml.text().at("Key")?),
            "Value" if tag.is_array => {
                value = Some(xml.text().at(key.as_deref().unwrap_or("Value"))?);
            }
            _ => xml.skip()?,
        }
    }
    Ok((key, value.unwrap_or_default()))
}

/// An element of the right name in the wrong namespace: passing over it would lose data in silence.
fn foreign(xml: &Xml) -> Failure {
    not_understood(format!("{}: in the namespace \"{}\"", xml.name(), xml.namespace()))
}

/// Keeps the first value of a member; a second one is a `flaw`.
fn once(
    slot: &mut Option<String>,
    flaw: &mut Option<String>,
    xml: &mut Xml,
    member: &str,
) -> Result<(), Failure> {
    let text = xml.text().at(member)?;
    if slot.is_some() {
        flaw.get_or_insert(format!("{member}: twice"));
    } else {
        *slot = Some(text);
    }
    Ok(())
}

/// An actor as it came, before anything is required of it.
#[derive(Clone, Default)]
pub struct ActorMembers {
    /// Why it cannot be taken, although the XML around it is sound.
    flaw: Option<String>,
    kind: Option<String>,
    key: Option<String>,
    last_modified: Option<String>,
    fields: FieldValues,
    parent_kind: Option<String>,
    parent_key: Option<String>,
    /// It has two keys.
    is_ambiguous: bool,
}

impl ActorMembers {
    pub fn read(xml: &mut Xml) -> Result<Self, Failure> {
        let mut actor = Self::default();
        while let Some(tag) = xml.child()? {
            if !tag.is_data {
                xml.skip()?;
                continue;
            }
            match xml.name() {
                "ActorType" => once(&mut actor.kind, &mut actor.flaw, xml, "ActorType")?,
                "ErpKey" => {
                    let is_second = actor.key.is_some();
                    once(&mut actor.key, &mut actor.flaw, xml, "ErpKey")?;
                    actor.is_ambiguous |= is_second;
                }
                "LastModified" => {
                    once(&mut actor.last_modified, &mut actor.flaw, xml, "LastModified")?;
                }
                "ParentActorType" => {
                    once(&mut actor.parent_kind, &mut actor.flaw, xml, "ParentActorType")?;
                }
                "ParentErpKey" => {
                    once(&mut actor.parent_key, &mut actor.flaw, xml, "ParentErpKey")?;
                }
                "FieldValues" => actor.read_fields(xml).at("FieldValues")?,
                _ => xml.skip()?,
            }
        }
        Ok(actor)
    }

    fn read_fields(&mut self, xml: &mut Xml) -> Result<(), Failure> {
        let Self { fields, flaw, .. } = self;
        read_dictionary(xml, |key, value| {
            match key {
                None => _ = flaw.get_or_insert("FieldValues: Key: missing".to_owned()),
                Some(key) if fields.contains_key(&key) => {
                    flaw.get_or_insert(format!("FieldValues: {key}: a field twice"));
                }
                Some(key) => _ = fields.insert(key, value),
            }
            Ok(())
        })
    }

    /// The actor of an answer, or which one cannot be read and why.
    pub fn of_answer(self, asked: ActorType) -> Result<Actor, Unreadable> {
        let kind = filled(self.kind.as_deref()).map_or(Some(asked), ActorType::parse);
        let key = filled(self.key.as_deref()).filter(|_| !self.is_ambiguous);
        let whose = match (kind, key) {
            (None, _) => Whose::Foreign,
            (Some(kind), Some(key)) => Whose::Known(ActorRef { kind, key: key.to_owned() }),
            (Some(_), None) => Whose::Unknown,
        };
        let last_modified = self.last_modified.clone().unwrap_or_default();
        self.existing(asked).map_err(|failure| {
            let what = match failure {
                Failure::NotUnderstood { what } => what,
                other => other.to_string(),
            };
            Unreadable { whose, last_modified, what }
        })
    }

    /// The actor of an answer. Some connectors leave its type out: then it is the `asked` one.
    pub fn existing(self, asked: ActorType) -> Result<Actor, Failure> {
        self.check()?;
        let key = filled(self.key.as_deref()).ok_or_else(|| not_understood("ErpKey: missing"))?;
        let kind = filled(self.kind.as_deref()).map_or(Ok(asked), parse_kind)?;
        let parent = parent(self.parent_kind.as_deref(), self.parent_key.as_deref());
        Ok(Actor {
            kind,
            key: key.to_owned(),
            last_modified: self.last_modified.unwrap_or_default(),
            fields: self.fields,
            parent,
        })
    }

    fn check(&self) -> Result<(), Failure> {
        self.flaw.clone().map_or(Ok(()), |flaw| Err(not_understood(flaw)))
    }

    /// The actor of a request to create one.
    pub fn new_actor(self) -> Result<NewActor, Failure> {
        self.check()?;
        let kind = filled(self.kind.as_deref())
            .ok_or_else(|| not_understood("ActorType: missing"))
            .and_then(parse_kind)?;
        let parent = parent(self.parent_kind.as_deref(), self.parent_key.as_deref());
        Ok(NewActor { kind, fields: self.fields, parent })
    }

    /// The actor of a request to save one.
    pub fn named(self) -> Result<Actor, Failure> {
        let kind = filled(self.kind.as_deref())
            .ok_or_else(|| not_understood("ActorType: missing"))
            .and_then(parse_kind)?;
        self.existing(kind)
    }
}

fn filled(text: Option<&str>) -> Option<&str> {
    text.filter(|t| !t.trim().is_empty())
}

fn parse_kind(name: &str) -> Result<ActorType, Failure> {
    ActorType::parse(name).ok_or_else(|| not_understood("ActorType: not one of the contract"))
}

/// A parent of a type that is not of the contract cannot be named, and is none.
fn parent(kind: Option<&str>, key: Option<&str>) -> Option<ActorRef> {
    Some(ActorRef { kind: ActorType::parse(kind?)?, key: filled(key)?.to_owned() })
}

/// The members of an actor, inside an element that the caller opens and closes.
pub fn write_actor(out: &mut Writer, actor: &Actor) {
    out.text("ActorType", actor.kind.as_str());
    out.text("ErpKey", &actor.key);
    write_fields(out, &actor.fields);
    out.text("LastModified", &actor.last_modified);
    write_parent(out, actor.parent.as_ref());
}

pub fn write_new_actor(out: &mut Writer, actor: &NewActor) {
    out.text("ActorType", actor.kind.as_str());
    out.text("ErpKey", "");
    write_fields(out, &actor.fields);
    out.text("LastModified", "");
    write_parent(out, actor.parent.as_ref());
}

fn write_fields(out: &mut Writer, fields: &FieldValues) {
    out.dictionary("FieldValues", fields.iter().map(|(k, v)| (k.as_str(), v.as_str())));
}

fn write_parent(out: &mut Writer, parent: Option<&ActorRef>) {
    out.text_or_nil("ParentActorType", parent.map_or("", |p| p.kind.as_str()));
    out.text_or_nil("ParentErpKey", parent.map_or("", |p| p.key.as_str()));
}

/// One `FieldMetadataInfoWS`. A missing member has .NET's default.
pub fn read_field(xml: &mut Xml) -> Result<FieldInfo, Failure> {
    let mut field = FieldInfo {
        key: String::new(),
        name: String::new(),
        description: String::new(),
        kind: FieldType::Checkbox,
        list: String::new(),
        default: String::new(),
        rank: 0,
        max_length: 0,
        access: Access::Normal,
    };
    while let Some(tag) = xml.child()? {
        if !tag.is_data || tag.is_nil {
            xml.skip()?;
            continue;
        }
        match xml.name() {
            "FieldKey" => field.key = xml.text().at("FieldKey")?,
            "DisplayName" => field.name = xml.text().at("DisplayName")?,
            "DisplayDescription" => field.description = xml.text().at("DisplayDescription")?,
            "ListName" => field.list = xml.text().at("ListName")?,
            "DefaultValue" => field.default = xml.text().at("DefaultValue")?,
            "FieldType" => field.kind = named(xml, "FieldType", FieldType::parse)?,
            "Access" => field.access = named(xml, "Access", Access::parse)?,
            "Rank" => field.rank = named(xml, "Rank", |text| text.parse().ok())?,
            "MaxLength" => field.max_length = named(xml, "MaxLength", |text| text.parse().ok())?,
            _ => xml.skip()?,
        }
    }
    if field.key.is_empty() {
        return Err(not_understood("FieldKey: missing"));
    }
    Ok(field)
}

/// A number, or one of a closed list of names.
pub fn named<T>(
    xml: &mut Xml,
    member: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T, Failure> {
    let text = xml.text().at(member)?;
    parse(text.trim()).ok_or_else(|| not_understood(format!("{member}: not one of the contract")))
}

pub fn write_field(out: &mut Writer, field: &FieldInfo) {
    out.open("FieldMetadataInfoWS");
    out.text("Access", field.access.as_str());
    out.text("DefaultValue", &field.default);
    out.text("DisplayDescription", &field.description);
    out.text("DisplayName", &field.name);
    out.text("FieldKey", &field.key);
    out.text("FieldType", field.kind.as_str());
    out.text("ListName", &field.list);
    out.text("MaxLength", &field.max_length.to_string());
    out.text("Rank", &field.rank.to_string());
    out.close("FieldMetadataInfoWS");
}

pub fn read_restriction(xml: &mut Xml) -> Result<Restriction, Failure> {
    let (mut field, mut operator, mut values) = (String::new(), None, Vec::new());
    while let Some(tag) = xml.child()? {
        match xml.name() {
            "FieldKey" if tag.is_data => field = xml.text().at("FieldKey")?,
            "Operator" if tag.is_data => operator = Some(named(xml, "Operator", Operator::parse)?),
            "Values" if tag.is_data => values = read_strings(xml).at("Values")?,
            _ => xml.skip()?,
        }
    }
    let operator = operator.ok_or_else(|| not_understood("Operator: missing"))?;
    Ok(Restriction { field, operator, values })
}

pub fn write_restriction(out: &mut Writer, restriction: &Restriction) {
    out.open("SearchRestrictionInfoWS");
    out.text("FieldKey", &restriction.field);
    out.text("Operator", restriction.operator.as_str());
    out.strings("Values", &restriction.values);
    out.close("SearchRestrictionInfoWS");
}
