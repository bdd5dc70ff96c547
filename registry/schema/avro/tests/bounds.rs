//! Texts made to hurt: deep, wide, doubling. Each must be answered quickly, on a small stack.

#![allow(clippy::unwrap_used, reason = "a test may")]

use std::thread;

use syngraph_schema_avro::{Rules, Schema, Verdict, check, limits, parse};

/// Half of what a thread gets by default.
const STACK_SIZE: usize = 1 << 20;

fn on_small_stack(test: impl FnOnce() + Send + 'static) {
    thread::Builder::new().stack_size(STACK_SIZE).spawn(test).unwrap().join().unwrap();
}

fn schema(text: &str) -> Schema {
    parse(text, &[], Rules::NEW).unwrap()
}

fn all_texts(schema: &Schema) -> usize {
    let normalized = schema.normalized().unwrap();
    let resolved = schema.resolved().unwrap();
    schema.canonical().len() + normalized.len() + resolved.len() + schema.parsing_form().len()
}

/// Arrays in arrays, `levels` of them.
fn deep(levels: usize, inner: &str) -> String {
    let open = r#"{"type":"array","items":"#.repeat(levels);
    format!("{open}{inner}{}", "}".repeat(levels))
}

#[test]
fn a_thousand_levels_are_legal() {
    on_small_stack(|| {
        let ints = schema(&deep(1000, "\"int\""));
        let longs = schema(&deep(1000, "\"long\""));
        assert!(all_texts(&ints) > 80_000);
        assert!(check(&longs, &ints).is_compatible());
        let Verdict::Findings(found) = check(&ints, &longs) else { panic!() };
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path.matches("/items").count(), 1000);
        assert_eq!(found[0].reader.pointer, found[0].path);
        let error = parse(&deep(1001, "\"int\""), &[], Rules::NEW).unwrap_err();
        assert!(error.message.contains("Document nesting depth (1001)"), "{error}");
    });
}

