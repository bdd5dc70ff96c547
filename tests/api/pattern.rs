//! Texts and JSON values with blanks in them: `<text>`, `<number>`, `<uuid>`, `<any>`.

use serde_json::Value;

const UUID: &str = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

/// How much of a text a blank takes: every length that fits.
type Lengths = fn(&str) -> Vec<usize>;

/// What may stand in a pattern.
const BLANKS: [(&str, Lengths); 3] =
    [("<text>", any_lengths), ("<number>", number_lengths), ("<uuid>", uuid_lengths)];

/// Whether a text is as a pattern says.
pub(crate) fn fits(pattern: &str, text: &str) -> bool {
    let first = BLANKS
        .iter()
        .filter_map(|(name, lengths)| pattern.find(name).map(|place| (place, name.len(), lengths)));
    let Some((place, size, lengths)) = first.min_by_key(|(place, ..)| *place) else {
        return pattern == text;
    };
    let Some(rest) = text.strip_prefix(&pattern[..place]) else { return false };
    lengths(rest).into_iter().any(|length| fits(&pattern[place + size..], &rest[length..]))
}

/// Whether a JSON value is as a pattern says.
pub(crate) fn fits_json(pattern: &Value, value: &Value) -> bool {
    match (pattern, value) {
        (Value::String(pattern), _) if pattern == "<any>" => true,
        (Value::String(pattern), Value::Number(_)) => pattern == "<number>",
        (Value::String(pattern), Value::String(text)) => fits(pattern, text),
        (Value::Array(patterns), Value::Array(values)) => {
            let pairs = patterns.iter().zip(values);
            patterns.len() == values.len() && pairs.into_iter().all(|(p, v)| fits_json(p, v))
        }
        (Value::Object(patterns), Value::Object(values)) => {
            let fitting = |(name, pattern): (&String, &Value)| {
                values.get(name).is_some_and(|value| fits_json(pattern, value))
            };
            patterns.len() == values.len() && patterns.iter().all(fitting)
        }
        _ => pattern == value,
    }
}

fn any_lengths(text: &str) -> Vec<usize> {
    (0..=text.len()).filter(|length| text.is_char_boundary(*length)).collect()
}

fn number_lengths(text: &str) -> Vec<usize> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=digits).collect()
}

fn uuid_lengths(text: &str) -> Vec<usize> {
    let alike = |(byte, form): (u8, u8)| match form {
        b'-' => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    match text.len() >= UUID.len() && text.bytes().zip(UUID.bytes()).all(alike) {
        true => vec![UUID.len()],
        false => Vec::new(),
    }
}

#[test]
fn a_pattern_fits_what_it_describes_and_nothing_else() {
    for (pattern, text) in [
        ("plain", "plain"),
        ("a <text> c", "a b c"),
        ("<text>", ""),
        ("at <number>.", "at 17."),
        ("<uuid>", "1d20cbb9-e5e3-5e97-54e7-da170b6e5ddb"),
    ] {
        assert!(fits(pattern, text), "{pattern}: {text}");
    }
    for (pattern, text) in [("plain", "plain."), ("<number>", "x"), ("<uuid>", "1d20cbb9")] {
        assert!(!fits(pattern, text), "{pattern}: {text}");
    }
    let json = |text| serde_json::from_str::<Value>(text).unwrap();
    assert!(fits_json(&json(r#"{"a":"<any>"}"#), &json(r#"{"a":[1]}"#)));
    assert!(!fits_json(&json(r#"{"a":"<any>"}"#), &json(r#"{"a":1,"b":2}"#)));
    assert!(!fits_json(&json("[1]"), &json("[1,2]")));
}
