//! Other languages' programs, each the user of a real client, and what is done with all of them.

use std::process::{Command, Output};

/// Runs a program to its end. Returns what it printed, and when it failed, after that what it
/// complained of and how it ended.
pub(crate) fn run(program: &str, command: &mut Command) -> String {
    let output = command.env("NO_PROXY", "127.0.0.1").output();
    let Output { status, stdout, stderr } =
        output.unwrap_or_else(|error| panic!("{program} does not start: {error}"));
    let said = String::from_utf8_lossy(&stdout).into_owned();
    if status.success() {
        return said;
    }
    format!("{said}{}{program} failed: {status}\n", String::from_utf8_lossy(&stderr))
}
