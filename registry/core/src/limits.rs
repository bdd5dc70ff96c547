//! Limits of what the registry keeps beside what the log holds.

/// How many anomalies are kept; the newest win. Enough to see a pattern, too few to fill memory.
pub const ANOMALIES_MAX: usize = 256;

/// The longest text of an anomaly, in characters: it may repeat what a foreign record says, and that
/// may be as long as a record.
pub const ANOMALY_TEXT_MAX: usize = 512;

/// How deep references may refer to references, and how many schemas one may pull in. A chain of
/// generated Protobuf imports reaches some hundreds; a cycle ends here as well.
pub const REFERENCES_MAX: usize = 1_000;

/// The longest message part that repeats an old schema, in characters; upstream's number.
pub const OLD_SCHEMA_TEXT_MAX: usize = 10_240;

/// Characters of a rule's name; upstream's number.
pub const RULE_NAME_MAX: usize = 256;

/// Entries of one kind that a schema or a configuration may carry beside texts: properties, tagged
/// paths, secret names, rules, references. Some of them are held against each other pair by pair.
pub const ENTRIES_MAX: usize = 1_000;

/// Bytes of all texts that a schema refers to, directly or not: they are parsed with it.
pub const REFERENCED_SIZE_MAX: usize = 16 << 20;

/// Bytes of the texts of the versions that are brought back at once: they are one entry group of the
/// log.
pub const UNDELETED_SIZE_MAX: usize = 8 << 20;
