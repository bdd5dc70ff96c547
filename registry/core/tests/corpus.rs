//! The fuzzer's corpus as a plain test, here and everywhere.

#[path = "../../../fuzz/fuzz_targets/record/property.rs"]
#[allow(unreachable_pub, reason = "shared with the fuzzer")]
mod property;

#[test]
#[expect(clippy::disallowed_methods, reason = "test data")]
fn every_entry_of_the_corpus_is_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/record");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the corpus can be listed") {
        let path = entry.expect("an entry of the corpus").path();
        property::holds(&std::fs::read(&path).expect("an entry of the corpus can be read"));
        count += 1;
    }
    assert!(count > 30, "the corpus has {count} entries");
}
