//! The engine that needs nothing installed: compacted topics in the bundled broker core, in this
//! process. One owner holds the data directory's lock, so nobody else can write.

use std::{mem, sync::Arc, time::Duration};

use broker_core::{
    AppendError as CoreError, Clock, DataDir, DataDirOptions, FileStorage, OpenError, Partition,
    Record, Storage, TopicConfig,
};
use thiserror::Error;

use super::{
    AppendError, Appended, Claim, Engine, Entry, Head, Log, LogView, NotWriter, Page, ReadError,
    SchemaLog, SchemaLogReader, Stored, Watch,
};
use crate::{config::Config, limits::READ_SIZE_MAX};

/// The topic of upstream's records.
pub const SCHEMAS: &str = "_schemas";
/// The topic of our own.
pub const OWN: &str = "_syngraph";
/// The topic of the keys that sensitive metadata is encrypted with.
pub const KEYSETS: &str = "_schema_encoders";

/// Why the engine does not open.
#[derive(Debug, Error)]
#[error("the data directory {data_dir} cannot be opened")]
pub struct EngineError {
    data_dir: String,
    source: OpenError,
}

/// Opens the logs in a directory of files.
pub fn open(config: &Config, clock: Arc<dyn Clock>) -> Result<Engine, EngineError> {
    let failed = |source| EngineError { data_dir: config.data_dir.display().to_string(), source };
    let storage = FileStorage::new(&config.data_dir);
    open_on(Arc::new(storage), clock, &topic(config), DataDirOptions::serving()).map_err(failed)
}

/// Opens the logs on any storage.
pub fn open_on(
    storage: Arc<dyn Storage>,
    clock: Arc<dyn Clock>,
    topic: &TopicConfig,
    options: DataDirOptions,
) -> Result<Engine, OpenError> {
    let data_dir = DataDir::open(storage.clone(), clock, options)?;
    let partitions = partitions(&data_dir, topic)?;
    let watch = Arc::new(Outside { storage, logs: partitions.clone() });
    let close = Box::new(move || Ok(data_dir.close()?));
    let [schemas, marks, keysets] = partitions.map(|(_, partition)| log(partition));
    Ok(Engine { schemas, marks, keysets, watch, close })
}

/// Opens `_schemas`, `_syngraph` and `_schema_encoders` in a data directory that the caller keeps.
pub fn open_in(data_dir: &DataDir, topic: &TopicConfig) -> Result<[Log; 3], OpenError> {
    Ok(partitions(data_dir, topic)?.map(|(_, partition)| log(partition)))
}

fn partitions(
    data_dir: &DataDir,
    topic: &TopicConfig,
) -> Result<[(&'static str, Partition); 3], OpenError> {
    let open = |name| data_dir.partition(name, 0, topic.clone());
    Ok([(SCHEMAS, open(SCHEMAS)?), (OWN, open(OWN)?), (KEYSETS, open(KEYSETS)?)])
}

/// The topic settings of the registry's logs: every append is durable before it is answered.
fn topic(config: &Config) -> TopicConfig {
    let ms = |ms| i64::try_from(ms).unwrap_or(i64::MAX);
    TopicConfig {
        segment_bytes: config.segment_bytes,
        segment_ms: ms(config.segment_ms),
        min_compaction_lag_ms: ms(config.min_compaction_lag_ms),
        delete_retention_ms: ms(config.delete_retention_ms),
        ..TopicConfig::ledger()
    }
}

fn log(partition: Partition) -> Log {
    let reader = Reader { partition: partition.clone(), buffer: Vec::new() };
    Log { writer: Box::new(Writer(partition)), reader: Box::new(reader) }
}

/// One partition as the registry writes a log.
#[derive(Debug)]
struct Writer(Partition);

impl SchemaLog for Writer {
    fn claim(&mut self) -> Result<Claim, NotWriter> {
        Ok(Claim { epoch: 0, head: Head::new(self.0.end()) })
    }

    fn append(&mut self, expected: Head, entries: &[Entry]) -> Result<Appended, AppendError> {
        let records: Vec<Record<'_>> = entries
            .iter()
            .map(|entry| Record {
                key: Some(&entry.key),
                value: entry.value.as_deref(),
                headers: &[],
                timestamp: entry.timestamp,
            })
            .collect();
        let appended = self.0.append_expecting(expected.offset(), &records).map_err(failed)?;
        Ok(Appended { first: appended.base_offset, head: Head::new(appended.end) })
    }
}

fn failed(error: CoreError) -> AppendError {
    match error {
        CoreError::Conflict { end } => AppendError::Conflict(Head::new(end)),
        CoreError::TooLarge { .. } => AppendError::TooLarge,
        CoreError::NoSpace(_) => AppendError::NoSpace,
        other => AppendError::Failed(Box::new(other)),
    }
}

/// One partition as the registry reads a log.
#[derive(Debug)]
struct Reader {
    partition: Partition,
    /// The memory of the last page, while more are to come.
    buffer: Vec<u8>,
}

impl SchemaLogReader for Reader {
    fn read(
        &mut self,
        from: Head,
        wait: Duration,
        visit: &mut dyn FnMut(Stored<'_>),
    ) -> Result<Page, ReadError> {
        let broken = |error| ReadError(Box::new(error));
        let from = from.offset().max(self.partition.log_start());
        if wait > Duration::ZERO {
            self.partition.wait_beyond(from, wait);
        }
        let buffer = mem::take(&mut self.buffer);
        let page = self.partition.read_into(from, READ_SIZE_MAX, buffer).map_err(broken)?;
        for record in page.records() {
            let (offset, timestamp) = (record.offset, record.timestamp);
            let (key, value) = (record.key.unwrap_or_default(), record.value);
            visit(Stored { offset, timestamp, key, value });
        }
        let told = Page { next: Head::new(page.next), end: Head::new(page.end) };
        if told.next < told.end {
            self.buffer = page.into_buffer();
        }
        Ok(told)
    }
}

/// The engine from outside.
struct Outside {
    storage: Arc<dyn Storage>,
    logs: [(&'static str, Partition); 3],
}

impl Watch for Outside {
    fn logs(&self) -> Vec<LogView> {
        let view = |(name, partition): &(&str, Partition)| {
            let stats = partition.stats();
            LogView {
                name: (*name).to_owned(),
                size_bytes: stats.size_bytes,
                head: partition.end(),
                compacted_to: stats.compacted_to,
                dirty_ratio: stats.dirty_ratio,
                poisoned: stats.poisoned,
            }
        };
        self.logs.iter().map(view).collect()
    }

    fn free_disk(&self) -> u64 {
        self.storage.free_space().unwrap_or(0)
    }
}
