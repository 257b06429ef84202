//! The data types of the contract as XML schemas.

use crate::connector::operation::Operation;
use crate::connector::soap::wire::{ARRAYS, SERVICE};
use crate::connector::types::{Access, FieldType};

/// A data type: its name, what it extends, and its members in the order of the wire.
struct Type {
    name: &'static str,
    base: Option<&'static str>,
    members: &'static [(&'static str, &'static str)],
}

const fn plain(name: &'static str, members: &'static [(&'static str, &'static str)]) -> Type {
    Type { name, base: None, members }
}

const fn request(name: &'static str, members: &'static [(&'static str, &'static str)]) -> Type {
    Type { name, base: Some("RequestBaseWS"), members }
}

const fn result(name: &'static str, members: &'static [(&'static str, &'static str)]) -> Type {
    Type { name, base: Some("ConnectorResultBaseWS"), members }
}

const TEXT: &str = "xs:string";
const TEXTS: &str = "a:ArrayOfstring";
const PAIRS: &str = "a:ArrayOfKeyValueOfstringstring";

const TYPES: &[Type] = &[
    plain("RequestBaseWS", &[("ConnectionGuid", TEXT)]),
    plain("TestConfigDataRequestWS", &[("ConnectionInfo", PAIRS)]),
    request("SaveConnectionRequestWS", &[("ConnectionInfo", PAIRS)]),
    request("GetSupportedActorTypeFieldsRequestWS", &[("ActorType", TEXT)]),
    request("GetSearchableFieldsRequestWS", &[("ActorType", TEXT)]),
    request("GetActorsRequestWS", &[("ActorType", TEXT), ("ErpKeys", TEXTS), ("FieldKeys", TEXTS)]),
    request(
        "SearchActorsRequestWS",
        &[("ActorType", TEXT), ("FieldKeys", TEXTS), ("SearchText", TEXT)],
    ),
    request(
        "SearchActorByParentRequestWS",
        &[
            ("ActorType", TEXT),
            ("FieldKeys", TEXTS),
            ("ParentActorErpKey", TEXT),
            ("ParentActorType", TEXT),
            ("SearchText", TEXT),
        ],
    ),
    request(
        "SearchActorsAdvancedRequestWS",
        &[
            ("ActorType", TEXT),
            ("FieldKeys", TEXTS),
            ("Restrictions", "tns:ArrayOfSearchRestrictionInfoWS"),
        ],
    ),
    request("CreateActorRequestWS", &[("Actor", "tns:ErpActorWS")]),
    request("SaveActorsRequestWS", &[("Actors", "tns:ArrayOfErpActorWS")]),
    request("GetListRequestWS", &[("ListName", TEXT)]),
    request("GetListItemsRequestWS", &[("ListItemKeys", TEXTS), ("ListName", TEXT)]),
    request(
        "GetActorsByTimestampRequestWS",
        &[("ActorType", TEXT), ("FieldKeys", TEXTS), ("UpdatedOnOrAfter", TEXT)],
    ),
    plain(
        "ConnectorResultBaseWS",
        &[
            ("ErrorCode", TEXT),
            ("IsOk", "xs:boolean"),
            ("State", "tns:ResponseStateWS"),
            ("TechExplanation", TEXT),
            ("UserExplanation", TEXT),
        ],
    ),
    result(
        "FieldMetadataInfoArrayPluginResponseWS",
        &[("FieldMetaDataObjects", "tns:ArrayOfFieldMetadataInfoWS")],
    ),
    result("StringArrayPluginResponseWS", &[("Items", TEXTS)]),
    result("ActorArrayPluginResponseWS", &[("Actors", "tns:ArrayOfErpActorWS")]),
    result("ActorPluginResponseWS", &[("Actor", "tns:ErpActorWS")]),
    result("ListItemArrayPluginResponseWS", &[("ListItems", PAIRS)]),
    plain(
        "ErpActorWS",
        &[
            ("ActorType", TEXT),
            ("ErpKey", TEXT),
            ("FieldValues", PAIRS),
            ("LastModified", TEXT),
            ("ParentActorType", TEXT),
            ("ParentErpKey", TEXT),
        ],
    ),
    plain(
        "FieldMetadataInfoWS",
        &[
            ("Access", "tns:FieldAccessInfoWS"),
            ("DefaultValue", TEXT),
            ("DisplayDescription", TEXT),
            ("DisplayName", TEXT),
            ("FieldKey", TEXT),
            ("FieldType", "tns:FieldMetadataTypeInfoWS"),
            ("ListName", TEXT),
            ("MaxLength", "xs:int"),
            ("Rank", "xs:int"),
        ],
    ),
    plain("SearchRestrictionInfoWS", &[("FieldKey", TEXT), ("Operator", TEXT), ("Values", TEXTS)]),
];

