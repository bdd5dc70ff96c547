//! The small files that say what a directory is: `meta.properties` of the data directory with the
//! format version, `partition.metadata` and `leader-epoch-checkpoint` of a partition.
//! Other writers' lines in `meta.properties` are kept as they are.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::checkpoint;
use crate::config::DataDirOptions;
use crate::error::OpenError;
use crate::limits::CHECKPOINT_SIZE_MAX;
use crate::log::names::{LEADER_EPOCHS, PARTITION_METADATA};
use crate::storage::{self, Storage};

/// The format of this directory, beside Kafka's own `version=1` of the properties file.
pub const FORMAT_VERSION: u32 = 1;

pub(crate) const META_PROPERTIES: &str = "meta.properties";
const FORMAT_KEY: &str = "syngraph.format.version";

/// Checks the format of the data directory, giving it one if it has none.
pub(crate) fn ensure_meta(
    storage: &dyn Storage,
    options: &DataDirOptions,
) -> Result<(), OpenError> {
    let found = storage::read_small(storage, META_PROPERTIES, CHECKPOINT_SIZE_MAX)?;
    let mut text = match found {
        Some(bytes) => String::from_utf8(bytes).map_err(|_| malformed("it is no text"))?,
        None => {
            format!("version=1\ncluster.id={}\nnode.id={}\n", options.cluster_id, options.node_id)
        }
    };
    match format_version(&text) {
        Some(version) if version == FORMAT_VERSION.to_string() => return Ok(()),
        Some(version) => {
            return Err(OpenError::Format { found: version.to_owned(), known: FORMAT_VERSION });
        }
        None => {}
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    writeln!(text, "{FORMAT_KEY}={FORMAT_VERSION}").expect("a string takes any text");
    storage::replace(storage, "", META_PROPERTIES, text.as_bytes())?;
    Ok(())
}

fn malformed(what: &str) -> OpenError {
    OpenError::Malformed { file: META_PROPERTIES.to_owned(), what: what.to_owned() }
}

/// The format version that a properties file names.
pub(crate) fn format_version(text: &str) -> Option<&str> {
    text.lines().find_map(|line| line.strip_prefix(FORMAT_KEY)?.strip_prefix('='))
}

/// Gives a partition directory its two small files if they are missing; returns the leader epoch
/// that appends carry.
pub(crate) fn ensure_partition(
    storage: &dyn Storage,
    dir: &str,
    now_ms: i64,
) -> Result<i32, OpenError> {
    let metadata = storage::join(dir, PARTITION_METADATA);
    if storage::read_small(storage, &metadata, CHECKPOINT_SIZE_MAX)?.is_none() {
        let text = format!("version: 0\ntopic_id: {}", topic_id(dir, now_ms));
        storage::replace_unsynced(storage, dir, PARTITION_METADATA, text.as_bytes())?;
    }
    if let Some(epochs) = read_epochs(storage, dir)? {
        return Ok(epochs.last().map_or(0, |epoch| epoch.epoch));
    }
    storage::replace_unsynced(storage, dir, LEADER_EPOCHS, b"0\n1\n0 0\n")?;
    Ok(0)
}

/// From which offset on a leader epoch holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LeaderEpoch {
    pub(crate) epoch: i32,
    pub(crate) start_offset: i64,
}

/// The leader epochs of a partition, in order; `None` if the file is missing.
pub(crate) fn read_epochs(
    storage: &dyn Storage,
    dir: &str,
) -> Result<Option<Vec<LeaderEpoch>>, OpenError> {
    let file = storage::join(dir, LEADER_EPOCHS);
    let Some(bytes) = storage::read_small(storage, &file, CHECKPOINT_SIZE_MAX)? else {
        return Ok(None);
    };
    let parsed = parse_epochs(&bytes);
    parsed.map(Some).map_err(|what| OpenError::Malformed { file, what: what.into() })
}

fn parse_epochs(bytes: &[u8]) -> Result<Vec<LeaderEpoch>, &'static str> {
    let mut epochs = Vec::new();
    for line in checkpoint::lines(bytes)? {
        let fields = line.split_once(' ').ok_or("a line does not have two fields")?;
        epochs.push(LeaderEpoch {
            epoch: fields.0.parse().map_err(|_| "an epoch is no number")?,
            start_offset: fields.1.parse().map_err(|_| "an offset is no number")?,
        });
    }
    let growing = epochs
        .is_sorted_by(|one, next| one.epoch < next.epoch && one.start_offset <= next.start_offset);
    if growing { Ok(epochs) } else { Err("its epochs do not grow") }
}

/// A new topic's id: 128 bits as Kafka prints them, base64 for URLs without padding. It has to
/// differ between topics and between a topic and its successor of the same name, no more.
fn topic_id(dir: &str, now_ms: i64) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        (salt, dir, now_ms).hash(&mut hasher);
        u128::from(hasher.finish())
    };
    let mut id = (half(0) << 64) | half(1);
    // The marks of a random UUID.
    id = (id & !(0xf << 76) & !(0x3 << 62)) | (0x4 << 76) | (0x2 << 62);
    let digit = |shift: u32| char::from(DIGITS[((id << 4 >> shift) & 0x3f) as usize]);
    let first = char::from(DIGITS[(id >> 122) as usize]);
    std::iter::once(first).chain((0..21).rev().map(|at| digit(at * 6))).collect()
}
