//! The command line: what can be asked of the binary, and the exit code of each answer.
//! Exit codes: 0 done; 1 asked for and failed; 2 asked wrongly (flags, configuration).
//! Not here: the flags of the keys (`args`, from the table), any work (`serve`, `verify`).

mod args;
mod config;
mod explain;
mod health;
mod pages;
mod serve;
mod verify;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::chain::Chain;

pub use args::ConfigArgs;
pub use pages::page;

/// Asked for and failed.
const FAILED: u8 = 1;
/// Asked wrongly.
const MISUSED: u8 = 2;

/// A schema registry with Confluent's REST API, on a log of its own, in one process.
///
/// Every setting can be given as a flag, as a SYNGRAPH_* variable or in a TOML file, and where
/// Confluent's registry has it, as its SCHEMA_REGISTRY_* variable or dotted key. A flag wins over
/// a variable, a variable over the file.
#[derive(Debug, Parser)]
#[command(name = "syngraph", version, arg_required_else_help = true, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the registry until SIGTERM or SIGINT
    ///
    /// Opens the data directory (and makes it when it is missing), replays its logs and serves
    /// the REST API. A stop finishes the requests in flight; a kill loses nothing that was
    /// answered.
    Serve(ConfigArgs),
    /// Print every setting with its origin, and serve nothing
    ///
    /// Takes the same flags as serve, reads the same variables and file, and prints what serve
    /// would run with, secrets masked. The output is a valid configuration file.
    Config(ConfigArgs),
    /// Ask a running registry whether it is ready
    ///
    /// Exits with 0 when it is and with 1 when it is not or cannot be reached. Without --url the
    /// address is taken from the variables and the file that serve reads.
    Health(health::HealthArgs),
    /// Check the log of a registry that is not running
    ///
    /// Reports every damaged batch and every record that cannot be, with file and position.
    /// Exits with 0 when there is nothing to report and with 1 otherwise.
    Verify(verify::VerifyArgs),
    /// Explain an error code, or list all of them
    ///
    /// Prints what happened, why, and what to do, for the error_code of an answer or of a client's
    /// exception. Asks no registry.
    Explain(explain::ExplainArgs),
}

impl Cli {
    /// Runs the one command.
    pub fn run(self) -> ExitCode {
        match self.command {
            Command::Serve(args) => serve::run(args),
            Command::Config(args) => config::run(args),
            Command::Health(args) => health::run(&args),
            Command::Verify(args) => verify::run(&args),
            Command::Explain(args) => explain::run(&args),
        }
    }

    /// The settings' flags, where the command has them.
    pub fn config_args(self) -> Option<ConfigArgs> {
        match self.command {
            Command::Serve(args) | Command::Config(args) => Some(args),
            Command::Health(_) | Command::Verify(_) | Command::Explain(_) => None,
        }
    }
}

/// An answer on stdout; a reader that has gone away is no error of ours.
fn answer(text: impl std::fmt::Display) {
    let _ = write!(io::stdout().lock(), "{text}");
}

/// A complaint on stderr, with its causes.
fn complain(error: &(dyn std::error::Error + 'static)) {
    let _ = writeln!(io::stderr().lock(), "syngraph: {}", Chain(error));
}
