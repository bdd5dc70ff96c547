//! Commands and what becomes of them.
//!
//! `prepare` does the costly work on a snapshot and notes what it relied on; `decide` runs on the
//! writer, checks that against the draft of the next state, and answers with the records that must
//! be durable before the answer leaves. Neither changes anything.
//! Invariant: a [`Decision`] or [`Rejected`] depends on nothing but its arguments.

mod admission;
mod batch;
mod compatibility;
mod completion;
mod config;
mod context;
mod contracts;
mod delete;
mod explain;
mod lookup;
mod marks;
mod mode;
mod numbers;
mod read;
mod register;
mod rejected;
mod relied;
mod reserved;
mod same;
mod tags;
mod undelete;

use std::sync::Arc;

use openapi::{
    config::{Config, ConfigUpdate},
    ids::{SchemaId, Subject, Version, VersionRef},
};

pub use batch::Batch;
pub use compatibility::{Against, Candidate, Verdict, check_candidate};
pub use contracts::completed_rules;
pub use explain::{Because, Explanation, explain};
pub use lookup::{Found, lookup};
pub use marks::{due_marks, mark};
pub use register::{NewSchema, Prepared, Registration};
pub use rejected::Rejected;
pub use tags::{Retagging, TagEdits, retagged};

use crate::{
    parser::Parser,
    record::Record,
    settings::Settings,
    state::{Content, Scope, State},
};

/// Something that would change the state.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Shared, since it may have to be prepared again.
    Register(Arc<NewSchema>),
    /// All or none; they may refer to each other.
    RegisterAll(Arc<[Arc<NewSchema>]>),
    UndeleteSubject {
        subject: Subject,
    },
    UndeleteVersion {
        subject: Subject,
        version: VersionRef,
    },
    DeleteSubject {
        subject: Subject,
        permanent: bool,
    },
    DeleteVersion {
        subject: Subject,
        version: VersionRef,
        permanent: bool,
    },
    PutConfig {
        scope: Scope,
        update: Box<ConfigUpdate>,
    },
    DeleteConfig {
        scope: Scope,
    },
    PutMode {
        scope: Scope,
        mode: Option<String>,
        /// Whether schemas may be imported beside those that are there.
        force: bool,
    },
    DeleteMode {
        scope: Scope,
        /// Whether the modes of all subjects below go too.
        recursive: bool,
    },
    DeleteContext {
        context: Arc<str>,
    },
}

/// A command after the costly work: what the writer decides on.
#[derive(Clone, Debug)]
pub enum Ready {
    Register(Box<Registration>),
    Batch(Box<Batch>),
    /// Nothing costly about it.
    Plain(Command),
}

/// What the caller is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Registered {
        id: SchemaId,
        version: Version,
        content: Arc<Content>,
        /// When it was written, in epoch milliseconds, if it was there before.
        timestamp: Option<i64>,
        /// Whether it carries something that the request did not say.
        completed: bool,
    },
    /// Those of a set, in the order of the request.
    Batch(Vec<Answer>),
    /// The versions that were deleted, or brought back.
    Versions(Vec<Version>),
    Version(Version),
    /// The configuration after a change.
    ConfigPut(Box<Config>),
    /// The configuration before it was reset.
    Config(Box<Config>),
    Mode(Option<String>),
    /// Nothing is left to be said.
    Done,
}

/// An answer and the records that must be durable before it is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    pub answer: Answer,
    pub records: Vec<Record>,
}

/// What `decide` came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    Decided(Decision),
    Rejected(Rejected),
    /// What was relied on has changed: prepare again.
    Stale,
}

impl Decision {
    /// An answer that changes nothing.
    fn unchanged(answer: Answer) -> Self {
        Self { answer, records: Vec::new() }
    }
}

/// Does the costly work on a snapshot: parsing, hashing, checking compatibility. What is settled
/// already (a schema registered before) is answered here.
pub fn prepare(
    state: &State,
    settings: &Settings,
    parser: &dyn Parser,
    command: Command,
) -> Result<Prepared, Rejected> {
    let prepared = match command {
        Command::Register(new) => register::prepare(state, settings, parser, &new)?,
        Command::RegisterAll(set) => batch::prepare(state, settings, parser, &set)?,
        plain => Prepared::Ready(Ready::Plain(plain)),
    };
    match prepared {
        Prepared::Ready(_) if settings.read_only => Err(Rejected::ReadOnlyServer),
        prepared => Ok(prepared),
    }
}

/// Decides on the draft of the next state.
pub fn decide(draft: &State, settings: &Settings, ready: &Ready) -> Outcome {
    let decided = match ready {
        Ready::Register(registration) => {
            if !registration.relied.holds(draft) {
                return Outcome::Stale;
            }
            register::decide(draft, registration)
        }
        Ready::Batch(batch) if batch.holds(draft) => batch.decide(draft),
        Ready::Batch(_) => return Outcome::Stale,
        Ready::Plain(command) => decide_plain(draft, settings, command),
    };
    match decided {
        Ok(decision) => Outcome::Decided(with_foreign_tombstones(draft, decision)),
        Err(rejected) => Outcome::Rejected(rejected),
    }
}

fn decide_plain(
    draft: &State,
    settings: &Settings,
    command: &Command,
) -> Result<Decision, Rejected> {
    match command {
        Command::Register(_) | Command::RegisterAll(_) => {
            unreachable!("a registration is prepared into its own variant")
        }
        Command::UndeleteSubject { subject } => undelete::subject(draft, subject),
        Command::UndeleteVersion { subject, version } => {
            undelete::version(draft, subject, *version)
        }
        Command::DeleteSubject { subject, permanent } => {
            delete::subject(draft, subject, *permanent)
        }
        Command::DeleteVersion { subject, version, permanent } => {
            delete::version(draft, subject, *version, *permanent)
        }
        Command::PutConfig { scope, update } => config::put(draft, scope, update),
        Command::DeleteConfig { scope } => config::delete(draft, settings, scope),
        Command::PutMode { scope, mode, force } => {
            mode::put(draft, settings, scope, mode.as_deref(), *force)
        }
        Command::DeleteMode { scope, recursive } => {
            mode::delete(draft, settings, scope, *recursive)
        }
        Command::DeleteContext { context } => context::delete(draft, context),
    }
}

/// Kafka compacts by key bytes: where an older writer left other bytes for a key that is written
/// now, those must be deleted too, or the old value comes back with the next replay. Tombstones
/// come first, so that the fold ends with what the decision says.
fn with_foreign_tombstones(draft: &State, mut decision: Decision) -> Decision {
    let forms = decision.records.iter().flat_map(|record| {
        let forms = draft.foreign_forms(&record.key).iter();
        forms.map(|bytes| Record::foreign_tombstone(record.key.clone(), bytes))
    });
    let tombstones: Vec<Record> = forms.collect();
    decision.records.splice(0..0, tombstones);
    decision
}
