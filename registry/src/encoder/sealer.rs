//! Sensitive metadata: plain in the state, encrypted in the log. Of a record whose metadata has
//! properties and names of secret ones, the values under those names are encrypted with the keyset
//! and written in Base64, beside the property `__enc__` with the text `true`.
//! What cannot be decrypted stays as it is stored, and is written again as it stands.
//! Invariant: what is read from the log is what was written to it, with the same keyset.

use std::{
    collections::{BTreeMap, HashSet},
    sync::atomic::{AtomicU64, Ordering},
};

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use openapi::contracts::Metadata;
use registry_core::record::{Record, SchemaValue, Undecodable, Value};

use super::{aead::NoRandomness, tink::Keyset};
use crate::log::Entry;

/// The property that tells encrypted metadata.
const SEALED: &str = "__enc__";

/// Records in, entries out, and back.
#[derive(Debug, Default)]
pub struct Sealer {
    pub(super) keyset: Option<Keyset>,
    /// Records read that could not be decrypted.
    locked: AtomicU64,
}

impl Sealer {
    /// Reads an entry as it stands in a log.
    pub(crate) fn decode(&self, key: &[u8], value: Option<&[u8]>) -> Result<Record, Undecodable> {
        let mut record = Record::decode(key, value)?;
        if let Some(metadata) = metadata(&mut record).filter(|metadata| is_sealed(metadata)) {
            match self.opened(metadata) {
                Some(properties) => metadata.properties = Some(properties),
                None => drop(self.locked.fetch_add(1, Ordering::Relaxed)),
            }
        }
        Ok(record)
    }

    /// A record as the log takes it.
    pub(crate) fn encode(&self, record: &Record, timestamp: i64) -> Result<Entry, NoRandomness> {
        match (&self.keyset, &record.value) {
            (Some(keyset), Some(Value::Schema(schema))) if is_plain(schema) => {
                let mut record = record.clone();
                metadata(&mut record).map_or(Ok(()), |metadata| seal(keyset, metadata))?;
                Ok(Entry::of(&record, timestamp))
            }
            _ => Ok(Entry::of(record, timestamp)),
        }
    }

    /// How many records were read that could not be decrypted.
    pub(crate) fn locked(&self) -> u64 {
        self.locked.load(Ordering::Relaxed)
    }

    /// The properties in plain, if all of them can be had.
    fn opened(&self, metadata: &Metadata) -> Option<BTreeMap<String, String>> {
        let keyset = self.keyset.as_ref()?;
        let mut properties = metadata.properties.clone()?;
        properties.remove(SEALED);
        for text in secrets(&mut properties, metadata.sensitive.as_deref()) {
            let plain = keyset.decrypt(&BASE64.decode(&*text).ok()?)?;
            *text = String::from_utf8(plain).ok()?;
        }
        Some(properties)
    }
}

/// Whether a record holds sensitive metadata that is yet to be encrypted.
pub(super) fn is_plain(value: &SchemaValue) -> bool {
    let metadata = value.metadata.as_ref().filter(|metadata| metadata.is_sensitive());
    metadata.is_some_and(|metadata| metadata.property(SEALED).is_none())
}

/// Whether a record holds sensitive metadata that only the one who encrypted it can have written.
pub(super) fn is_taken_for_sealed(value: &SchemaValue) -> bool {
    let metadata = value.metadata.as_ref().filter(|metadata| metadata.is_sensitive());
    metadata.is_some_and(|metadata| metadata.property(SEALED).is_some())
}

fn is_sealed(metadata: &Metadata) -> bool {
    metadata.is_sensitive() && metadata.property(SEALED) == Some("true")
}

fn seal(keyset: &Keyset, metadata: &mut Metadata) -> Result<(), NoRandomness> {
    let Metadata { properties, sensitive, .. } = metadata;
    let properties = properties.get_or_insert_default();
    for text in secrets(properties, sensitive.as_deref()) {
        *text = BASE64.encode(keyset.encrypt(text.as_bytes())?);
    }
    properties.insert(SEALED.to_owned(), "true".to_owned());
    Ok(())
}

/// The values that are secret, each once however often it is named.
fn secrets<'a>(
    properties: &'a mut BTreeMap<String, String>,
    names: Option<&'a [String]>,
) -> impl Iterator<Item = &'a mut String> {
    let names: HashSet<&String> = names.unwrap_or_default().iter().collect();
    properties.iter_mut().filter(move |(name, _)| names.contains(name)).map(|(_, text)| text)
}

/// The metadata of a SCHEMA record.
fn metadata(record: &mut Record) -> Option<&mut Metadata> {
    match &mut record.value {
        Some(Value::Schema(value)) => value.metadata.as_mut(),
        _ => None,
    }
}
