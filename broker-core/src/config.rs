//! What an operator sets: a topic's promises and housekeeping, in Kafka's words.
//! Not here: the walls around these settings (`limits`).

use crate::error::OpenError;
use crate::limits::{
    BATCH_SIZE_DEFAULT, BATCH_SIZE_MAX, COMPACTION_MEMORY_DEFAULT, LEDGER_SEGMENT_SIZE_DEFAULT,
    SEGMENT_SIZE_DEFAULT, SEGMENT_SIZE_MAX,
};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// When an append counts as done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// After its own sync, on the caller's thread; no write starts before the sync of the one
    /// before has returned. So only the last batch can be torn, and anything else is damage.
    Sync,
    /// After a sync that the commit thread shares among all that wait.
    Grouped,
    /// At once; synced at least as often as this.
    IntervalMs(u64),
    /// At once; the operating system writes when it likes.
    Os,
}

/// What happens to old records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CleanupPolicy {
    Delete,
    Compact,
    CompactAndDelete,
}

impl CleanupPolicy {
    pub(crate) fn compacts(self) -> bool {
        matches!(self, Self::Compact | Self::CompactAndDelete)
    }

    pub(crate) fn deletes(self) -> bool {
        matches!(self, Self::Delete | Self::CompactAndDelete)
    }
}

/// The settings of one topic; start from `ledger` or `client` and change what differs.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicConfig {
    pub durability: Durability,
    pub cleanup_policy: CleanupPolicy,
    /// The largest batch that an append may make, Kafka's `max.message.bytes`.
    pub batch_size_max: usize,
    pub segment_bytes: u64,
    /// An active segment whose first record is older is closed, so that it can be cleaned.
    pub segment_ms: i64,
    /// `None` keeps records of any age.
    pub retention_ms: Option<i64>,
    /// `None` keeps any number of bytes.
    pub retention_bytes: Option<u64>,
    /// Younger records are never compacted away.
    pub min_compaction_lag_ms: i64,
    /// Older records are compacted however little there is to gain.
    pub max_compaction_lag_ms: i64,
    /// How long a tombstone stays after its first compaction.
    pub delete_retention_ms: i64,
    /// Share of bytes not yet compacted from which compaction is worth its writing.
    pub min_cleanable_dirty_ratio: f64,
    /// How long a replaced file stays before it is unlinked.
    pub file_delete_delay_ms: i64,
    /// Memory for the keys of one compaction round.
    pub compaction_memory: usize,
}

impl TopicConfig {
    /// A log of record: compacted, synced before each answer, keeping a week of history.
    pub fn ledger() -> Self {
        Self {
            durability: Durability::Sync,
            cleanup_policy: CleanupPolicy::Compact,
            segment_bytes: LEDGER_SEGMENT_SIZE_DEFAULT,
            retention_ms: None,
            min_compaction_lag_ms: 7 * DAY_MS,
            ..Self::client()
        }
    }

    /// Kafka's defaults for a topic of clients, but for the sync before the answer.
    pub fn client() -> Self {
        Self {
            durability: Durability::Grouped,
            cleanup_policy: CleanupPolicy::Delete,
            batch_size_max: BATCH_SIZE_DEFAULT,
            segment_bytes: SEGMENT_SIZE_DEFAULT,
            segment_ms: 7 * DAY_MS,
            retention_ms: Some(7 * DAY_MS),
            retention_bytes: None,
            min_compaction_lag_ms: 0,
            max_compaction_lag_ms: i64::MAX,
            delete_retention_ms: DAY_MS,
            min_cleanable_dirty_ratio: 0.5,
            file_delete_delay_ms: MINUTE_MS,
            compaction_memory: COMPACTION_MEMORY_DEFAULT,
        }
    }

    pub(crate) fn check(&self) -> Result<(), OpenError> {
        let sane = [
            ("batch_size_max", (1..=BATCH_SIZE_MAX).contains(&self.batch_size_max)),
            ("segment_bytes", (1..=SEGMENT_SIZE_MAX).contains(&self.segment_bytes)),
            ("segment_ms", self.segment_ms > 0),
            ("min_compaction_lag_ms", self.min_compaction_lag_ms >= 0),
            ("max_compaction_lag_ms", self.max_compaction_lag_ms > 0),
            ("delete_retention_ms", self.delete_retention_ms >= 0),
            ("min_cleanable_dirty_ratio", (0.0..=1.0).contains(&self.min_cleanable_dirty_ratio)),
            ("file_delete_delay_ms", self.file_delete_delay_ms >= 0),
            ("compaction_memory", self.compaction_memory > 0),
        ];
        match sane.iter().find(|(_, sane)| !sane) {
            Some((name, _)) => Err(OpenError::Config(name)),
            None => Ok(()),
        }
    }
}

/// The settings of a whole data directory.
#[derive(Debug, Clone)]
pub struct DataDirOptions {
    /// Run the commit thread and the housekeeping thread. Without them nothing happens but what
    /// a caller does: `maintain` is one step of housekeeping, grouped syncs run at once.
    pub background: bool,
    /// How often the housekeeping thread looks.
    pub maintenance_interval_ms: u64,
    /// Written into a new directory's `meta.properties`.
    pub cluster_id: String,
    pub node_id: i32,
}

impl DataDirOptions {
    /// A process that serves: with threads.
    pub fn serving() -> Self {
        Self { background: true, ..Self::stepped() }
    }

    /// A test or a tool: without threads.
    pub fn stepped() -> Self {
        Self {
            background: false,
            maintenance_interval_ms: 15_000,
            cluster_id: "syngraph".to_owned(),
            node_id: 1,
        }
    }
}
