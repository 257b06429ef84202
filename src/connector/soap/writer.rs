//! Writes the contract's XML: requests of ours, and answers of the host.

use crate::connector::failure::Failure;

/// Text being written. Members are in the data namespace (prefix `d`), elements of arrays and
/// dictionaries in .NET's (prefix `a`); whoever opens the body declares both.
#[derive(Default)]
pub struct Writer {
    out: String,
    /// The first field whose value XML 1.0 cannot carry.
    unsendable: Option<String>,
}

impl Writer {
    /// Adds markup as it stands.
    pub fn raw(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    /// Adds text that is no value of a field; what XML cannot carry becomes a replacement character.
    pub fn plain(&mut self, text: &str) {
        let clean = text.replace(is_unsendable, "\u{fffd}");
        self.escaped(&clean, "");
    }

    /// How much was written since the last [`Writer::take`].
    pub fn len(&self) -> usize {
        self.out.len()
    }

    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    pub fn open(&mut self, member: &str) {
        self.raw("<d:");
        self.raw(member);
        self.raw(">");
    }

    pub fn close(&mut self, member: &str) {
        self.raw("</d:");
        self.raw(member);
        self.raw(">");
    }

    pub fn nil(&mut self, member: &str) {
        self.raw("<d:");
        self.raw(member);
        self.raw(" i:nil=\"true\"/>");
    }

    pub fn text(&mut self, member: &str, value: &str) {
        self.open(member);
        self.escaped(value, member);
        self.close(member);
    }

    /// A text, or `null` for a blank one.
    pub fn text_or_nil(&mut self, member: &str, value: &str) {
        if value.is_empty() { self.nil(member) } else { self.text(member, value) }
    }

    pub fn strings<S: AsRef<str>>(&mut self, member: &str, values: impl IntoIterator<Item = S>) {
        self.open(member);
        for value in values {
            self.raw("<a:string>");
            self.escaped(value.as_ref(), member);
            self.raw("</a:string>");
        }
        self.close(member);
    }

    pub fn dictionary<'a>(
        &mut self,
        member: &str,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) {
        self.open(member);
        for (key, value) in pairs {
            self.raw("<a:KeyValueOfstringstring><a:Key>");
            self.escaped(key, member);
            self.raw("</a:Key><a:Value>");
            self.escaped(value, key);
            self.raw("</a:Value></a:KeyValueOfstringstring>");
        }
        self.close(member);
    }

    /// What was written since the last call.
    pub fn take(&mut self) -> Result<String, Failure> {
        match self.unsendable.take() {
            Some(field) => Err(Failure::NotSendable { field }),
            None => Ok(std::mem::take(&mut self.out)),
        }
    }

    /// A value of `field`, escaped. A carriage return must not become a line feed on the way.
    fn escaped(&mut self, value: &str, field: &str) {
        let mut rest = value;
        while let Some(at) = rest.find(is_special) {
            self.out.push_str(&rest[..at]);
            let mut characters = rest[at..].chars();
            match characters.next() {
                Some('&') => self.raw("&amp;"),
                Some('<') => self.raw("&lt;"),
                Some('>') => self.raw("&gt;"),
                Some('\r') => self.raw("&#xD;"),
                _ => {
                    self.unsendable.get_or_insert_with(|| field.to_owned());
                }
            }
            rest = characters.as_str();
        }
        self.out.push_str(rest);
    }
}

fn is_special(c: char) -> bool {
    matches!(c, '&' | '<' | '>' | '\r') || is_unsendable(c)
}

/// What XML 1.0 has no place for.
fn is_unsendable(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        '\u{FFFE}' | '\u{FFFF}' => true,
        c => c < ' ',
    }
}
