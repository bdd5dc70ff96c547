//! The reader and writer pairs of `tests/cases/avro/compat`: verdict, rules, paths and details.
//! `BLESS=1` writes the verdicts that are missing; one that is there is never overwritten.

#![allow(clippy::unwrap_used, reason = "a test may")]

#[path = "../../../../tests/harness/cases.rs"]
#[allow(dead_code, unreachable_pub, reason = "shared with the tests of the boundary")]
mod cases;

use findings::{Finding, Side};
use syngraph_schema_avro::{Rules, Schema, Verdict, check, parse};

fn schema(text: &str) -> Schema {
    parse(text, &[], Rules::AVRO.with_defaults_checked(false)).unwrap()
}

fn verdict(verdict: &Verdict) -> Vec<String> {
    match verdict {
        Verdict::Failed(why) => vec![format!("fails: {why}")],
        Verdict::Findings(findings) if findings.is_empty() => vec!["compatible".into()],
        Verdict::Findings(findings) => {
            let line =
                |found: &Finding| format!("{} {} | {}", found.rule, found.path, found.detail);
            std::iter::once("incompatible".into()).chain(findings.iter().map(line)).collect()
        }
    }
}

#[test]
fn pairs_have_the_verdicts_of_their_files() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut failures = Vec::new();
    for (path, mut list) in cases::files() {
        for case in &mut list {
            let found = verdict(&check(&schema(&case.reader), &schema(&case.writer)));
            if case.verdict.is_empty() && bless {
                case.verdict = found;
            } else if case.verdict != found {
                failures.push(format!("{}: {found:#?}\nnot {:#?}", case.id, case.verdict));
            }
        }
        if bless {
            cases::write(&path, &list);
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_schema_reads_itself() {
    for case in cases::all() {
        for text in [&case.reader, &case.writer] {
            let schema = schema(text);
            let found = check(&schema, &schema);
            let ambiguous = matches!(found, Verdict::Failed(_));
            assert!(found.is_compatible() || ambiguous, "{}: {found:?}", case.id);
        }
    }
}

/// A pointer leads to something in the text that it is meant for.
#[test]
fn pointers_lead_somewhere() {
    for case in cases::all() {
        let Verdict::Findings(found) = check(&schema(&case.reader), &schema(&case.writer)) else {
            continue;
        };
        let reader: serde_json::Value = serde_json::from_str(&case.reader).unwrap();
        let writer: serde_json::Value = serde_json::from_str(&case.writer).unwrap();
        let mut rest: Vec<Finding> = found;
        while let Some(finding) = rest.pop() {
            assert!(reader.pointer(&finding.reader.pointer).is_some(), "{}: {finding:?}", case.id);
            let other = finding.writer.clone().unwrap();
            assert!(writer.pointer(&other.pointer).is_some(), "{}: {finding:?}", case.id);
            for (text, location) in [(&case.reader, &finding.reader), (&case.writer, &other)] {
                let Some(offset) = location.offset else { continue };
                let here = serde_json::Deserializer::from_str(&text[offset..])
                    .into_iter::<serde_json::Value>()
                    .next();
                let whole: serde_json::Value = serde_json::from_str(text).unwrap();
                assert_eq!(here.unwrap().unwrap(), *whole.pointer(&location.pointer).unwrap());
            }
            rest.extend(finding.causes);
        }
    }
}

#[test]
fn a_lacking_branch_says_why() {
    let reader = r#"["null",{"type":"record","name":"R","fields":[{"name":"a","type":"int"}]}]"#;
    let writer = reader.replace("int", "string");
    let Verdict::Findings(found) = check(&schema(reader), &schema(&writer)) else { panic!() };
    assert_eq!((found.len(), found[0].path.as_str()), (1, "/1"));
    assert_eq!(found[0].reader.pointer, "");
    assert_eq!(found[0].writer.as_ref().unwrap().pointer, "/1");
    let cause = &found[0].causes[..];
    assert_eq!(cause.len(), 1, "{cause:?}");
    assert_eq!(cause[0].reader.pointer, "/1/fields/0/type");
    assert_eq!(cause[0].detail, "reader type: INT not compatible with writer type: STRING");
}

#[test]
fn a_type_that_is_used_twice_is_found_where_it_is_defined() {
    let text = |kind: &str| {
        format!(
            r#"{{"type":"record","name":"R","fields":[{{"name":"u","type":["null",{{"type":"record","name":"N","fields":[{{"name":"x","type":"{kind}"}}]}}]}},{{"name":"d","type":"N"}}]}}"#
        )
    };
    let found = check(&schema(&text("int")), &schema(&text("string")));
    let Verdict::Findings(found) = found else { panic!() };
    assert_eq!(found[1].path, "/fields/0/type");
    assert_eq!(found[1].reader.pointer, "/fields/0/type/1/fields/0/type");
    assert!(found[1].message(Side::Old).contains("of a field in the old schema does not match"));
}
