//! The pages of the error codes: one for each code and none more, in one form, true where a machine
//! can tell, and an index of them.

use std::fmt::Write as _;
use std::path::Path;

use harness::repository;
use openapi::error::ErrorCode;
use registry::cli::page;

use crate::documents::{Marks, with_part};
use crate::none;

const FOLDER: &str = "docs/errors";
const INDEX: &str = "docs/errors/README.md";
const MARKS: Marks =
    Marks { begin: "<!-- codes: written by `make bless` -->\n", end: "<!-- end of codes -->\n" };

const SECTIONS: [&str; 3] = ["What happened", "Why", "What to do"];

/// The words of a page whose code nothing in the service answers.
const UNANSWERED: &str = "Syngraph does not answer it yet";

/// What follows the code in a page's title.
fn name(code: u32, text: &str) -> Option<&str> {
    let title = text.lines().next()?;
    title.strip_prefix(&format!("# {code} ")).filter(|name| !name.trim().is_empty())
}

/// Where a page leaves the form that all have.
fn form(code: u32, status: u16, text: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    if name(code, text).is_none() {
        complaints.push(format!("{code}: the title is not `# {code}` and a name"));
    }
    let sections: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    if sections != SECTIONS {
        complaints.push(format!("{code}: the sections are {sections:?}"));
    }
    let told = text.split_once("\n## What happened\n\nHTTP ").map(|(_, rest)| number(rest));
    if told != Some(status.to_string().as_str()) {
        complaints.push(format!("{code}: does not begin with HTTP {status}"));
    }
    complaints
}

/// The digits that a text begins with.
fn number(text: &str) -> &str {
    text.split(|at: char| !at.is_ascii_digit()).next().unwrap_or_default()
}

/// Codes that a page names and that there are not. Codes of five digits begin with 4 or 5.
fn strangers(code: u32, text: &str, known: &[u32]) -> Vec<String> {
    let numbers = text.split(|at: char| !at.is_ascii_digit());
    let codes = numbers.filter(|digits| digits.len() == 5 && digits.starts_with(['4', '5']));
    codes
        .filter(|digits| known.iter().all(|known| known.to_string() != **digits))
        .map(|digits| format!("{code}: there is no code {digits}"))
        .collect()
}

