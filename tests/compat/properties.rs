//! What holds of every schema and every pair, tried on random ones.

use harness::cases;
use harness::java::Oracle;
use schema_avro::{Rules, Schema, Verdict, check, parse};
use serde_json::{Value, json};

use crate::differences;
use crate::generate::Generator;
use crate::pairs::verdict;

const PAIRS: u64 = 1500;
const DATA_PER_PAIR: u32 = 20;

fn schema(text: &str) -> Schema {
    parse(text, &[], Rules::AVRO.with_defaults_checked(false)).unwrap()
}

/// A schema and the same with a few changes, if that is still legal.
fn pair(seed: u64) -> Option<(String, String)> {
    let mut generator = Generator::new(seed);
    let writer = generator.schema();
    let mut reader = writer.clone();
    for _ in 0..generator.random.usize(1..4) {
        reader = generator.change(&reader);
    }
    let legal = |text: &str| parse(text, &[], Rules::AVRO).is_ok();
    let pair = (reader.to_string(), writer.to_string());
    (legal(&pair.0) && legal(&pair.1)).then_some(pair)
}

#[test]
fn printing_is_idempotent_and_every_schema_reads_itself() {
    for seed in 0..PAIRS {
        let parsed = schema(&Generator::new(seed).schema().to_string());
        let canonical = parsed.canonical();
        assert_eq!(schema(&canonical).canonical(), canonical);
        assert!(check(&parsed, &parsed).is_compatible(), "{canonical}");
        if let Ok(normalized) = parsed.normalized() {
            assert_eq!(schema(&normalized).normalized().as_ref(), Ok(&normalized));
            assert!(check(&schema(&normalized), &parsed).is_compatible(), "{canonical}");
        }
    }
}

#[test]
fn random_pairs_have_the_verdict_of_avro_java_and_their_data_decodes() {
    let Some(mut oracle) = Oracle::start() else { return };
    let pairs: Vec<(String, String)> = (0..PAIRS).filter_map(pair).collect();
    assert!(pairs.len() > 1000, "the changes leave enough schemas legal: {}", pairs.len());
    let questions: Vec<Value> = pairs
        .iter()
        .map(|(reader, writer)| json!({"ask": "check", "reader": reader, "writer": writer}))
        .collect();
    let mut compatible = Vec::new();
    for ((reader, writer), answer) in pairs.iter().zip(oracle.ask(&questions)) {
        let found = check(&schema(reader), &schema(writer));
        assert_eq!(ours(&found), verdict(&answer), "reader: {reader}\nwriter: {writer}");
        if found.is_compatible() {
            compatible.push((String::new(), reader.clone(), writer.clone()));
        }
    }
    assert!(compatible.len() > 100, "some pairs are compatible: {}", compatible.len());
    let cases = cases::all().into_iter().filter(|case| case.verdict == ["compatible"]);
    compatible.extend(cases.map(|case| (case.id, case.reader, case.writer)));
    decodes(&mut oracle, &compatible);
}

/// Compatible means: whatever the writer writes, the reader reads.
fn decodes(oracle: &mut Oracle, pairs: &[(String, String, String)]) {
    let questions: Vec<Value> = pairs
        .iter()
        .map(|(_, reader, writer)| {
            json!({"ask": "decode", "reader": reader, "writer": writer,
                   "count": DATA_PER_PAIR, "seed": 7})
        })
        .collect();
    let mut failures = Vec::new();
    for ((id, reader, writer), answer) in pairs.iter().zip(oracle.ask(&questions)) {
        let named = differences::NOT_DECODED.iter().any(|(named, _)| named == id);
        if named == answer["threw"].is_null() {
            failures.push(format!("{id}\nreader: {reader}\nwriter: {writer}\n{answer}"));
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

fn ours(found: &Verdict) -> Vec<String> {
    match found {
        Verdict::Failed(why) => vec![format!("fails: {why}")],
        Verdict::Findings(findings) if findings.is_empty() => vec!["compatible".into()],
        Verdict::Findings(findings) => std::iter::once("incompatible".into())
            .chain(findings.iter().map(|it| format!("{} {} | {}", it.rule, it.path, it.detail)))
            .collect(),
    }
}
