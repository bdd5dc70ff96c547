//! The names of files and directories, as Kafka has them.
//!
//! ```text
//! <topic>-<partition>/
//!    00000000000000000042.log         records from offset 42
//!                        .index       offsets to positions     (log/index.rs)
//!                        .timeindex   timestamps to offsets    (log/index.rs)
//!                        .txnindex    aborted transactions     (of other writers; left alone)
//!                        .snapshot    producers                (of other writers; left alone)
//!    any of them + .cleaned   being written by compaction      (worthless after a crash)
//!                + .swap      complete, about to take its place
//!                + .deleted   replaced or expired, about to be unlinked
//!    leader-epoch-checkpoint, partition.metadata
//! ```

pub(crate) const LOG: &str = ".log";
pub(crate) const INDEX: &str = ".index";
pub(crate) const TIME_INDEX: &str = ".timeindex";
pub(crate) const CLEANED: &str = ".cleaned";
pub(crate) const SWAP: &str = ".swap";
pub(crate) const DELETED: &str = ".deleted";
/// Kafka's suffix for a checkpoint that is being written.
pub(crate) const TEMPORARY: &str = ".tmp";

pub(crate) const LEADER_EPOCHS: &str = "leader-epoch-checkpoint";
pub(crate) const PARTITION_METADATA: &str = "partition.metadata";

/// Digits of a base offset in a file name.
const DIGITS: usize = 20;

/// `00000000000000000042.log` and its like.
pub(crate) fn file_name(base_offset: i64, suffix: &str) -> String {
    assert!(base_offset >= 0);
    format!("{base_offset:020}{suffix}")
}

/// The base offset in a file name that ends with this suffix; `None` for any other name.
pub(crate) fn base_offset(name: &str, suffix: &str) -> Option<i64> {
    let digits = name.strip_suffix(suffix)?;
    if digits.len() != DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse().ok()
}

/// `orders-3`, the directory of a partition.
pub(crate) fn partition_dir(topic: &str, partition: i32) -> String {
    assert!(is_topic_name(topic) && partition >= 0);
    format!("{topic}-{partition}")
}

/// Topic and partition of a directory name; the last dash parts them.
pub(crate) fn topic_partition(dir: &str) -> Option<(&str, i32)> {
    let (topic, partition) = dir.rsplit_once('-')?;
    if !is_topic_name(topic) || !partition.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some((topic, partition.parse().ok()?))
}

/// Kafka's rule: letters, digits, `.`, `_`, `-`; not empty, not `.` or `..`; not too long.
pub(crate) fn is_topic_name(topic: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    !topic.is_empty()
        && topic != "."
        && topic != ".."
        && topic.len() <= crate::limits::TOPIC_NAME_LENGTH_MAX
        && topic.bytes().all(legal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        assert_eq!(base_offset(&file_name(42, LOG), LOG), Some(42));
        assert_eq!(base_offset("00000000000000000042.log.swap", LOG), None);
        assert_eq!(base_offset("99999999999999999999.log", LOG), None);
        assert_eq!(topic_partition("my-topic-7"), Some(("my-topic", 7)));
        assert_eq!(topic_partition("nodash"), None);
        assert!(!is_topic_name("a/b") && !is_topic_name("..") && !is_topic_name(""));
    }
}
