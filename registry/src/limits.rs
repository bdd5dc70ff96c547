//! Limits of the service: what waits, what is read, what is kept. Sizes that an operator may choose
//! have their defaults in the configuration.

use std::time::Duration;

/// The most commands in one batch. A batch is one log entry group and one sync; 512 registrations
/// of ordinary size stay well below the largest batch that the log takes.
pub const BATCH_MAX: usize = 512;

/// How often a command may find that what it relied on has changed before the writer prepares it
/// itself. Each miss means that another command went ahead, so the system makes progress anyway.
pub const PREPARE_MISSES_MAX: u32 = 3;

/// Memory of parsed schemas kept ready, in bytes: some thousands of ordinary ones, and clients of
/// one service rarely use more.
pub const PARSED_MEMORY_MAX: u64 = 64 << 20;

/// What a parsed schema takes for each byte of its text, as measured: every name and every type is
/// a thing of its own, and the text itself is kept for printing, asking and answering.
pub const PARSED_SIZE_FACTOR: u64 = 18;

/// Bodies of schemas by id kept ready, in bytes: some ten thousand of ordinary size, more than the
/// clients of one service use.
pub const BODIES_SIZE_MAX: u64 = 16 << 20;

/// Schema text that is parsed on the thread that serves the connection; larger ones go to a thread
/// that may block, so that one caller's megabyte does not delay everybody's reads.
pub const INLINE_TEXT_MAX: usize = 16 << 10;

/// Versions of one subject that are checked on the thread that serves the connection; a longer
/// history under a transitive level goes to a thread that may block.
pub const INLINE_VERSIONS_MAX: u32 = 16;

/// How many probes and readers of the counters look at the engine at one time. Looking may hang
/// where the disk does, and then no more threads than these do.
pub const PROBES_MAX: usize = 2;

/// How long the ready probe waits for a look at the engine. An engine that is busy for longer, with
/// a compaction perhaps, is no reason to take a server that answers out of service.
pub const PROBE_WAIT_MAX: Duration = Duration::from_millis(500);

/// Schemas in one answer of `/schemas`; Confluent's own default and maximum.
pub const SCHEMAS_PAGE_MAX: usize = 1000;

/// What a client may take to send a request body once its head is there.
pub const BODY_READ_MAX: Duration = Duration::from_secs(30);

/// Schemas of one set that is registered together. It is decided as one, so that others wait for as
/// long as it takes.
pub const BATCH_REGISTER_MAX: usize = 256;

/// How long a read waits for a write that it wants to see; on a node that follows, news takes
/// milliseconds.
pub const BARRIER_WAIT_MAX: Duration = Duration::from_secs(5);

/// How long a client may take none of the bytes of an answer. A client that is only slow takes some
/// in this time.
pub const WRITE_WAIT_MAX: Duration = Duration::from_secs(30);

/// What may be buffered of a request head, in bytes. Eight times what upstream takes, since a name
/// of the longest kind may be percent-encoded.
pub const HEAD_BUFFER_MAX: usize = 64 << 10;

/// When a caller should try again while the log is still being read, in seconds.
pub const RETRY_AFTER_SECONDS: u32 = 1;

/// Lines of the access log that may wait, in bytes: what a busy server writes in some hundred
/// milliseconds. Beyond it, whoever adds a line writes them all.
pub const ACCESS_LINES_SIZE_MAX: usize = 1 << 20;

/// How long a line of the access log may wait for more to come.
pub const ACCESS_LINES_WAIT_MAX: Duration = Duration::from_millis(50);

/// Answers below this size are not compressed: the frame costs more than it saves.
pub const COMPRESS_SIZE_MIN: u64 = 1024;

/// Threads that decode a long log: one that folds keeps no more than a few busy.
pub const DECODERS_MAX: usize = 4;

/// Pages that may wait for a decoder, and decoded ones that may wait to be folded. More made no start
/// quicker, and what they take stays with the process.
pub const PAGES_WAITING_MAX: usize = 2;

/// How much of a log is read at once, in bytes: long enough to hide a seek, short enough that the
/// threads of a start seldom wait for each other. A megabyte took as much work and was ready later.
pub const READ_SIZE_MAX: usize = 256 << 10;
