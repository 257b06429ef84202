//! A value in the other side's terms. What cannot be said there without loss is refused with a reason;
//! nothing is ever cut.

use std::collections::BTreeMap;

use jiff::civil::{DateTime, Time};
use rust_decimal::Decimal;

use super::rules::Unmapped;
use super::{FieldMapping, Pair, Side};
use crate::connector::encoding::{self, Value as ErpValue};
use crate::connector::types::{FieldInfo, FieldType};
use crate::crm::fold::fold;
use crate::crm::value::{FieldKind, Value};
use crate::i18n::Key;
use crate::links::StoredReason;

/// Texts of list items, in one language, for a list on one side whose other side is a text.
#[derive(Clone, Debug, Default)]
pub struct ListTexts {
    /// By CRM item id.
    pub crm: BTreeMap<i64, String>,
    /// What a CRM item is called where it cannot travel, by id; may be multi-language text.
    pub names: BTreeMap<i64, String>,
    /// By name of the ERP list, then by item key.
    pub erp: BTreeMap<String, BTreeMap<String, String>>,
}

/// Why a value does not travel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// What is there is no value of the field's type.
    NotOfType,
    /// The list item has no counterpart; its ERP key or CRM name.
    UnmappedItem(String),
    /// The same, where the rule for such items says that it is no matter; nobody need be told.
    Left(String),
    /// The item's text is not known; its ERP key or CRM id.
    UnknownItem(String),
    /// In characters, and which side it was for.
    TooLong { side: Side, length: i64, limit: i64 },
    /// This side needs a value.
    Blank(Side),
}

impl Refusal {
    /// In the form that can be kept. `field` is the name a person knows the field by.
    pub fn reason(&self, field: &str) -> StoredReason {
        let said = |key: Key| StoredReason::new(key.id()).with("field", field);
        match self {
            Self::NotOfType => said(Key::MAPPING_REFUSED_TYPE),
            Self::UnmappedItem(item) => said(Key::MAPPING_REFUSED_ITEM).with("item", item),
            Self::Left(item) => said(Key::MAPPING_REFUSED_LEFT).with("item", item),
            Self::UnknownItem(item) => said(Key::MAPPING_REFUSED_ITEM_TEXT).with("item", item),
            Self::TooLong { side, length, limit } => said(match side {
                Side::Crm => Key::MAPPING_REFUSED_LONG_FOR_CRM,
                Side::Erp => Key::MAPPING_REFUSED_LONG_FOR_ERP,
            })
            .with("length", length.to_string())
            .with("limit", limit.to_string()),
            Self::Blank(Side::Crm) => said(Key::MAPPING_REFUSED_BLANK_IN_CRM),
            Self::Blank(Side::Erp) => said(Key::MAPPING_REFUSED_BLANK_IN_ERP),
        }
    }
}

/// The CRM's form of an encoded ERP value.
pub fn to_crm(pair: &Pair, raw: &str, texts: &ListTexts) -> Result<Value, Refusal> {
    let erp = &pair.field.erp;
    let value = match (read(erp.kind, raw)?, pair.crm.kind) {
        (ErpValue::Empty, _) => Value::Empty,
        (ErpValue::ListKey(key), FieldKind::List) => Value::Item(crm_item(pair.field, key)?),
        (ErpValue::ListKey(key), FieldKind::Text) => {
            match texts.erp.get(&erp.list).and_then(|items| items.get(&key)) {
                Some(text) => Value::Text(text.clone()),
                None => return Err(Refusal::UnknownItem(key)),
            }
        }
        (value, FieldKind::Text) => Value::Text(neutral(&value)),
        (ErpValue::Integer(number), FieldKind::Whole) => Value::Whole(number),
        (ErpValue::Integer(number), FieldKind::Decimal) => Value::Decimal(number.into()),
        (ErpValue::Double(number), FieldKind::Decimal) => Value::Decimal(number),
        (ErpValue::Checkbox(ticked), FieldKind::Check) => Value::Check(ticked),
        (ErpValue::Checkbox(ticked), FieldKind::Whole) => Value::Whole(ticked.into()),
        (ErpValue::Checkbox(ticked), FieldKind::Decimal) => {
            Value::Decimal(i64::from(ticked).into())
        }
        (ErpValue::Datetime(at), FieldKind::Date) => Value::Date(at.date()),
        _ => return Err(Refusal::NotOfType),
    };
    if let Value::Text(text) = &value {
        check_length(text, Side::Crm, pair.crm.max_length)?;
    }
    Ok(value)
}

