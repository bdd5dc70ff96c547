//! The schema model: an arena of nodes, every definition and every use of a primitive a node of
//! its own, every use of a named type an edge to the node of its definition.
//! So a schema that contains itself is no cycle of owners, and a pair of nodes is what Java calls
//! a pair of schema objects. What is only printed (docs, properties) stays in the JSON arena.

mod property;

use std::sync::Arc;

pub(crate) use property::{Owner, properties};

use crate::json::{Arena, ValueId};
use crate::name::Name;

/// A node of a [`Graph`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct NodeId(u32);

impl NodeId {
    pub(crate) fn new(index: usize) -> Self {
        Self(u32::try_from(index).expect("nodes are fewer than JSON values, which `limits` bounds"))
    }

    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// All types of a schema and of its references.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) nodes: Vec<Node>,
    pub(crate) json: Arena,
}

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    /// The JSON that defines it.
    pub(crate) source: ValueId,
    /// Which text it stands in: the references in their order, then the main one.
    pub(crate) document: u32,
    /// Where in its parent it is written; none for the root of a text.
    pub(crate) place: Option<(NodeId, Step)>,
}

/// From a node to one of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Items,
    Values,
    Branch(usize),
    Field(usize),
}

#[derive(Debug)]
pub(crate) enum Kind {
    Primitive(Primitive),
    Array(NodeId),
    Map(NodeId),
    Union(Vec<NodeId>),
    Fixed(Named, u32),
    Enum(Named, Symbols),
    Record(Named, Fields),
    /// A name that was not known when it was read; linked to its definition at the end.
    Unresolved(Name, Arc<str>, Option<NodeId>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Primitive {
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
}

/// What record, enum and fixed have in common.
#[derive(Debug)]
pub(crate) struct Named {
    pub(crate) name: Name,
    pub(crate) aliases: Vec<Name>,
}

#[derive(Debug)]
pub(crate) struct Symbols {
    pub(crate) list: Vec<Box<str>>,
    pub(crate) default: Option<Box<str>>,
}

#[derive(Debug)]
pub(crate) struct Fields {
    pub(crate) list: Vec<Field>,
    pub(crate) is_error: bool,
}

#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: Box<str>,
    pub(crate) schema: NodeId,
    pub(crate) default: Option<ValueId>,
    pub(crate) order: Order,
    pub(crate) aliases: Vec<Box<str>>,
    pub(crate) source: ValueId,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Ascending,
    Descending,
    Ignore,
}

impl Graph {
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    pub(crate) fn kind(&self, id: NodeId) -> &Kind {
        &self.nodes[id.index()].kind
    }

    /// The definition that an edge leads to.
    pub(crate) fn follow(&self, id: NodeId) -> NodeId {
        match self.kind(id) {
            Kind::Unresolved(_, _, Some(target)) => *target,
            _ => id,
        }
    }

    /// The text of an attribute of the JSON that defines something.
    pub(crate) fn text(&self, source: ValueId, key: &str) -> Option<&str> {
        self.json.get_text(source, key)
    }

    /// The name by which a union tells its branches apart.
    pub(crate) fn branch_name(&self, id: NodeId) -> &str {
        match self.kind(id) {
            Kind::Unresolved(name, ..) => name.full(),
            kind => kind.named().map_or(kind.word(), |named| named.name.full()),
        }
    }
}

impl Kind {
    pub(crate) fn named(&self) -> Option<&Named> {
        match self {
            Kind::Fixed(named, _) | Kind::Enum(named, _) | Kind::Record(named, _) => Some(named),
            _ => None,
        }
    }

    /// The word for this kind in a schema text.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            Kind::Primitive(primitive) => primitive.word(),
            Kind::Array(_) => "array",
            Kind::Map(_) => "map",
            Kind::Union(_) => "union",
            Kind::Fixed(..) => "fixed",
            Kind::Enum(..) => "enum",
            Kind::Record(..) | Kind::Unresolved(..) => "record",
        }
    }

    /// The same word as it appears in messages.
    pub(crate) fn loud(&self) -> String {
        self.word().to_ascii_uppercase()
    }
}

impl Primitive {
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "null" => Primitive::Null,
            "boolean" => Primitive::Boolean,
            "int" => Primitive::Int,
            "long" => Primitive::Long,
            "float" => Primitive::Float,
            "double" => Primitive::Double,
            "bytes" => Primitive::Bytes,
            "string" => Primitive::String,
            _ => return None,
        })
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            Primitive::Null => "null",
            Primitive::Boolean => "boolean",
            Primitive::Int => "int",
            Primitive::Long => "long",
            Primitive::Float => "float",
            Primitive::Double => "double",
            Primitive::Bytes => "bytes",
            Primitive::String => "string",
        }
    }
}

impl Order {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Order::Ascending => "ascending",
            Order::Descending => "descending",
            Order::Ignore => "ignore",
        }
    }

    pub(crate) fn from_upper(word: &str) -> Option<Self> {
        match word {
            "ASCENDING" => Some(Order::Ascending),
            "DESCENDING" => Some(Order::Descending),
            "IGNORE" => Some(Order::Ignore),
            _ => None,
        }
    }
}
