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
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1f}' => {
                // Writing to a text cannot fail.
                let _ = write!(out, "\\u{:04X}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}