/// The encoded ERP form of a CRM value.
pub fn to_erp(pair: &Pair, value: &Value, texts: &ListTexts) -> Result<String, Refusal> {
    let erp = &pair.field.erp;
    let value = match (value, erp.kind) {
        (value, _) if is_blank_in_crm(value) => ErpValue::Empty,
        (Value::Item(id), FieldType::List) => ErpValue::ListKey(erp_item(pair.field, *id, texts)?),
        (Value::Item(id), FieldType::Text) => match texts.crm.get(id) {
            Some(text) => ErpValue::Text(text.clone()),
            None => return Err(Refusal::UnknownItem(id.to_string())),
        },
        (value, FieldType::Text) => ErpValue::Text(value.to_stored()),
        (Value::Whole(number), FieldType::Integer) => ErpValue::Integer(*number),
        (Value::Whole(number), FieldType::Double) => ErpValue::Double((*number).into()),
        (Value::Decimal(number), FieldType::Double) => ErpValue::Double(*number),
        (Value::Check(ticked), FieldType::Checkbox) => ErpValue::Checkbox(*ticked),
        (Value::Check(ticked), FieldType::Integer) => ErpValue::Integer((*ticked).into()),
        (Value::Check(ticked), FieldType::Double) => {
            ErpValue::Double(Decimal::from(i64::from(*ticked)))
        }
        (Value::Date(date), FieldType::Datetime) => {
            ErpValue::Datetime(date.to_datetime(Time::midnight()))
        }
        _ => return Err(Refusal::NotOfType),
    };
    if let ErpValue::Text(text) = &value {
        check_length(text, Side::Erp, erp.max_length)?;
    }
    Ok(encoding::write(&value))
}

fn crm_item(field: &FieldMapping, key: String) -> Result<i64, Refusal> {
    let rule = &field.item_rule;
    match (field.items.get(&key), rule.unmapped, rule.crm_default) {
        (Some(id), _, _) => Ok(*id),
        (None, Unmapped::Default, Some(id)) => Ok(id),
        (None, Unmapped::Leave, _) => Err(Refusal::Left(key)),
        _ => Err(Refusal::UnmappedItem(key)),
    }
}

fn erp_item(field: &FieldMapping, id: i64, texts: &ListTexts) -> Result<String, Refusal> {
    let rule = &field.item_rule;
    let mapped = field.items.iter().find(|(_, item)| **item == id).map(|(key, _)| key);
    let name = || texts.names.get(&id).cloned().unwrap_or_else(|| id.to_string());
    match (mapped, rule.unmapped, &rule.erp_default) {
        (Some(key), _, _) | (None, Unmapped::Default, Some(key)) => Ok(key.clone()),
        (None, Unmapped::Leave, _) => Err(Refusal::Left(name())),
        _ => Err(Refusal::UnmappedItem(name())),
    }
}

/// Whether both sides hold the same, in terms of the side that can hold the other's values. The time
/// of day of an ERP date does not count where the CRM keeps a date only.
pub fn agree(pair: &Pair, crm: &Value, raw: &str, texts: &ListTexts) -> bool {
    let (is_blank_crm, is_blank_erp) =
        (is_blank_in_crm(crm), is_blank_in_erp(&pair.field.erp, raw));
    if is_blank_crm || is_blank_erp {
        return is_blank_crm && is_blank_erp;
    }
    to_crm(pair, raw, texts).is_ok_and(|value| same_in_crm(&value, crm))
        || to_erp(pair, crm, texts).is_ok_and(|value| same_in_erp(&pair.field.erp, &value, raw))
}

/// Whether two CRM values are equal; how a line ends does not count.
pub fn same_in_crm(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Text(one), Value::Text(other)) if same_text(one, other) => true,
        _ => one == other || (is_blank_in_crm(one) && is_blank_in_crm(other)),
    }
}

