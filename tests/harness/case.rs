//! Cases as files: sections that begin with `--- name`, the last of which is the verdict.
//! `BLESS=1` writes the verdicts anew; the diff is then reviewed like code.

use std::path::{Path, PathBuf};

use crate::repository;

/// One case: its path from the root, and its sections in order.
#[derive(Debug)]
pub struct Case {
    /// The file, from the repository's root.
    pub path: PathBuf,
    /// Each section's name and text; text before the first header is the section "".
    pub sections: Vec<(String, String)>,
}

impl Case {
    /// The text of a section; empty when the case has none of that name.
    pub fn section(&self, name: &str) -> &str {
        let found = self.sections.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, text)| text.as_str())
    }

    /// The same, each line that is not empty.
    pub fn lines(&self, name: &str) -> Vec<&str> {
        self.section(name).lines().filter(|line| !line.trim().is_empty()).collect()
    }

    fn print(&self) -> String {
        let body = |(name, text): &(String, String)| match name.as_str() {
            "" => text.clone(),
            name => format!("--- {name}\n{text}"),
        };
        self.sections.iter().map(body).collect()
    }
}

/// Judges every `*.case` below a directory; fails on all verdicts that differ, at once.
pub fn check(directory: &str, mut judge: impl FnMut(&Case) -> String) {
    let bless = std::env::var_os("BLESS").is_some();
    let below = Path::new(directory);
    let is_case = |path: &PathBuf| {
        path.starts_with(below) && path.extension().is_some_and(|end| end == "case")
    };
    let paths: Vec<_> = repository::files().into_iter().filter(is_case).collect();
    assert!(!paths.is_empty(), "no case below {directory}");
    let mut differing = Vec::new();
    for path in paths {
        let mut case = parse(path);
        let said = with_newline(judge(&case));
        if said == case.section("verdict") {
            continue;
        }
        differing.push(format!(
            "{}\n--- expected\n{}--- said\n{said}",
            case.path.display(),
            case.section("verdict")
        ));
        if bless {
            case.sections.retain(|(name, _)| name != "verdict");
            case.sections.push(("verdict".to_owned(), said));
            repository::write(&case.path, &case.print());
        }
    }
    assert!(bless || differing.is_empty(), "verdicts differ:\n{}", differing.join("\n"));
}

fn parse(path: PathBuf) -> Case {
    let text = repository::read(&path);
    let mut sections = vec![(String::new(), String::new())];
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("--- ") {
            sections.push((name.trim().to_owned(), String::new()));
        } else if let Some((_, text)) = sections.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    Case { path, sections }
}

fn with_newline(mut text: String) -> String {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}
