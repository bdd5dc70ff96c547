//! Go programs with the modules that `make test` downloads: those of `tests/interop/go`, built
//! into `target/go-clients` when one is first asked for.

use std::ffi::OsStr;
use std::process::Command;
use std::sync::OnceLock;

use crate::skip::skip;
use crate::{client, repository};

const PROJECT: &str = "tests/interop/go";

/// What a program of the repository printed, and why it failed if it did. `None` when the modules
/// are not there.
pub fn run<A: AsRef<OsStr>>(program: &str, args: &[A]) -> Option<String> {
    static BUILT: OnceLock<()> = OnceLock::new();
    let root = repository::root();
    if !root.join(".cache/go/modules").exists() {
        skip(&format!("{PROJECT}/{program}: no Go modules; `make test` downloads them"));
        return None;
    }
    BUILT.get_or_init(build);
    let mut command = Command::new(root.join("target/go-clients").join(program));
    command.args(args);
    Some(client::run(program, &mut command))
}

/// Builds all programs, which takes no time when they are up to date. Nothing is fetched, and
/// neither C nor another Go is asked for.
fn build() {
    let root = repository::root();
    let mut go = Command::new("go");
    go.args(["build", "-o"]).arg(root.join("target/go-clients/")).arg("./...");
    go.current_dir(root.join(PROJECT))
        .env("CGO_ENABLED", "0")
        .env("GOCACHE", root.join(".cache/go/build"))
        .env("GOMODCACHE", root.join(".cache/go/modules"))
        .env("GOFLAGS", "-modcacherw")
        .env("GOPROXY", "off")
        .env("GOTOOLCHAIN", "local");
    let output = go.output().expect("go starts");
    assert!(output.status.success(), "go build: {}", String::from_utf8_lossy(&output.stderr));
}
