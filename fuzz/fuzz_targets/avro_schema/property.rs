//! What holds of any text, fuzzed here and run over the corpus as a plain test.

use syngraph_schema_avro::{Rules, check, parse};

/// Panics if something is wrong with how a text is read.
pub fn holds(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    for rules in [Rules::NEW, Rules::STORED] {
        let Ok(schema) = parse(text, &[], rules) else { continue };
        let canonical = schema.canonical();
        // A schema in print may be refused where it was accepted: an alias or a name without
        // namespace reads back into the enclosing one. What is accepted prints the same.
        if let Ok(again) = parse(&canonical, &[], rules) {
            assert_eq!(again.parsing_form(), schema.parsing_form());
        }
        let _ = schema.normalized();
        let _ = schema.resolved();
        let _ = check(&schema, &schema);
    }
    // The same text as its own reference.
    if let Ok(schema) = parse(text, &[text], Rules::NEW) {
        let _ = (schema.canonical(), schema.normalized(), schema.resolved());
    }
}
