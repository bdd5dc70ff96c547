//! The check that a stored schema gets after parsing: its own short names, field names and symbols
//! by the Unicode rule. Not looked at: namespaces, aliases, and what stands in references.

use super::Refusal;
use crate::ids::IdSet;
use crate::model::{Graph, Kind, NodeId};
use crate::name::NameRule;

pub(super) fn check(
    graph: &Graph,
    root: NodeId,
    document: u32,
    rule: NameRule,
) -> Result<(), Refusal> {
    let mut seen = IdSet::default();
    let mut rest = vec![root];
    while let Some(id) = rest.pop() {
        let node = graph.node(id);
        if node.document != document || !seen.insert(id) {
            continue;
        }
        let refuse = |error| Refusal::at(error, node.source);
        if let Some(named) = node.kind.named() {
            rule.check(named.name.short()).map_err(refuse)?;
        }
        match &node.kind {
            Kind::Array(part) | Kind::Map(part) => rest.push(*part),
            Kind::Union(parts) => rest.extend(parts.iter().rev()),
            Kind::Enum(_, symbols) => {
                symbols.list.iter().try_for_each(|symbol| rule.check(symbol)).map_err(refuse)?;
            }
            Kind::Record(_, fields) => {
                for field in fields.list.iter().rev() {
                    rule.check(&field.name).map_err(|error| Refusal::at(error, field.source))?;
                    rest.push(field.schema);
                }
            }
            Kind::Primitive(_) | Kind::Fixed(..) | Kind::Unresolved(..) => {}
        }
    }
    Ok(())
}