/// Paths in a page's commands that no route has.
fn paths(code: u32, text: &str, routes: &[&str]) -> Vec<String> {
    let shown = text.split("localhost:8081").skip(1);
    let path = |rest: &'_ str| rest.find(|at: char| " \n'?`".contains(at)).unwrap_or(rest.len());
    shown
        .map(|rest| &rest[..path(rest)])
        .filter(|path| !routes.iter().any(|route| is_of(path, route)))
        .map(|path| format!("{code}: there is no path {path}"))
        .collect()
}

fn is_of(path: &str, route: &str) -> bool {
    let (path, route) = (path.split('/'), route.split('/'));
    path.clone().count() == route.clone().count()
        && path.zip(route).all(|(segment, wanted)| wanted.starts_with('{') || segment == wanted)
}

/// A page that says its code is not answered, although the service names the code.
fn unanswered(code: ErrorCode, text: &str, service: &str) -> Option<String> {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let named = service.contains(&format!("ErrorCode::{code:?}"));
    (words.contains(UNANSWERED) && named).then(|| format!("{}: it is answered", code.code()))
}

/// Files of the folder that are no page of a code.
fn lost(files: &[&str], known: &[u32]) -> Vec<String> {
    let is_page = |file: &str| known.iter().any(|code| file == format!("{FOLDER}/{code}.md"));
    let lost = files.iter().filter(|file| **file != INDEX && !is_page(file));
    lost.map(|file| format!("{file}: no code has this page")).collect()
}

/// The index, as it follows from the titles.
fn index<'a>(pages: impl Iterator<Item = (ErrorCode, &'a str)>) -> String {
    let mut text = "\n| code | HTTP | name |\n| --- | --- | --- |\n".to_owned();
    for (code, page) in pages {
        let (code, status) = (code.code(), code.status());
        let name = name(code, page).unwrap_or_default();
        writeln!(text, "| [{code}]({code}.md) | {status} | {name} |").unwrap();
    }
    text.push('\n');
    text
}

fn known() -> Vec<u32> {
    ErrorCode::ALL.iter().map(|code| code.code()).collect()
}

fn pages() -> impl Iterator<Item = (ErrorCode, &'static str)> {
    ErrorCode::ALL.iter().map(|code| (*code, page(*code)))
}

/// All that the service is made of, without the table of pages and the examples in the document of
/// the API, which name every code.
fn service() -> String {
    let files = repository::files().into_iter().filter(|path| {
        path.starts_with("registry/src")
            && path.extension().is_some_and(|end| end == "rs")
            && !path.ends_with("cli/pages.rs")
            && !path.starts_with("registry/src/http/document")
    });
    files.map(repository::read).collect()
}

#[test]
fn every_code_has_its_page_and_every_page_its_code() {
    let folder = Path::new(FOLDER);
    let files: Vec<_> =
        repository::files().into_iter().filter(|path| path.starts_with(folder)).collect();
    let files: Vec<_> = files.iter().filter_map(|path| path.to_str()).collect();
    none(&lost(&files, &known()));
    for (code, page) in pages() {
        let path = folder.join(format!("{}.md", code.code()));
        assert!(repository::read(&path) == page, "{}: another page is built in", path.display());
    }
}

#[test]
fn every_page_has_the_form_of_all() {
    none(&pages().flat_map(|(it, text)| form(it.code(), it.status(), text)).collect::<Vec<_>>());
}

#[test]
fn pages_name_what_there_is() {
    let (known, service) = (known(), service());
    let table = registry::http::table();
    let routes: Vec<_> = table.iter().map(|route| route.path).collect();
    let of = |(code, text): (ErrorCode, &str)| {
        let mut complaints = strangers(code.code(), text, &known);
        complaints.extend(paths(code.code(), text, &routes));
        complaints.extend(unanswered(code, text, &service));
        complaints
    };
    none(&pages().flat_map(of).collect::<Vec<_>>());
}

#[test]
fn index_is_that_of_the_pages() {
    let document = repository::read(INDEX);
    let current = with_part(&document, &MARKS, &index(pages())).expect("it has the two marks");
    if std::env::var_os("BLESS").is_some() {
        repository::write(INDEX, &current);
    }
    assert!(repository::read(INDEX) == current, "`make bless` writes {INDEX}");
}

#[test]
fn each_lie_is_found() {
    let good = "# 40401 Lost\n\n## What happened\n\nHTTP 404, so.\n\n## Why\n\n## What to do\n";
    assert!(form(40401, 404, good).is_empty());
    for (right, wrong) in [
        ("# 40401 ", "# 40402 "),
        (" Lost", " "),
        ("HTTP 404", "HTTP 4041"),
        ("HTTP 404", "The status is 404"),
        ("## Why\n\n", ""),
        ("## Why", "## Whence"),
        ("## Why", "## What to do\n\n## Why"),
    ] {
        assert_eq!(form(40401, 404, &good.replacen(right, wrong, 1)).len(), 1, "{wrong}");
    }
    assert_eq!(strangers(409, "see 40999", &[409, 40901]), ["409: there is no code 40999"]);
    assert!(strangers(409, "see 40901, after 30000 or 2147483647", &[409, 40901]).is_empty());
    let routes = ["/subjects", "/subjects/{subject}"];
    let commands = "curl localhost:8081/subjects\ncurl 'localhost:8081/subjects/s?deleted=true'\n";
    assert!(paths(409, commands, &routes).is_empty());
    assert_eq!(
        paths(409, "curl localhost:8081/subject -i; curl localhost:8081/subjects/s/t", &routes),
        ["409: there is no path /subject", "409: there is no path /subjects/s/t"]
    );
    let page = "Syngraph does\nnot answer it yet.";
    let code = ErrorCode::SchemaNotFound;
    assert!(unanswered(code, page, "ErrorCode::SchemaNotFound").is_some());
    assert!(unanswered(code, page, "ErrorCode::VersionNotFound").is_none());
    assert!(unanswered(code, "HTTP 404", "ErrorCode::SchemaNotFound").is_none());
    let files = [INDEX, "docs/errors/409.md", "docs/errors/410.md", "docs/errors/notes.txt"];
    assert_eq!(lost(&files, &[409]).len(), 2);
    let line = "| [40403](40403.md) | 404 | Lost |\n";
    assert!(index([(code, "# 40403 Lost\n")].into_iter()).contains(line));
}