/// Types of which there are lists.
const LISTED: [&str; 3] = ["ErpActorWS", "FieldMetadataInfoWS", "SearchRestrictionInfoWS"];

/// The types of an operation's request and result.
fn types(operation: Operation) -> (Option<&'static str>, &'static str) {
    let fields = "FieldMetadataInfoArrayPluginResponseWS";
    let (texts, actors) = ("StringArrayPluginResponseWS", "ActorArrayPluginResponseWS");
    let (items, nothing) = ("ListItemArrayPluginResponseWS", "ConnectorResultBaseWS");
    match operation {
        Operation::GetConfigData => (None, fields),
        Operation::TestConfigData => (Some("TestConfigDataRequestWS"), nothing),
        Operation::SaveConnection => (Some("SaveConnectionRequestWS"), nothing),
        Operation::TestConnection | Operation::DeleteConnection => (Some("RequestBaseWS"), nothing),
        Operation::GetSupportedActorTypes => (Some("RequestBaseWS"), texts),
        Operation::GetSupportedActorTypeFields => {
            (Some("GetSupportedActorTypeFieldsRequestWS"), fields)
        }
        Operation::GetSearchableFields => (Some("GetSearchableFieldsRequestWS"), texts),
        Operation::GetActors => (Some("GetActorsRequestWS"), actors),
        Operation::SearchActors => (Some("SearchActorsRequestWS"), actors),
        Operation::SearchActorByParent => (Some("SearchActorByParentRequestWS"), actors),
        Operation::SearchActorsAdvanced => (Some("SearchActorsAdvancedRequestWS"), actors),
        Operation::CreateActor => (Some("CreateActorRequestWS"), "ActorPluginResponseWS"),
        Operation::SaveActors => (Some("SaveActorsRequestWS"), actors),
        Operation::GetList => (Some("GetListRequestWS"), items),
        Operation::GetListItems => (Some("GetListItemsRequestWS"), items),
        Operation::GetActorsByTimestamp => (Some("GetActorsByTimestampRequestWS"), actors),
    }
}

/// .NET's arrays of text and dictionaries; the mark tells its tools that the latter are dictionaries.
pub fn arrays() -> String {
    let mark = "http://schemas.microsoft.com/2003/10/Serialization/";
    format!(
        "<xs:schema targetNamespace=\"{ARRAYS}\" elementFormDefault=\"qualified\">\
         <xs:complexType name=\"ArrayOfstring\"><xs:sequence><xs:element name=\"string\" \
         type=\"xs:string\" minOccurs=\"0\" maxOccurs=\"unbounded\" nillable=\"true\"/>\
         </xs:sequence></xs:complexType>\
         <xs:element name=\"ArrayOfstring\" type=\"a:ArrayOfstring\" nillable=\"true\"/>\
         <xs:complexType name=\"ArrayOfKeyValueOfstringstring\"><xs:annotation><xs:appinfo>\
         <IsDictionary xmlns=\"{mark}\">true</IsDictionary></xs:appinfo></xs:annotation>\
         <xs:sequence><xs:element name=\"KeyValueOfstringstring\" minOccurs=\"0\" \
         maxOccurs=\"unbounded\"><xs:complexType><xs:sequence>\
         <xs:element name=\"Key\" type=\"xs:string\" nillable=\"true\"/>\
         <xs:element name=\"Value\" type=\"xs:string\" nillable=\"true\"/>\
         </xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType>\
         <xs:element name=\"ArrayOfKeyValueOfstringstring\" \
         type=\"a:ArrayOfKeyValueOfstringstring\" nillable=\"true\"/></xs:schema>"
    )
}

