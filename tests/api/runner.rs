//! Runs cases, several at once, and names each one that fails.

use std::{
    fmt::Write as _,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::{
    case::{Case, Step},
    document,
    exchange::{Answer, Request},
    parse,
    target::{Start, Target},
};

/// Cases at once: most of a case is waiting.
const WORKERS: usize = 4;

/// Differences shown of one case.
const SHOWN: usize = 5;

/// Every case.
pub(crate) fn all(_: &Case) -> bool {
    true
}

/// Every case that memory will do for.
pub(crate) fn without_files(case: &Case) -> bool {
    !case.on_disk
}

/// Runs the wanted cases, each over a server of its own; fails with all differences at once.
/// `CASE=part/of/name` runs only those.
pub(crate) fn check(wanted: fn(&Case) -> bool, start: Start) {
    let named = std::env::var("CASE").unwrap_or_default();
    let is_named = |case: &Case| case.path.to_string_lossy().contains(&named);
    let cases: Vec<Case> =
        parse::all().into_iter().filter(|case| wanted(case) && is_named(case)).collect();
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let said = catch_unwind(AssertUnwindSafe(|| run(case, start)));
                    let said =
                        said.unwrap_or_else(|_| vec!["the test itself panicked\n".to_owned()]);
                    if !said.is_empty() {
                        failed.lock().unwrap().push(report(case, &said));
                    }
                }
            });
        }
    });
    let mut failed = failed.into_inner().unwrap();
    failed.sort();
    let (count, total) = (failed.len(), cases.len());
    assert!(failed.is_empty(), "{count} of {total} cases fail:\n\n{}", failed.join("\n"));
}

/// What was said about a case; after the first lines the rest mostly follows from them.
fn report(case: &Case, said: &[String]) -> String {
    let mut report = format!("{}\n{}", case.path.display(), said[..said.len().min(SHOWN)].concat());
    if said.len() > SHOWN {
        writeln!(report, "and {} more", said.len() - SHOWN).unwrap();
    }
    report
}

/// One case from its beginning to its end; what was said about it.
fn run(case: &Case, start: Start) -> Vec<String> {
    let mut target = start(&case.settings);
    let mut said = Vec::new();
    let mut asked: Vec<Request> = Vec::new();
    for step in &case.steps {
        match step {
            Step::Exchange(exchange) => {
                let answer = target.answer(&exchange.request);
                let mut differences = exchange.expected.differences(&answer);
                differences.extend(document::complaint(&exchange.request, &answer));
                if !differences.is_empty() {
                    let Request { method, path, .. } = &exchange.request;
                    said.push(format!("line {}: {method} {path}\n{differences}", exchange.line));
                }
                if is_lasting(&exchange.request) && !asked.contains(&exchange.request) {
                    asked.push(exchange.request.clone());
                }
            }
            Step::Reopen(ending) => {
                let before = answers(target.as_mut(), &asked);
                target.reopen(*ending);
                let after = answers(target.as_mut(), &asked);
                for (request, (before, after)) in asked.iter().zip(before.into_iter().zip(after)) {
                    if (before.status, &before.body) != (after.status, &after.body) {
                        let (before, after) = (before.text(), after.text());
                        let path = &request.path;
                        let lines = format!("  before  {before}\n  after   {after}\n");
                        said.push(format!("reopened: GET {path}\n{lines}"));
                    }
                }
            }
        }
    }
    said
}

fn answers(target: &mut dyn Target, requests: &[Request]) -> Vec<Answer> {
    requests.iter().map(|request| target.answer(request)).collect()
}

/// Whether the answer lives in the logs.
fn is_lasting(request: &Request) -> bool {
    let lasting = ["/subjects", "/schemas", "/config", "/mode", "/v1"];
    request.method == "GET" && lasting.iter().any(|start| request.path.starts_with(start))
}
