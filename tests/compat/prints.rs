//! What we print and refuse, in front of Avro Java: the recorded cases, the schemas of the pairs,
//! random schemas, and those broken in one place.

use fastrand::Rng;
use harness::java::Oracle;
use harness::{cases, repository};
use schema_avro::{ParseError, Rules, Schema, fingerprint, parse};
use serde_json::{Value, json};

use crate::differences;
use crate::generate::Generator;

const RANDOM_SCHEMAS: u64 = 600;
const BROKEN_SCHEMAS: u64 = 1500;

/// Records that refer to each other every which way.
const WEBS: u64 = 3000;

/// A text with its references.
struct Text {
    references: Vec<String>,
    schema: String,
}

#[test]
fn avro_java_prints_and_refuses_the_same() {
    let Some(mut oracle) = Oracle::start() else { return };
    let texts = texts();
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
                failures.push(format!(
                    "{:?} {}\nwe   {ours}\nJava {java}",
                    text.references, text.schema
                ));
            }
        }
        let shown = failures.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
        assert!(failures.is_empty(), "{} of {}:\n{shown}", failures.len(), texts.len());
    }
}

fn texts() -> Vec<Text> {
    let mut texts = recorded();
    for case in cases::all() {
        texts.extend([alone(case.reader), alone(case.writer)]);
    }
    texts.extend((0..RANDOM_SCHEMAS).map(|seed| alone(Generator::new(seed).schema().to_string())));
    texts.extend((0..BROKEN_SCHEMAS).map(broken));
    texts.extend((0..WEBS).map(web));
    texts.extend([300, 332, 333, 334, 400].map(|count| alone(chain(count))));
    texts
}

fn alone(schema: String) -> Text {
    Text { references: vec![], schema }
}

#[expect(clippy::disallowed_methods, reason = "test data")]
fn recorded() -> Vec<Text> {
    let path = repository::root().join("tests/cases/avro/print/cases.json");
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

/// A few named types that refer forward and backward, with defaults that may or may not fit, as
/// one text or spread over references.
fn web(seed: u64) -> Text {
    let mut random = Rng::with_seed(seed);
    let count = random.usize(1..5);
    let mut types: Vec<String> =
        (0..count).map(|index| web_type(&mut random, index, count)).collect();
    if random.bool() {
        types.push(web_type(&mut random, count - 1, count));
    }
    let references =
        if random.bool() { types.split_off(random.usize(..types.len())) } else { vec![] };
    let fields: Vec<String> = types
        .iter()
        .enumerate()
        .map(|(index, schema)| format!(r#"{{"name":"g{index}","type":{schema}}}"#))
        .collect();
    let schema = match random.u8(0..3) {
        0 => format!("[{}]", types.join(",")),
        _ => format!(r#"{{"type":"record","name":"Top","fields":[{}]}}"#, fields.join(",")),
    };
    Text { references, schema }
}

fn web_type(random: &mut Rng, index: usize, count: usize) -> String {
    if random.u8(0..5) == 0 {
        return format!(r#"{{"type":"enum","name":"T{index}","symbols":["A"]}}"#);
    }
    let fields: Vec<String> = (0..random.usize(0..4))
        .map(|field| {
            let name = format!("\"T{}\"", random.usize(..count));
            let other = format!("\"T{}\"", random.usize(..count));
            let schema = match random.u8(0..9) {
                0 => name,
                1 => format!(r#"{{"type":"array","items":{name}}}"#),
                2 => format!(r#"{{"type":"map","values":{name}}}"#),
                3 => format!("[{name},{other}]"),
                4 | 5 => format!(r#"["null",{name}]"#),
                6 if index + 1 < count => web_type(random, index + 1, count),
                7 => format!(r#"{{"type":"array","items":{name},"p":99999999999999999999}}"#),
                _ => "\"int\"".to_owned(),
            };
            let default = match random.u8(0..12) {
                0 => r#","default":{}"#,
                1 => r#","default":null"#,
                2 => r#","default":[]"#,
                3 => r#","default":"A""#,
                4 => r#","default":{"f0":1}"#,
                5 => r#","default":[{}]"#,
                6 => r#","default":{"f0":{},"f1":{"f0":null}}"#,
                _ => "",
            };
            format!(r#"{{"name":"f{field}","type":{schema}{default}}}"#)
        })
        .collect();
    format!(r#"{{"type":"record","name":"T{index}","fields":[{}]}}"#, fields.join(","))
}

/// Records that refer forward, so that the text nests deeper when it is printed.
fn chain(count: usize) -> String {
    let record = |index: usize| {
        let next = if index + 1 == count { "int".into() } else { format!("R{}", index + 1) };
        let fields = format!(r#"[{{"name":"f","type":"{next}"}}]"#);
        format!(
            r#"{{"name":"g{index}","type":{{"type":"record","name":"R{index}","fields":{fields}}}}}"#
        )
    };
    let fields: Vec<String> = (0..count).map(record).collect();
    format!(r#"{{"type":"record","name":"Top","fields":[{}]}}"#, fields.join(","))
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
