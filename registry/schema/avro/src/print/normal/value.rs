//! JSON values rewritten as the incumbent does: through Java objects of a type's own class.
//! A loop: defaults nest as deep as texts may.

use crate::json::{Value, ValueId, double_text, float_text, push_text};
use crate::model::{Graph, Kind, NodeId, Primitive};

/// Appends a value in the form of its type. `false`: there is no such form, nothing is to be
/// written; that is an error inside of a container.
pub(super) fn push_value(
    graph: &Graph,
    value: ValueId,
    schema: Option<NodeId>,
    out: &mut String,
) -> Result<bool, String> {
    let mut open: Vec<Open<'_>> = Vec::new();
    if !push_here(graph, value, schema, out, &mut open)? {
        return Ok(false);
    }
    while let Some(top) = open.last_mut() {
        let Some((key, value, schema)) = top.rest.pop() else {
            out.push(top.close);
            open.pop();
            continue;
        };
        if !std::mem::take(&mut top.first) {
            out.push(',');
        }
        if let Some(key) = key {
            push_text(out, key);
            out.push(':');
        }
        if !push_here(graph, value, schema, out, &mut open)? {
            return Err("Cannot invoke \"Object.getClass()\" because \"datum\" is null".into());
        }
    }
    Ok(true)
}

type Part<'g> = (Option<&'g str>, ValueId, Option<NodeId>);

struct Open<'g> {
    close: char,
    first: bool,
    /// Last part first.
    rest: Vec<Part<'g>>,
}

fn push_here<'g>(
    graph: &'g Graph,
    value: ValueId,
    schema: Option<NodeId>,
    out: &mut String,
    open: &mut Vec<Open<'g>>,
) -> Result<bool, String> {
    let schema = first_branch(graph, schema)?;
    let kind = schema.map(|schema| graph.kind(schema));
    let text = match graph.json.value(value) {
        Value::Null => "null".into(),
        Value::Boolean(value) => value.to_string(),
        Value::Integer(value) => match integer(*value, kind) {
            Some(text) => text,
            None => return Ok(false),
        },
        Value::Double(value) => match double(*value, kind) {
            Some(text) => text,
            None => return Ok(false),
        },
        Value::BigInteger(_) => return Ok(false),
        Value::Text(text) => return Ok(push_typed_text(text, kind, out)),
        Value::Array(_) => {
            let rest = array_parts(graph, value, schema)?;
            open.push(Open { close: ']', first: true, rest });
            "[".into()
        }
        Value::Object(_) => {
            let rest = object_parts(graph, value, schema)?;
            open.push(Open { close: '}', first: true, rest });
            "{".into()
        }
    };
    out.push_str(&text);
    Ok(true)
}

/// A default is looked for in the first branch of a union only.
fn first_branch(graph: &Graph, schema: Option<NodeId>) -> Result<Option<NodeId>, String> {
    match schema.map(|schema| graph.kind(schema)) {
        Some(Kind::Union(branches)) => match branches.first() {
            Some(&branch) => Ok(Some(branch)),
            None => Err("Index 0 out of bounds for length 0".into()),
        },
        _ => Ok(schema),
    }
}

fn integer(value: i64, kind: Option<&Kind>) -> Option<String> {
    #[expect(clippy::cast_precision_loss, reason = "Java rounds the same way")]
    let double = value as f64;
    match kind {
        None | Some(Kind::Primitive(Primitive::Int | Primitive::Long)) => Some(value.to_string()),
        Some(Kind::Primitive(Primitive::Float | Primitive::Double)) => self::double(double, kind),
        Some(_) => None,
    }
}

fn double(value: f64, kind: Option<&Kind>) -> Option<String> {
    let text = match kind {
        None | Some(Kind::Primitive(Primitive::Double)) => double_text(value),
        #[expect(clippy::cast_possible_truncation, reason = "a float default is rounded")]
        Some(Kind::Primitive(Primitive::Float)) => float_text(value as f32),
        Some(_) => return None,
    };
    let is_word = text.ends_with(['N', 'y']);
    Some(if is_word { format!("\"{text}\"") } else { text })
}

fn push_typed_text(text: &str, kind: Option<&Kind>, out: &mut String) -> bool {
    match kind {
        None | Some(Kind::Primitive(Primitive::String) | Kind::Enum(..)) => push_text(out, text),
        Some(Kind::Primitive(Primitive::Bytes) | Kind::Fixed(..)) => {
            let latin: String = text.chars().map(|c| if c > '\u{ff}' { '?' } else { c }).collect();
            push_text(out, &latin);
        }
        Some(_) => return false,
    }
    true
}

fn array_parts(
    graph: &Graph,
    value: ValueId,
    schema: Option<NodeId>,
) -> Result<Vec<Part<'_>>, String> {
    let items = graph.json.items(value).unwrap_or_default();
    let part = match schema.map(|schema| graph.kind(schema)) {
        None => None,
        Some(Kind::Array(part)) => Some(*part),
        Some(_) if items.is_empty() => None,
        Some(kind) => {
            return Err(format!("Not an array: \"{}\"", kind.word()));
        }
    };
    Ok(items.iter().rev().map(|&item| (None, item, part)).collect())
}

/// The parts of an object by key, last first.
fn object_parts<'g>(
    graph: &'g Graph,
    value: ValueId,
    schema: Option<NodeId>,
) -> Result<Vec<Part<'g>>, String> {
    let mut parts = Vec::new();
    for member in graph.json.members(value).unwrap_or_default() {
        let part = match schema.map(|schema| graph.kind(schema)) {
            Some(Kind::Map(values)) => Some(*values),
            Some(Kind::Record(_, fields)) => {
                let field = fields.list.iter().find(|field| *field.name == *member.key);
                let Some(field) = field else {
                    return Err(format!(
                        "Default has a field that its record lacks: {}",
                        member.key
                    ));
                };
                Some(field.schema)
            }
            _ => None,
        };
        parts.push((Some(&*member.key), member.value, part));
    }
    let units = |part: &Part<'g>| part.0.unwrap_or_default().encode_utf16().collect::<Vec<_>>();
    parts.sort_by_cached_key(|part| std::cmp::Reverse(units(part)));
    Ok(parts)
}
