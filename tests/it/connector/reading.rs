//! What comes in is read as it was meant, or refused with its place: never something else.

use std::collections::BTreeMap;

use gleichlauf::connector::failure::Failure;
use gleichlauf::connector::soap::data::{ActorMembers, write_actor};
use gleichlauf::connector::soap::input::{Caps, Input};
use gleichlauf::connector::soap::writer::Writer;
use gleichlauf::connector::soap::xml::Xml;
use gleichlauf::connector::types::{Actor, ActorRef, ActorType};
use proptest::prelude::*;

use super::{fixture, read_actors, wrap};

fn what(members: &str) -> String {
    match read_actors(wrap(members)) {
        Err(Failure::NotUnderstood { what }) => what,
        other => panic!("{other:?}"),
    }
}

fn actors(inside: &str) -> String {
    format!("<d:Actors><d:ErpActorWS><d:ErpKey>1</d:ErpKey></d:ErpActorWS>{inside}</d:Actors>")
}

#[test]
fn oddities_of_real_connectors_cost_nothing_but_themselves() {
    let document = wrap(&actors(
        "<d:ErpActorWS i:nil='true'/>\
         <d:ErpActorWS><d:ErpKey>ID</d:ErpKey><d:FieldValues i:nil='true'/></d:ErpActorWS>\
         <d:ErpActorWS xmlns:e='urn:e'>\n  <e:Extra><e:Deep>x</e:Deep></e:Extra>\n\
           <d:ParentErpKey>9</d:ParentErpKey><d:Unknown>y</d:Unknown>\
           <d:LastModified>0001-01-01T00:00:00</d:LastModified>\
           <d:FieldValues>\n <a:KeyValueOfstringstring><a:Value> v\t</a:Value><a:Key>NAME</a:Key>\
             </a:KeyValueOfstringstring>\n <a:KeyValueOfstringstring><a:Key>Empty</a:Key>\
             <a:Value i:nil='true'/></a:KeyValueOfstringstring></d:FieldValues>\
           <d:ErpKey>2</d:ErpKey><d:ActorType>Supplier</d:ActorType>\
           <d:ParentActorType>Customer</d:ParentActorType></d:ErpActorWS>",
    ));
    let read = read_actors(document).unwrap();
    let keys: Vec<_> = read.iter().map(|actor| (actor.key.as_str(), actor.kind)).collect();
    let (customer, supplier) = (ActorType::Customer, ActorType::Supplier);
    assert_eq!(keys, [("1", customer), ("ID", customer), ("2", supplier)]);
    let fields = BTreeMap::from([("NAME", " v\t"), ("Empty", "")]);
    let got: BTreeMap<_, _> =
        read[2].fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    assert_eq!(got, fields);
    assert_eq!(read[2].parent, Some(ActorRef { kind: customer, key: "9".into() }));
}

#[test]
fn the_status_may_stand_anywhere_and_either_half_of_it_refuses() {
    let status = "<d:State>Error</d:State><d:UserExplanation>US:\"No\"</d:UserExplanation>";
    for document in [
        wrap(&format!("{}{status}", actors(""))),
        wrap(&format!("{status}{}", actors(""))),
        wrap("<d:TechExplanation>x</d:TechExplanation>").replace(">true<", ">false<"),
    ] {
        let failure = read_actors(document).unwrap_err();
        assert!(matches!(failure, Failure::Refused(_)), "{failure:?}");
    }
    let no_status = wrap("<d:Actors/>").replace("<d:IsOk>true</d:IsOk>", "");
    assert!(matches!(read_actors(no_status), Err(Failure::NotUnderstood { .. })));
    let only_state = wrap("<d:State>Ok</d:State>").replace("<d:IsOk>true</d:IsOk>", "");
    assert_eq!(read_actors(only_state), Ok(vec![]));
}

