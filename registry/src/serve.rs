//! The running service. Only its seam with the command line stands here so far.

use crate::config::Config;

/// Why the service ended other than by being asked to.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// This build holds the command line and no service behind it.
    #[error("this build has no service to run on {0}")]
    Missing(std::net::SocketAddr),
}

/// Serves until the process is asked to stop.
#[allow(clippy::needless_pass_by_value, reason = "the service keeps its configuration")]
pub fn run(config: Config) -> Result<(), ServeError> {
    Err(ServeError::Missing(config.http))
}
