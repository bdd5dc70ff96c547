//! JSON values as the schema parser needs them: flat in one arena, each with its place in the text.
//! Flat, so that neither dropping, printing nor walking a value of a thousand levels recurses.
//! Not here: any thought of schemas. Texts keep what was written, except that half a surrogate
//! pair is `?`, which is what Java makes of it as soon as it encodes the text.

mod double;
mod fault;
mod print;
mod reader;
mod text;

use std::ops::Range;

pub(crate) use double::{double_text, float_text, parse_double};
pub(crate) use fault::{Fault, line_and_column};
pub(crate) use print::{print, push_text};
pub(crate) use reader::read;
pub(crate) use text::Text;

use crate::limits;

/// A value of an [`Arena`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ValueId(u32);

/// What a value is. Numbers are told apart as Jackson does: integers by size, all else a double.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Null,
    Boolean(bool),
    Integer(i64),
    /// An integer beyond 64 bits, as written.
    BigInteger(Box<str>),
    Double(f64),
    Text(Text),
    Array(Range<u32>),
    Object(Range<u32>),
}

/// One attribute of an object.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) key: Text,
    pub(crate) value: ValueId,
}

/// All values of one schema and its references.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    values: Vec<Value>,
    offsets: Vec<u32>,
    items: Vec<ValueId>,
    members: Vec<Member>,
}

impl Arena {
    /// Makes room for the values of a text, of which few are shorter than a dozen bytes.
    fn reserve(&mut self, text: &str) {
        self.values.reserve(text.len() / 12);
        self.offsets.reserve(text.len() / 12);
        self.members.reserve(text.len() / 16);
        self.items.reserve(text.len() / 32);
    }

    /// Adds a value read at `offset`, or says that there are too many.
    pub(crate) fn push(&mut self, value: Value, offset: usize) -> Result<ValueId, Fault> {
        if self.values.len() >= limits::NODES_MAX {
            return Err(Fault::too_many_values());
        }
        let id = ValueId(index(self.values.len()));
        self.values.push(value);
        self.offsets.push(index(offset));
        Ok(id)
    }

    fn push_array(&mut self, items: &[ValueId], offset: usize) -> Result<ValueId, Fault> {
        let start = index(self.items.len());
        self.items.extend_from_slice(items);
        self.push(Value::Array(start..index(self.items.len())), offset)
    }

    fn push_object(
        &mut self,
        members: impl Iterator<Item = Member>,
        offset: usize,
    ) -> Result<ValueId, Fault> {
        let start = index(self.members.len());
        self.members.extend(members);
        self.push(Value::Object(start..index(self.members.len())), offset)
    }

    pub(crate) fn value(&self, id: ValueId) -> &Value {
        &self.values[id.0 as usize]
    }

    /// Where the value begins, in bytes from the start of its text.
    pub(crate) fn offset(&self, id: ValueId) -> usize {
        self.offsets[id.0 as usize] as usize
    }

    pub(crate) fn text(&self, id: ValueId) -> Option<&str> {
        match self.value(id) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The elements, if this is an array.
    pub(crate) fn items(&self, id: ValueId) -> Option<&[ValueId]> {
        match self.value(id) {
            Value::Array(range) => Some(&self.items[range.start as usize..range.end as usize]),
            _ => None,
        }
    }

    /// The attributes in their order, if this is an object.
    pub(crate) fn members(&self, id: ValueId) -> Option<&[Member]> {
        match self.value(id) {
            Value::Object(range) => Some(&self.members[range.start as usize..range.end as usize]),
            _ => None,
        }
    }

    /// The attribute of that name, if this is an object that has it.
    pub(crate) fn get(&self, id: ValueId, key: &str) -> Option<ValueId> {
        self.members(id)?
            .iter()
            .find(|member| member.key.as_bytes() == key.as_bytes())
            .map(|member| member.value)
    }

    /// The attribute of that name, if it is a text.
    pub(crate) fn get_text(&self, id: ValueId, key: &str) -> Option<&str> {
        self.text(self.get(id, key)?)
    }

    /// Equal as Jackson's nodes are: integers apart from doubles, objects without regard to order.
    pub(crate) fn equal(&self, left: ValueId, right: ValueId) -> bool {
        let mut pairs = vec![(left, right)];
        while let Some((left, right)) = pairs.pop() {
            if left != right && !self.equal_here(left, right, &mut pairs) {
                return false;
            }
        }
        true
    }

    fn equal_here(
        &self,
        left: ValueId,
        right: ValueId,
        pairs: &mut Vec<(ValueId, ValueId)>,
    ) -> bool {
        match (self.value(left), self.value(right)) {
            (Value::Null, Value::Null) => true,
            (Value::Boolean(left), Value::Boolean(right)) => left == right,
            (Value::Integer(left), Value::Integer(right)) => left == right,
            (Value::Double(left), Value::Double(right)) => left.total_cmp(right).is_eq(),
            (Value::BigInteger(left), Value::BigInteger(right)) => left == right,
            (Value::Text(left), Value::Text(right)) => left == right,
            (Value::Array(_), Value::Array(_)) => {
                let (Some(left), Some(right)) = (self.items(left), self.items(right)) else {
                    return false;
                };
                pairs.extend(left.iter().copied().zip(right.iter().copied()));
                left.len() == right.len()
            }
            (Value::Object(_), Value::Object(_)) => self.equal_objects(left, right, pairs),
            _ => false,
        }
    }

    fn equal_objects(
        &self,
        left: ValueId,
        right: ValueId,
        pairs: &mut Vec<(ValueId, ValueId)>,
    ) -> bool {
        let sorted = |id| {
            let mut members: Vec<&Member> = self.members(id).unwrap_or_default().iter().collect();
            members.sort_unstable_by_key(|member| &member.key);
            members
        };
        let (left, right) = (sorted(left), sorted(right));
        left.len() == right.len()
            && left.iter().zip(&right).all(|(left, right)| {
                pairs.push((left.value, right.value));
                left.key == right.key
            })
    }
}

/// Counts and offsets fit 32 bits: `limits` says so.
fn index(count: usize) -> u32 {
    u32::try_from(count).expect("texts and counts are below the 32-bit limits of `limits`")
}
