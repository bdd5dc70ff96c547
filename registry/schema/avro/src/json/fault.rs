//! Why a text is not JSON, in the words of Jackson, since clients see them.
//! Only class and refusal are firm there: the sentences change with Jackson's version (2.21 here).

/// A text that is no JSON value.
#[derive(Debug)]
pub(crate) struct Fault {
    kind: Kind,
    message: String,
    /// Byte offset of the culprit, where the text has one.
    pub(crate) offset: Option<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Syntax,
    End,
    Constraint,
    Ours,
}

const SOURCE: &str = "[Source: REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled);";

impl Fault {
    pub(super) fn syntax(message: impl Into<String>, offset: usize) -> Self {
        Self { kind: Kind::Syntax, message: message.into(), offset: Some(offset) }
    }

    /// A character that cannot stand at this place.
    pub(super) fn unexpected(text: &str, offset: usize, expected: &str) -> Self {
        let Some(character) = text[offset..].chars().next() else {
            return Self::end(format!("Unexpected end-of-input: {expected}"), offset);
        };
        let message = format!("Unexpected character ({}): {expected}", describe(character));
        Self::syntax(message, offset)
    }

    /// The text ends where it must go on.
    pub(super) fn end(message: impl Into<String>, offset: usize) -> Self {
        Self { kind: Kind::End, message: message.into(), offset: Some(offset) }
    }

    /// A limit of Jackson is passed; it gives no place for these.
    pub(super) fn constraint(what: &str, found: usize, max: usize, getter: &str) -> Self {
        let message = format!(
            "{what} ({found}) exceeds the maximum allowed ({max}, from `StreamReadConstraints.{getter}()`)"
        );
        Self { kind: Kind::Constraint, message, offset: None }
    }

    pub(super) fn too_many_values() -> Self {
        let message = format!("Schema has more than {} JSON values", crate::limits::NODES_MAX);
        Self { kind: Kind::Ours, message, offset: None }
    }

    pub(super) fn too_large(size: usize) -> Self {
        let max = crate::limits::TEXT_SIZE_MAX;
        let message = format!("Schema text of {size} bytes exceeds the maximum allowed ({max})");
        Self { kind: Kind::Ours, message, offset: None }
    }

    /// The whole message, class name first and place last, as Java prints a wrapped exception.
    pub(crate) fn render(&self, text: &str) -> String {
        let class = match self.kind {
            Kind::Syntax => "com.fasterxml.jackson.core.JsonParseException: ",
            Kind::End => "com.fasterxml.jackson.core.io.JsonEOFException: ",
            Kind::Constraint => "com.fasterxml.jackson.core.exc.StreamConstraintsException: ",
            Kind::Ours => "",
        };
        match self.offset {
            Some(offset) => format!("{class}{}\n at {}", self.message, place(text, offset)),
            None => format!("{class}{}", self.message),
        }
    }
}

/// A place as Jackson prints it, the source itself being withheld.
pub(super) fn place(text: &str, offset: usize) -> String {
    let (line, column) = line_and_column(text, offset);
    format!("{SOURCE} line: {line}, column: {column}]")
}

/// Line and column of an offset, both from 1; columns count UTF-16 units as Java does.
pub(crate) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let bytes = before.as_bytes();
    let mut line = 1;
    let mut start = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
            line += 1;
            start = at + 1;
        }
    }
    (line, before[start..].encode_utf16().count() + 1)
}

/// A character as Jackson names it.
pub(super) fn describe(character: char) -> String {
    let mut units = [0; 2];
    let code = character.encode_utf16(&mut units)[0];
    match code {
        0..=0x1F | 0x7F..=0x9F => format!("(CTRL-CHAR, code {code})"),
        0x20..=0xFF => format!("'{character}' (code {code})"),
        _ => format!("'{character}' (code {code} / 0x{code:x})"),
    }
}
