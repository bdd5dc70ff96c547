//! The state: what the logs say, folded. Derived, and never the truth.
//!
//! Cloning is cheap (persistent maps), so a reader holds a snapshot and a draft costs what it
//! changes. `apply` is the only mutation and cannot fail: what no registry should have written is
//! noted as an anomaly and otherwise ignored.
//! Invariants: every row's id has its content in the row's context; `live`, `latest` and `top` of a
//! head agree with the rows; ids given out never exceed `id_max`.

mod alias;
mod anomalies;
mod apply;
mod content;
mod ids;
mod queries;
mod selection;
mod subject;
mod subjects;

use std::sync::Arc;

use imbl::{OrdMap, OrdSet};
use openapi::{
    config::Config,
    contracts::{Metadata, Reference, RuleSet},
};

use crate::{identity::Hash, record::Key};

pub use anomalies::{Anomalies, Anomaly};
pub use apply::Position;
pub use content::Decoded;
pub(crate) use content::target;
pub use ids::ContextState;
pub use queries::{EffectiveMode, Visibility};
pub use subject::SubjectHead;
use subject::Versions;
use subjects::Subjects;

/// What a schema says, shared by all subjects that use its id.
#[derive(Debug, PartialEq)]
pub struct Content {
    /// The name of the schema language as stored; foreign logs may hold any.
    pub schema_type: Arc<str>,
    pub text: Box<str>,
    pub references: Box<[Reference]>,
    pub metadata: Option<Box<Metadata>>,
    pub rule_set: Option<Box<RuleSet>>,
    pub hash: Hash,
}

/// A version of a subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub id: u32,
    /// Soft-deleted.
    pub deleted: bool,
    /// Whether its content carries references, metadata or rules beside the text.
    pub carries: bool,
    /// When it was written, in epoch milliseconds.
    pub timestamp: i64,
    /// Where it was written.
    pub offset: i64,
}

/// A version by its subject's name and its number.
type RowKey = (Arc<str>, u32);

/// A setting and where it was written.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting<T> {
    pub value: T,
    pub offset: i64,
}

/// The scope of configuration and mode: a subject or context, or the default context.
pub type Scope = Option<Arc<str>>;

/// The fold over the logs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The offset after the last record of `_schemas` that was applied.
    head: i64,
    contexts: OrdMap<Arc<str>, ContextState>,
    subjects: Subjects,
    /// How many versions the subjects have together.
    versions: usize,
    configs: OrdMap<Scope, Setting<Arc<Config>>>,
    modes: OrdMap<Scope, Setting<Arc<str>>>,
    /// DELETE_SUBJECT records in force.
    watermarks: OrdMap<Arc<str>, u32>,
    /// Who refers to a version: target subject and version, then referrer.
    referrers: OrdSet<(Arc<str>, u32, Arc<str>, u32)>,
    /// Byte forms of keys, other than the canonical one, that stand in the log.
    foreign: OrdMap<Key, Arc<Vec<Box<[u8]>>>>,
    associations: OrdMap<Box<str>, Arc<str>>,
    anomalies: Arc<Anomalies>,
}
