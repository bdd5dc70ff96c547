//! What the logs hold: keys and values of `_schemas` in upstream's bytes, and of `_syngraph`.
//!
//! One logical key may have been written in several byte forms by older writers; compaction goes by
//! bytes, so a [`Record`] remembers the form it was read in. Decoding never fails a log: what is not
//! understood comes back as [`Undecodable`] and is reported, not obeyed.
//! Not here: what a record does to the state (`state`).

mod json;
mod key;
mod short;
mod value;

pub use key::Key;
pub use value::{
    ContextValue, FormatVersion, Identity, MarkValue, ModeValue, SchemaValue, SubjectValue, Value,
    Watermark,
};

use thiserror::Error;

/// One entry of a log, decoded.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub key: Key,
    /// None is a tombstone: delete this key.
    pub value: Option<Value>,
    /// The key's bytes where they are not the canonical ones.
    pub foreign: Option<Box<[u8]>>,
}

/// Why an entry says nothing to this registry.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct Undecodable(String);

impl Record {
    /// A record under its canonical key.
    pub fn put(key: Key, value: Value) -> Self {
        Self { key, value: Some(value), foreign: None }
    }

    /// The deletion of a key.
    pub fn tombstone(key: Key) -> Self {
        Self { key, value: None, foreign: None }
    }

    /// The deletion of a key under the bytes that another writer gave it.
    pub fn foreign_tombstone(key: Key, bytes: &[u8]) -> Self {
        Self { key, value: None, foreign: Some(bytes.into()) }
    }

    /// Reads an entry as it stands in a log.
    pub fn decode(key: &[u8], value: Option<&[u8]>) -> Result<Self, Undecodable> {
        let canonical = Key::decode_canonical(key);
        let is_canonical = canonical.is_some();
        let decoded = canonical.map_or_else(|| Key::decode(key), Ok)?;
        // Karapace deletes by an empty value where Kafka's way is none at all.
        let value = value.filter(|bytes| !bytes.is_empty());
        let value = value.map(|bytes| Value::decode(&decoded, bytes)).transpose()?.flatten();
        let foreign = (!is_canonical && decoded.encode() != key).then(|| key.into());
        Ok(Self { key: decoded, value, foreign })
    }

    /// The bytes to write.
    pub fn encode(&self) -> (Vec<u8>, Option<Vec<u8>>) {
        let key = self.foreign.as_ref().map_or_else(|| self.key.encode(), |bytes| bytes.to_vec());
        (key, self.value.as_ref().map(|value| value.encode(&self.key)))
    }
}
