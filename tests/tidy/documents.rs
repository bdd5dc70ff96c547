//! Documents that must change together with what they describe.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::CommandFactory as _;

use harness::repository;
use registry::cli::Cli;
use registry::config::keys::{Chapter, KEYS};
use registry::config::upstream::MAPPINGS;
use registry::config::variable;

use crate::none;

/// Every document that shows command lines, beside those in the folder of documents.
const SHOWN: &[&str] = &["README.md", "CONTRIBUTING.md"];

const CONFIGURATION: &str = "docs/configuration.md";
const MARKS: Marks =
    Marks { begin: "<!-- keys: written by `make bless` -->\n", end: "<!-- end of keys -->\n" };

/// The lines between which a part of a document is written by a machine.
pub(crate) struct Marks {
    pub(crate) begin: &'static str,
    pub(crate) end: &'static str,
}

/// Flags after `syngraph COMMAND` that the command does not have.
fn flags(document: &str, text: &str) -> Vec<String> {
    let cli = Cli::command();
    let mut complaints = Vec::new();
    for line in text.lines().filter_map(|line| Some(line.split_once("syngraph ")?.1)) {
        let mut words = line.split(|at: char| at.is_whitespace() || "`|&;)".contains(at));
        let Some(command) = words.next().and_then(|name| cli.find_subcommand(name)) else {
            continue;
        };
        let known = |flag: &str| {
            flag == "help" || command.get_arguments().any(|arg| arg.get_long() == Some(flag))
        };
        for flag in words.filter_map(|word| word.strip_prefix("--")) {
            let flag = flag.split('=').next().unwrap_or(flag).trim_end_matches(['.', ',', ':']);
            if !known(flag) {
                complaints.push(format!("{document}: {} has no --{flag}", command.get_name()));
            }
        }
    }
    complaints
}

/// Tasks in `make TASK` that the Makefile does not have.
fn tasks(document: &str, text: &str, makefile: &str) -> Vec<String> {
    let shown = text.split("`make ").skip(1).chain(text.split("\nmake ").skip(1));
    let task =
        |rest: &str| -> String { rest.chars().take_while(char::is_ascii_lowercase).collect() };
    shown
        .map(task)
        .filter(|task| !makefile.contains(&format!("\n{task}: ##")))
        .map(|task| format!("{document}: there is no task {task}"))
        .collect()
}

/// The part of the configuration's document that follows from the table of keys.
fn keys() -> String {
    let mut text = String::new();
    for chapter in Chapter::ALL {
        writeln!(text, "\n### {}\n", chapter.heading()).unwrap();
        text.push_str("| key | default | meaning | Confluent's key |\n| --- | --- | --- | --- |\n");
        for key in KEYS.iter().filter(|key| key.chapter == chapter) {
            let default = if key.default.is_empty() { "none" } else { key.default };
            let theirs = MAPPINGS.iter().filter(|mapping| mapping.key == key.name);
            let theirs: Vec<_> = theirs.map(|mapping| format!("`{}`", mapping.name)).collect();
            let (name, about) = (key.name, key.about);
            let theirs = theirs.join(", ");
            writeln!(text, "| `{name}` | `{default}` | {about} | {theirs} |").unwrap();
        }
    }
    text.push('\n');
    text
}

/// A document with the part between its two marks replaced.
pub(crate) fn with_part(document: &str, marks: &Marks, part: &str) -> Option<String> {
    let Marks { begin, end } = marks;
    let (head, rest) = document.split_once(begin)?;
    let (_, tail) = rest.split_once(end)?;
    Some(format!("{head}{begin}{part}{end}{tail}"))
}

/// A changelog in the form of Keep a Changelog has a place for what is not released.
fn changelog(text: &str) -> Option<String> {
    let Some((_, unreleased)) = text.split_once("\n## [Unreleased]\n") else {
        return Some("CHANGELOG.md: no section [Unreleased]".to_owned());
    };
    let kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
    let wrong = unreleased.lines().filter_map(|line| line.strip_prefix("### "));
    let wrong = wrong.into_iter().find(|kind| !kinds.contains(kind))?;
    Some(format!("CHANGELOG.md: {wrong} is no kind of change"))
}

#[test]
fn shown_commands_exist() {
    let makefile = repository::read("Makefile");
    let is_shown = |path: &PathBuf| {
        path.starts_with("docs") || SHOWN.iter().any(|shown| path == Path::new(shown))
    };
    let of = |path: PathBuf| {
        let (document, text) = (path.display().to_string(), repository::read(&path));
        [flags(&document, &text), tasks(&document, &text, &makefile)].concat()
    };
    none(&repository::files().into_iter().filter(is_shown).flat_map(of).collect::<Vec<_>>());
}

#[test]
fn configuration_is_documented_as_it_is() {
    let document = repository::read(CONFIGURATION);
    let current = with_part(&document, &MARKS, &keys()).expect("the document has the two marks");
    if std::env::var_os("BLESS").is_some() {
        repository::write(CONFIGURATION, &current);
    }
    assert!(repository::read(CONFIGURATION) == current, "`make bless` writes {CONFIGURATION}");
    for key in KEYS {
        assert!(variable(key).starts_with("SYNGRAPH_"));
    }
}

#[test]
fn changelog_has_a_place_for_what_comes() {
    none(&changelog(&repository::read("CHANGELOG.md")).into_iter().collect::<Vec<_>>());
}

#[test]
fn every_task_is_explained() {
    let makefile = repository::read("Makefile");
    let phony = makefile.lines().find_map(|line| line.strip_prefix(".PHONY: ")).unwrap();
    let unexplained = |task: &&str| !makefile.contains(&format!("\n{task}: ## "));
    none(&phony.split(' ').filter(unexplained).map(str::to_owned).collect::<Vec<_>>());
}

#[test]
fn each_lie_is_found() {
    assert_eq!(flags("d", "run `syngraph serve --htpp x`"), ["d: serve has no --htpp"]);
    assert_eq!(flags("d", "run `syngraph serve --http x --insecure`"), Vec::<String>::new());
    assert_eq!(flags("d", "$ syngraph verify --data-dir d --fix"), ["d: verify has no --fix"]);
    assert_eq!(
        tasks("d", "say `make coffee`", "\ntest: ## Test\n"),
        ["d: there is no task coffee"]
    );
    assert_eq!(tasks("d", "```\nmake test\n```", "\ntest: ## Test\n"), Vec::<String>::new());
    assert!(with_part("no marks", &MARKS, "x").is_none());
    assert!(changelog("# Changelog\n").is_some());
    assert!(changelog("# Changelog\n\n## [Unreleased]\n\n### Improved\n").is_some());
    assert!(changelog("# Changelog\n\n## [Unreleased]\n\n### Added\n").is_none());
}
