//! Values on their way into the ERP: which are taken, and in which form they are kept. Pure.

use crate::connector::encoding::{self, Value};
use crate::connector::types::{Access, ActorRef, ActorType, FieldType, FieldValues};

use super::model::{self, Field};
use super::objection::Objection;

/// The values of a new actor: the ERP's defaults, and over them what was sent. Read-only fields are
/// left to the ERP.
pub fn for_create(kind: ActorType, sent: &FieldValues) -> Result<FieldValues, Objection> {
    known_kind(kind)?;
    let mut values: FieldValues =
        model::fields(kind).map(|field| (field.key.to_owned(), field.default.to_owned())).collect();
    values.extend(writable(kind, sent)?);
    none_missing(kind, &values)?;
    Ok(values)
}

/// The values to write into an existing actor, in the form they are kept; read-only ones are left out
/// without a word, as ERPs do.
pub fn for_save(kind: ActorType, sent: &FieldValues) -> Result<FieldValues, Objection> {
    let values = writable(kind, sent)?;
    none_missing(kind, &values)?;
    Ok(values)
}

/// A value as the ERP itself would book it, so also into a read-only field.
pub fn for_booking(kind: ActorType, key: &str, raw: &str) -> Result<FieldValues, Objection> {
    let field = known_field(kind, key)?;
    let values = FieldValues::from([(key.to_owned(), canonical(kind, field, raw)?)]);
    none_missing(kind, &values)?;
    Ok(values)
}

/// Whether an actor of this kind may stand under this parent.
pub fn parent(kind: ActorType, parent: Option<&ActorRef>) -> Result<(), Objection> {
    match (model::parents(kind), parent) {
        ([], None) => Ok(()),
        ([], Some(_)) => Err(Objection::WrongParent(kind)),
        (_, None) => Err(Objection::NeedsParent(kind)),
        (allowed, Some(parent)) if allowed.contains(&parent.kind) => Ok(()),
        (_, Some(_)) => Err(Objection::WrongParent(kind)),
    }
}

fn writable(kind: ActorType, sent: &FieldValues) -> Result<FieldValues, Objection> {
    let mut values = FieldValues::new();
    for (key, raw) in sent {
        let field = known_field(kind, key)?;
        if field.access != Access::ReadOnly {
            values.insert(key.clone(), canonical(kind, field, raw)?);
        }
    }
    Ok(values)
}

fn known_kind(kind: ActorType) -> Result<(), Objection> {
    if model::KINDS.contains(&kind) { Ok(()) } else { Err(Objection::UnknownKind(kind)) }
}

fn known_field(kind: ActorType, key: &str) -> Result<&'static Field, Objection> {
    known_kind(kind)?;
    model::field(kind, key).ok_or_else(|| Objection::UnknownField { kind, field: key.to_owned() })
}

/// The one form in which a value is kept, so that equal values are equal texts.
fn canonical(kind: ActorType, field: &Field, raw: &str) -> Result<String, Objection> {
    let value = encoding::read(field.kind, raw)
        .map_err(|_| Objection::NotOfType { kind, field: field.key })?;
    match &value {
        Value::Text(text) => fits(kind, field, text)?,
        Value::ListKey(key) => is_item(kind, field, key)?,
        Value::Empty if field.kind == FieldType::Checkbox => {
            return Ok(encoding::write(&Value::Checkbox(false)));
        }
        _ => {}
    }
    Ok(encoding::write(&value))
}

fn fits(kind: ActorType, field: &Field, text: &str) -> Result<(), Objection> {
    if text.chars().any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
        return Err(Objection::Unprintable { kind, field: field.key });
    }
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    if field.max_length > 0 && length > field.max_length {
        return Err(Objection::TooLong { kind, field: field.key, max_length: field.max_length });
    }
    Ok(())
}

fn is_item(kind: ActorType, field: &Field, key: &str) -> Result<(), Objection> {
    model::list(field.list)
        .and_then(|list| list.item(key))
        .map(|_| ())
        .ok_or(Objection::UnknownItem { kind, field: field.key, list: field.list })
}

