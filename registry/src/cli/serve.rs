//! `syngraph serve`: settle the configuration, then hand over to the service.

use std::process::ExitCode;

use tracing::{error, warn};

use super::{ConfigArgs, FAILED, MISUSED, complain};
use crate::{chain::Chain, config::LogLevel, serve, telemetry};

pub(super) fn run(args: ConfigArgs) -> ExitCode {
    let resolved = match args.resolve() {
        Ok(resolved) => resolved,
        Err(problems) => {
            complain(&problems);
            return MISUSED.into();
        }
    };
    telemetry::start(resolved.config.log_format, resolved.config.log_level);
    for warning in &resolved.warnings {
        warn!("{warning}");
    }
    let log_level = resolved.config.log_level;
    let ended = serve::run(resolved.config);
    telemetry::access::flush();
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Said once: in the log, unless there is none.
            if log_level == LogLevel::Off {
                complain(&failure);
            } else {
                error!("stopped: {}", Chain(&failure));
            }
            FAILED.into()
        }
    }
}
