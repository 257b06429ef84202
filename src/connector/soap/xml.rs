//! Reads XML while it is still arriving: namespace-aware, one element at a time, with every cap built in.
//!
//! No DTD, no entity but the five of XML itself, no encoding but UTF-8: what else comes is refused.

use quick_xml::Error as XmlError;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{NamespaceError, Prefix, QName, ResolveResult};
use quick_xml::reader::NsReader;

use super::input::Input;
use super::wire::{ARRAYS, XSI};
use crate::connector::failure::Failure;

pub use super::unreadable::{At, not_understood, too_large};

const MAX_DEPTH: usize = 64;
const MAX_ATTRIBUTES: usize = 1_000;
const MAX_VALUE: usize = 1 << 20;

/// A pull reader. It always stands in one element, whose children [`Xml::child`] walks through; every
/// child must be finished, by [`Xml::text`], [`Xml::skip`] or by walking through its own children,
/// before the next one.
pub struct Xml {
    reader: NsReader<Input>,
    token: Vec<u8>,
    /// Length of the prefix with its colon, and of the whole name, of the tag in `token`.
    name: (usize, usize),
    depth: usize,
    nodes_left: u64,
    data_namespace: String,
}

/// What was seen of a start tag; its local name is [`Xml::name`].
#[derive(Clone, Copy)]
pub struct Tag {
    /// In the namespace set by [`Xml::set_data_namespace`].
    pub is_data: bool,
    /// In the namespace of .NET's arrays and dictionaries.
    pub is_array: bool,
    /// `i:nil="true"`.
    pub is_nil: bool,
}

enum Step {
    Start(Tag),
    Text,
    End,
    Eof,
}

impl Xml {
    /// At most `nodes` elements and texts are read.
    pub fn new(input: Input, nodes: u64) -> Self {
        let mut reader = NsReader::from_reader(input);
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            token: Vec::with_capacity(256),
            name: (0, 0),
            depth: 0,
            nodes_left: nodes,
            data_namespace: String::new(),
        }
    }

    /// From now on tags in this namespace are [`Tag::is_data`].
    pub fn set_data_namespace(&mut self, namespace: &str) {
        namespace.clone_into(&mut self.data_namespace);
    }

    /// The next child of the element the reader stands in; `None` at its end.
    pub fn child(&mut self) -> Result<Option<Tag>, Failure> {
        loop {
            match self.step(None)? {
                Step::Start(tag) => return Ok(Some(tag)),
                Step::Text => {}
                Step::End | Step::Eof => return Ok(None),
            }
        }
    }

    /// The local name of the tag that [`Xml::child`] has just given.
    pub fn name(&self) -> &str {
        let (prefix, name) = self.name;
        str::from_utf8(&self.token[1 + prefix..1 + name]).unwrap_or_default()
    }

    /// The namespace of the tag that [`Xml::child`] has just given; blank for none.
    pub fn namespace(&self) -> &str {
        let name = str::from_utf8(&self.token[1..1 + self.name.1]).unwrap_or_default();
        self.bound(QName(name).prefix())
    }

    /// The value of an attribute (without regard to namespaces) of the tag just given.
    pub fn attribute(&self, name: &str) -> Option<String> {
        let tag = str::from_utf8(&self.token).ok()?;
        let content = tag.strip_prefix('<')?.strip_suffix('>')?;
        let start =
            BytesStart::from_content(content.strip_suffix('/').unwrap_or(content), self.name.1);
        let found = start.attributes().flatten().find(|a| a.key.0 == name)?;
        found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(|v| v.into_owned())
    }

    /// The namespace a qualified name in a value stands for, such as `tns:X`; blank for none.
    pub fn namespace_of(&self, qualified: &str) -> &str {
        self.bound(QName(qualified).prefix())
    }

    fn bound(&self, prefix: Option<Prefix>) -> &str {
        match self.reader.resolver().resolve_prefix(prefix, true) {
            ResolveResult::Bound(namespace) => namespace.0,
            ResolveResult::Unbound | ResolveResult::Unknown(_) => "",
        }
    }

    /// The text of the element just given, to its end.
    pub fn text(&mut self) -> Result<String, Failure> {
        let mut text = String::new();
        loop {
            match self.step(Some(&mut text))? {
                Step::Text if text.len() > MAX_VALUE => return Err(too_large("value over 1 MiB")),
                Step::Text => {}
                Step::Start(_) => {
                    return Err(not_understood(format!("element {} inside a value", self.name())));
                }
                Step::End | Step::Eof => return Ok(text),
            }
        }
    }

    /// Passes over the element just given, to its end.
    pub fn skip(&mut self) -> Result<(), Failure> {
        let outside = self.depth - 1;
        while self.depth > outside {
            self.step(None)?;
        }
        Ok(())
    }

    /// Leaves all elements that are still open, and makes sure that the document ends after them.
    pub fn finish(&mut self) -> Result<(), Failure> {
        let mut is_inside = self.depth > 0;
        loop {
            match self.step(None)? {
                Step::Eof => return Ok(()),
                Step::Start(_) if !is_inside => {
                    return Err(not_understood("more than one document"));
                }
                _ => is_inside = self.depth > 0,
            }
        }
    }

    /// How many bytes may still be read.
    pub fn bytes_left(&mut self) -> u64 {
        self.reader.get_mut().bytes_left()
    }

    /// Begins a new unit (an actor) of an answer that is capped by the unit.
    pub fn begin_unit(&mut self) {
        self.reader.get_mut().begin_unit();
    }

    /// One step onwards; texts are added to `into`.
    fn step(&mut self, into: Option<&mut String>) -> Result<Step, Failure> {
        self.token.clear();
        self.reader.get_mut().begin_token();
        let event = match self.reader.read_event_into(&mut self.token) {
            Ok(event) => event,
            Err(error) => {
                return Err(self.reader.get_mut().take_failure().unwrap_or_else(|| syntax(&error)));
            }
        };
        if self.nodes_left == 0 {
            return Err(too_large("too many elements"));
        }
        match event {
            Event::Start(start) => {
                self.nodes_left -= 1;
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(too_large("elements nested too deeply"));
                }
                let name = start.name();
                self.name = (name.prefix().map_or(0, |p| p.into_inner().len() + 1), name.0.len());
                let namespace = match self.reader.resolver().resolve_prefix(name.prefix(), true) {
                    ResolveResult::Bound(namespace) => namespace.0,
                    ResolveResult::Unbound => "",
                    ResolveResult::Unknown(prefix) => {
                        return Err(not_understood(format!("prefix {prefix} is not declared")));
                    }
                };
                Ok(Step::Start(Tag {
                    is_data: namespace == self.data_namespace,
                    is_array: namespace == ARRAYS,
                    is_nil: is_nil(&start, &self.reader)?,
                }))
            }
            Event::End(_) => {
                self.depth -= 1;
                Ok(Step::End)
            }
            Event::Text(text) => {
                self.nodes_left -= 1;
                if let Some(into) = into {
                    into.push_str(&text.xml10_content());
                } else if self.depth == 0 && !text.trim().is_empty() {
                    return Err(not_understood("text outside of elements"));
                }
                Ok(Step::Text)
            }
            Event::CData(text) => {
                if let Some(into) = into {
                    into.push_str(&text.xml10_content());
                }
                Ok(Step::Text)
            }
            Event::GeneralRef(reference) => {
                let character = resolve(&reference)?;
                if let Some(into) = into {
                    into.push(character);
                }
                Ok(Step::Text)
            }
            Event::Decl(declaration) => match declaration.encoding() {
                Some(Ok(name)) => check_encoding(&name).map(|()| Step::Text),
                Some(Err(_)) => Err(not_understood("XML declaration")),
                None => Ok(Step::Text),
            },
            Event::Comment(_) => Ok(Step::Text),
            Event::DocType(_) => Err(not_understood("DOCTYPE (never read)")),
            Event::PI(_) => Err(not_understood("processing instruction (never read)")),
            Event::Eof if self.depth > 0 => Err(not_understood("the answer ends too early")),
            Event::Eof => Ok(Step::Eof),
            Event::Empty(_) => Err(not_understood("empty element")),
        }
    }
}

