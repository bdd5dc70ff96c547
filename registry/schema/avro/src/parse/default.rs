//! Whether a default fits its type, as Avro Java sees it: any text for text-like types, any branch
//! of a union, unknown keys of a record ignored.
//! A loop with a memory of what was answered, since branches of unions that meet again below each
//! other would otherwise double the work at every level.

use std::collections::HashMap;

use super::context::Context;
use super::{Refusal, Resolution};
use crate::ids::IdMap;
use crate::json::{Arena, Value, ValueId, print};
use crate::model::{Graph, Kind, NodeId, Primitive};
use crate::print::{Stage, canonical};

/// Branches that a union with a default mostly has at the most.
const FEW: usize = 8;

/// Refuses a default that does not fit.
pub(super) fn check_default(
    context: &mut Context,
    (schema, default): (NodeId, ValueId),
    stage: Stage<'_>,
    field: impl FnOnce(&Graph) -> String,
) -> Result<(), Refusal> {
    let mut check = Check { graph: &context.graph, stage, answers: IdMap::default(), steps: 0 };
    let fits = check.fits(schema, default);
    let steps = check.steps;
    context.spend(steps)?;
    if fits.map_err(|refusal| refusal.or_at(default))? {
        return Ok(());
    }
    let mut shown = String::new();
    print(&context.graph.json, default, &mut shown, 0);
    let schema = canonical(&context.graph, schema, &[], stage).map_err(Refusal::new)?;
    let field = field(&context.graph);
    let message = format!("Invalid default for field {field}: {shown} not a {schema}");
    Err(Refusal::at(message, default))
}

struct Check<'a> {
    graph: &'a Graph,
    stage: Stage<'a>,
    answers: IdMap<(NodeId, ValueId), bool>,
    steps: usize,
}

/// A question that waits for the answers to its parts.
struct Open {
    question: (NodeId, ValueId),
    /// One fitting part is enough.
    any: bool,
    /// What is still to be asked, last first; `None` is a part that cannot fit.
    rest: Vec<Option<(NodeId, ValueId)>>,
}