#[test]
fn a_thousand_levels_of_default_and_property() {
    on_small_stack(|| {
        let value = format!("{}{}", "[".repeat(996), "]".repeat(996));
        let property = format!(r#"{{"type":"record","name":"R","p":{value},"fields":[]}}"#);
        all_texts(&schema(&property));
        let default = format!(
            r#"{{"type":"record","name":"R","fields":[{{"name":"f","type":"int","default":{value}}}]}}"#
        );
        assert!(
            parse(&default, &[], Rules::NEW).unwrap_err().message.starts_with("Invalid default")
        );
        parse(&default, &[], Rules::STORED).unwrap();
    });
}

/// Records that refer forward print each inside of the one before.
#[test]
fn what_prints_too_deep_is_refused() {
    let chain = |count: usize| {
        let record = |index: usize| {
            let next = if index + 1 == count { "int".into() } else { format!("R{}", index + 1) };
            format!(
                r#"{{"type":"record","name":"R{index}","fields":[{{"name":"f","type":"{next}"}}]}}"#
            )
        };
        let records: Vec<String> = (0..count).map(record).collect();
        format!(r#"{{"type":"record","name":"Top","fields":[{}]}}"#, fields(&records))
    };
    on_small_stack(move || {
        all_texts(&schema(&chain(332)));
        let error = parse(&chain(20_000), &[], Rules::NEW).unwrap_err();
        assert!(error.message.contains("StreamWriteConstraints"), "{error}");
        assert!(parse(&chain(334), &[], Rules::STORED).is_err());
    });
}

fn fields(types: &[String]) -> String {
    let field =
        |(index, schema): (usize, &String)| format!(r#"{{"name":"g{index}","type":{schema}}}"#);
    types.iter().enumerate().map(field).collect::<Vec<_>>().join(",")
}

/// Each record uses the one before twice: the tree doubles at every link.
fn doubling(links: usize, leaf: &str) -> String {
    let mut types = vec![format!(
        r#"{{"type":"record","name":"R0","fields":[{{"name":"a","type":"{leaf}"}}]}}"#
    )];
    types.extend((1..=links).map(|index| {
        let before = index - 1;
        format!(
            r#"{{"type":"record","name":"R{index}","fields":[{{"name":"a","type":"R{before}"}},{{"name":"b","type":"R{before}"}}]}}"#
        )
    }));
    format!(r#"{{"type":"record","name":"Top","fields":[{}]}}"#, fields(&types))
}

#[test]
fn doubling_types_stay_small() {
    on_small_stack(|| {
        let ints = schema(&doubling(200, "int"));
        let longs = schema(&doubling(200, "long"));
        let texts = [doubling(100, "int"), doubling(100, "long")];
        assert!(all_texts(&schema(&texts[0])) < 20 * texts[0].len());
        assert!(check(&longs, &ints).is_compatible());
        let Verdict::Findings(found) = check(&ints, &longs) else { panic!() };
        assert_eq!(found.len(), limits::FINDINGS_MAX);
    });
}

#[test]
fn doubling_references_stay_small() {
    let mut references = vec![r#"{"type":"record","name":"R0","fields":[]}"#.to_owned()];
    for index in 1..60 {
        let before = index - 1;
        references.push(format!(
            r#"{{"type":"record","name":"R{index}","fields":[{{"name":"a","type":"R{before}"}},{{"name":"b","type":"R{before}"}}]}}"#
        ));
    }
    on_small_stack(move || {
        let references: Vec<&str> = references.iter().map(String::as_str).collect();
        let schema = parse(r#"["null","R59"]"#, &references, Rules::NEW).unwrap();
        assert_eq!(schema.canonical(), r#"["null","R59"]"#);
        assert!(schema.resolved().unwrap().len() < 10_000);
    });
}

/// Two records whose unions lead to each other, and a default that fits neither, deep down.
#[test]
fn defaults_of_unions_do_not_double() {
    let value = format!("{}1{}", r#"{"f":"#.repeat(300), "}".repeat(300));
    let record = |name: &str, other: &str| {
        format!(
            r#"{{"type":"record","name":"{name}","fields":[{{"name":"f","type":["{name}","{other}"]}}]}}"#
        )
    };
    let text = format!(
        r#"{{"type":"record","name":"Top","fields":[{{"name":"a","type":{}}},{{"name":"b","type":{}}},{{"name":"d","type":["A","B"],"default":{value}}}]}}"#,
        record("A", "B"),
        record("B", "A"),
    );
    on_small_stack(move || {
        let error = parse(&text, &[], Rules::NEW).unwrap_err();
        assert!(error.message.starts_with("Invalid default for field d"), "{error}");
    });
}

/// Cycles of coprime lengths pair up to their product.
#[test]
fn cycles_of_different_length() {
    let cycle = |length: usize| {
        let record = |index: usize| {
            let next = (index + 1) % length;
            format!(
                r#"{{"type":"record","name":"x{index}.N","fields":[{{"name":"n","type":{{"type":"array","items":"x{next}.N"}}}}]}}"#
            )
        };
        let types: Vec<String> = (0..length).map(record).collect();
        format!(r#"{{"type":"record","name":"Top","fields":[{}]}}"#, fields(&types))
    };
    on_small_stack(move || {
        // The reader has one field less, and so one link less.
        let (left, right) = (schema(&cycle(210)), schema(&cycle(211)));
        assert!(check(&left, &right).is_compatible());
    });
}

#[test]
fn wide_unions_and_records() {
    on_small_stack(|| {
        let union = |count: usize, kind: &str| {
            let record = |index: usize| {
                format!(
                    r#"{{"type":"record","name":"R{index}","fields":[{{"name":"a","type":"{kind}"}}]}}"#
                )
            };
            format!("[{}]", (0..count).map(record).collect::<Vec<_>>().join(","))
        };
        let (ints, longs) = (schema(&union(600, "int")), schema(&union(600, "long")));
        assert!(check(&longs, &ints).is_compatible());
        let Verdict::Findings(found) = check(&ints, &longs) else { panic!() };
        assert_eq!(found.len(), 600);
        let record: Vec<String> = (0..20_000).map(|_| "\"int\"".to_owned()).collect();
        let text = format!(r#"{{"type":"record","name":"W","fields":[{}]}}"#, fields(&record));
        let wide = schema(&text);
        assert!(check(&wide, &wide).is_compatible());
        let Verdict::Findings(found) =
            check(&wide, &schema(r#"{"type":"record","name":"W","fields":[]}"#))
        else {
            panic!()
        };
        assert_eq!(found.len(), limits::FINDINGS_MAX);
    });
}

/// Many definitions that lead back and forth.
#[test]
fn webs_of_forward_references() {
    let types: Vec<String> = (0..300)
        .map(|index| {
            let before = if index == 0 { 0 } else { index - 1 };
            let after = (index + 1) % 300;
            format!(
                r#"{{"type":"record","name":"R{index}","fields":[{{"name":"x","type":["null","R{before}"],"default":null}},{{"name":"y","type":["null","R{after}"],"default":null}}]}}"#
            )
        })
        .collect();
    let text = format!(r#"{{"type":"record","name":"Top","fields":[{}]}}"#, fields(&types));
    on_small_stack(move || {
        let error = parse(&text, &[], Rules::NEW).unwrap_err();
        assert!(error.message.contains("StreamWriteConstraints"), "{error}");
    });
}
