//! Every size that a file, a caller or a peer can influence, with its reason.
//! Not here: what an operator sets (`config`); these are the walls around those settings.
//! Invariants: a limit is checked before memory is taken; the relations stand below and hold at
//! compile time.

/// The fixed part of a record batch: format version 2 has no other size.
pub const BATCH_HEADER_SIZE: usize = 61;

/// The part of a batch in front of its length field's reach: base offset and length itself.
pub const BATCH_PREFIX_SIZE: usize = 12;

/// The largest batch that is written or believed. Kafka's default is 1 MiB; a registry's batch
/// holds many schemas, and foreign logs may have raised `max.message.bytes`.
pub const BATCH_SIZE_MAX: usize = 64 << 20;

/// What a topic accepts in one batch unless it says otherwise.
pub const BATCH_SIZE_DEFAULT: usize = 32 << 20;

/// The smallest record: seven one-byte fields. Bounds the record count of a batch.
pub const RECORD_SIZE_MIN: usize = 7;

/// The smallest header of a record: two one-byte lengths.
pub const RECORD_HEADER_SIZE_MIN: usize = 2;

/// What the records of one batch may grow to when inflated: a bound against compression bombs.
pub const INFLATED_SIZE_MAX: usize = 256 << 20;

/// Positions in an index are 32-bit; one GiB is Kafka's own default and leaves room for a
/// compaction that lengthens timestamps.
pub const SEGMENT_SIZE_MAX: u64 = 1 << 30;

/// The segment size unless a topic says otherwise.
pub const SEGMENT_SIZE_DEFAULT: u64 = 1 << 30;

/// The segment size of a ledger: small, so that the active segment, which is never compacted,
/// stays small.
pub const LEDGER_SEGMENT_SIZE_DEFAULT: u64 = 16 << 20;

/// Bytes of log between two index entries, Kafka's `index.interval.bytes`.
pub const INDEX_INTERVAL_BYTES: u64 = 4096;

/// One entry of `.index`: relative offset and position.
pub const INDEX_ENTRY_SIZE: usize = 8;

/// One entry of `.timeindex`: timestamp and relative offset.
pub const TIME_INDEX_ENTRY_SIZE: usize = 12;

/// The largest index file that is read: more entries than a full segment can have.
pub const INDEX_FILE_SIZE_MAX: u64 = 1 << 27;

/// What a scan reads at a time.
pub const SCAN_SIZE: usize = 1 << 20;

/// The largest page a reader can ask for; a single larger batch is still handed out whole.
pub const PAGE_SIZE_MAX: usize = 64 << 20;

/// Kafka's longest topic name; with partition and suffix it fits every file system.
pub const TOPIC_NAME_LENGTH_MAX: usize = 249;

/// The largest checkpoint or properties file that is read: some hundred thousand partitions.
pub const CHECKPOINT_SIZE_MAX: u64 = 64 << 20;

/// Memory for the keys of one compaction round, Kafka's `log.cleaner.dedupe.buffer.size`.
pub const COMPACTION_MEMORY_DEFAULT: usize = 128 << 20;

/// The disk's smallest unit of a torn write.
pub const SECTOR_SIZE: usize = 512;

const _: () = assert!(BATCH_HEADER_SIZE > BATCH_PREFIX_SIZE);
const _: () = assert!(BATCH_SIZE_DEFAULT <= BATCH_SIZE_MAX);
const _: () = assert!(BATCH_SIZE_MAX as u64 * 2 <= SEGMENT_SIZE_MAX);
const _: () = assert!(SEGMENT_SIZE_MAX * 3 / 2 < i32::MAX as u64);
const _: () = assert!(LEDGER_SEGMENT_SIZE_DEFAULT <= SEGMENT_SIZE_MAX);
const _: () = assert!(INDEX_FILE_SIZE_MAX < i32::MAX as u64);
const _: () = assert!(PAGE_SIZE_MAX <= i32::MAX as usize);
