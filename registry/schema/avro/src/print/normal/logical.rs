//! Logical types, as far as normalizing needs them: a valid one comes first of the properties.

use std::fmt::Write as _;

use crate::json::Value;
use crate::model::{Graph, Kind, NodeId, Primitive};

/// Writes the properties that a valid logical type of this node puts first. Writing to a text
/// cannot fail.
pub(super) fn push(graph: &Graph, node: NodeId, out: &mut String) {
    let source = graph.node(node).source;
    let Some(word) = graph.text(source, "logicalType") else { return };
    let kind = graph.kind(node);
    if word == "decimal" {
        if let Some((precision, scale)) = decimal(graph, node) {
            let _ = write!(out, ",\"logicalType\":\"decimal\",\"precision\":{precision}");
            if scale != 0 {
                let _ = write!(out, ",\"scale\":{scale}");
            }
        }
    } else if is_valid(word, kind) {
        let _ = write!(out, ",\"logicalType\":\"{word}\"");
    }
}

fn is_valid(word: &str, kind: &Kind) -> bool {
    match word {
        "date" | "time-millis" => matches!(kind, Kind::Primitive(Primitive::Int)),
        "time-micros"
        | "timestamp-millis"
        | "timestamp-micros"
        | "timestamp-nanos"
        | "local-timestamp-millis"
        | "local-timestamp-micros"
        | "local-timestamp-nanos" => matches!(kind, Kind::Primitive(Primitive::Long)),
        "big-decimal" => matches!(kind, Kind::Primitive(Primitive::Bytes)),
        "uuid" => matches!(kind, Kind::Primitive(Primitive::String) | Kind::Fixed(_, 16)),
        "duration" => matches!(kind, Kind::Fixed(_, 12)),
        _ => false,
    }
}

/// Precision and scale, if this is a decimal that holds.
fn decimal(graph: &Graph, node: NodeId) -> Option<(i32, i32)> {
    let source = graph.node(node).source;
    let integer = |key| match graph.json.value(graph.json.get(source, key)?) {
        Value::Integer(value) => i32::try_from(*value).ok(),
        _ => None,
    };
    let precision = integer("precision")?;
    let scale = match graph.json.get(source, "scale") {
        Some(_) => integer("scale")?,
        None => 0,
    };
    let precision_max = match graph.kind(node) {
        Kind::Primitive(Primitive::Bytes) => f64::from(i32::MAX),
        Kind::Fixed(_, size) => {
            let bits = (8 * u64::from(*size)).wrapping_sub(1);
            // Java computes the bits in 32 bits, so a size beyond 2^28 wraps there.
            #[expect(clippy::cast_possible_truncation, reason = "as Java")]
            let bits = bits as i32;
            (2f64.log10() * f64::from(bits)).floor()
        }
        _ => return None,
    };
    let fits = precision > 0 && f64::from(precision) <= precision_max;
    (fits && (0..=precision).contains(&scale)).then_some((precision, scale))
}
