//! Python programs with the packages that `make test` installs.

use std::ffi::OsStr;
use std::process::Command;

use crate::repository;
use crate::skip::skip;

/// Runs a program of the repository to its end and returns what it printed; fails the test when
/// it fails. `None` when the packages are not there.
pub fn run<A: AsRef<OsStr>>(program: &str, args: &[A]) -> Option<String> {
    let interpreter = repository::root().join(".cache/venv/bin/python");
    if !interpreter.exists() {
        skip(&format!("{program}: no Python packages; `make test` installs them"));
        return None;
    }
    let output = Command::new(interpreter)
        .arg(repository::root().join(program))
        .args(args)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("NO_PROXY", "127.0.0.1")
        .output()
        .expect("the interpreter runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} failed:\n{said}{complained}");
    Some(said)
}