#[test]
fn what_is_wrong_is_named_with_its_place() {
    for (inside, place) in [
        ("<d:ErpActorWS/>", "actor 2: ErpKey: missing"),
        ("<d:ErpActorWS><d:ErpKey i:nil='true'/></d:ErpActorWS>", "actor 2: ErpKey: missing"),
        (
            "<d:ErpActorWS><d:ErpKey>1</d:ErpKey><d:ErpKey>2</d:ErpKey></d:ErpActorWS>",
            "ErpKey: twice",
        ),
        ("<d:ErpActorWS><d:ErpKey><b/></d:ErpKey></d:ErpActorWS>", "ErpKey: element"),
        (
            "<d:ErpActorWS><d:ErpKey>1</d:ErpKey><d:ActorType>Sale</d:ActorType></d:ErpActorWS>",
            "ActorType",
        ),
        ("<d:ErpActorWS><ErpKey xmlns='urn:x'>1</ErpKey></d:ErpActorWS>", "ErpKey: missing"),
        ("<d:ErpActorWS><q:ErpKey>1</q:ErpKey></d:ErpActorWS>", "prefix q is not declared"),
        (
            "<d:ErpActorWS><d:ErpKey>1</d:ErpKey><d:FieldValues><a:KeyValueOfstringstring>\
             <a:Value>1</a:Value></a:KeyValueOfstringstring></d:FieldValues></d:ErpActorWS>",
            "actor 2: FieldValues: Key: missing",
        ),
        (
            "<d:ErpActorWS><d:ErpKey>1</d:ErpKey><d:FieldValues><KeyValueOfstringstring/>\
             </d:FieldValues></d:ErpActorWS>",
            "FieldValues: KeyValueOfstringstring: in the namespace",
        ),
        (
            "<d:ErpActorWS><d:ErpKey>1</d:ErpKey><d:FieldValues><a:KeyValueOfstringstring>\
             <a:Key>A</a:Key></a:KeyValueOfstringstring><a:KeyValueOfstringstring><a:Key>A</a:Key>\
             </a:KeyValueOfstringstring></d:FieldValues></d:ErpActorWS>",
            "a field twice",
        ),
    ] {
        // Beside a good actor, what is wrong with another one costs only that one.
        match read_actors(wrap(&actors(inside))) {
            Ok(others) => assert_eq!(others.len(), 1, "{place}"),
            Err(Failure::NotUnderstood { what }) => assert!(what.contains(place), "{what:?}"),
            Err(other) => panic!("{other:?}"),
        }
        let (alone, place) =
            (format!("<d:Actors>{inside}</d:Actors>"), place.replace("actor 2", "actor 1"));
        let what = what(&alone);
        assert!(what.contains(&place), "{what:?} should name {place:?}");
    }
    assert!(what("<d:State>Perhaps</d:State>").contains("State"));
    assert!(what("</d:Actors>").contains("tags do not match"));
    let old = wrap("").replace("xmlsoap.org/soap/envelope/", "xmlsoap.org/soap/other/");
    assert!(matches!(read_actors(old), Err(Failure::NotUnderstood { .. })));
    let soap_12 = wrap("").replace(
        "http://schemas.xmlsoap.org/soap/envelope/",
        "http://www.w3.org/2003/05/soap-envelope",
    );
    assert!(
        matches!(read_actors(soap_12), Err(Failure::NotUnderstood { what }) if what.contains("SOAP 1.2"))
    );
    let other = wrap("").replace("GetActors", "GetList");
    assert!(matches!(read_actors(other), Err(Failure::NotUnderstood { .. })));
}

#[test]
fn every_beginning_of_an_answer_is_refused() {
    let whole = fixture("own-namespace/025-WSGetActors.response-200.xml");
    assert_eq!(read_actors(&whole).unwrap().len(), 1);
    for length in (0..whole.len()).filter(|length| whole.is_char_boundary(*length)) {
        let failure = read_actors(&whole[..length]).unwrap_err();
        assert!(matches!(failure, Failure::NotUnderstood { .. }), "{length}: {failure:?}");
    }
    assert!(read_actors(format!("{whole} \n")).is_ok());
    assert!(read_actors(format!("{whole}x")).is_err());
    assert!(read_actors(format!("{whole}<x/>")).is_err());
}

