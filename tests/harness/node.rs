//! JavaScript programs with the packages that `make test` installs.

use std::ffi::OsStr;
use std::process::Command;

use crate::skip::skip;
use crate::{client, repository};

/// What a program of the repository printed, and why it failed if it did. `None` when the
/// packages are not there.
pub fn run<A: AsRef<OsStr>>(program: &str, args: &[A]) -> Option<String> {
    let packages = repository::root().join(".cache/node/node_modules");
    if !packages.exists() {
        skip(&format!("{program}: no JavaScript packages; `make test` installs them"));
        return None;
    }
    let mut command = Command::new("node");
    command.arg(repository::root().join(program)).args(args).env("NODE_PATH", packages);
    Some(client::run(program, &mut command))
}
