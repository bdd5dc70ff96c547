//! The corpus of the batch's fuzz target as a plain test.

#[path = "../../fuzz/fuzz_targets/batch/property.rs"]
#[allow(unreachable_pub, reason = "shared with the fuzzer")]
mod property;

#[test]
#[allow(clippy::disallowed_methods, reason = "a test reads files of the repository")]
fn every_batch_of_the_corpus_is_read_or_refused() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../fuzz/corpus/batch");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        property::holds(&bytes);
        for bit in 0..bytes.len().min(200) * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            property::holds(&flipped);
        }
        count += 1;
    }
    assert!(count >= 10, "the corpus is there: {count}");
}
