//! `syngraph explain`: print the page of an error code, or list the codes.

use std::fmt;
use std::process::ExitCode;

use clap::Args;
use openapi::error::ErrorCode;
use thiserror::Error;

use super::{MISUSED, answer, complain, page};

/// A code that is further away, in letters to change, is not what was meant.
const DISTANCE_MAX: usize = 2;

/// More hints than these are a list, which is there to be asked for.
const HINTS_MAX: usize = 3;

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// Error code, as 42205; without one, all are listed
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

/// Someone asked for a code that there is not.
#[derive(Debug, Error)]
#[error("there is no error code {typed}{}; `syngraph explain` lists all", Hints(nearest))]
struct UnknownCode {
    typed: String,
    nearest: Vec<ErrorCode>,
}

pub(super) fn run(args: &ExplainArgs) -> ExitCode {
    let Some(typed) = &args.code else {
        for code in ErrorCode::ALL {
            answer(format_args!("{:<6} {}\n", code.code(), name(*code)));
        }
        return ExitCode::SUCCESS;
    };
    let Some(code) = ErrorCode::ALL.iter().find(|code| code.code().to_string() == *typed) else {
        complain(&UnknownCode { typed: typed.clone(), nearest: nearest(typed) });
        return MISUSED.into();
    };
    answer(page(*code));
    ExitCode::SUCCESS
}

/// What the page's title says after the code.
fn name(code: ErrorCode) -> &'static str {
    let title = page(code).lines().next().unwrap_or_default();
    title.splitn(3, ' ').nth(2).unwrap_or_default()
}

/// The codes that are closest to what was typed, if any is close at all.
fn nearest(typed: &str) -> Vec<ErrorCode> {
    let distance = |code: &ErrorCode| strsim::damerau_levenshtein(typed, &code.code().to_string());
    let least = ErrorCode::ALL.iter().map(distance).min().filter(|least| *least <= DISTANCE_MAX);
    let closest = |code: &&ErrorCode| Some(distance(code)) == least;
    ErrorCode::ALL.iter().filter(closest).take(HINTS_MAX).copied().collect()
}

/// Codes as a message names them.
struct Hints<'a>(&'a [ErrorCode]);

impl fmt::Display for Hints<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, code) in self.0.iter().enumerate() {
            let lead = if index == 0 { "; near it" } else { "," };
            write!(out, "{lead} {} ({})", code.code(), name(*code))?;
        }
        Ok(())
    }
}
