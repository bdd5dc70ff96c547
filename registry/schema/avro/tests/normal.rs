//! Normalized texts: the cases of `tests/cases/avro/normal`, and the side effects by name.

#![allow(clippy::unwrap_used, reason = "a test may")]

use serde_json::Value;
use syngraph_schema_avro::{Rules, parse};

const CASES: &str = include_str!("../../../../tests/cases/avro/normal/cases.json");

fn normalized(text: &str) -> Option<String> {
    let schema = parse(text, &[], Rules::AVRO.with_defaults_checked(false)).unwrap();
    schema.normalized().ok()
}

#[test]
fn normalizes_as_the_incumbent() {
    let file: Value = serde_json::from_str(CASES).unwrap();
    for case in file["cases"].as_array().unwrap() {
        let text = case["schema"].as_str().unwrap();
        assert_eq!(normalized(text).as_deref(), case["normalized"].as_str(), "{text}");
    }
}

#[test]
fn side_effects() {
    for (text, expected) in [
        // An empty doc of a type is lost, that of a field stays; an error becomes a record.
        (
            r#"{"type":"error","name":"E","doc":"","fields":[{"name":"f","type":"int","doc":""}]}"#,
            r#"{"type":"record","name":"E","fields":[{"name":"f","type":"int","doc":""}]}"#,
        ),
        // A valid logical type comes first, an explicit scale of zero stays where it sorts.
        (
            r#"{"type":"bytes","a":1,"scale":0,"precision":4,"logicalType":"decimal"}"#,
            r#"{"type":"bytes","logicalType":"decimal","precision":4,"a":1,"scale":0}"#,
        ),
        // A default that the first branch cannot hold is lost.
        (
            r#"{"type":"record","name":"R","fields":[{"name":"f","type":["null","int"],"default":4}]}"#,
            r#"{"type":"record","name":"R","fields":[{"name":"f","type":["null","int"]}]}"#,
        ),
        // Aliases are sorted by their full names.
        (
            r#"{"type":"record","name":"a.R","aliases":["z.A","b","c.B"],"fields":[]}"#,
            r#"{"type":"record","name":"R","namespace":"a","fields":[],"aliases":["b","c.B","z.A"]}"#,
        ),
        // A type without namespace slips into the enclosing one.
        (
            r#"{"type":"record","name":"a.R","fields":[{"name":"f","type":{"type":"fixed","name":"F","namespace":"","size":1}}]}"#,
            r#"{"type":"record","name":"R","namespace":"a","fields":[{"name":"f","type":{"type":"fixed","name":"F","size":1}}]}"#,
        ),
    ] {
        assert_eq!(normalized(text).as_deref(), Some(expected));
    }
}

#[test]
fn references_stay_names() {
    let reference = r#"{"type":"enum","name":"x.E","symbols":["A"]}"#;
    let text = r#"{"fields":[{"type":"x.E","name":"f","p":1,"a":2}],"name":"R","type":"record"}"#;
    let schema = parse(text, &[reference], Rules::NEW).unwrap();
    assert_eq!(
        schema.normalized().unwrap(),
        r#"{"type":"record","name":"R","fields":[{"name":"f","type":"x.E","a":2,"p":1}]}"#
    );
}

/// Of a key that comes twice the last value wins, at the place of the first; also among many.
#[test]
fn repeated_keys() {
    for count in [3, 15, 16, 17, 40] {
        let key = |index: usize| format!("\"k{index}\":{index}");
        let keys: Vec<String> = (0..count).map(key).collect();
        let text = format!(r#"{{"type":"int",{},"k1":"last","new":0,"k2":"x"}}"#, keys.join(","));
        let printed = parse(&text, &[], Rules::NEW).unwrap().canonical();
        let expected = format!(r#"{{"type":"int",{},"new":0}}"#, keys.join(","))
            .replace("\"k1\":1,", "\"k1\":\"last\",")
            .replace("\"k2\":2,", "\"k2\":\"x\",");
        assert_eq!(printed, expected);
    }
}
