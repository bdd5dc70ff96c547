//! Python programs with the packages that `make test` installs.

use std::ffi::OsStr;
use std::process::Command;

use crate::skip::skip;
use crate::{client, repository};

/// What a program of the repository printed, and why it failed if it did. `None` when the
/// packages are not there.
pub fn run<A: AsRef<OsStr>>(program: &str, args: &[A]) -> Option<String> {
    let interpreter = repository::root().join(".cache/venv/bin/python");
    if !interpreter.exists() {
        skip(&format!("{program}: no Python packages; `make test` installs them"));
        return None;
    }
    let mut command = Command::new(interpreter);
    command.arg(repository::root().join(program)).args(args).env("PYTHONDONTWRITEBYTECODE", "1");
    Some(client::run(program, &mut command))
}
