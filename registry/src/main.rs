//! The binary: parse the command line, run one command.

use std::process::ExitCode;

use clap::Parser;

use registry::cli::Cli;

fn main() -> ExitCode {
    Cli::parse().run()
}
