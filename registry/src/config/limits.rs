//! The range of each number that a user may set, with its reason.
//! Not here: the defaults, which stand in the table of keys.

use std::ops::RangeInclusive;

/// Below a kilobyte no real request fits; above 256 MiB a handful of clients fills a machine.
pub(super) const BODY_SIZE: RangeInclusive<u64> = 1 << 10..=256 << 20;

/// A record must hold the schema with room for its envelope, and a record is held in memory.
pub(super) const SCHEMA_SIZE: RangeInclusive<u64> = 1 << 10..=32 << 20;

/// A connection costs a file descriptor; a million is Linux's own ceiling for a process.
pub(super) const CONNECTIONS: RangeInclusive<u64> = 1..=1 << 20;

/// Each waiting write holds its body; a queue longer than this only hides an overload.
pub(super) const QUEUE: RangeInclusive<u64> = 1..=1 << 16;

/// Zero would refuse every request; nobody waits longer than an hour for an answer.
pub(super) const REQUEST_MS: RangeInclusive<u64> = 1..=3_600_000;

/// Zero would close every connection; a head is a few hundred bytes and needs no hour.
pub(super) const HEADER_READ_MS: RangeInclusive<u64> = 1..=600_000;

/// Zero stops at once; an orchestrator kills long before an hour.
pub(super) const SHUTDOWN_GRACE_MS: RangeInclusive<u64> = 0..=3_600_000;

/// Kafka's own bounds: a batch must fit, and a segment's positions are 32-bit signed.
pub(super) const SEGMENT_BYTES: RangeInclusive<u64> = 1 << 10..=(1 << 31) - 1;

/// Zero would close a segment at every record.
pub(super) const SEGMENT_MS: RangeInclusive<u64> = 1..=MILLIS_MAX;

/// Zero is allowed here: compact and forget at the first opportunity.
pub(super) const LAG_MS: RangeInclusive<u64> = 0..=MILLIS_MAX;

/// A hundred years: far beyond any use, and no sum of two overflows a signed 64-bit clock.
const MILLIS_MAX: u64 = 100 * 366 * 24 * 3_600 * 1_000;
