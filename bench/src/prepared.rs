//! Logs as a registry would have written them, made faster: nothing is synced until the end.

use std::{path::Path, sync::Arc};

use broker_core::{
    DataDir, DataDirOptions, Durability, FileStorage, Partition, SystemClock, TopicConfig,
};
use registry::log::embedded;
use registry_core::record::{Key, Record, SchemaValue, Value};

use crate::data;

/// Writes a log of records, so many in each batch.
pub fn generate(place: &Path, batch: usize, mut records: impl Iterator<Item = Record>) {
    let storage = Arc::new(FileStorage::new(place.join("data")));
    let data = DataDir::open(storage, Arc::new(SystemClock), DataDirOptions::stepped());
    let data = data.expect("the directory is new");
    let config = TopicConfig { durability: Durability::Os, ..TopicConfig::ledger() };
    let partition = data.partition(embedded::SCHEMAS, 0, config).expect("the directory is new");
    loop {
        let encoded: Vec<_> = records.by_ref().take(batch).map(|it| it.encode()).collect();
        if encoded.is_empty() {
            break;
        }
        append(&partition, &encoded);
    }
    // No close: the stop is not a clean one.
    drop((partition, data));
    rustix::fs::sync();
}

fn append(partition: &Partition, encoded: &[(Vec<u8>, Option<Vec<u8>>)]) {
    let records: Vec<_> = encoded
        .iter()
        .map(|(key, value)| broker_core::Record {
            key: Some(key),
            value: value.as_deref(),
            headers: &[],
            timestamp: 1_700_000_000_000,
        })
        .collect();
    partition.append(&records).expect("the disk has room");
}

/// A version of a subject, with a schema of its own.
pub fn version(subject: usize, version: usize, id: usize, deleted: bool) -> Record {
    let subject = data::subject(subject);
    let key =
        Key::Schema { subject: subject.as_str().into(), version: version.try_into().expect("few") };
    let value = SchemaValue {
        subject,
        version: version.try_into().expect("few"),
        id: id.try_into().expect("a small number"),
        schema: data::schema(id),
        deleted,
        ..SchemaValue::default()
    };
    Record::put(key, Value::Schema(Box::new(value)))
}
