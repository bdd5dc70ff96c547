//! The configuration file: TOML, whose keys are ours or Confluent's dotted ones.
//! Invariant: an unknown key is an error, for a typing mistake must not become a default.

use toml::{Table, Value};

use super::inputs::FileText;
use super::keys::KEYS;
use super::nearest::nearest;
use super::problem::Problem;
use super::upstream;
use super::values::{Origin, Said, Sentence};

/// Every key of the file that somebody knows; the others become problems.
pub(super) fn read(file: &FileText, problems: &mut Vec<Problem>) -> Vec<Sentence> {
    let table = match file.text.parse::<Table>() {
        Ok(table) => table,
        Err(error) => {
            let message = format!("{}: {}", file.path.display(), error.to_string().trim_end());
            problems.push(Problem::Toml(message));
            return Vec::new();
        }
    };
    let mut sentences = Vec::new();
    flatten("", &table, &mut sentences);
    sentences.retain(|sentence| is_known(&sentence.name, problems));
    sentences
}

/// Dotted keys are tables to TOML and names to us.
fn flatten(prefix: &str, table: &Table, sentences: &mut Vec<Sentence>) {
    for (key, value) in table {
        let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            Value::Table(inner) => flatten(&name, inner, sentences),
            value => {
                let said = Said { text: text(value), origin: Origin::File(name.clone()) };
                sentences.push(Sentence { name, said });
            }
        }
    }
}

/// A list is what Confluent writes with commas.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

fn is_known(name: &str, problems: &mut Vec<Problem>) -> bool {
    if super::keys::find(name).is_some() || upstream::is_known(name) {
        return true;
    }
    let names = KEYS.iter().map(|key| key.name).chain(upstream::names());
    let nearest = nearest(name, names);
    problems.push(Problem::Unknown { name: name.to_owned(), origin: "file", nearest });
    false
}
