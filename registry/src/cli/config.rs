//! `syngraph config`: print what `serve` would run with.

use std::process::ExitCode;

use super::{ConfigArgs, MISUSED, answer, complain};
use crate::config::show;

pub(super) fn run(args: ConfigArgs) -> ExitCode {
    match args.resolve() {
        Ok(resolved) => {
            answer(show(&resolved.values));
            for warning in &resolved.warnings {
                answer(format_args!("# warning: {warning}\n"));
            }
            ExitCode::SUCCESS
        }
        Err(problems) => {
            complain(&problems);
            MISUSED.into()
        }
    }
}
