//! What Avro Java 1.12.1 printed, hashed and refused for the texts of `tests/cases/avro/print`,
//! against what we do. Every case is run under each set of rules that the file knows.

#![allow(clippy::unwrap_used, reason = "a test may")]

use serde_json::Value;
use syngraph_schema_avro::{ParseError, Rules, Schema, fingerprint, parse};

const CASES: &str = include_str!("../../../../tests/cases/avro/print/cases.json");

/// The rules of a plain parser without default checks: the key `no_default_check`.
const UNCHECKED: Rules = Rules::AVRO.with_defaults_checked(false);

#[test]
fn prints_and_refuses_as_avro_java() {
    let file: Value = serde_json::from_str(CASES).unwrap();
    let mut failures = Vec::new();
    for case in file["cases"].as_array().unwrap() {
        let text = case["schema"].as_str().unwrap();
        let id = case["id"].as_str().unwrap();
        let base = case["message_varies"].as_str();
        for (key, rules) in [
            ("", Rules::AVRO),
            ("no_default_check", UNCHECKED),
            ("as_new", Rules::NEW),
            ("as_stored", Rules::STORED),
        ] {
            let expected = case.get(key).unwrap_or(case);
            let varies = if expected.get("error").is_some() { base } else { None };
            if let Err(error) = check(expected, varies, parse(text, &[], rules)) {
                failures.push(format!("{id} {key}: {error}"));
            }
        }
        if case.get("canonical").is_some() {
            check_prints(case, &parse(text, &[], Rules::AVRO).unwrap(), &mut failures);
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn references_are_names_and_can_be_written_out() {
    let file: Value = serde_json::from_str(CASES).unwrap();
    let mut failures = Vec::new();
    for case in file["with_references"].as_array().unwrap() {
        let references: Vec<&str> =
            case["references"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        let text = case["schema"].as_str().unwrap();
        for (key, rules) in [("", Rules::NEW), ("as_stored", Rules::STORED)] {
            let expected = case.get(key).unwrap_or(case);
            let parsed = parse(text, &references, rules);
            if let (Some(resolved), Ok(schema)) = (expected["resolved"].as_str(), &parsed) {
                same("resolved", resolved, &schema.resolved().unwrap(), &mut failures);
            }
            if let Err(error) = check(expected, None, parsed) {
                failures.push(format!("{} {key}: {error}", case["id"]));
            }
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

fn check(
    expected: &Value,
    varies: Option<&str>,
    found: Result<Schema, ParseError>,
) -> Result<(), String> {
    match (expected["canonical"].as_str(), found) {
        (Some(canonical), Ok(schema)) if schema.canonical() == canonical => Ok(()),
        (None, Err(error)) => {
            let message = expected["error"]["message"].as_str().unwrap();
            // The wording of these differs between versions of Jackson and of the JVM.
            let firm = matches!(varies, Some("jackson" | "jdk"));
            let found = error.to_string();
            if found == message || (firm && found.lines().next() == message.lines().next()) {
                Ok(())
            } else {
                Err(format!("refused with\n  {found}\nnot\n  {message}"))
            }
        }
        (Some(canonical), Ok(schema)) => {
            Err(format!("printed\n  {}\nnot\n  {canonical}", schema.canonical()))
        }
        (Some(_), Err(error)) => Err(format!("refused: {error}")),
        (None, Ok(schema)) => {
            Err(format!("accepted as {}\nnot {}", schema.canonical(), expected["error"]))
        }
    }
}

fn check_prints(case: &Value, schema: &Schema, failures: &mut Vec<String>) {
    let hex =
        |bytes: &[u8]| bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let canonical = schema.canonical();
    let form = schema.parsing_form();
    let rabin = fingerprint::rabin(form.as_bytes());
    for (key, found) in [
        ("text_md5", hex(&fingerprint::md5(canonical.as_bytes()))),
        ("parsing_form", form.clone()),
        ("crc64", format!("{rabin:016x}")),
        ("crc64_le", hex(&rabin.to_le_bytes())),
        ("md5", hex(&fingerprint::md5(form.as_bytes()))),
        ("sha256", hex(&fingerprint::sha256(form.as_bytes()))),
    ] {
        let what = format!("{} {key}", case["id"]);
        same(&what, case[key].as_str().unwrap(), &found, failures);
    }
    let again = parse(&canonical, &[], Rules::AVRO.with_defaults_checked(false)).unwrap();
    same(&format!("{} printed again", case["id"]), &canonical, &again.canonical(), failures);
}

fn same(what: &str, expected: &str, found: &str, failures: &mut Vec<String>) {
    if expected != found {
        failures.push(format!("{what}: {found}, not {expected}"));
    }
}

/// Avro's own cases, where somebody has them: `SYNGRAPH_VECTORS` names the folder that holds
/// `apache-avro`.
#[test]
#[expect(clippy::disallowed_methods, reason = "test data")]
fn parsing_forms_of_the_avro_project() {
    let Some(folder) = std::env::var_os("SYNGRAPH_VECTORS") else { return };
    let file = "apache-avro/share/test/data/schema-tests.txt";
    let text = std::fs::read_to_string(std::path::Path::new(&folder).join(file)).unwrap();
    let mut form = String::new();
    let mut count = 0;
    for (key, value) in here_documents(&text) {
        match key.as_str() {
            "INPUT" => {
                form = parse(&value, &[], Rules::AVRO.with_defaults_checked(false))
                    .unwrap()
                    .parsing_form();
            }
            "canonical" => assert_eq!(form, value),
            "fingerprint" => {
                let fingerprint = fingerprint::rabin(form.as_bytes()).cast_signed();
                assert_eq!(fingerprint.to_string(), value, "{form}");
            }
            _ => {}
        }
        count += 1;
    }
    assert!(count > 60, "{count} values");
}

/// `<<KEY value`, or `<<KEY` and lines up to one that is `KEY`.
fn here_documents(text: &str) -> Vec<(String, String)> {
    let mut lines = text.lines();
    let mut values = Vec::new();
    while let Some(line) = lines.next() {
        let Some(start) = line.strip_prefix("<<") else { continue };
        if let Some((key, value)) = start.split_once(' ') {
            values.push((key.to_owned(), value.trim().to_owned()));
        } else {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != start).collect();
            values.push((start.to_owned(), body.join("\n")));
        }
    }
    values
}
