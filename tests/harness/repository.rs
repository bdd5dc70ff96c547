//! The repository's own files, as the tests read them.

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests' package stands in the root")
}

/// The text of a file, by its path from the root.
#[allow(clippy::disallowed_methods, reason = "a test reads files of the repository")]
pub fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Writes a file of the repository; only blessing does.
#[allow(clippy::disallowed_methods, reason = "blessing writes files of the repository")]
pub fn write(path: impl AsRef<Path>, text: &str) {
    let path = root().join(path);
    std::fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// The paths, from the root and sorted, of all files that git would keep.
pub fn files() -> Vec<PathBuf> {
    let list = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
    let output = std::process::Command::new("git").args(list).current_dir(root()).output();
    let output = output.expect("git lists the repository's files");
    assert!(output.status.success(), "git ls-files: {}", String::from_utf8_lossy(&output.stderr));
    let listed = String::from_utf8(output.stdout).unwrap();
    let mut paths: Vec<_> = listed
        .split_terminator('\0')
        .map(PathBuf::from)
        .filter(|path| root().join(path).is_file())
        .collect();
    paths.sort();
    paths.dedup();
    paths
}
