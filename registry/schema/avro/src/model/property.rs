//! Properties: the attributes of a definition that mean nothing to Avro and are kept.
//! Which words are attributes differs between types, enums and fields.

use super::{Graph, Kind};
use crate::json::{Member, ValueId};

/// What a JSON object defines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    Type,
    Enum,
    Field,
}

impl Owner {
    pub(crate) fn of(kind: &Kind) -> Self {
        if matches!(kind, Kind::Enum(..)) { Owner::Enum } else { Owner::Type }
    }

    /// Is the word an attribute here, so that it is never a property?
    fn reserves(self, word: &[u8]) -> bool {
        match word {
            b"type" | b"name" | b"doc" | b"aliases" => true,
            b"namespace" | b"fields" | b"items" | b"values" | b"symbols" | b"size" => {
                self != Owner::Field
            }
            b"default" => self != Owner::Type,
            b"order" => self == Owner::Field,
            _ => false,
        }
    }
}

/// The properties that a JSON value gives to what it defines, in their order.
pub(crate) fn properties(
    graph: &Graph,
    source: ValueId,
    owner: Owner,
) -> impl Iterator<Item = &Member> {
    let members = graph.json.members(source).unwrap_or_default();
    members.iter().filter(move |member| !owner.reserves(member.key.as_bytes()))
}
