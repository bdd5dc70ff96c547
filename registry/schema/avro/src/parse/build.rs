//! From JSON to nodes, in the order in which Avro Java looks at things, so that of several errors
//! the same one is found. A loop over a stack of half-built containers: depth costs no call.

mod definition;
mod field;

use super::{Context, Refusal};
use crate::json::{Text, Value, ValueId, print};
use crate::model::{Field, Kind, NodeId, Primitive, Step};
use crate::name::Name;

/// The namespace that encloses a place.
type Space = Option<std::sync::Arc<str>>;

/// Builds the type that a value defines.
pub(super) fn build(context: &mut Context, root: ValueId) -> Result<NodeId, Refusal> {
    let mut open: Vec<Open> = Vec::new();
    let mut next = Next::Enter { value: root, space: None, place: None };
    loop {
        next = match next {
            Next::Enter { value, space, place } => context.enter(value, space, place, &mut open)?,
            Next::Leave(node) => match open.pop() {
                Some(container) => {
                    let source = container.source;
                    context
                        .resume(container, node, &mut open)
                        .map_err(|refusal| refusal.or_at(source))?
                }
                None => return Ok(node),
            },
        };
    }
}

enum Next {
    /// Build this value.
    Enter { value: ValueId, space: Space, place: Option<(NodeId, Step)> },
    /// This is built; its container goes on.
    Leave(NodeId),
}

/// A container that waits for one of its parts.
struct Open {
    node: NodeId,
    source: ValueId,
    /// The namespace of its parts.
    space: Space,
    rest: Rest,
}

enum Rest {
    Items,
    Values,
    Branches { done: Vec<NodeId> },
    Fields { name: Name, is_error: bool, list: ValueId, done: Vec<Field> },
}

impl Context {
    fn enter(
        &mut self,
        value: ValueId,
        space: Space,
        place: Option<(NodeId, Step)>,
        open: &mut Vec<Open>,
    ) -> Result<Next, Refusal> {
        match self.graph.json.value(value) {
            Value::Text(name) => {
                let name = name.clone();
                Ok(Next::Leave(self.find(&name, space.as_deref(), value, place)))
            }
            Value::Object(_) => {
                self.enter_object(value, space, place, open).map_err(|refusal| refusal.or_at(value))
            }
            Value::Array(_) => {
                let branches = self.graph.json.items(value).unwrap_or_default().len();
                let node = self.push(unfinished(), value, place);
                let rest = Rest::Branches { done: Vec::with_capacity(branches) };
                self.next_branch(Open { node, source: value, space, rest }, open)
            }
            _ => Err(Refusal::at(format!("Schema not yet supported: {}", self.show(value)), value)),
        }
    }

    fn enter_object(
        &mut self,
        value: ValueId,
        space: Space,
        place: Option<(NodeId, Step)>,
        open: &mut Vec<Open>,
    ) -> Result<Next, Refusal> {
        let word: Text = self.required_text(value, "type", "No type")?.into();
        if let Some(primitive) = Primitive::from_word(&word) {
            return Ok(Next::Leave(self.push(Kind::Primitive(primitive), value, place)));
        }
        match &*word {
            "record" | "error" => {
                let record = self.record(value, space.as_deref(), place, &*word == "error")?;
                self.next_field(record, open)
            }
            "enum" => Ok(Next::Leave(self.enumeration(value, space.as_deref(), place)?)),
            "fixed" => Ok(Next::Leave(self.fixed(value, space.as_deref(), place)?)),
            "array" => {
                let items = self.required(value, "items", "Array has no items type")?;
                Ok(self.enter_part(value, place, space, (items, Step::Items), Rest::Items, open))
            }
            "map" => {
                let values = self.required(value, "values", "Map has no values type")?;
                let part = (values, Step::Values);
                Ok(self.enter_part(value, place, space, part, Rest::Values, open))
            }
            name => Ok(Next::Leave(self.find(name, space.as_deref(), value, place))),
        }
    }

    /// Opens a container of one part.
    fn enter_part(
        &mut self,
        source: ValueId,
        place: Option<(NodeId, Step)>,
        space: Space,
        (part, step): (ValueId, Step),
        rest: Rest,
        open: &mut Vec<Open>,
    ) -> Next {
        let node = self.push(unfinished(), source, place);
        open.push(Open { node, source, space: space.clone(), rest });
        Next::Enter { value: part, space, place: Some((node, step)) }
    }

    /// Gives a finished part to its container.
    fn resume(
        &mut self,
        mut container: Open,
        part: NodeId,
        open: &mut Vec<Open>,
    ) -> Result<Next, Refusal> {
        let node = container.node;
        match &mut container.rest {
            Rest::Items => self.graph.nodes[node.index()].kind = Kind::Array(part),
            Rest::Values => self.graph.nodes[node.index()].kind = Kind::Map(part),
            Rest::Branches { done } => {
                done.push(part);
                return self.next_branch(container, open);
            }
            Rest::Fields { list, done, .. } => {
                let field = self.item(*list, done.len());
                done.push(self.field(field, part)?);
                return self.next_field(container, open);
            }
        }
        Ok(Next::Leave(node))
    }

    fn next_branch(&mut self, mut union: Open, open: &mut Vec<Open>) -> Result<Next, Refusal> {
        let Rest::Branches { done } = &mut union.rest else {
            unreachable!("only unions have branches")
        };
        let branches = self.graph.json.items(union.source).unwrap_or_default();
        if let Some(&value) = branches.get(done.len()) {
            let place = Some((union.node, Step::Branch(done.len())));
            let space = union.space.clone();
            open.push(union);
            return Ok(Next::Enter { value, space, place });
        }
        self.graph.nodes[union.node.index()].kind = Kind::Union(std::mem::take(done));
        self.check_union(union.node).map_err(|refusal| refusal.or_at(union.source))?;
        Ok(Next::Leave(union.node))
    }

    fn next_field(&mut self, mut record: Open, open: &mut Vec<Open>) -> Result<Next, Refusal> {
        let Rest::Fields { list, done, .. } = &mut record.rest else {
            unreachable!("only records have fields")
        };
        let next = self.graph.json.items(*list).and_then(|fields| fields.get(done.len()).copied());
        let Some(field) = next else {
            let (node, source) = (record.node, record.source);
            self.finish_record(record).map_err(|refusal| refusal.or_at(source))?;
            return Ok(Next::Leave(node));
        };
        let place = Some((record.node, Step::Field(done.len())));
        let value = self.field_type(field).map_err(|refusal| refusal.or_at(field))?;
        let space = record.space.clone();
        open.push(record);
        Ok(Next::Enter { value, space, place })
    }

    fn item(&self, list: ValueId, index: usize) -> ValueId {
        self.graph.json.items(list).expect("fields are an array")[index]
    }

    /// A value as it appears in a message.
    fn show(&self, value: ValueId) -> String {
        let mut out = String::new();
        print(&self.graph.json, value, &mut out, 0);
        out
    }

    fn required(&self, value: ValueId, key: &str, error: &str) -> Result<ValueId, Refusal> {
        let found = self.graph.json.get(value, key);
        found.ok_or_else(|| Refusal::at(format!("{error}: {}", self.show(value)), value))
    }

    fn required_text(&self, value: ValueId, key: &str, error: &str) -> Result<&str, Refusal> {
        let found = self.graph.json.get_text(value, key);
        found.ok_or_else(|| Refusal::at(format!("{error}: {}", self.show(value)), value))
    }
}

/// What stands in the arena while a container is being built; nothing refers to it.
fn unfinished() -> Kind {
    Kind::Union(Vec::new())
}
