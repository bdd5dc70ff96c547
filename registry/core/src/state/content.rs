//! What a schema says: the content of a SCHEMA record, and the versions that it refers to. Working
//! it out costs more than taking it in, and needs no state: whoever reads a log can do it ahead.

use std::sync::Arc;

use openapi::{
    contracts::{Metadata, Reference},
    ids::Subject,
};

use super::Content;
use crate::{
    identity::{Hash, hash, hash_texts},
    record::{Record, SchemaValue, Undecodable, Value},
};

/// An entry of a log, decoded, with its content worked out.
#[derive(Debug)]
pub struct Decoded {
    pub(super) record: Result<Record, Undecodable>,
    /// Of a SCHEMA record, whose value then has no text of its own any more.
    pub(super) content: Option<Arc<Content>>,
}

impl Decoded {
    /// Works out what an entry says.
    pub fn new(record: Result<Record, Undecodable>) -> Self {
        let hash = schema_of(&record).map(identity);
        Self::with_hash(record, hash)
    }

    /// The same for many entries, in less time than one after the other.
    pub fn all(entries: impl Iterator<Item = Result<Record, Undecodable>>) -> Vec<Self> {
        let records: Vec<_> = entries.collect();
        let hashes = identities(&records);
        let decoded = records.into_iter().zip(hashes);
        decoded.map(|(record, hash)| Self::with_hash(record, hash)).collect()
    }

    fn with_hash(mut record: Result<Record, Undecodable>, hash: Option<Hash>) -> Self {
        let content = match &mut record {
            Ok(Record { value: Some(Value::Schema(value)), .. }) => {
                let text = std::mem::take(&mut value.schema).into();
                hash.map(|hash| Arc::new(with_text(value, text, hash)))
            }
            _ => None,
        };
        Self { record, content }
    }
}

impl Content {
    /// Whether another says the same. Equal hashes nearly say so, but what is hashed has no
    /// separators: other references with the same letters have the same hash.
    pub fn says(&self, other: &Self) -> bool {
        self.hash == other.hash
            && self.schema_type == other.schema_type
            && self.text == other.text
            && self.references == other.references
            && self.metadata.is_some() == other.metadata.is_some()
            && self.rule_set.is_some() == other.rule_set.is_some()
    }

    /// Whether there is anything beside the text.
    pub(super) fn carries(&self) -> bool {
        !self.references.is_empty() || self.metadata.is_some() || self.rule_set.is_some()
    }

    /// The hash that a record of it carries, because the log holds its metadata encrypted and what
    /// was hashed cannot be read there.
    pub(crate) fn md5(&self) -> Option<String> {
        let is_sensitive = self.metadata.as_deref().is_some_and(Metadata::is_sensitive);
        is_sensitive.then(|| self.hash.to_string())
    }
}

/// The content of a SCHEMA record.
pub(super) fn of(value: &SchemaValue) -> Content {
    with_text(value, value.schema.as_str().into(), identity(value))
}

/// The value of a SCHEMA record.
fn schema_of(record: &Result<Record, Undecodable>) -> Option<&SchemaValue> {
    match record {
        Ok(Record { value: Some(Value::Schema(value)), .. }) => Some(value),
        _ => None,
    }
}

/// The hashes of those that are SCHEMA records.
fn identities(records: &[Result<Record, Undecodable>]) -> Vec<Option<Hash>> {
    let texts: Vec<&str> =
        records.iter().filter_map(|record| bare_text(schema_of(record)?)).collect();
    let mut hashes = hash_texts(&texts).into_iter();
    let mut hash = |value| match bare_text(value) {
        Some(_) => hashes.next().expect("each bare text was hashed"),
        None => identity(value),
    };
    records.iter().map(|record| schema_of(record).map(&mut hash)).collect()
}

/// The text of a schema whose identity depends on nothing else.
fn bare_text(value: &SchemaValue) -> Option<&str> {
    let is_bare = value.md5.is_none()
        && value.references.as_deref().unwrap_or_default().is_empty()
        && value.metadata.is_none()
        && value.rule_set.is_none();
    is_bare.then_some(value.schema.as_str())
}

/// The hash of a SCHEMA record.
fn identity(value: &SchemaValue) -> Hash {
    stored_hash(value).unwrap_or_else(|| {
        let references = value.references.as_deref().unwrap_or_default();
        hash(&value.schema, references, value.metadata.as_ref(), value.rule_set.as_ref())
    })
}

fn with_text(value: &SchemaValue, text: Box<str>, hash: Hash) -> Content {
    Content {
        schema_type: schema_type(value.schema_type.as_deref()),
        text,
        references: value.references.clone().unwrap_or_default().into(),
        metadata: value.metadata.clone().map(Box::new),
        rule_set: value.rule_set.clone().map(Box::new),
        hash,
    }
}

/// One shared text for each language, since every schema names one.
fn schema_type(name: Option<&str>) -> Arc<str> {
    use std::sync::LazyLock;
    static KNOWN: LazyLock<[Arc<str>; 3]> =
        LazyLock::new(|| ["AVRO", "JSON", "PROTOBUF"].map(Arc::from));
    let name = name.unwrap_or("AVRO");
    KNOWN.iter().find(|known| ***known == *name).cloned().unwrap_or_else(|| name.into())
}

/// The hash that a record carries because its metadata is encrypted.
fn stored_hash(value: &SchemaValue) -> Option<Hash> {
    let text = value.md5.as_deref()?.replace('-', "");
    let mut bytes = [0; 16];
    if text.len() != 32 {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(index * 2..index * 2 + 2)?, 16).ok()?;
    }
    Some(Hash(bytes))
}

/// The versions that a schema refers to.
pub(super) fn targets<'a>(
    subject: &'a Arc<str>,
    content: &'a Content,
) -> impl Iterator<Item = (Arc<str>, u32)> + use<'a> {
    content.references.iter().filter_map(|reference| target(subject, reference))
}

/// A reference in full: an unqualified subject is read in the referring schema's context.
pub(crate) fn target(from: &Arc<str>, reference: &Reference) -> Option<(Arc<str>, u32)> {
    let name = reference.subject.as_deref()?;
    let version = u32::try_from(reference.version?).ok()?;
    let from = Subject::trusted(from.clone());
    let qualified = from.is_qualified() && !name.starts_with(":.");
    let name = match qualified {
        true => format!(":{}:{name}", from.context()),
        // Another way to write the default context.
        false => name.strip_prefix(":.:").unwrap_or(name).to_owned(),
    };
    Some((name.into(), version))
}
