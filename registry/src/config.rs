//! The configuration: what was said (flags, environment, file) becomes one checked struct.
//! Two stages: `Values` keeps each key's text with its origin; `Config` holds typed values that
//! have been checked against each other. After `resolve` nobody asks the environment again.
//! Not here: the spelling of flags and help (`cli`), what a value does (whoever reads it).

mod callers;
mod check;
mod environment;
mod file;
mod inputs;
pub mod keys;
mod limits;
mod nearest;
mod problem;
mod show;
pub mod upstream;
mod values;
pub mod words;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use registry_core::settings::Settings;

use crate::encoder::Secrets;
use crate::http::Policy;

pub use callers::Callers;
pub use environment::variable;
pub use inputs::{FileText, Inputs};
pub use keys::Key;
pub use problem::{Problem, Problems};
pub use show::show;
pub use values::{Origin, Said, Values};
pub use words::{CompatibilityLevel, DialectSetting, LogEngine, LogFormat, LogLevel};

/// Everything that the service may be told, typed and checked. Units are in the names.
///
/// ```
/// use std::path::Path;
/// let config = registry::config::Config::local(Path::new("./data"));
/// assert_eq!(config.http.port(), 0);
/// assert_eq!(config.schema_size_max, 1 << 20);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is one independent switch of the user's")]
pub struct Config {
    /// Where the logs live.
    pub data_dir: PathBuf,
    /// Where the REST API listens.
    pub http: SocketAddr,
    /// The user has said that an address other than loopback may be served without authentication.
    pub insecure: bool,
    /// Which engine keeps the logs.
    pub log: LogEngine,
    /// The form of a log line.
    pub log_format: LogFormat,
    /// The least important line that is still written.
    pub log_level: LogLevel,
    /// One log line for each answered request.
    pub access_log: bool,
    /// The compatibility level of a subject for which none has been set.
    pub compatibility_level: CompatibilityLevel,
    /// Whether every write is refused.
    pub read_only: bool,
    /// Whose registrations are taken.
    pub register_from: Callers,
    /// Whether `/mode` may be changed.
    pub mode_mutability: bool,
    /// Whether names and defaults of new schemas are checked where nothing is configured.
    pub validate_new_schemas: bool,
    /// Whether fields are held against the reserved ones where nothing is configured.
    pub validate_fields: bool,
    /// Whether a schema is refused that refers to two versions under one name.
    pub reference_versions_strict: bool,
    /// Whether a subject without a name is refused.
    pub reject_empty_subject: bool,
    /// Which releases of Confluent's registry the answers are like.
    pub dialect: DialectSetting,
    /// The Kafka cluster id in `/v1/metadata/id`; empty there when not said.
    pub metadata_cluster_id: Option<String>,
    /// The registry's own name in `/v1/metadata/id`.
    pub schema_registry_group_id: String,
    /// What `/v1/metadata/deployment` says of this registry.
    pub metadata_deployment_attributes: Vec<String>,
    /// What sensitive metadata is kept secret with.
    pub secrets: Secrets,
    /// The largest request body, in bytes.
    pub body_size_max: usize,
    /// The largest schema text, in bytes.
    pub schema_size_max: usize,
    /// The most connections at one time.
    pub connections_max: usize,
    /// The most writes that wait for the writer at one time.
    pub queue_max: usize,
    /// How long a write may take before it is answered with an error.
    pub request_timeout_ms: u64,
    /// How long a client may take to send the head of a request.
    pub header_read_timeout_ms: u64,
    /// How long a stop waits for requests in flight.
    pub shutdown_grace_ms: u64,
    /// The size at which a segment of `_schemas` is closed.
    pub segment_bytes: u64,
    /// The age at which a segment of `_schemas` is closed.
    pub segment_ms: u64,
    /// How long a record stays before compaction may drop it for a newer one.
    pub min_compaction_lag_ms: u64,
    /// How long a tombstone stays.
    pub delete_retention_ms: u64,
}

impl Config {
    /// The defaults over one directory and a free port of this machine: what a test wants.
    pub fn local(data_dir: &Path) -> Self {
        let mut config = check::typed(&Values::default(), &mut Vec::new());
        data_dir.clone_into(&mut config.data_dir);
        config.http = SocketAddr::from(([127, 0, 0, 1], 0));
        config
    }

    /// What of it the API consults.
    pub fn policy(&self) -> Policy {
        Policy {
            body_size_max: self.body_size_max,
            access_log: self.access_log,
            register_from: self.register_from.clone(),
        }
    }

    /// What of it the registry's rules consult.
    pub fn settings(&self) -> Settings {
        Settings {
            compatibility_level: self.compatibility_level,
            read_only: self.read_only,
            mode_mutability: self.mode_mutability,
            validate_new_schemas: self.validate_new_schemas,
            validate_fields: self.validate_fields,
            reference_versions_strict: self.reference_versions_strict,
            reject_empty_subject: self.reject_empty_subject,
            schema_size_max: self.schema_size_max,
        }
    }
}

/// The outcome of reading a configuration that can be served.
#[derive(Debug)]
pub struct Resolved {
    /// The checked values.
    pub config: Config,
    /// Each key's text with its origin, for `syngraph config`.
    pub values: Values,
    /// What the user should hear before the start, in order.
    pub warnings: Vec<String>,
}

/// Turns what was said into a checked configuration, or into everything that is wrong with it.
pub fn resolve(inputs: &Inputs) -> Result<Resolved, Problems> {
    let mut values = Values::default();
    let mut problems = Vec::new();
    let mut warnings = Vec::new();
    let in_file = match &inputs.file {
        Some(text) => file::read(text, &mut problems),
        None => Vec::new(),
    };
    let in_environment = environment::read(&inputs.environment, &mut problems, &mut warnings);
    for layer in [in_file, in_environment] {
        values.hear(layer, &mut problems, &mut warnings);
    }
    for (key, text) in &inputs.flags {
        values.say(key, Said { text: text.clone(), origin: Origin::Flag });
    }
    let config = check::typed(&values, &mut problems);
    check::together(&config, &values, &mut problems, &mut warnings);
    if problems.is_empty() {
        Ok(Resolved { config, values, warnings })
    } else {
        Err(Problems(problems))
    }
}