/// Whether two encoded values mean the same: `[I:5]` is `5`, `[F:1.50]` is `[F:1.5]`. Values that
/// cannot be read are compared as they are.
pub fn same_in_erp(erp: &FieldInfo, one: &str, other: &str) -> bool {
    match (read(erp.kind, one), read(erp.kind, other)) {
        (Ok(ErpValue::Text(one)), Ok(ErpValue::Text(other))) => same_text(&one, &other),
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

/// Whether an encoded text is another one in a spelling of the ERP's own: in capitals, without marks,
/// spaces or signs.
pub fn is_spelling_in_erp(erp: &FieldInfo, one: &str, other: &str) -> bool {
    let essence = |raw: &str| match read(erp.kind, raw) {
        Ok(ErpValue::Text(text)) => fold(&text).chars().filter(|c| c.is_alphanumeric()).collect(),
        _ => String::new(),
    };
    let one: String = essence(one);
    !one.is_empty() && one == essence(other)
}

/// Whether a CRM value says nothing; neither does a text of spaces.
pub fn is_blank_in_crm(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.trim().is_empty(),
        _ => value.is_empty(),
    }
}

/// Whether an encoded value says nothing; neither does a text of spaces, as fixed-width ERPs send it.
pub fn is_blank_in_erp(erp: &FieldInfo, raw: &str) -> bool {
    read(erp.kind, raw).is_ok_and(|value| value.is_empty())
}

fn read(kind: FieldType, raw: &str) -> Result<ErpValue, Refusal> {
    match encoding::read(kind, raw) {
        Ok(ErpValue::Text(text)) if text.trim().is_empty() => Ok(ErpValue::Empty),
        other => other.map_err(|_| Refusal::NotOfType),
    }
}

/// Refuses a text of more characters than `limit`; 0 is no limit.
pub fn check_length(text: &str, side: Side, limit: i64) -> Result<(), Refusal> {
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    if limit > 0 && length > limit {
        return Err(Refusal::TooLong { side, length, limit });
    }
    Ok(())
}

/// A value as text that reads the same everywhere.
fn neutral(value: &ErpValue) -> String {
    match value {
        ErpValue::Empty => String::new(),
        ErpValue::Text(text) | ErpValue::ListKey(text) => text.clone(),
        ErpValue::Integer(number) => number.to_string(),
        ErpValue::Double(number) => number.normalize().to_string(),
        ErpValue::Checkbox(ticked) => i64::from(*ticked).to_string(),
        ErpValue::Datetime(at) => neutral_datetime(*at),
    }
}

fn neutral_datetime(at: DateTime) -> String {
    if at.time() == Time::midnight() {
        at.date().to_string()
    } else {
        at.strftime("%Y-%m-%d %H:%M:%S").to_string()
    }
}

/// Forms send `CR LF` where XML carries `LF`; that alone is no change.
fn same_text(one: &str, other: &str) -> bool {
    one == other || one.replace("\r\n", "\n") == other.replace("\r\n", "\n")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::mapping::rules::ItemRule;
    use crate::mapping::testing::{crm_field, erp_field, mapped};
    use crate::mapping::{Direction, FieldMapping};

    fn texts() -> ListTexts {
        let countries = BTreeMap::from([("DE".to_owned(), "Deutschland".to_owned())]);
        ListTexts {
            crm: BTreeMap::from([(7, "Germany".to_owned())]),
            erp: BTreeMap::from([("XList".to_owned(), countries)]),
            names: BTreeMap::from([(9, "US:\"Nine\"".to_owned())]),
        }
    }

    fn field(erp: FieldType) -> FieldMapping {
        let mut field = mapped("X", erp, "x", Direction::BOTH);
        field.items.insert("DE".to_owned(), 7);
        field
    }

    fn pair(field: &FieldMapping, crm: FieldKind) -> Pair<'_> {
        Pair { field, crm: crm_field("x", crm) }
    }

    fn crm(kind: FieldKind, stored: &str) -> Value {
        Value::from_stored(kind, stored).unwrap()
    }

    #[test]
    fn erp_values_in_the_crms_terms() {
        use FieldKind as C;
        use FieldType as E;
        for (erp, raw, kind, stored) in [
            (E::Text, " Ørsted & Söhne ", C::Text, " Ørsted & Söhne "),
            (E::Text, "   ", C::Text, ""),
            (E::Integer, "[I:-5]", C::Whole, "-5"),
            (E::Integer, "5", C::Decimal, "5"),
            (E::Integer, "[I:12345]", C::Text, "12345"),
            (E::Double, "[F:1.50]", C::Decimal, "1.5"),
            (E::Double, "[F:1.50]", C::Text, "1.5"),
            (E::Checkbox, "[I:1]", C::Check, "1"),
            (E::Checkbox, "[I:1]", C::Whole, "1"),
            (E::Checkbox, "[I:0]", C::Decimal, "0"),
            (E::Checkbox, "[I:0]", C::Text, "0"),
            (E::Datetime, "[DT:12/31/2013 23:59:59.0000000]", C::Date, "2013-12-31"),
            (E::Datetime, "[DT:12/31/2013 00:00:00]", C::Text, "2013-12-31"),
            (E::Datetime, "[DT:12/31/2013 23:59:59]", C::Text, "2013-12-31 23:59:59"),
            (E::Datetime, "[DT:01/01/0001 00:00:00]", C::Date, ""),
            (E::List, "DE", C::List, "7"),
            (E::List, "[I:DE]", C::List, "7"),
            (E::List, "DE", C::Text, "Deutschland"),
        ] {
            let field = field(erp);
            let found = to_crm(&pair(&field, kind), raw, &texts());
            assert_eq!(found, Ok(crm(kind, stored)), "{erp:?} {raw} > {kind:?}");
        }
    }

    #[test]
    fn crm_values_in_the_erps_terms() {
        use FieldKind as C;
        use FieldType as E;
        for (kind, stored, erp, raw) in [
            (C::Text, "[I:5]", E::Text, "[I:5]"),
            (C::Text, "", E::Text, ""),
            (C::Whole, "5", E::Text, "5"),
            (C::Whole, "5", E::Integer, "[I:5]"),
            (C::Whole, "5", E::Double, "[F:5]"),
            (C::Decimal, "1.50", E::Text, "1.5"),
            (C::Decimal, "1.50", E::Double, "[F:1.5]"),
            (C::Check, "1", E::Text, "1"),
            (C::Check, "0", E::Checkbox, "[I:0]"),
            (C::Check, "1", E::Integer, "[I:1]"),
            (C::Check, "1", E::Double, "[F:1]"),
            (C::Date, "2013-12-31", E::Text, "2013-12-31"),
            (C::Date, "2013-12-31", E::Datetime, "[DT:12/31/2013 00:00:00.0000000]"),
            (C::Date, "", E::Datetime, ""),
            (C::List, "7", E::List, "DE"),
            (C::List, "7", E::Text, "Germany"),
        ] {
            let field = field(erp);
            let found = to_erp(&pair(&field, kind), &crm(kind, stored), &texts());
            assert_eq!(found, Ok(raw.to_owned()), "{kind:?} {stored} > {erp:?}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_whole() {
        let list = field(FieldType::List);
        let unmapped = to_crm(&pair(&list, FieldKind::List), "AT", &texts());
        assert_eq!(unmapped, Err(Refusal::UnmappedItem("AT".to_owned())));
        let unmapped = to_erp(&pair(&list, FieldKind::List), &Value::Item(8), &texts());
        assert_eq!(unmapped, Err(Refusal::UnmappedItem("8".to_owned())));
        let unmapped = to_erp(&pair(&list, FieldKind::List), &Value::Item(9), &texts());
        assert_eq!(unmapped, Err(Refusal::UnmappedItem("US:\"Nine\"".to_owned())), "by its name");
        let unknown = to_crm(&pair(&list, FieldKind::Text), "AT", &texts());
        assert_eq!(unknown, Err(Refusal::UnknownItem("AT".to_owned())));

        let mut text = field(FieldType::Text);
        text.erp.max_length = 3;
        let long = |side, limit| Err(Refusal::TooLong { side, length: 51, limit });
        let umlauts = "ä".repeat(51);
        let crm_text = Value::Text(umlauts.clone());
        let pair_of_texts = pair(&text, FieldKind::Text);
        assert_eq!(to_crm(&pair_of_texts, &umlauts, &texts()), long(Side::Crm, 50));
        assert_eq!(
            to_erp(&pair_of_texts, &crm_text, &texts()),
            long(Side::Erp, 3).map(|_: Value| String::new())
        );
        assert!(to_erp(&pair_of_texts, &Value::Text("äöü".to_owned()), &texts()).is_ok());

        let number = field(FieldType::Integer);
        let bad = to_crm(&pair(&number, FieldKind::Whole), "[I:x]", &texts());
        assert_eq!(bad, Err(Refusal::NotOfType));
        let wrong = to_erp(&pair(&number, FieldKind::Text), &Value::Text("5".into()), &texts());
        assert_eq!(wrong, Err(Refusal::NotOfType));
    }

    #[test]
    fn an_unmapped_item_follows_the_rule_of_its_list() {
        use Unmapped::{Default, Fail, Leave};
        let rule = |unmapped, crm_default, erp_default: Option<&str>| ItemRule {
            unmapped,
            crm_default,
            erp_default: erp_default.map(str::to_owned),
        };
        for (rule, crm, erp) in [
            (rule(Fail, Some(5), Some("X")), Err("fail"), Err("fail")),
            (rule(Leave, Some(5), Some("X")), Err("left"), Err("left")),
            (rule(Default, Some(5), Some("X")), Ok(5), Ok("X")),
            (rule(Default, Some(5), None), Ok(5), Err("fail")),
            (rule(Default, None, Some("X")), Err("fail"), Ok("X")),
        ] {
            let field = FieldMapping { item_rule: rule, ..field(FieldType::List) };
            let pair = pair(&field, FieldKind::List);
            let refused = |text, item: &str| match text {
                "left" => Refusal::Left(item.to_owned()),
                _ => Refusal::UnmappedItem(item.to_owned()),
            };
            let crm = crm.map(Value::Item).map_err(|text| refused(text, "AT"));
            assert_eq!(to_crm(&pair, "AT", &texts()), crm, "{field:?}");
            let erp = erp.map(str::to_owned).map_err(|text| refused(text, "8"));
            assert_eq!(to_erp(&pair, &Value::Item(8), &texts()), erp, "{field:?}");
            assert_eq!(to_crm(&pair, "DE", &texts()), Ok(Value::Item(7)), "a mapped one is itself");
            assert_eq!(to_erp(&pair, &Value::Item(7), &texts()), Ok("DE".to_owned()));
        }
    }

    #[test]
    fn equality_is_of_values_not_of_spelling() {
        for (kind, one, other, equal) in [
            (FieldType::Integer, "[I:5]", "5", true),
            (FieldType::Double, "[F:1.50]", "[F:1.5]", true),
            (FieldType::Checkbox, "[I:1]", "true", true),
            (FieldType::Checkbox, "[I:0]", "", false),
            (FieldType::List, "[I:7]", "7", true),
            (FieldType::Datetime, "[DT:01/02/2026 00:00:00]", "[D:02.01.2026]", true),
            (FieldType::Text, "a\r\nb", "a\nb", true),
            (FieldType::Text, "a", "A", false),
            (FieldType::Text, " ", "", true),
            (FieldType::Integer, "x", "x", true),
            (FieldType::Integer, "x", "5", false),
        ] {
            assert_eq!(same_in_erp(&erp_field("X", kind), one, other), equal, "{one} {other}");
        }
        assert!(same_in_crm(&Value::Text(String::new()), &Value::Empty));
        assert!(!same_in_crm(&Value::Check(false), &Value::Empty));
    }

    #[test]
    fn a_spelling_of_the_erps_own_is_told_from_another_text() {
        for (one, other, is_spelling) in [
            ("MUELLER", "mueller", true),
            ("ÄRØ GMBH", "Ärø GmbH", true),
            ("4930123", "+49 30 123", true),
            ("Müller", "Müller GmbH", false),
            ("", "", false),
            ("-", "+", false),
        ] {
            let text = erp_field("X", FieldType::Text);
            assert_eq!(is_spelling_in_erp(&text, one, other), is_spelling, "{one} {other}");
        }
        let number = erp_field("X", FieldType::Integer);
        assert!(!is_spelling_in_erp(&number, "[I:5]", "[I:-5]"));
    }

    #[test]
    fn both_sides_agree_in_the_terms_of_the_wider_one() {
        use FieldKind as C;
        use FieldType as E;
        for (erp, raw, kind, stored, equal) in [
            (E::Datetime, "[DT:12/31/2013 15:00:00]", C::Date, "2013-12-31", true),
            (E::Datetime, "[DT:12/30/2013 15:00:00]", C::Date, "2013-12-31", false),
            (E::Text, "5", C::Whole, "5", true),
            (E::Integer, "[I:1]", C::Check, "1", true),
            (E::Text, "", C::Text, "", true),
            (E::Text, "a", C::Text, "", false),
            (E::List, "DE", C::List, "7", true),
            (E::List, "AT", C::List, "7", false),
            (E::Integer, "nonsense", C::Whole, "", false),
        ] {
            let field = field(erp);
            let found = agree(&pair(&field, kind), &crm(kind, stored), raw, &texts());
            assert_eq!(found, equal, "{erp:?} {raw} = {kind:?} {stored}");
        }
    }

    #[test]
    fn refusals_can_be_kept_and_said_later() {
        for refusal in [
            Refusal::NotOfType,
            Refusal::UnmappedItem("AT".into()),
            Refusal::Left("AT".into()),
            Refusal::UnknownItem("AT".into()),
            Refusal::TooLong { side: Side::Erp, length: 9, limit: 3 },
            Refusal::TooLong { side: Side::Crm, length: 9, limit: 3 },
            Refusal::Blank(Side::Crm),
            Refusal::Blank(Side::Erp),
        ] {
            let reason = refusal.reason("Land");
            assert!(Key::parse(&reason.id).is_some());
            assert_eq!(reason.arguments["field"], "Land");
        }
    }
}
