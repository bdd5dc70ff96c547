//! All pairs of `tests/cases/avro/compat` in front of Avro Java: verdict, rules, paths, details.

use harness::cases;
use harness::java::Oracle;
use serde_json::{Value, json};

use crate::differences;

#[test]
fn avro_java_says_the_same_of_every_pair() {
    let Some(mut oracle) = Oracle::start() else { return };
    let cases = cases::all();
    let questions: Vec<Value> = cases
        .iter()
        .map(|case| json!({"ask": "check", "reader": case.reader, "writer": case.writer}))
        .collect();
    let mut failures = Vec::new();
    for (case, answer) in cases.iter().zip(oracle.ask(&questions)) {
        let java = verdict(&answer);
        let on_purpose = differences::VERDICTS.iter().any(|(id, _)| *id == case.id);
        if on_purpose == (java == case.verdict) {
            failures.push(format!("{}: Java says {java:#?}\nwe say {:#?}", case.id, case.verdict));
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

/// An answer in the form of the case files.
pub(crate) fn verdict(answer: &Value) -> Vec<String> {
    let Some(findings) = answer["findings"].as_array() else {
        return vec![format!("fails: {}", answer["threw"].as_str().unwrap())];
    };
    if findings.is_empty() {
        return vec!["compatible".into()];
    }
    let line = |found: &Value| {
        let text = |key: &str| found[key].as_str().unwrap().to_owned();
        format!("{} {} | {}", text("type"), text("location"), text("message"))
    };
    std::iter::once("incompatible".into()).chain(findings.iter().map(line)).collect()
}
