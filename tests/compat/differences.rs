//! Where we differ from Avro Java on purpose, each with the reason.

/// Pairs that Avro Java calls compatible and we do not.
pub(crate) const VERDICTS: [(&str, &str); 2] = [
    (
        "memo-unsound-union",
        "Avro Java remembers a pair as compatible that was so only on the assumption that the \
         pair around it is; data written with the writer then does not decode",
    ),
    ("memo-unsound-deeper", "the same, further down"),
];

/// Compatible pairs whose data Avro Java does not decode all the same.
pub(crate) const NOT_DECODED: [(&str, &str); 1] = [(
    "field-alias-shared",
    "two reader fields are aliases of one writer field: the check allows it, the decoder fills one",
)];

/// Defaults that print otherwise under an older virtual machine.
pub(crate) const PRINTS: [(&str, &str); 3] = [
    ("\"default\":1e23}", "before JDK 19 Java does not print the fewest digits"),
    ("\"default\":2e23}", "the same"),
    ("\"default\":1e-323}", "the same"),
];
