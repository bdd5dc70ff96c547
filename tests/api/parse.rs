//! From the text of a file to a case. A mistake in a file ends the test with its place.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{
    case::{Case, Ending, Setting, Step},
    exchange::{Exchange, Request},
    expected::{Body, Expected, status_of},
};

/// Names and the texts they stand for, the newest last.
type Names = Vec<(String, String)>;

/// Reads one file.
pub(crate) fn parse(path: PathBuf, text: &str) -> Case {
    assert!(text.starts_with("# "), "{}: the first line is the title", path.display());
    let mut case = Case { path, settings: Vec::new(), on_disk: false, steps: Vec::new() };
    let mut names: Names = Vec::new();
    let mut repeats: Vec<Names> = vec![Vec::new()];
    for (line, block) in blocks(text) {
        let place = format!("{}:{line}", case.path.display());
        let (word, rest) = block.split_once(' ').unwrap_or((&block, ""));
        match word {
            "set" => {
                let (key, text) = rest.split_once('=').unwrap_or_else(|| panic!("{place}: no ="));
                case.settings.push(Setting { key: key.to_owned(), text: text.to_owned() });
            }
            "on" => case.on_disk = true,
            "let" => {
                let (name, text) =
                    rest.split_once(" = ").unwrap_or_else(|| panic!("{place}: no ="));
                names.push((name.to_owned(), replaced(text, &names, false)));
            }
            "each" => repeats = each(&replaced(rest, &names, false), &place),
            "restart" => case.steps.push(Step::Reopen(Ending::Stopped)),
            "kill" => case.steps.push(Step::Reopen(Ending::Killed)),
            _ => {
                for repeat in std::mem::replace(&mut repeats, vec![Vec::new()]) {
                    let names: Names = names.iter().cloned().chain(repeat).collect();
                    let exchange = exchange(line, &block, &names, &place);
                    case.steps.push(Step::Exchange(Box::new(exchange)));
                }
            }
        }
    }
    case
}

/// The blocks of a file with the lines they begin at. A blank line ends one, and so does the first
/// line of the next.
fn blocks(text: &str) -> Vec<(usize, String)> {
    const WORDS: [&str; 6] = ["set", "on", "let", "each", "restart", "kill"];
    let begins = |line: &str| {
        let word = line.split(' ').next().unwrap_or_default();
        let is_method = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase());
        WORDS.contains(&word)
            || (is_method && [" /", " $"].iter().any(|path| line[word.len()..].starts_with(path)))
    };
    let mut blocks: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.starts_with('#'));
    for (index, line) in lines {
        match (line.trim().is_empty(), begins(line), open) {
            (true, ..) => open = false,
            (false, true, _) => {
                blocks.push((index + 1, line.to_owned()));
                open = true;
            }
            (false, false, true) => {
                let (begun, block) = blocks.last_mut().expect("a block is open");
                let word = block.split(' ').next().unwrap_or_default();
                let is_whole = WORDS.contains(&word) && !line.starts_with(' ');
                assert!(!is_whole, "line {}: what has this to do with line {begun}?", index + 1);
                block.push('\n');
                block.push_str(line);
            }
            (false, false, false) => panic!("line {}: what is this? {line}", index + 1),
        }
    }
    blocks
}

/// `a b: 1 2 | 3 4`; with one name the text between the bars is taken whole.
fn each(text: &str, place: &str) -> Vec<Names> {
    let (names, rows) = text.split_once(": ").unwrap_or_else(|| panic!("{place}: no colon"));
    let names: Vec<&str> = names.split(' ').collect();
    let row = |row: &str| {
        let texts: Vec<&str> = match names.len() {
            1 => vec![row.trim()],
            _ => row.split_whitespace().collect(),
        };
        assert_eq!(names.len(), texts.len(), "{place}: {row}");
        let owned = |(name, text): (&&str, &str)| ((*name).to_owned(), text.to_owned());
        names.iter().zip(texts).map(owned).collect()
    };
    rows.split('|').map(row).collect()
}

/// The parts of a request or an answer, as they are written.
#[derive(Default)]
struct Parts {
    headers: Vec<(String, String)>,
    schema: Option<String>,
    text: Option<String>,
    contains: Vec<String>,
    body: String,
}

