//! Names: which are legal, how a full name splits, how a reference to one is printed.
//! A name is its namespace and its short name; no namespace is not the same as an empty text.

mod letters;

use std::sync::Arc;

use letters::{is_digit, is_letter};

/// Which names are legal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameRule {
    /// Any text.
    None,
    /// Java's letters and digits and `_`, one UTF-16 unit at a time.
    Unicode,
    /// ASCII letters and digits and `_`.
    Strict,
}

impl NameRule {
    /// Checks one part of a name; the error is Java's sentence.
    pub(crate) fn check(self, name: &str) -> Result<(), String> {
        if self == NameRule::None {
            return Ok(());
        }
        if is_plain(name) {
            return Ok(());
        }
        let mut units = name.encode_utf16();
        let Some(first) = units.next() else { return Err("Empty name".into()) };
        let underscore = u16::from(b'_');
        if first != underscore && !self.letter(first) {
            return Err(format!("Illegal initial character: {name}"));
        }
        if units.any(|unit| unit != underscore && !self.letter(unit) && !self.digit(unit)) {
            return Err(format!("Illegal character in: {name}"));
        }
        Ok(())
    }

    fn letter(self, unit: u16) -> bool {
        (self == NameRule::Unicode || unit < 0x80) && is_letter(unit)
    }

    fn digit(self, unit: u16) -> bool {
        (self == NameRule::Unicode || unit < 0x80) && is_digit(unit)
    }
}

/// Whether a name is legal by either rule, as nearly all are.
fn is_plain(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// The name of a record, an enum or a fixed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Name {
    full: Arc<str>,
    /// Bytes of the namespace, if there is one; a dot follows it.
    space_length: Option<usize>,
}

impl Name {
    /// Reads a name that stands where `space` is the namespace. A dot in it says its own.
    pub(crate) fn new(text: &str, space: Option<&str>, rule: NameRule) -> Result<Self, String> {
        let (space, short) = match text.rsplit_once('.') {
            Some((space, short)) => (Some(space), short),
            None => (space, text),
        };
        rule.check(short)?;
        Ok(match space.filter(|space| !space.is_empty()) {
            Some(space) => {
                let full = [space, ".", short].concat().into();
                Self { full, space_length: Some(space.len()) }
            }
            None => Self { full: short.into(), space_length: None },
        })
    }

    /// A name that nobody wrote: Java's stand-in for a type that is not known yet.
    pub(crate) fn stand_in(number: usize) -> Self {
        const SPACE: &str = "org.apache.avro.compiler";
        let full = format!("{SPACE}.UnresolvedSchema_{number}").into();
        Self { full, space_length: Some(SPACE.len()) }
    }

    pub(crate) fn full(&self) -> &str {
        &self.full
    }

    pub(crate) fn shared(&self) -> Arc<str> {
        Arc::clone(&self.full)
    }

    pub(crate) fn space(&self) -> Option<&str> {
        self.space_length.map(|length| &self.full[..length])
    }

    pub(crate) fn short(&self) -> &str {
        &self.full[self.space_length.map_or(0, |length| length + 1)..]
    }

    /// How a reference to this name is written where `space` is the namespace.
    pub(crate) fn qualified(&self, space: Option<&str>) -> &str {
        let same = self.space().is_some() && self.space() == space;
        if same && !is_type_word(self.short()) { self.short() } else { &self.full }
    }

    /// The full name as `getAliases` in Java gives it: with a leading dot for an alias without
    /// namespace of a type that has one.
    pub(crate) fn dotted(&self, owner: &Name) -> String {
        match (self.space(), owner.space()) {
            (None, Some(_)) => format!(".{}", self.short()),
            _ => self.full.to_string(),
        }
    }

    /// Checks every part, as is done when a definition becomes known.
    pub(crate) fn check_parts(&self, rule: NameRule) -> Result<(), String> {
        for part in self.space().into_iter().flat_map(|space| space.split('.')) {
            rule.check(part)
                .map_err(|error| format!("Namespace part \"{part}\" is invalid: {error}"))?;
        }
        let short = self.short();
        rule.check(short).map_err(|error| format!("Name \"{short}\" is invalid: {error}"))
    }
}

/// A word that stands for a kind of type, so that a name like it is written in full.
fn is_type_word(word: &str) -> bool {
    matches!(word, "record" | "enum" | "array" | "map" | "union" | "fixed")
        || crate::model::Primitive::from_word(word).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_rules() {
        assert_eq!(NameRule::Strict.check("a_1"), Ok(()));
        assert_eq!(NameRule::Strict.check("é").unwrap_err(), "Illegal initial character: é");
        assert_eq!(NameRule::Unicode.check("é٣"), Ok(()));
        assert_eq!(NameRule::Unicode.check("a-b").unwrap_err(), "Illegal character in: a-b");
        assert_eq!(NameRule::Unicode.check("𝒜").unwrap_err(), "Illegal initial character: 𝒜");
        assert_eq!(NameRule::Unicode.check("").unwrap_err(), "Empty name");
        assert_eq!(NameRule::None.check(""), Ok(()));
    }

    #[test]
    fn names_split_at_the_last_dot() {
        let name = Name::new("a.b.C", Some("x"), NameRule::Strict).unwrap();
        assert_eq!((name.space(), name.short(), name.full()), (Some("a.b"), "C", "a.b.C"));
        let bare = Name::new(".E", Some("x"), NameRule::Strict).unwrap();
        assert_eq!((bare.space(), bare.short(), bare.full()), (None, "E", "E"));
        assert_eq!(name.qualified(Some("a.b")), "C");
        assert_eq!(name.qualified(None), "a.b.C");
    }
}
