//! The fuzzer's corpus as a plain test, here and everywhere.

#![allow(clippy::unwrap_used, reason = "a test may")]

#[path = "../../../../fuzz/fuzz_targets/avro_schema/property.rs"]
#[allow(unreachable_pub, reason = "shared with the fuzzer")]
mod property;

#[test]
#[expect(clippy::disallowed_methods, reason = "test data")]
fn the_corpus_holds() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fuzz/corpus/avro_schema");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        property::holds(&bytes);
        count += 1;
    }
    assert!(count > 100, "the corpus is there: {count}");
}

/// Texts of the corpus, each with one byte, word or piece changed.
#[test]
#[expect(clippy::disallowed_methods, reason = "test data")]
fn the_corpus_mutated_holds() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../fuzz/corpus/avro_schema");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    let texts: Vec<Vec<u8>> = paths.iter().map(|path| std::fs::read(path).unwrap()).collect();
    let mut random = fastrand::Rng::with_seed(1);
    for _ in 0..20_000 {
        let mut bytes = texts[random.usize(..texts.len())].clone();
        for _ in 0..random.usize(1..4) {
            let at = random.usize(..=bytes.len());
            match random.u8(0..4) {
                0 if at < bytes.len() => bytes[at] = b"{}[]\",:0-1.eu\\/ n"[random.usize(..17)],
                1 if at < bytes.len() => drop(bytes.remove(at)),
                2 => bytes.insert(at, b"{}[]\",:0-1.eu\\/ n"[random.usize(..17)]),
                _ => {
                    let other = &texts[random.usize(..texts.len())];
                    let from = random.usize(..=other.len());
                    let piece = other[from..other.len().min(from + 40)].to_vec();
                    bytes.splice(at..at, piece);
                }
            }
        }
        property::holds(&bytes);
    }
}
