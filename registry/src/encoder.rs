//! What keeps sensitive metadata secret: the log `_schema_encoders` with its one keyset, and the
//! operator's secret that wraps it. The keyset is made when it is first needed, and is durable
//! before the first record that needs it.
//! Without a secret nothing is encrypted or decrypted, and nothing that had to be is written.
//! Invariant: there is never a second keyset beside one that cannot be unwrapped.

mod aead;
mod entry;
mod protobuf;
mod sealer;
mod secret;
mod tink;

use std::time::Duration;

use openapi::ids::{Subject, Version};
use registry_core::{
    record::{Key, Record, SchemaValue, Value},
    state::State,
};
use thiserror::Error;

pub(crate) use entry::check;
pub use sealer::Sealer;
pub use secret::{Secret, Secrets};
pub use tink::Unusable;

use crate::log::{AppendError, Claim, Entry, Head, Log, NotWriter, ReadError};
use tink::Keyset;

/// The third log, and what its keyset is for.
#[derive(Debug)]
pub struct Encoder {
    log: Log,
    head: Head,
    secrets: Secrets,
    /// The value of the keyset's newest entry.
    stored: Option<Vec<u8>>,
    sealer: Sealer,
}

/// Why sensitive metadata can be neither read nor written.
#[derive(Debug, Error)]
pub enum EncoderError {
    #[error(
        "the keys of sensitive metadata, in _schema_encoders, open neither with \
         metadata_encoder_secret nor with metadata_encoder_old_secret: say the secret under which \
         they were written; if another shall take its place, say it as metadata_encoder_old_secret"
    )]
    Locked(#[source] Unusable),
    #[error("the keys of sensitive metadata cannot be written anew")]
    Write(#[from] AppendError),
}

impl Encoder {
    /// An encoder over a log that is not read yet.
    pub fn new(log: Log, secrets: Secrets) -> Self {
        let (head, stored, sealer) = (Head::default(), None, Sealer::default());
        Self { log, head, secrets, stored, sealer }
    }

    /// What turns records into entries and back.
    pub fn sealer(&self) -> &Sealer {
        &self.sealer
    }

    /// Reads the log to its end and unwraps the keyset, if it can be.
    pub fn catch_up(&mut self) -> Result<(), ReadError> {
        loop {
            let stored = &mut self.stored;
            let page = self.log.reader.read(self.head, Duration::ZERO, &mut |entry| {
                if entry.key == entry::TENANT {
                    *stored = entry.value.map(<[u8]>::to_vec);
                }
            })?;
            self.head = page.next;
            if page.next >= page.end {
                break;
            }
        }
        self.sealer.keyset = self.unwrapped().and_then(Result::ok).map(|(keyset, _)| keyset);
        Ok(())
    }

    /// Sees to it that the keyset can be used and is wrapped with the current secret.
    pub(crate) fn settle(&mut self, now_ms: i64) -> Result<(), EncoderError> {
        match self.unwrapped() {
            None | Some(Ok((_, Wrapping::Current))) => Ok(()),
            Some(Ok((keyset, Wrapping::Old))) => {
                self.keep(&keyset, now_ms)?;
                tracing::info!("the keys of sensitive metadata are under the new secret now");
                Ok(())
            }
            Some(Err(unusable)) => Err(EncoderError::Locked(unusable)),
        }
    }

    /// Says that sensitive metadata was read which stays encrypted.
    pub(crate) fn report(&self) {
        let records = self.sealer.locked();
        match &self.secrets.current {
            _ if records == 0 => {}
            None => tracing::warn!(
                records,
                "sensitive metadata is served encrypted: metadata_encoder_secret is not said"
            ),
            Some(_) => tracing::warn!(
                records,
                "sensitive metadata is served encrypted: its keys are not in _schema_encoders"
            ),
        }
    }

    /// Takes the right to write.
    pub(crate) fn claim(&mut self) -> Result<Claim, NotWriter> {
        self.log.writer.claim()
    }

    /// Whether records may be written. For a new version that is sensitive there must be a secret,
    /// and nobody else may have encrypted it; one that is deleted or comes back is written as it is.
    pub(crate) fn takes(&self, state: &State, records: &[Record]) -> bool {
        let has_secret = self.secrets.current.is_some();
        let is_refused = |value: &SchemaValue| {
            sealer::is_taken_for_sealed(value) || (!has_secret && sealer::is_plain(value))
        };
        !records.iter().any(|record| {
            schema(record).is_some_and(|value| is_refused(value) && !is_there(state, record, value))
        })
    }

    /// The entries of records. The keyset that they need is durable when this returns.
    pub(crate) fn entries(
        &mut self,
        records: &[Record],
        now_ms: i64,
    ) -> Result<Vec<Entry>, AppendError> {
        if self.sealer.keyset.is_none() && records.iter().filter_map(schema).any(sealer::is_plain) {
            self.make_keyset(now_ms)?;
        }
        let entries = records.iter().map(|record| self.sealer.encode(record, now_ms));
        entries.collect::<Result<_, _>>().map_err(|error| AppendError::Failed(Box::new(error)))
    }

    fn make_keyset(&mut self, now_ms: i64) -> Result<(), AppendError> {
        if self.secrets.current.is_none() {
            return Ok(());
        }
        // A start refuses such a keyset, but another writer may have left one since.
        if let Some(Err(unusable)) = self.unwrapped() {
            return Err(AppendError::Failed(Box::new(unusable)));
        }
        let keyset = Keyset::generate().map_err(|error| AppendError::Failed(Box::new(error)))?;
        self.keep(&keyset, now_ms)
    }

    /// Makes a keyset durable under the current secret; then it is the one in use.
    fn keep(&mut self, keyset: &Keyset, now_ms: i64) -> Result<(), AppendError> {
        let secret = self.secrets.current.as_ref().expect("keysets are kept under a secret");
        let wrapped =
            keyset.wrap(&secret.key()).map_err(|error| AppendError::Failed(Box::new(error)))?;
        let entry = entry::encode(&wrapped, now_ms);
        self.head = self.log.writer.append(self.head, std::slice::from_ref(&entry))?.head;
        self.stored = entry.value;
        self.sealer.keyset = Some(keyset.clone());
        Ok(())
    }

    /// The keyset in the log with what unwrapped it; none where there is none, or no secret.
    fn unwrapped(&self) -> Option<Result<(Keyset, Wrapping), Unusable>> {
        let (stored, current) = (self.stored.as_ref()?, self.secrets.current.as_ref()?);
        let unwrap = |secret: &Secret| Keyset::unwrap(&entry::decode(stored)?, &secret.key());
        let old = |unusable| match &self.secrets.old {
            Some(old) if unusable == Unusable::OtherSecret => Ok((unwrap(old)?, Wrapping::Old)),
            _ => Err(unusable),
        };
        Some(unwrap(current).map(|keyset| (keyset, Wrapping::Current)).or_else(old))
    }
}

/// Which secret has wrapped a keyset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrapping {
    Current,
    Old,
}

/// The value of a SCHEMA record.
fn schema(record: &Record) -> Option<&SchemaValue> {
    match &record.value {
        Some(Value::Schema(value)) => Some(value.as_ref()),
        _ => None,
    }
}

/// Whether a record only gives another life to a version that is stored already.
fn is_there(state: &State, record: &Record, value: &SchemaValue) -> bool {
    let Key::Schema { subject, version } = &record.key else { return false };
    let version = Version::new(i64::from(*version));
    let row = version.and_then(|it| state.version(&Subject::trusted(subject.clone()), it));
    row.is_some_and(|row| i64::from(row.id) == value.id)
}