/// Whether the tag says `i:nil="true"`; also counts the attributes.
fn is_nil(start: &BytesStart, reader: &NsReader<Input>) -> Result<bool, Failure> {
    if start.attributes_raw().is_empty() {
        return Ok(false);
    }
    let mut nil = false;
    for (at, attribute) in start.attributes().with_checks(false).enumerate() {
        if at == MAX_ATTRIBUTES {
            return Err(too_large("too many attributes"));
        }
        let attribute = attribute.map_err(|e| not_understood(format!("attribute: {e}")))?;
        let (namespace, local) = match attribute.key.decompose() {
            (local, Some(prefix)) if local.as_ref() == "nil" => {
                (reader.resolver().resolve_prefix(Some(prefix), false), local)
            }
            _ => continue,
        };
        let in_xsi = matches!(namespace, ResolveResult::Bound(n) if n.0 == XSI);
        nil |= in_xsi && local.as_ref() == "nil" && matches!(&*attribute.value, "true" | "1");
    }
    Ok(nil)
}

fn resolve(reference: &BytesRef) -> Result<char, Failure> {
    match &**reference {
        "amp" => return Ok('&'),
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        _ => {}
    }
    // .NET writes control characters as references although XML 1.0 has none for them.
    match reference.resolve_char_ref() {
        Ok(Some('\0')) | Err(_) => Err(not_understood("character reference")),
        Ok(Some(character)) => Ok(character),
        Ok(None) => Err(not_understood("entity (never read)")),
    }
}

/// Only UTF-8 is read.
pub fn check_encoding(name: &str) -> Result<(), Failure> {
    match name.trim_matches(['"', '\'']).to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" | "us-ascii" | "ascii" => Ok(()),
        other => Err(not_understood(format!("encoding {other} (only UTF-8 is read)"))),
    }
}

fn syntax(error: &XmlError) -> Failure {
    match error {
        XmlError::Namespace(NamespaceError::TooManyBindings(_)) => {
            too_large("too many namespace declarations")
        }
        XmlError::Namespace(NamespaceError::TooDeeplyNested(_)) => {
            too_large("elements nested too deeply")
        }
        XmlError::Encoding(_) => not_understood("not UTF-8"),
        // The texts of these may quote the answer.
        XmlError::IllFormed(_) => not_understood("tags do not match"),
        _ => not_understood("not well-formed XML"),
    }
}
