//! Values as Jackson writes them: compact, in the order in which they were read.

use std::fmt::Write as _;

use super::{Arena, Value, ValueId, double};

/// Appends the compact text of a value. `depth` is how deep it stands in what is being written;
/// the return value is the deepest level reached.
pub(crate) fn print(arena: &Arena, id: ValueId, out: &mut String, depth: usize) -> usize {
    let mut deepest = depth;
    let mut open: Vec<Open<'_>> = Vec::new();
    push_value(arena, id, out, &mut open);
    loop {
        deepest = deepest.max(depth + open.len());
        let Some(top) = open.last_mut() else { return deepest };
        if let Some(child) = top.next(out) {
            push_value(arena, child, out, &mut open);
        } else {
            out.push(top.close());
            open.pop();
        }
    }
}

enum Open<'a> {
    Array { rest: std::slice::Iter<'a, ValueId>, first: bool },
    Object { rest: std::slice::Iter<'a, super::Member>, first: bool },
}

impl Open<'_> {
    fn next(&mut self, out: &mut String) -> Option<ValueId> {
        let (child, key, first) = match self {
            Open::Array { rest, first } => (*rest.next()?, None, first),
            Open::Object { rest, first } => {
                let member = rest.next()?;
                (member.value, Some(&member.key), first)
            }
        };
        if !std::mem::take(first) {
            out.push(',');
        }
        if let Some(key) = key {
            push_text(out, key);
            out.push(':');
        }
        Some(child)
    }

    fn close(&self) -> char {
        match self {
            Open::Array { .. } => ']',
            Open::Object { .. } => '}',
        }
    }
}

fn push_value<'a>(arena: &'a Arena, id: ValueId, out: &mut String, open: &mut Vec<Open<'a>>) {
    match arena.value(id) {
        Value::Null => out.push_str("null"),
        Value::Boolean(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Integer(value) => out.push_str(&value.to_string()),
        Value::BigInteger(digits) => out.push_str(digits),
        Value::Double(value) => push_double(out, *value),
        Value::Text(text) => push_text(out, text),
        Value::Array(_) => {
            out.push('[');
            let rest = arena.items(id).unwrap_or_default().iter();
            open.push(Open::Array { rest, first: true });
        }
        Value::Object(_) => {
            out.push('{');
            let rest = arena.members(id).unwrap_or_default().iter();
            open.push(Open::Object { rest, first: true });
        }
    }
}

/// A double; those that JSON cannot write are texts.
fn push_double(out: &mut String, value: f64) {
    if value.is_finite() {
        out.push_str(&double::double_text(value));
    } else {
        push_text(out, &double::double_text(value));
    }
}

/// A quoted text with the escapes that Jackson uses: what must be escaped and nothing else.
pub(crate) fn push_text(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1F)) {
        out.push_str(&rest[..at]);
        push_escape(out, rest.as_bytes()[at]);
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
    out.push('"');
}

fn push_escape(out: &mut String, byte: u8) {
    let letter = match byte {
        b'"' | b'\\' => char::from(byte),
        0x08 => 'b',
        b'\t' => 't',
        b'\n' => 'n',
        0x0C => 'f',
        b'\r' => 'r',
        _ => {
            // Writing to a text cannot fail.
            let _ = write!(out, "\\u{byte:04X}");
            return;
        }
    };
    out.push('\\');
    out.push(letter);
}
