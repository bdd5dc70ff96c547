//! Framing of registry-aware messages: which schema a payload was written with.
//!
//! Two prefixes are known: magic byte 0 and a schema id, which all serializers write by default, and
//! magic byte 1 and the schema's GUID, which also stands alone in a record header. No dependencies,
//! no I/O, no copy of the payload.
//!
//! ```
//! use syngraph_wire::{Frame, SchemaRef};
//!
//! let mut message = Vec::new();
//! SchemaRef::Id(42).write_prefix(&mut message);
//! message.extend_from_slice(b"payload");
//!
//! let frame = Frame::parse(&message)?;
//! assert_eq!(frame.schema, SchemaRef::Id(42));
//! assert_eq!(frame.payload, b"payload");
//! # Ok::<(), syngraph_wire::UnknownFraming>(())
//! ```

#![warn(missing_docs)]

use std::{error::Error, fmt};

/// Followed by a schema id as four bytes, big endian.
pub const MAGIC_ID: u8 = 0;
/// Followed by a GUID as sixteen bytes.
pub const MAGIC_GUID: u8 = 1;
/// The record header that names the schema of a key by GUID.
pub const HEADER_KEY: &str = "__key_schema_id";
/// The record header that names the schema of a value by GUID.
pub const HEADER_VALUE: &str = "__value_schema_id";

/// The schema that a payload was written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SchemaRef {
    /// By its id within a context.
    Id(u32),
    /// By the hash of its content, the same in every context.
    Guid([u8; 16]),
}

/// A message taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Which schema.
    pub schema: SchemaRef,
    /// What follows the prefix.
    pub payload: &'a [u8],
}

/// Bytes that begin with no known prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownFraming {
    /// The first byte is none that is known; upstream's words for it are `Unknown magic byte!`.
    Magic(u8),
    /// The bytes end within the prefix.
    Truncated,
}

impl SchemaRef {
    /// Writes the prefix; the payload follows it.
    pub fn write_prefix(self, out: &mut Vec<u8>) {
        match self {
            Self::Id(id) => {
                out.push(MAGIC_ID);
                out.extend_from_slice(&id.to_be_bytes());
            }
            Self::Guid(guid) => {
                out.push(MAGIC_GUID);
                out.extend_from_slice(&guid);
            }
        }
    }
}

impl<'a> Frame<'a> {
    /// Takes a message apart by its prefix.
    pub fn parse(message: &'a [u8]) -> Result<Self, UnknownFraming> {
        let (magic, rest) = message.split_first().ok_or(UnknownFraming::Truncated)?;
        let (schema, payload) = match *magic {
            MAGIC_ID => {
                let (id, payload) = rest.split_first_chunk().ok_or(UnknownFraming::Truncated)?;
                (SchemaRef::Id(u32::from_be_bytes(*id)), payload)
            }
            MAGIC_GUID => {
                let (guid, payload) = rest.split_first_chunk().ok_or(UnknownFraming::Truncated)?;
                (SchemaRef::Guid(*guid), payload)
            }
            other => return Err(UnknownFraming::Magic(other)),
        };
        Ok(Self { schema, payload })
    }
}

impl fmt::Display for UnknownFraming {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Magic(byte) => write!(out, "Unknown magic byte! ({byte:#04x})"),
            Self::Truncated => out.write_str("the message ends within its prefix"),
        }
    }
}

impl Error for UnknownFraming {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_prefixes_read_back() {
        for schema in [SchemaRef::Id(0), SchemaRef::Id(u32::MAX), SchemaRef::Guid([7; 16])] {
            let mut message = Vec::new();
            schema.write_prefix(&mut message);
            message.push(9);
            assert_eq!(Frame::parse(&message), Ok(Frame { schema, payload: &[9] }));
            for cut in 0..message.len() - 1 {
                assert_eq!(Frame::parse(&message[..cut]), Err(UnknownFraming::Truncated));
            }
        }
        assert_eq!(Frame::parse(&[2, 0, 0, 0, 1]), Err(UnknownFraming::Magic(2)));
    }
}
