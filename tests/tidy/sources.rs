//! What no source file may hold, or lack: stubs, missing headers, too many lines.

use std::path::{Path, PathBuf};

use harness::repository;

use crate::none;

/// Above this a file is read as two.
const LINES_MAX: usize = 300;

/// Files that are longer, with the length that they may not exceed. The list only shrinks:
/// a file that has become shorter lowers its number or leaves.
const LONGER: &str = "tests/tidy/longer.txt";

/// What a finished program does not say. Put together here, or this file would say it.
const STUBS: &[&str] =
    &[concat!("todo", "!("), concat!("unimplemented", "!("), concat!("#[", "ignore")];

fn stubs(path: &Path, text: &str) -> Vec<String> {
    let found = STUBS.iter().filter(|stub| text.contains(**stub));
    found.map(|stub| format!("{}: {stub} is a stub", path.display())).collect()
}

fn header(path: &Path, text: &str) -> Option<String> {
    let missing = !text.starts_with("//! ");
    missing.then(|| format!("{}: begins without saying what it is", path.display()))
}

/// Lines before the file's own tests, which do not count.
fn length(text: &str) -> usize {
    text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")).count()
}

fn allowances(text: &str) -> Vec<(PathBuf, usize)> {
    let parse = |line: &str| {
        let (length, path) = line.split_once(' ').expect("a line is LENGTH PATH");
        (path.into(), length.parse().expect("a length is a number"))
    };
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(parse).collect()
}

fn lengths(files: &[(PathBuf, usize)], allowances: &[(PathBuf, usize)]) -> Vec<String> {
    let allowed = |path: &Path| allowances.iter().find(|(known, _)| known == path);
    let mut complaints = Vec::new();
    for (path, length) in files {
        let max = allowed(path).map_or(LINES_MAX, |(_, max)| *max);
        if *length > max {
            complaints.push(format!("{}: {length} lines, at most {max}", path.display()));
        }
    }
    for (path, max) in allowances {
        let length = files.iter().find(|(known, _)| known == path).map_or(0, |(_, length)| *length);
        if length < *max {
            let path = path.display();
            complaints.push(format!("{LONGER}: {path} has {length} lines now, not {max}"));
        }
    }
    complaints
}

/// The list anew: no file is let in that was not there, none may grow.
fn bless(files: &[(PathBuf, usize)], allowances: &[(PathBuf, usize)]) {
    let head = repository::read(LONGER);
    let head = head.lines().take_while(|line| line.starts_with('#'));
    let kept = |(path, max): &(PathBuf, usize)| {
        let (_, length) = files.iter().find(|(known, _)| known == path)?;
        (*length > LINES_MAX).then(|| format!("{} {}", max.min(length), path.display()))
    };
    let lines: Vec<_> = head.map(str::to_owned).chain(allowances.iter().filter_map(kept)).collect();
    repository::write(LONGER, &(lines.join("\n") + "\n"));
}

fn rust_files() -> Vec<(PathBuf, String)> {
    let is_rust = |path: &PathBuf| path.extension().is_some_and(|end| end == "rs");
    let paths = repository::files().into_iter().filter(is_rust);
    paths.map(|path| (path.clone(), repository::read(path))).collect()
}

#[test]
fn no_stub_is_left() {
    none(&rust_files().iter().flat_map(|(path, text)| stubs(path, text)).collect::<Vec<_>>());
}

#[test]
fn every_file_says_what_it_is() {
    none(&rust_files().iter().filter_map(|(path, text)| header(path, text)).collect::<Vec<_>>());
}

#[test]
fn no_file_grows_too_long() {
    let files: Vec<_> =
        rust_files().into_iter().map(|(path, text)| (path, length(&text))).collect();
    let allowances = allowances(&repository::read(LONGER));
    if std::env::var_os("BLESS").is_some() {
        bless(&files, &allowances);
    }
    none(&lengths(&files, &self::allowances(&repository::read(LONGER))));
}

#[test]
fn each_fault_is_found() {
    let path = Path::new("x.rs");
    for stub in STUBS {
        assert_eq!(stubs(path, &format!("fn f() {{ {stub}) }}")).len(), 1);
    }
    assert!(header(path, "use std::fs;").is_some());
    assert!(header(path, "//! A thing.").is_none());
    assert_eq!(length("//! x\nfn f() {}\n#[cfg(test)]\nmod tests {}\n"), 2);
}

#[test]
fn lengths_only_shrink() {
    let at = |length| vec![(PathBuf::from("x.rs"), length)];
    assert!(lengths(&at(300), &[]).is_empty());
    assert_eq!(lengths(&at(301), &[]).len(), 1);
    assert!(lengths(&at(500), &at(500)).is_empty());
    assert_eq!(lengths(&at(501), &at(500)).len(), 1);
    assert_eq!(lengths(&at(499), &at(500)).len(), 1);
    assert_eq!(lengths(&[], &at(500)).len(), 1);
}