/// No mandatory field among `values` is empty.
fn none_missing(kind: ActorType, values: &FieldValues) -> Result<(), Objection> {
    let fields: Vec<&'static str> = model::fields(kind)
        .filter(|field| field.access == Access::Mandatory)
        .filter(|field| values.get(field.key).is_some_and(|value| value.trim().is_empty()))
        .map(|field| field.key)
        .collect();
    if fields.is_empty() { Ok(()) } else { Err(Objection::Missing { kind, fields }) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::connector::multilang;

    const CUSTOMER: ActorType = ActorType::Customer;

    fn values(pairs: &[(&str, &str)]) -> FieldValues {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_new_actor_gets_defaults_and_needs_its_mandatory_fields() {
        let kept = for_create(CUSTOMER, &values(&[("NAME", "Øst"), ("CUSTGROUP", "10")])).unwrap();
        assert_eq!(kept["PAYTERMS"], "30");
        assert_eq!(kept["BLOCKED"], "[I:0]");
        assert_eq!(kept["PHONE"], "");

        let why = for_create(CUSTOMER, &values(&[("NAME", "  ")])).unwrap_err();
        assert_eq!(why.fields(), ["NAME", "CUSTGROUP"]);
        assert_eq!(multilang::pick(&why.sentence(), "de"), "Bitte ausfüllen: Name, Kundengruppe.");
    }

    #[test]
    fn saving_touches_only_what_was_sent_and_leaves_read_only_fields_alone() {
        let sent = values(&[("PHONE", "+49 1"), ("BALANCE", "[F:9]"), ("NUMBER2", "x")]);
        assert_eq!(for_save(CUSTOMER, &sent).unwrap(), values(&[("PHONE", "+49 1")]));
        let why = for_save(CUSTOMER, &values(&[("NAME", "")])).unwrap_err();
        assert_eq!(why.fields(), ["NAME"]);
    }

    #[test]
    fn the_erp_itself_may_book_into_read_only_fields() {
        let kept = for_booking(CUSTOMER, "BALANCE", "12.50").unwrap();
        assert_eq!(kept["BALANCE"], "[F:12.5]");
    }

    #[test]
    fn equal_values_are_kept_as_equal_texts() {
        let keep = |key: &str, raw: &str| {
            for_save(CUSTOMER, &values(&[(key, raw)])).unwrap().remove(key).unwrap()
        };
        assert_eq!(keep("CREDITLIMIT", "[F:1.50]"), keep("CREDITLIMIT", "1.5"));
        assert_eq!(keep("PAYTERMS", "[I:30]"), "30");
        assert_eq!(keep("BLOCKED", "True"), "[I:1]");
        assert_eq!(keep("BLOCKED", ""), "[I:0]");
        assert_eq!(keep("SINCE", "2020-01-02"), "[DT:01/02/2020 00:00:00.0000000]");
        assert_eq!(keep("NAME", " Ærø "), " Ærø ");
    }

    #[test]
    fn bad_values_are_refused_by_field() {
        let refuse = |key: &str, raw: &str| for_save(CUSTOMER, &values(&[(key, raw)])).unwrap_err();
        assert!(matches!(
            refuse("NAME", &"x".repeat(81)),
            Objection::TooLong { field: "NAME", .. }
        ));
        assert!(matches!(refuse("PAYTERMS", "999"), Objection::UnknownItem { .. }));
        assert!(matches!(refuse("RATING", "good"), Objection::NotOfType { field: "RATING", .. }));
        assert!(matches!(refuse("NAME", "a\u{0}b"), Objection::Unprintable { .. }));
        assert!(matches!(refuse("name", "x"), Objection::UnknownField { .. }));
        let why = for_save(ActorType::Partner, &values(&[("NAME", "x")])).unwrap_err();
        assert_eq!(why, Objection::UnknownKind(ActorType::Partner));
        // 80 characters, not bytes.
        assert!(for_save(CUSTOMER, &values(&[("NAME", &"Ø".repeat(80))])).is_ok());
    }

    #[test]
    fn only_persons_have_parents() {
        let of = |kind| ActorRef { kind, key: "1".to_owned() };
        assert!(parent(ActorType::Person, Some(&of(CUSTOMER))).is_ok());
        assert!(parent(ActorType::Person, Some(&of(ActorType::Project))).is_err());
        assert_eq!(parent(ActorType::Person, None), Err(Objection::NeedsParent(ActorType::Person)));
        assert!(parent(CUSTOMER, Some(&of(CUSTOMER))).is_err());
        assert!(parent(CUSTOMER, None).is_ok());
    }
}
