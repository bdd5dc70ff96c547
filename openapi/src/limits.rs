//! Limits on what a peer may name. Limits of sockets and bodies are the server's own.

/// The longest subject or context name, in bytes. A subject is part of a log key and of a URL;
/// Kafka topic names, from which most subjects are made, end at 249.
pub const NAME_SIZE_MAX: usize = 1024;

/// A name must fit a request line beside the longest path around it.
const _: () = assert!(NAME_SIZE_MAX * 3 + 256 <= 8192, "a percent-encoded name fits 8 KiB");
