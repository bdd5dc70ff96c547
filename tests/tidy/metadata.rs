//! What cargo knows of the workspace: one call, for the one platform that the image runs on.

use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

use harness::repository;

const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// The packages that are linked on the platform, ours among them.
pub(crate) fn packages() -> &'static [Value] {
    static PACKAGES: OnceLock<Vec<Value>> = OnceLock::new();
    PACKAGES.get_or_init(read)
}

/// Ours.
pub(crate) fn members() -> impl Iterator<Item = &'static Value> {
    packages().iter().filter(|package| package["source"].is_null())
}

fn read() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version=1", "--filter-platform", PLATFORM])
        .current_dir(repository::root())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let used: Vec<_> = metadata["resolve"]["nodes"].as_array().unwrap().iter().collect();
    let is_used = |package: &Value| used.iter().any(|node| node["id"] == package["id"]);
    let packages = metadata["packages"].as_array().unwrap();
    packages.iter().filter(|package| is_used(package)).cloned().collect()
}
