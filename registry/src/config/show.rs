//! The configuration in print, each value with its origin; the text is a configuration file that
//! says the same.
//! Invariant: no secret is printed.

use std::fmt::Write as _;

use super::values::{Said, Values};

/// Stands for a secret, whatever its length.
const MASK: &str = "********";

/// Words in a key's name that make its value a secret.
const SECRET_WORDS: &[&str] =
    &["password", "secret", "jaas", "credential", "token", "user.info", "private"];

/// Every key on a line of its own, then Confluent's keys that were said and set nothing.
pub fn show(values: &Values) -> String {
    let mut out = String::new();
    let lines: Vec<_> = values.iter().map(|(key, said)| line(key.name, said)).collect();
    let width = lines.iter().map(|(text, _)| text.len()).max().unwrap_or_default();
    for (text, origin) in &lines {
        let _ = writeln!(out, "{text:width$}  # {origin}");
    }
    if !values.foreign().is_empty() {
        out.push_str("\n# Confluent's keys that were said and have no effect here:\n");
    }
    for (name, said) in values.foreign() {
        let (text, origin) = line(name, said);
        let _ = writeln!(out, "# {text}  # {origin}");
    }
    out
}

fn line(name: &str, said: &Said) -> (String, String) {
    (format!("{name} = {}", value(masked(name, &said.text))), said.origin.to_string())
}

/// Numbers and switches go without quotes, as a person would write them.
fn value(text: String) -> toml::Value {
    if let Ok(number) = text.parse::<i64>() {
        return number.into();
    }
    text.parse::<bool>().map_or_else(|_| text.into(), toml::Value::from)
}

fn masked(name: &str, text: &str) -> String {
    if SECRET_WORDS.iter().any(|word| name.contains(word)) && !text.is_empty() {
        return MASK.to_owned();
    }
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    let Some((_, host)) = rest.rsplit_once('@') else { return text.to_owned() };
    format!("{scheme}://{MASK}@{host}")
}
