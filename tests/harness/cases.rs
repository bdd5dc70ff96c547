//! Reader and writer pairs as files: see `tests/cases/avro/compat/README.md` for their form.

use std::path::{Path, PathBuf};

/// One pair and its verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub id: String,
    pub remarks: Vec<String>,
    pub reader: String,
    pub writer: String,
    /// The lines of the verdict; none if nobody has said yet.
    pub verdict: Vec<String>,
}

/// The folder of the pairs.
pub fn folder() -> PathBuf {
    let mut folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    while !folder.join("tests/cases").is_dir() {
        assert!(folder.pop(), "the cases are in the repository");
    }
    folder.join("tests/cases/avro/compat")
}

/// All files with their cases, by name.
pub fn files() -> Vec<(PathBuf, Vec<Case>)> {
    let entries = std::fs::read_dir(folder()).expect("the folder of cases can be listed");
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("a file of cases").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "case"));
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), read(&path))).collect()
}

/// All cases of all files.
pub fn all() -> Vec<Case> {
    files().into_iter().flat_map(|(_, cases)| cases).collect()
}

#[expect(clippy::disallowed_methods, reason = "test data")]
fn read(path: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(path).expect("a file of cases can be read");
    let mut cases: Vec<Case> = Vec::new();
    for line in text.lines() {
        if let Some(id) = line.strip_prefix("=== ") {
            cases.push(Case {
                id: id.into(),
                remarks: vec![],
                reader: String::new(),
                writer: String::new(),
                verdict: vec![],
            });
            continue;
        }
        let Some(case) = cases.last_mut() else { panic!("{}: no case yet", path.display()) };
        if let Some(remark) = line.strip_prefix("# ") {
            case.remarks.push(remark.into());
        } else if let Some(reader) = line.strip_prefix("reader: ") {
            case.reader = reader.into();
        } else if let Some(writer) = line.strip_prefix("writer: ") {
            case.writer = writer.into();
        } else if !line.trim().is_empty() {
            case.verdict.push(line.trim().into());
        }
    }
    cases
}

/// Writes a file of cases.
#[expect(clippy::disallowed_methods, reason = "test data")]
pub fn write(path: &Path, cases: &[Case]) {
    let blocks: Vec<String> = cases.iter().map(block).collect();
    std::fs::write(path, blocks.join("\n")).expect("a file of cases can be written");
}

fn block(case: &Case) -> String {
    let mut lines = vec![format!("=== {}", case.id)];
    lines.extend(case.remarks.iter().map(|remark| format!("# {remark}")));
    lines.push(format!("reader: {}", case.reader));
    lines.push(format!("writer: {}", case.writer));
    let indent = |(index, line): (usize, &String)| {
        if index == 0 { line.clone() } else { format!("  {line}") }
    };
    lines.extend(case.verdict.iter().enumerate().map(indent));
    lines.join("\n") + "\n"
}
