//! The mark of a clean stop: `.kafka_cleanshutdown`, written last and removed first.
//! Beside what Kafka writes there it holds the checksums of the small text files, which have none
//! of their own.
//!
//! ```text
//! {"version":0,"brokerEpoch":-1,"checksums":{"cleaner-offset-checkpoint":"1c291ca3",…}}
//! ```

use std::fmt::Write as _;

use crate::checkpoint::Kind;
use crate::error::{DiskError, Doing, OpenError};
use crate::identity::META_PROPERTIES;
use crate::limits::CHECKPOINT_SIZE_MAX;
use crate::log::batch::crc32c;
use crate::log::names::{self, LEADER_EPOCHS, PARTITION_METADATA};
use crate::storage::{self, Storage};

pub(crate) const CLEAN_STOP: &str = ".kafka_cleanshutdown";
const CHECKSUMS: &str = "\"checksums\"";

/// Leaves the mark; everything else is durable by now.
pub(crate) fn leave(storage: &dyn Storage) -> Result<(), DiskError> {
    storage::replace(storage, "", CLEAN_STOP, text(storage)?.as_bytes())
}

/// Tells whether the last stop was clean, and takes the mark away, durably.
pub(crate) fn take(storage: &dyn Storage) -> Result<bool, OpenError> {
    let Some(bytes) = storage::read_small(storage, CLEAN_STOP, CHECKPOINT_SIZE_MAX)? else {
        return Ok(false);
    };
    let mark = String::from_utf8_lossy(&bytes);
    // Kafka's own mark knows no checksums.
    if mark.contains(CHECKSUMS) {
        for kind in Kind::ALL {
            if !mark.contains(&line(storage, kind.file())?) {
                let what = "it has changed since the clean stop".to_owned();
                return Err(OpenError::Malformed { file: kind.file().to_owned(), what });
            }
        }
    }
    storage.remove(CLEAN_STOP).doing("removing", CLEAN_STOP)?;
    storage.sync_dir("").doing("syncing the directory of", CLEAN_STOP)?;
    Ok(true)
}

/// What the mark says if nothing has changed since.
pub(crate) fn text(storage: &dyn Storage) -> Result<String, DiskError> {
    let mut files: Vec<String> = Kind::ALL.map(|kind| kind.file().to_owned()).into();
    files.push(META_PROPERTIES.to_owned());
    for entry in storage.list("").doing("listing", "the data directory")? {
        if entry.is_dir && names::topic_partition(&entry.name).is_some() {
            files.push(storage::join(&entry.name, LEADER_EPOCHS));
            files.push(storage::join(&entry.name, PARTITION_METADATA));
        }
    }
    files.sort_unstable();
    let mut text = String::from("{\"version\":0,\"brokerEpoch\":-1,\"checksums\":{");
    for (at, file) in files.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        write!(text, "{comma}{}", line(storage, file)?).expect("a string takes any text");
    }
    text.push_str("}}");
    Ok(text)
}

fn line(storage: &dyn Storage, file: &str) -> Result<String, DiskError> {
    let bytes = storage::read_small(storage, file, CHECKPOINT_SIZE_MAX)?;
    Ok(match bytes {
        Some(bytes) => format!("\"{file}\":\"{:08x}\"", crc32c(&bytes)),
        None => format!("\"{file}\":null"),
    })
}
