//! The binary: parse the command line, run one command.

use std::process::ExitCode;

use clap::Parser;

use registry::cli::Cli;

/// Many threads allocate small things here, and free what others allocated.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    Cli::parse().run()
}
