//! Log lines to stderr, as text for a person or JSON for a collector.
//! Not here: what is logged; the line for each answer (`access`). Stdout stays free for what a command was asked to print.

pub mod access;

use std::io::{self, IsTerminal as _};

use tracing::level_filters::LevelFilter;

use crate::config::{LogFormat, LogLevel};

/// Starts writing log lines, for as long as the process lives. A second call changes nothing, so
/// that tests may start several services.
pub fn start(format: LogFormat, level: LogLevel) {
    let lines = tracing_subscriber::fmt()
        .with_max_level(filter(level))
        .with_writer(stderr)
        .with_ansi(io::stderr().is_terminal());
    let _already_started = match format {
        LogFormat::Text => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    if filter(level) >= LevelFilter::INFO {
        access::start(format);
    }
}

/// Where lines go, once those that wait have gone.
fn stderr() -> io::Stderr {
    access::flush();
    io::stderr()
}

fn filter(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Off => LevelFilter::OFF,
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    }
}