fn exchange(line: usize, block: &str, names: &Names, place: &str) -> Exchange {
    let (asked, answered) =
        block.split_once("=>").unwrap_or_else(|| panic!("{place}: what must come back?"));
    let (first, rest) = asked.split_once('\n').unwrap_or((asked, ""));
    let first = replaced(first.trim(), names, false);
    let (method, path) = first.split_once(' ').unwrap_or_else(|| panic!("{place}: no path"));
    let mut request = Request::new(method, path);
    let said = parts(rest, names);
    request.headers = said.headers;
    request.body = match (said.schema, said.body.is_empty()) {
        (None, true) => said.text.map(String::into_bytes),
        (None, false) => Some(replaced(&said.body, names, true).into_bytes()),
        (Some(schema), _) => Some(with_schema(&said.body, schema, names, place).to_string().into()),
    };
    dress(&mut request);
    Exchange { line, request, expected: expected(answered.trim_start(), names, place) }
}

/// A body goes out as the registry's own type unless something else was said.
fn dress(request: &mut Request) {
    const TYPE: &str = "Content-Type";
    let said = request.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(TYPE));
    if request.body.is_some() && !said {
        let kind = "application/vnd.schemaregistry.v1+json";
        request.headers.push((TYPE.to_owned(), kind.to_owned()));
    }
    request.headers.retain(|(_, value)| value != "<none>");
}

fn expected(text: &str, names: &Names, place: &str) -> Expected {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let (number, first) = first.split_once(' ').unwrap_or((first.trim_end(), ""));
    let code: u32 =
        replaced(number, names, false).parse().unwrap_or_else(|_| panic!("{place}: no status"));
    let is_message = code >= 400 && !first.is_empty() && !first.starts_with('{');
    let message = replaced(first.trim(), names, false);
    let said = parts(rest, names);
    let body = format!("{}{}", if is_message { "" } else { first }, said.body);
    let mut expected = match is_message {
        true => Expected::failure(code, &message),
        false => Expected { status: status_of(code), ..Expected::default() },
    };
    expected.headers = said.headers;
    expected.parts = said.contains;
    match (said.schema, said.text, body.trim().is_empty()) {
        (Some(schema), ..) => {
            expected.body = Body::Json(with_schema(&body, schema, names, place));
        }
        (None, Some(text), _) => expected.body = Body::Text(text),
        (None, None, false) => expected.body = Body::Json(json(&body, names, place)),
        (None, None, true) => {}
    }
    expected
}

fn parts(text: &str, names: &Names) -> Parts {
    let mut parts = Parts::default();
    for line in joined(text) {
        match line.split_once(": ").or_else(|| line.strip_suffix(':').map(|name| (name, ""))) {
            Some(("schema", text)) => parts.schema = Some(replaced(text, names, false)),
            Some(("text", text)) => parts.text = Some(replaced(text, names, false)),
            Some(("contains", text)) => parts.contains.push(replaced(text, names, false)),
            Some((name, value)) if is_header(name) => {
                parts.headers.push((name.to_owned(), replaced(value, names, false)));
            }
            _ => {
                parts.body.push_str(&line);
                parts.body.push('\n');
            }
        }
    }
    parts
}

/// The lines of a text, those that begin with a blank joined to the one before.
fn joined(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        match lines.last_mut() {
            Some(last) if line.starts_with(' ') => {
                last.push('\n');
                last.push_str(line);
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

fn is_header(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn with_schema(body: &str, schema: String, names: &Names, place: &str) -> Value {
    let mut object = match body.trim() {
        "" => Value::Object(serde_json::Map::new()),
        body => json(body, names, place),
    };
    object["schema"] = Value::String(schema);
    object
}

fn json(text: &str, names: &Names, place: &str) -> Value {
    let text = replaced(text, names, true);
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{place}: {error} in: {text}"))
}

/// A text with every `$name` replaced, the newest first; within JSON by the escaped text.
fn replaced(text: &str, names: &Names, in_json: bool) -> String {
    let mut text = text.to_owned();
    let mut longest_first: Vec<_> = names.iter().rev().collect();
    longest_first.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    for (name, value) in longest_first {
        let escaped = serde_json::to_string(value).expect("a text has a JSON form");
        let value = if in_json { &escaped[1..escaped.len() - 1] } else { value };
        text = text.replace(&format!("${name}"), value);
    }
    text
}

/// Every case there is.
pub(crate) fn all() -> Vec<Case> {
    let below = Path::new("tests/cases/api");
    let is_case = |path: &PathBuf| {
        path.starts_with(below) && path.extension().is_some_and(|end| end == "case")
    };
    let paths = harness::repository::files().into_iter().filter(is_case);
    let cases: Vec<Case> = paths
        .map(|path| {
            let text = harness::repository::read(&path);
            parse(path, &text)
        })
        .collect();
    assert!(!cases.is_empty(), "no case below {}", below.display());
    cases
}