impl Check<'_> {
    fn fits(&mut self, schema: NodeId, value: ValueId) -> Result<bool, Refusal> {
        if let Some(answer) = self.fits_plain_union(schema, value) {
            return Ok(answer);
        }
        let mut open: Vec<Open> = Vec::new();
        let mut question = Some((schema, value));
        loop {
            let mut answer = match question {
                None => Some(false),
                Some(asked) => self.ask(asked, &mut open)?,
            };
            // Close what the answer settles, then go on with the next part of what is left open.
            question = loop {
                let Some(top) = open.last_mut() else { return Ok(answer.unwrap_or(true)) };
                let settled = answer.filter(|&answer| answer == top.any);
                match (settled, top.rest.pop()) {
                    (None, Some(part)) => break part,
                    (settled, _) => {
                        let result = settled.unwrap_or(!top.any);
                        self.answers.insert(top.question, result);
                        open.pop();
                        answer = Some(result);
                    }
                }
            };
        }
    }

    /// Answers for a union of a few primitives, which nearly every union with a default is, as the
    /// loop would and counting as many steps, but without asking for memory.
    fn fits_plain_union(&mut self, schema: NodeId, value: ValueId) -> Option<bool> {
        let Kind::Union(branches) = self.graph.kind(self.stage.follow(self.graph, schema)) else {
            return None;
        };
        if branches.len() > FEW {
            return None;
        }
        let found = self.graph.json.value(value);
        let mut asked = 0;
        let mut answer = false;
        for &branch in branches {
            let Kind::Primitive(primitive) = self.graph.kind(self.stage.follow(self.graph, branch))
            else {
                return None;
            };
            asked += 1;
            answer = is_a(*primitive, found);
            if answer {
                break;
            }
        }
        self.steps += 1 + branches.len() + asked;
        Some(answer)
    }

    /// Answers at once, or opens the question.
    fn ask(
        &mut self,
        (schema, value): (NodeId, ValueId),
        open: &mut Vec<Open>,
    ) -> Result<Option<bool>, Refusal> {
        let schema = self.stage.follow(self.graph, schema);
        self.steps += 1;
        if let Some(&answer) = self.answers.get(&(schema, value)) {
            return Ok(Some(answer));
        }
        if self.steps > crate::limits::STEPS_MAX {
            return Err(Refusal::new("Default takes too many steps to check"));
        }
        let json = &self.graph.json;
        let (any, rest) = match (self.graph.kind(schema), json.value(value)) {
            (Kind::Primitive(primitive), found) => return Ok(Some(is_a(*primitive, found))),
            (Kind::Enum(..) | Kind::Fixed(..), found) => {
                return Ok(Some(matches!(found, Value::Text(_))));
            }
            (Kind::Union(branches), _) => {
                (true, branches.iter().rev().map(|&branch| Some((branch, value))).collect())
            }
            (Kind::Array(items), Value::Array(_)) => {
                let values = json.items(value).unwrap_or_default();
                (false, values.iter().rev().map(|&value| Some((*items, value))).collect())
            }
            (Kind::Map(values), Value::Object(_)) => {
                let members = json.members(value).unwrap_or_default();
                (false, members.iter().rev().map(|member| Some((*values, member.value))).collect())
            }
            (Kind::Record(..), Value::Object(_)) => (false, self.record_parts(schema, value)?),
            // A stand-in is a record without fields.
            (Kind::Unresolved(..), Value::Object(_)) => return Ok(Some(true)),
            _ => return Ok(Some(false)),
        };
        self.steps += rest.len();
        open.push(Open { question: (schema, value), any, rest });
        Ok(None)
    }

    /// A missing part fits if it has a default, which was checked when its field was made.
    fn record_parts(
        &self,
        record: NodeId,
        value: ValueId,
    ) -> Result<Vec<Option<(NodeId, ValueId)>>, Refusal> {
        let Kind::Record(_, fields) = self.graph.kind(record) else { return Ok(vec![]) };
        if !self.stage.has_fields(record) {
            return Err(Refusal::new("Schema fields not set yet"));
        }
        let given = Given::new(&self.graph.json, value);
        let parts = fields.list.iter().rev().filter_map(|field| match given.get(&field.name) {
            Some(value) => Some(Some((field.schema, value))),
            None if field.default.is_some() => None,
            None => Some(None),
        });
        Ok(parts.collect())
    }
}

/// The attributes of an object by key.
struct Given<'a>(HashMap<&'a str, ValueId>);

impl<'a> Given<'a> {
    fn new(json: &'a Arena, object: ValueId) -> Self {
        let members = json.members(object).unwrap_or_default();
        Self(members.iter().map(|member| (&*member.key, member.value)).collect())
    }

    fn get(&self, key: &str) -> Option<ValueId> {
        self.0.get(key).copied()
    }
}

fn is_a(primitive: Primitive, value: &Value) -> bool {
    match primitive {
        Primitive::Null => matches!(value, Value::Null),
        Primitive::Boolean => matches!(value, Value::Boolean(_)),
        Primitive::Int => matches!(value, Value::Integer(value) if i32::try_from(*value).is_ok()),
        Primitive::Long => matches!(value, Value::Integer(_)),
        Primitive::Float | Primitive::Double => {
            matches!(value, Value::Integer(_) | Value::BigInteger(_) | Value::Double(_))
        }
        Primitive::Bytes | Primitive::String => matches!(value, Value::Text(_)),
    }
}

impl Stage<'_> {
    /// Whether a record's fields can be looked at: not while it is being resolved.
    pub(crate) fn has_fields(self, record: NodeId) -> bool {
        match self {
            Stage::Resolving(resolution) => Resolution::has_fields(resolution, record),
            Stage::Parsing | Stage::Done => true,
        }
    }
}