#[test]
fn only_utf_8_is_read_and_anything_else_refused_by_name() {
    let text = wrap("<d:TechExplanation>Öl</d:TechExplanation>");
    let declared = |name: &str| format!("<?xml version=\"1.0\" encoding=\"{name}\"?>{text}");
    assert!(read_actors(format!("\u{feff}{text}")).is_ok());
    assert!(read_actors(format!("\u{feff}{}", declared("utf-8"))).is_ok());
    assert!(read_actors(declared("UTF-8")).is_ok());
    let latin: Vec<u8> = declared("ISO-8859-1").chars().map(|c| c as u8).collect();
    let utf_16 = |bom: &str| -> Vec<u8> {
        format!("{bom}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    let undeclared: Vec<u8> = text.chars().map(|c| c as u8).collect();
    for (document, name) in [
        (latin, "iso-8859-1"),
        (declared("UTF-16").into_bytes(), "utf-16"),
        (utf_16("\u{feff}"), "UTF-16"),
        (utf_16(""), "UTF-16"),
        (undeclared, "not UTF-8"),
    ] {
        let failure = read_actors(document).unwrap_err();
        assert!(
            matches!(&failure, Failure::NotUnderstood { what } if what.contains(name)),
            "{failure:?}"
        );
    }
}

#[test]
fn control_characters_that_net_writes_as_references_are_read() {
    let value = "<a:KeyValueOfstringstring><a:Key>A</a:Key><a:Value>x&#x1;&#xD;\r\n</a:Value>\
                 </a:KeyValueOfstringstring>";
    let inside = format!(
        "<d:ErpActorWS><d:ErpKey>2</d:ErpKey><d:FieldValues>{value}</d:FieldValues></d:ErpActorWS>"
    );
    assert_eq!(read_actors(wrap(&actors(&inside))).unwrap()[1].fields["A"], "x\u{1}\r\n");
}

/// Writes an actor and reads it again.
fn there_and_back(actor: &Actor) -> Result<Actor, Failure> {
    let mut out = Writer::default();
    out.raw(
        "<d:x xmlns:d='urn:d' xmlns:a='http://schemas.microsoft.com/2003/10/Serialization/Arrays'",
    );
    out.raw(" xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>");
    write_actor(&mut out, actor);
    out.raw("</d:x>");
    let input = Input::from_bytes(out.take()?.into(), Caps::ANSWER);
    let mut xml = Xml::new(input, Caps::ANSWER.nodes);
    xml.set_data_namespace("urn:d");
    xml.child()?;
    ActorMembers::read(&mut xml)?.existing(ActorType::Project)
}

fn actor(key: &str, field: &str, value: &str) -> Actor {
    Actor {
        kind: ActorType::Customer,
        key: key.to_owned(),
        last_modified: String::new(),
        fields: BTreeMap::from([(field.to_owned(), value.to_owned())]),
        parent: None,
    }
}

/// XML 1.0's own list of characters.
fn is_sendable(text: &str) -> bool {
    text.chars().all(|c| {
        matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
    })
}

#[test]
fn values_come_back_equal_or_are_refused_with_their_field() {
    let mut values: Vec<String> = (0..0x20u8).map(|c| format!("a{}b", c as char)).collect();
    values.extend(
        [
            "<",
            "&",
            "]]>",
            "\"'",
            "&amp;",
            "<![CDATA[x]]>",
            "<!--",
            "<?x?>",
            "</d:x>",
            "\u{fffe}",
            "\u{ffff}",
            "\u{feff}",
            "\u{202e}abc",
            "\u{7f}\u{85}\u{2028}",
            "  leading",
            "trailing \t\n",
            "\r",
            "\n",
            "\r\n",
            "🌷\u{10ffff}",
            "",
        ]
        .map(ToOwned::to_owned),
    );
    values.push("ö".repeat(500_000));
    for value in values {
        let actor = actor("1", "Name", &value);
        let expected = if is_sendable(&value) {
            Ok(actor.clone())
        } else {
            Err(Failure::NotSendable { field: "Name".into() })
        };
        let got = there_and_back(&actor);
        assert!(got == expected, "{:?}: {got:?}", &value[..value.len().min(40)]);
    }
}

proptest! {
    #[test]
    fn any_text_comes_back_equal_or_is_refused(key in "\\PC+", field in any::<String>(), value in any::<String>()) {
        prop_assume!(!key.trim().is_empty());
        let actor = actor(&key, &field, &value);
        match there_and_back(&actor) {
            Ok(back) => prop_assert_eq!(back, actor),
            Err(Failure::NotSendable { field: named }) => {
                prop_assert!(!is_sendable(&value) || !is_sendable(&field) || !is_sendable(&key));
                prop_assert!(named == field || named == "FieldValues" || named == "ErpKey");
            }
            Err(other) => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn damaged_answers_are_read_or_refused_but_never_hurt(
        places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = fixture("default-namespace/038-WSSaveActors.response-200.xml").into_bytes();
        let cut = cut.index(bytes.len() * 2);
        bytes.truncate(cut);
        for (place, byte) in &places {
            if !bytes.is_empty() {
                let at = place.index(bytes.len());
                bytes[at] = *byte;
            }
        }
        let _ = read_actors(&bytes);
    }

    #[test]
    fn anything_at_all_is_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(read_actors(bytes).is_err());
    }
}
