//! Java programs of the repository, built by Maven when one is first asked for: from
//! `tests/interop/java/NAME` into `target/NAME`, with Maven's downloads kept in `.cache/m2`.

use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::skip::skip;
use crate::{client, repository};

/// What a program printed, and why it failed if it did. `None` when it cannot be built here.
pub fn run<A: AsRef<OsStr>>(name: &str, class: &str, args: &[A]) -> Option<String> {
    let path =
        class_path(name).map_err(|why| skip(&format!("{name} cannot be run: {why}"))).ok()?;
    let mut command = Command::new("java");
    command.args(["-XX:+UseSerialGC", "-cp", &path, class]).args(args);
    Some(client::run(name, &mut command))
}

/// The class path of a program, built unless what is built is newer than its source.
#[expect(clippy::disallowed_methods, reason = "a build folder of the tests")]
pub fn class_path(name: &str) -> Result<String, String> {
    let target = repository::root().join("target").join(name);
    std::fs::create_dir_all(&target).map_err(|error| error.to_string())?;
    let lock = File::create(target.join(".lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    let project = Path::new("tests/interop/java").join(name);
    if !is_built(&project, &target.join(format!("{name}-1.jar"))) {
        package(&project)?;
    }
    Ok(format!("{0}/classes:{0}/lib/*", target.display()))
}

fn is_built(project: &Path, jar: &Path) -> bool {
    let Some(built) = modified(jar) else { return false };
    let is_older = |source: &PathBuf| modified(source).is_some_and(|changed| changed < built);
    let sources = repository::files().into_iter().filter(|path| path.starts_with(project));
    sources.map(|path| repository::root().join(path)).all(|source| is_older(&source))
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}

fn package(project: &Path) -> Result<(), String> {
    let root = repository::root();
    let output = Command::new("mvn")
        .args(["-q", "-B", "-f"])
        .arg(root.join(project).join("pom.xml"))
        .arg(format!("-Dmaven.repo.local={}", root.join(".cache/m2").display()))
        .arg("package")
        .output()
        .map_err(|error| format!("mvn does not start: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("mvn fails: {}", String::from_utf8_lossy(&output.stdout)))
}
