//! A small tree of an XML document, to compare documents by what they mean.

use std::collections::BTreeMap;

use quick_xml::events::Event;
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element {
    pub namespace: String,
    pub name: String,
    pub is_nil: bool,
    pub children: Vec<Element>,
    /// Only of elements without children.
    pub text: String,
}

impl Element {
    pub fn parse(document: &str) -> Self {
        let mut reader = NsReader::from_str(document);
        reader.config_mut().expand_empty_elements = true;
        let mut open = vec![Self::new("", "", false)];
        loop {
            let (namespace, event) = reader.read_resolved_event().unwrap();
            let top = open.last_mut().unwrap();
            match event {
                Event::Start(start) => {
                    let namespace = match namespace {
                        ResolveResult::Bound(namespace) => namespace.0,
                        ResolveResult::Unbound => "",
                        ResolveResult::Unknown(prefix) => panic!("{prefix} is not declared"),
                    };
                    let is_nil = start.attributes().flatten().any(|attribute| {
                        attribute.key.local_name().as_ref() == "nil" && &*attribute.value == "true"
                    });
                    open.push(Self::new(namespace, start.local_name().as_ref(), is_nil));
                }
                Event::End(_) => {
                    let mut done = open.pop().unwrap();
                    if !done.children.is_empty() {
                        done.text.clear();
                    }
                    // The order of a dictionary means nothing.
                    if done.find("KeyValueOfstringstring").is_some() {
                        done.children.sort_by(|a, b| a.text_of("Key").cmp(b.text_of("Key")));
                    }
                    open.last_mut().unwrap().children.push(done);
                }
                Event::Text(text) => top.text.push_str(&text.xml10_content()),
                Event::CData(text) => top.text.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) => top.text.push(match &*reference {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    "apos" => '\'',
                    _ => reference.resolve_char_ref().unwrap().unwrap(),
                }),
                Event::Eof => return open.pop().unwrap().children.pop().unwrap(),
                _ => {}
            }
        }
    }

    fn new(namespace: &str, name: &str, is_nil: bool) -> Self {
        let (namespace, name) = (namespace.to_owned(), name.to_owned());
        Self { namespace, name, is_nil, children: Vec::new(), text: String::new() }
    }

    /// Makes elements of these names, wherever they are, empty ones when they are null.
    pub fn empty_instead_of_null(&mut self, names: &[&str]) {
        self.is_nil &= !names.contains(&self.name.as_str());
        self.children.iter_mut().for_each(|child| child.empty_instead_of_null(names));
    }

    pub fn find(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    pub fn get(&self, name: &str) -> &Self {
        self.find(name).unwrap_or_else(|| panic!("no {name} in {}", self.name))
    }

    /// The text of a child; blank when it is missing or null.
    pub fn text_of(&self, name: &str) -> &str {
        self.find(name).map_or("", |child| &child.text)
    }

    /// The texts of a child's children.
    pub fn strings(&self, name: &str) -> Vec<String> {
        self.find(name).map_or_else(Vec::new, |child| {
            child.children.iter().map(|item| item.text.clone()).collect()
        })
    }

    /// A child that is a dictionary.
    pub fn dictionary(&self, name: &str) -> BTreeMap<String, String> {
        let pairs = self.find(name).map_or(&[][..], |child| &child.children);
        pairs.iter().map(|p| (p.text_of("Key").into(), p.text_of("Value").into())).collect()
    }
}
