//! Whether an answer is the one that a document shows, where `…` stands for any text.

use serde_json::Value;

/// Equal, up to elided texts.
pub(crate) fn is_like(said: &Value, shown: &Value) -> bool {
    match (said, shown) {
        (Value::String(said), Value::String(shown)) => text_is_like(said, shown),
        (Value::Array(said), Value::Array(shown)) => {
            said.len() == shown.len() && said.iter().zip(shown).all(|(a, b)| is_like(a, b))
        }
        (Value::Object(said), Value::Object(shown)) => {
            said.len() == shown.len()
                && shown.iter().all(|(key, b)| said.get(key).is_some_and(|a| is_like(a, b)))
        }
        (said, shown) => said == shown,
    }
}

fn text_is_like(said: &str, shown: &str) -> bool {
    let parts: Vec<_> = shown.split('…').collect();
    let [first, middle @ .., last] = parts.as_slice() else { return said == shown };
    let inner = said.strip_prefix(first).and_then(|rest| rest.strip_suffix(last));
    let Some(mut rest) = inner else { return false };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

#[test]
fn differences_are_seen() {
    let value = |text| serde_json::from_str::<Value>(text).unwrap();
    for (said, shown) in [
        (r#""abc""#, r#""a…c""#),
        (r#""abc""#, r#""ab…""#),
        (r#"{"a":[1,"x"]}"#, r#"{"a":[1,"…"]}"#),
    ] {
        assert!(is_like(&value(said), &value(shown)), "{said} {shown}");
    }
    for (said, shown) in [
        (r#""abc""#, r#""ab""#),
        (r#""abc""#, r#""b…""#),
        (r#""abc""#, r#""a…d""#),
        ("[1]", "[1,2]"),
        (r#"{"a":1,"b":2}"#, r#"{"a":1}"#),
        ("1", r#""1""#),
    ] {
        assert!(!is_like(&value(said), &value(shown)), "{said} {shown}");
    }
}
