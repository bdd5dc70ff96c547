//! What can be wrong with a configuration, in words for the person who wrote it.

use std::fmt;

use super::values::{Origin, Said};

/// One thing that is wrong.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// A name that nobody knows.
    #[error("unknown key {name} ({origin}){}", hint(*nearest))]
    Unknown {
        /// The name as it was written.
        name: String,
        /// Where it stands.
        origin: &'static str,
        /// The known name that it resembles.
        nearest: Option<&'static str>,
    },
    /// A value that does not make sense.
    #[error("{name} = \"{}\" ({}): {reason}", said.text, said.origin)]
    Value {
        /// The name under which it was said.
        name: String,
        /// What was said.
        said: Said,
        /// What would make sense.
        reason: String,
    },
    /// A key of Confluent's that must not be dropped in silence.
    #[error("{name} ({origin}): {reason}")]
    Refused {
        /// The name under which it was said.
        name: String,
        /// Where it stands.
        origin: Origin,
        /// Why it cannot be honoured.
        reason: &'static str,
    },
    /// The file is not TOML.
    #[error("the file is not TOML: {0}")]
    Toml(String),
    /// The file cannot be read.
    #[error("cannot read the file {path}")]
    File {
        /// Its path.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// Two values that do not go together.
    #[error("{0}")]
    Together(String),
}

/// Everything that is wrong, at once: nobody wants to hear it one by one.
#[derive(Debug)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("the configuration cannot be used:")?;
        for problem in &self.0 {
            write!(out, "\n  {problem}")?;
            if let Some(cause) = std::error::Error::source(problem) {
                write!(out, ": {cause}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

fn hint(nearest: Option<&str>) -> String {
    nearest.map(|name| format!("; did you mean {name}?")).unwrap_or_default()
}
