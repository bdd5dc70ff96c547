//! Every source file belongs to a crate: nothing lies about that is never compiled.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use harness::repository;

use crate::{metadata, none};

/// The names of `mod name;` lines.
fn declared(text: &str) -> Vec<&str> {
    let name = |line: &'_ str| -> Option<usize> { line.find("mod ") };
    text.lines()
        .map(str::trim)
        .filter(|line| line.ends_with(';') && !line.starts_with("//"))
        .filter_map(|line| {
            let at = name(line)?;
            let visibility = line[..at].trim();
            let is_declaration = visibility.is_empty() || visibility.starts_with("pub");
            is_declaration.then(|| line[at + 4..].trim_end_matches(';').trim())
        })
        .collect()
}

/// The folder of a file's modules: its own for a root or a `mod.rs`, else the one of its name.
fn folder(file: &Path, is_root: bool) -> PathBuf {
    let own = file.parent().unwrap_or(Path::new("")).to_owned();
    if is_root || file.ends_with("mod.rs") { own } else { file.with_extension("") }
}

fn follow(
    file: PathBuf,
    is_root: bool,
    known: &BTreeSet<PathBuf>,
    reached: &mut BTreeSet<PathBuf>,
) {
    if !known.contains(&file) || reached.contains(&file) {
        return;
    }
    let text = repository::read(&file);
    let folder = folder(&file, is_root);
    reached.insert(file);
    for name in declared(&text) {
        follow(folder.join(format!("{name}.rs")), false, known, reached);
        follow(folder.join(name).join("mod.rs"), false, known, reached);
    }
}

fn roots() -> impl Iterator<Item = PathBuf> {
    let targets = metadata::members().flat_map(|package| package["targets"].as_array().unwrap());
    targets.map(|target| {
        let path = Path::new(target["src_path"].as_str().unwrap());
        path.strip_prefix(repository::root()).unwrap_or(path).to_owned()
    })
}

#[test]
fn every_source_file_is_compiled() {
    let elsewhere = ["bench", "fuzz"]; // workspaces of their own, outside this one
    let is_ours = |path: &PathBuf| {
        path.extension().is_some_and(|end| end == "rs")
            && !elsewhere.iter().any(|folder| path.starts_with(folder))
    };
    let known: BTreeSet<_> = repository::files().into_iter().filter(is_ours).collect();
    let mut reached = BTreeSet::new();
    for root in roots() {
        follow(root, true, &known, &mut reached);
    }
    let lost = known.difference(&reached);
    none(&lost.map(|path| format!("{} belongs to no crate", path.display())).collect::<Vec<_>>());
}

#[test]
fn declarations_are_read() {
    let text = "mod a;\npub mod b;\npub(crate) mod c;\n// mod d;\nmod e {\n}\nlet mod_f = 1;\n";
    assert_eq!(declared(text), ["a", "b", "c"]);
}

#[test]
fn folders_are_those_of_the_language() {
    assert_eq!(folder(Path::new("src/lib.rs"), true), Path::new("src"));
    assert_eq!(folder(Path::new("src/log.rs"), false), Path::new("src/log"));
    assert_eq!(folder(Path::new("src/log/mod.rs"), false), Path::new("src/log"));
}
