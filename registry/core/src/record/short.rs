//! The short way for the values that nearly all of a log are: a schema that carries nothing, in the
//! very bytes that upstream and we write. It looks at each byte a few times with nothing in between
//! that the processor must guess, where reading any JSON asks at each byte what comes next.
//! What is written in any other way is not an error here, but nothing that is read: JSON is for it.
//! Invariant: what is read and printed equals what serde reads and prints, which tests hold.

use std::io::Write as _;

use super::SchemaValue;

const QUOTE: u8 = b'"';
const BACKSLASH: u8 = b'\\';
/// What is printed beside the texts, at most.
const PRINTED_BESIDE_MAX: usize = 128;
/// What a processor holds at once.
const WORD_SIZE: usize = 8;

/// Reads the canonical bytes of a SCHEMA value without references, metadata, rules and MD5.
pub(super) fn schema_value(bytes: &[u8]) -> Option<SchemaValue> {
    let rest = bytes.strip_prefix(br#"{"subject":""#)?;
    let (subject, rest) = plain_text(rest)?;
    let (version, rest) = number(rest.strip_prefix(br#","version":"#)?)?;
    let (id, rest) = number(rest.strip_prefix(br#","id":"#)?)?;
    let (schema_type, rest) = match rest.strip_prefix(br#","schemaType":""#) {
        Some(rest) => plain_text(rest).map(|(name, rest)| (Some(name), rest))?,
        None => (None, rest),
    };
    let rest = rest.strip_prefix(br#","schema":""#)?;
    let (escaped, deleted) = match rest.strip_suffix(br#"","deleted":false}"#) {
        Some(escaped) => (escaped, false),
        None => (rest.strip_suffix(br#"","deleted":true}"#)?, true),
    };
    let schema = without_backslashes(escaped)?;
    Some(SchemaValue { subject, version, id, schema_type, schema, deleted, ..Default::default() })
}

/// The canonical bytes of such a value; none of one that carries more, or a control character.
pub(super) fn printed(value: &SchemaValue) -> Option<Vec<u8>> {
    // Without `..`, so that nobody forgets here what a value may carry.
    let SchemaValue {
        subject,
        version,
        id,
        md5,
        schema_type,
        references,
        metadata,
        rule_set,
        schema,
        deleted,
    } = value;
    let refers = references.as_ref().is_some_and(|list| !list.is_empty());
    if refers || md5.is_some() || metadata.is_some() || rule_set.is_some() {
        return None;
    }
    let mut bytes = Vec::with_capacity(PRINTED_BESIDE_MAX + 2 * (subject.len() + schema.len()));
    bytes.extend_from_slice(br#"{"subject":""#);
    push_escaped(&mut bytes, subject)?;
    write!(bytes, r#"","version":{version},"id":{id}"#).ok()?;
    if let Some(schema_type) = schema_type {
        bytes.extend_from_slice(br#","schemaType":""#);
        push_escaped(&mut bytes, schema_type)?;
        bytes.push(QUOTE);
    }
    bytes.extend_from_slice(br#","schema":""#);
    push_escaped(&mut bytes, schema)?;
    write!(bytes, r#"","deleted":{deleted}}}"#).ok()?;
    Some(bytes)
}

/// Adds a text with its quotes and backslashes escaped. A backslash is put before each byte and
/// overwritten where none is needed, so that there is no branch to mispredict.
fn push_escaped(bytes: &mut Vec<u8>, text: &str) -> Option<()> {
    if text.bytes().any(|byte| byte < b' ') {
        return None;
    }
    let start = bytes.len();
    bytes.resize(start + 2 * text.len(), 0);
    let (room, mut length) = (&mut bytes[start..], 0);
    for byte in text.bytes() {
        room[length] = BACKSLASH;
        length += usize::from(byte == QUOTE || byte == BACKSLASH);
        room[length] = byte;
        length += 1;
    }
    bytes.truncate(start + length);
    Some(())
}

/// A text without escapes up to its closing quote.
fn plain_text(bytes: &[u8]) -> Option<(String, &[u8])> {
    let end = bytes.iter().position(|byte| *byte == QUOTE)?;
    let (text, rest) = (&bytes[..end], &bytes[end + 1..]);
    let is_plain = text.iter().all(|byte| *byte >= b' ' && *byte != BACKSLASH);
    let text = str::from_utf8(text).ok().filter(|_| is_plain)?;
    Some((text.to_owned(), rest))
}

/// A number as JSON has it, so small that it fits whatever it is.
fn number(bytes: &[u8]) -> Option<(i64, &[u8])> {
    let end = bytes.iter().position(|byte| !byte.is_ascii_digit())?;
    let (digits, rest) = bytes.split_at(end);
    if !(1..=18).contains(&digits.len()) || (digits[0] == b'0' && digits.len() > 1) {
        return None;
    }
    Some((digits.iter().fold(0, |number, digit| 10 * number + i64::from(digit - b'0')), rest))
}

/// A text all of whose escapes are quotes, which those of compact JSON nearly always are.
fn without_backslashes(escaped: &[u8]) -> Option<String> {
    if !escapes_quotes_only(escaped) {
        return None;
    }
    // The size is exact because the text is kept for as long as the registry runs.
    let mut text = vec![0; escaped.len() - backslashes(escaped)];
    let (mut length, mut read) = (0, 0);
    // A backslash is overwritten by the quote behind it: no branch to mispredict. By words, so that
    // a mask stands in for checking each index.
    for word in escaped.as_chunks::<WORD_SIZE>().0 {
        let Some(room) = text[length..].first_chunk_mut::<WORD_SIZE>() else { break };
        let mut kept = 0;
        for byte in word {
            room[kept % WORD_SIZE] = *byte;
            kept += usize::from(*byte != BACKSLASH);
        }
        (length, read) = (length + kept, read + WORD_SIZE);
    }
    for byte in escaped[read..].iter().filter(|byte| **byte != BACKSLASH) {
        text[length] = *byte;
        length += 1;
    }
    String::from_utf8(text).ok()
}

/// Whether quotes follow backslashes and backslashes precede quotes, and nothing is a control
/// character.
fn escapes_quotes_only(escaped: &[u8]) -> bool {
    let ([first, ..], [.., last]) = (escaped, escaped) else { return true };
    if *first == QUOTE || *last == BACKSLASH || *last < b' ' {
        return false;
    }
    // Without a way out in the middle, sixteen bytes are looked at in one.
    let pairs = escaped.iter().zip(&escaped[1..]);
    pairs.fold(0, |odd, (byte, next)| {
        odd | u8::from((*byte == BACKSLASH) != (*next == QUOTE)) | u8::from(*byte < b' ')
    }) == 0
}

/// How many there are, counted in bytes for as long as these cannot overflow.
fn backslashes(bytes: &[u8]) -> usize {
    let count = |count: u8, byte: &u8| count + u8::from(*byte == BACKSLASH);
    bytes.chunks(usize::from(u8::MAX)).map(|chunk| usize::from(chunk.iter().fold(0, count))).sum()
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select, string::string_regex};

    use super::*;
    use crate::record::json;

    /// What serde reads is right, and what is in canonical bytes is read.
    fn check(bytes: &[u8]) -> bool {
        let short = schema_value(bytes);
        if let Some(short) = &short {
            let long: SchemaValue = serde_json::from_slice(bytes).expect("it was read");
            assert_eq!(*short, long);
            assert_eq!(short.schema.capacity(), short.schema.len());
        }
        short.is_some()
    }

    fn canonical(subject: &str, schema: &str) -> Vec<u8> {
        json::print(&SchemaValue {
            subject: subject.to_owned(),
            version: 7,
            id: 100_001,
            schema: schema.to_owned(),
            ..SchemaValue::default()
        })
    }

    /// Pieces of texts, put together in any order to what serde must be asked about.
    const PIECES: [&str; 19] = [
        "a",
        "é",
        "\u{7f}",
        "😀",
        "\"",
        "\\",
        "\\\"",
        "\\\\",
        "\\n",
        "\\u0041",
        "\\u00e9",
        "\\ud83d\\ude00",
        "\\ud83d",
        "\\u12",
        "\\x",
        "\n",
        "\u{1f}",
        "\",\"schema\":\"",
        "\",\"deleted\":true}",
    ];

    proptest! {
        #[test]
        fn both_ways_agree_about_any_text(pieces in prop::collection::vec(select(&PIECES[..]), 0..12)) {
            let text = pieces.concat();
            check(format!(
                r#"{{"subject":"s","version":1,"id":2,"schema":"{text}","deleted":false}}"#
            ).as_bytes());
            check(format!(
                r#"{{"subject":"{text}","version":1,"id":2,"schemaType":"{text}","schema":"","deleted":true}}"#
            ).as_bytes());
        }

        #[test]
        fn what_we_write_of_plain_schemas_is_read(text in string_regex("[^\\\\\\x00-\\x1f]*").unwrap()) {
            prop_assert!(check(&canonical("é:.x:/", &text)));
        }

        #[test]
        fn both_ways_print_the_same(subject: String, pieces in prop::collection::vec(select(&PIECES[..]), 0..12)) {
            let schema = pieces.concat();
            let types = [None, Some(subject.clone())];
            for (schema_type, deleted) in types.into_iter().zip([false, true]) {
                let (subject, schema) = (subject.clone(), schema.clone());
                let references = Some(Vec::new());
                let value = SchemaValue {
                    subject, version: -1, id: 7, schema_type, schema, deleted, references,
                    ..SchemaValue::default()
                };
                let has_control = |text: &str| text.bytes().any(|byte| byte < b' ');
                let printed = printed(&value);
                prop_assert_eq!(printed.is_none(), has_control(&value.subject) || has_control(&value.schema));
                prop_assert_eq!(printed.unwrap_or_else(|| json::print(&value)), json::print(&value));
            }
        }

        #[test]
        fn a_broken_byte_is_never_read_otherwise(at in any::<prop::sample::Index>(), by: u8) {
            let mut bytes = canonical("sé", "{\"type\":\"é\"}");
            let at = at.index(bytes.len());
            bytes[at] = by;
            check(&bytes);
        }
    }

    #[test]
    fn other_forms_are_left_to_json() {
        let others = [
            r#"{"subject":"a","version":01,"id":2,"schema":"","deleted":false}"#,
            r#"{"subject":"a","version":-1,"id":2,"schema":"","deleted":false}"#,
            r#"{"subject":"a","version":1,"id":9223372036854775808,"schema":"","deleted":false}"#,
            r#"{"subject":"a","version":,"id":2,"schema":"","deleted":false}"#,
            r#"{"subject":"a","version":1,"id":2,"schema":"","deleted":false} "#,
            r#"{"subject": "a","version":1,"id":2,"schema":"","deleted":false}"#,
            r#"{"subject":"a","version":1,"id":2,"references":[],"schema":"","deleted":false}"#,
            r#"{"subject":"a","version":1,"id":2,"schema":"\\","deleted":false}"#,
        ];
        assert!(others.iter().all(|other| !check(other.as_bytes())));
        let read = [
            r#"{"subject":"","version":0,"id":0,"schema":"","deleted":true}"#,
            r#"{"subject":"a","version":1,"id":2,"schemaType":"JSON","schema":"{\"\"}","deleted":false}"#,
        ];
        assert!(read.iter().all(|read| check(read.as_bytes())));
    }

    #[test]
    fn many_backslashes_are_counted() {
        assert!(check(&canonical("a", &"\"".repeat(1000))));
    }
}