/// Everything that is the service's own: its data types, and the wrappers of its operations.
pub fn service() -> String {
    let mut schema = format!(
        "<xs:schema targetNamespace=\"{SERVICE}\" elementFormDefault=\"qualified\">\
         <xs:import namespace=\"{ARRAYS}\"/>"
    );
    schema += &names("ResponseStateWS", ["Ok", "OkWithInfo", "Warning", "Error"]);
    let access = [Access::Normal, Access::Mandatory, Access::ReadOnly].map(Access::as_str);
    schema += &names("FieldAccessInfoWS", access);
    schema += &names("FieldMetadataTypeInfoWS", FieldType::ALL.map(FieldType::as_str));
    TYPES.iter().for_each(|kind| schema += &data_type(kind));
    for name in LISTED {
        let item = "minOccurs=\"0\" maxOccurs=\"unbounded\" nillable=\"true\"";
        schema += &format!(
            "<xs:complexType name=\"ArrayOf{name}\"><xs:sequence><xs:element name=\"{name}\" \
             type=\"tns:{name}\" {item}/></xs:sequence></xs:complexType>"
        );
    }
    for operation in Operation::ALL {
        let (name, (request, result)) = (operation.name(), types(operation));
        schema += &wrapper(name, request.map(|kind| element("request", &format!("tns:{kind}"))));
        let result = element(&format!("{name}Result"), &format!("tns:{result}"));
        schema += &wrapper(&format!("{name}Response"), Some(result));
    }
    schema + "</xs:schema>"
}

/// An enumeration. .NET numbers its members; only a label's number is not its place.
fn names<const N: usize>(name: &str, values: [&str; N]) -> String {
    let value = |value: &str| {
        let number = "<xs:annotation><xs:appinfo><EnumerationValue \
             xmlns=\"http://schemas.microsoft.com/2003/10/Serialization/\">99</EnumerationValue>\
             </xs:appinfo></xs:annotation>";
        let number = if value == FieldType::Label.as_str() { number } else { "" };
        format!("<xs:enumeration value=\"{value}\">{number}</xs:enumeration>")
    };
    let values: String = values.into_iter().map(value).collect();
    format!(
        "<xs:simpleType name=\"{name}\"><xs:restriction base=\"xs:string\">{values}\
         </xs:restriction></xs:simpleType>"
    )
}

fn data_type(kind: &Type) -> String {
    let members: String = kind.members.iter().map(|(name, of)| element(name, of)).collect();
    let sequence = format!("<xs:sequence>{members}</xs:sequence>");
    let content = match kind.base {
        None => sequence,
        Some(base) => format!(
            "<xs:complexContent><xs:extension base=\"tns:{base}\">{sequence}</xs:extension>\
             </xs:complexContent>"
        ),
    };
    format!("<xs:complexType name=\"{}\">{content}</xs:complexType>", kind.name)
}

fn element(name: &str, of: &str) -> String {
    let is_value = ["xs:boolean", "xs:int"].contains(&of) || of.ends_with("StateWS");
    let is_value = is_value || (of.starts_with("tns:Field") && !of.ends_with("ResponseWS"));
    let nillable = if is_value { "" } else { " nillable=\"true\"" };
    format!("<xs:element name=\"{name}\" type=\"{of}\" minOccurs=\"0\"{nillable}/>")
}

fn wrapper(name: &str, inside: Option<String>) -> String {
    format!(
        "<xs:element name=\"{name}\"><xs:complexType><xs:sequence>{}</xs:sequence>\
         </xs:complexType></xs:element>",
        inside.unwrap_or_default()
    )
}
