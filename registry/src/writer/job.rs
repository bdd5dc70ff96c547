//! What the writer is given, and what becomes of it.

use registry_core::rules::{Answer, Command, Ready, Rejected};

/// A command on its way through the writer.
#[derive(Clone, Debug)]
pub struct Job {
    /// As it was asked, for when it must be prepared again.
    pub command: Command,
    /// As it was prepared.
    pub ready: Ready,
    /// How often what it relied on had changed.
    pub misses: u32,
}

/// What became of a job.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// Durable and published.
    Answered(Answer),
    Rejected(Rejected),
    /// What it relied on has changed; prepare it on the newest snapshot.
    Stale,
    Failed(WriteFailure),
}

/// Why a batch came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteFailure {
    /// The log refused; nothing was written.
    Store,
    /// It is not known whether it was written.
    Unknown,
    /// Another node writes.
    NotWriter,
    /// Larger than the log takes.
    TooLarge,
}
