//! What we print and refuse, in front of Avro Java: the recorded cases, the schemas of the pairs,
//! random schemas, and those broken in one place.

use harness::java::Oracle;
use harness::{cases, java};
use schema_avro::{ParseError, Rules, Schema, fingerprint, parse};
use serde_json::{Value, json};

use crate::differences;
use crate::generate::Generator;

const RANDOM_SCHEMAS: u64 = 600;
const BROKEN_SCHEMAS: u64 = 1500;

/// A text with its references.
struct Text {
    references: Vec<String>,
    schema: String,
}

#[test]
fn avro_java_prints_and_refuses_the_same() {
    let Some(mut oracle) = Oracle::start() else { return };
    let mut texts = recorded();
    for case in cases::all() {
        texts.extend([alone(case.reader), alone(case.writer)]);
    }
    texts.extend((0..RANDOM_SCHEMAS).map(|seed| alone(Generator::new(seed).schema().to_string())));
    texts.extend((0..BROKEN_SCHEMAS).map(broken));
    let kinds = [
        ("strict", true, Rules::NEW),
        ("utf", true, Rules::AVRO),
        ("utf", false, Rules::AVRO.with_defaults_checked(false)),
    ];
    for (names, defaults, rules) in kinds {
        let questions: Vec<Value> = texts
            .iter()
            .map(|text| {
                json!({"ask": "print", "schema": text.schema, "references": text.references,
                       "names": names, "defaults": defaults})
            })
            .collect();
        let mut failures = Vec::new();
        for (text, answer) in texts.iter().zip(oracle.ask(&questions)) {
            let references: Vec<&str> = text.references.iter().map(String::as_str).collect();
            let ours = answer_of(parse(&text.schema, &references, rules));
            let java = comparable(&answer);
            let varies =
                differences::PRINTS.iter().any(|(differs, _)| text.schema.contains(differs));
            if ours != java && !varies {
                failures.push(format!("{}\nwe   {ours}\nJava {java}", text.schema));
            }
        }
        let shown = failures.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
        assert!(failures.is_empty(), "{} of {}:\n{shown}", failures.len(), texts.len());
    }
}

fn alone(schema: String) -> Text {
    Text { references: vec![], schema }
}

#[expect(clippy::disallowed_methods, reason = "test data")]
fn recorded() -> Vec<Text> {
    let path = java::root().join("tests/cases/avro/print/cases.json");
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let text = |case: &Value| {
        let references = case["references"].as_array().into_iter().flatten();
        Text {
            references: references.map(|text| text.as_str().unwrap().to_owned()).collect(),
            schema: case["schema"].as_str().unwrap().to_owned(),
        }
    };
    ["cases", "with_references"]
        .iter()
        .flat_map(|key| file[key].as_array().unwrap().iter().map(text))
        .collect()
}

/// A random schema with one thing out of place.
fn broken(seed: u64) -> Text {
    let mut generator = Generator::new(seed ^ 0x5eed);
    let mut text = generator.schema().to_string();
    let random = &mut generator.random;
    let words = [
        "\"int\"",
        "\"type\"",
        "\"name\"",
        "\"fields\"",
        "\"record\"",
        "\"default\"",
        "\"f1\"",
        "\"a.R1\"",
        "\"symbols\"",
        "\"namespace\"",
        "null",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "1",
        "\"",
    ];
    let from = words[random.usize(..words.len())];
    let to = words[random.usize(..words.len())];
    let places: Vec<usize> = text.match_indices(from).map(|(at, _)| at).collect();
    if !places.is_empty() {
        let at = places[random.usize(..places.len())];
        text.replace_range(at..at + from.len(), to);
    }
    alone(text)
}

fn answer_of(parsed: Result<Schema, ParseError>) -> Value {
    let hex =
        |bytes: &[u8]| bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    match parsed {
        Ok(schema) => {
            let form = schema.parsing_form();
            let bytes = form.as_bytes();
            json!({
                "canonical": schema.canonical(),
                "resolved": schema.resolved().unwrap(),
                "crc64": format!("{:016x}", fingerprint::rabin(bytes)),
                "md5": hex(&fingerprint::md5(bytes)),
                "sha256": hex(&fingerprint::sha256(bytes)),
                "parsing_form": form,
            })
        }
        Err(error) => comparable(&json!({"refused": error.to_string()})),
    }
}

/// An answer without what varies: the running number of unknown names, and the sentences of the
/// JSON parser and of the virtual machine.
fn comparable(answer: &Value) -> Value {
    let Some(refused) = answer["refused"].as_str() else { return answer.clone() };
    let mut text = refused.to_owned();
    for kind in ["com.fasterxml.jackson", "Cannot invoke"] {
        if text.starts_with(kind) {
            kind.clone_into(&mut text);
        }
    }
    let mut parts = text.split("UnresolvedSchema_");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out += "UnresolvedSchema_";
        out += part.trim_start_matches(|character: char| character.is_ascii_digit());
    }
    json!({"refused": out})
}
