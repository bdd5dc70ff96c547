//! The patches that break the source on purpose still fit it, and say what has to notice them.

use std::path::{Path, PathBuf};
use std::process::Command;

use harness::repository;

use crate::none;

fn patches() -> Vec<PathBuf> {
    let is_patch = |path: &PathBuf| {
        path.starts_with("tests/mutants") && path.extension().is_some_and(|end| end == "patch")
    };
    repository::files().into_iter().filter(is_patch).collect()
}

/// What is wrong with the lines before the patch itself.
fn head(path: &Path, text: &str) -> Option<String> {
    let mut lines = text.lines();
    let says = lines.next().is_some_and(|line| line.ends_with('.'));
    let runs = lines.next().is_some_and(|line| line.starts_with("Run: --package "));
    let complaint = "begins with a sentence and a line `Run: --package …`";
    (!says || !runs).then(|| format!("{}: a mutant {complaint}", path.display()))
}

fn misfit(path: &Path) -> Option<String> {
    let mut git = Command::new("git");
    let output = git.args(["apply", "--check"]).arg(path).current_dir(repository::root()).output();
    let output = output.expect("git runs");
    let said = String::from_utf8_lossy(&output.stderr);
    (!output.status.success()).then(|| format!("{}: {}", path.display(), said.trim_end()))
}

#[test]
fn every_mutant_fits_the_source() {
    let patches = patches();
    assert!(patches.len() >= 12, "too few mutants: {}", patches.len());
    none(&patches.iter().filter_map(|path| misfit(path)).collect::<Vec<_>>());
}

#[test]
fn every_mutant_says_what_notices_it() {
    none(&patches().iter().filter_map(|p| head(p, &repository::read(p))).collect::<Vec<_>>());
    assert!(head(Path::new("x"), "Breaks it.\nRun: --package y\n\ndiff").is_none());
    assert!(head(Path::new("x"), "diff --git a/x b/x\n").is_some());
}
