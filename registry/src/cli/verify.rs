//! `syngraph verify`: print the report on a stopped log.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{ConfigArgs, FAILED, MISUSED, answer, complain};
use crate::config::Problems;
use crate::verify;

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// Directory that holds the logs [default: the one that serve would use]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Configuration file that names the directory
    #[arg(long, value_name = "FILE", conflicts_with = "data_dir")]
    config: Option<PathBuf>,
}

pub(super) fn run(args: &VerifyArgs) -> ExitCode {
    let data_dir = match data_dir(args) {
        Ok(data_dir) => data_dir,
        Err(problems) => {
            complain(&problems);
            return MISUSED.into();
        }
    };
    let report = verify::run(&data_dir);
    answer(&report);
    if report.is_clean() { ExitCode::SUCCESS } else { FAILED.into() }
}

/// A directory that is named asks for no configuration.
fn data_dir(args: &VerifyArgs) -> Result<PathBuf, Problems> {
    if let Some(data_dir) = &args.data_dir {
        return Ok(data_dir.clone());
    }
    let settings = ConfigArgs { file: args.config.clone(), flags: Vec::new() };
    Ok(settings.resolve()?.config.data_dir)
}
