//! What was said: for each key the text that counts, with its origin.
//! Not here: whether the text makes sense (`check`).
//! Invariant: every key of the table has exactly one entry.

use std::fmt;

use super::keys::{KEYS, Key};
use super::problem::Problem;
use super::upstream;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    Default,
    /// The configuration file, under this name.
    File(String),
    /// The variable of this name.
    Environment(String),
    /// The flag of the key's own name.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => out.write_str("default"),
            Self::File(name) => write!(out, "file, {name}"),
            Self::Environment(name) => write!(out, "environment, {name}"),
            Self::Flag => out.write_str("flag"),
        }
    }
}

/// One value in its user's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The words.
    pub text: String,
    /// Who said them.
    pub origin: Origin,
}

/// One sentence of a layer: a name that may be ours or Confluent's, and what was said of it.
#[derive(Debug)]
pub(super) struct Sentence {
    pub(super) name: String,
    pub(super) said: Said,
}

/// All keys with what was said of each.
#[derive(Debug, Clone)]
pub struct Values {
    entries: Vec<(&'static Key, Said)>,
    foreign: Vec<(String, Said)>,
}

impl Default for Values {
    fn default() -> Self {
        let said = |key: &Key| Said { text: key.default.to_owned(), origin: Origin::Default };
        Self { entries: KEYS.iter().map(|key| (key, said(key))).collect(), foreign: Vec::new() }
    }
}

impl Values {
    /// What counts for a key of the table.
    pub fn of(&self, name: &str) -> &Said {
        let entry = self.entries.iter().find(|(key, _)| key.name == name);
        &entry.expect("every key of the table has an entry, and only those are asked for").1
    }

    /// All, in the table's order.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Key, &Said)> {
        self.entries.iter().map(|(key, said)| (*key, said))
    }

    /// Confluent's keys that were said and set nothing here.
    pub fn foreign(&self) -> &[(String, Said)] {
        &self.foreign
    }

    /// What was said of the Kafka cluster that a registry of Confluent's would live on.
    pub(super) fn kafka_store(&self) -> Option<&(String, Said)> {
        self.foreign
            .iter()
            .find(|(name, said)| upstream::is_kafka_store(name) && !said.text.trim().is_empty())
    }

    /// A later word replaces an earlier one.
    pub(super) fn say(&mut self, key: &Key, said: Said) {
        let entry = self.entries.iter_mut().find(|(known, _)| known.name == key.name);
        entry.expect("every key of the table has an entry").1 = said;
    }

    /// Takes in one layer (the file, or the environment); within it our name beats Confluent's,
    /// and Confluent's new name its old one.
    pub(super) fn hear(
        &mut self,
        layer: Vec<Sentence>,
        problems: &mut Vec<Problem>,
        warnings: &mut Vec<String>,
    ) {
        let (ours, theirs): (Vec<_>, Vec<_>) =
            layer.into_iter().partition(|one| super::keys::find(&one.name).is_some());
        let mut theirs = theirs;
        theirs.sort_by_key(|one| std::cmp::Reverse(upstream::rank(&one.name)));
        for sentence in theirs {
            self.hear_foreign(sentence, problems, warnings);
        }
        for Sentence { name, said } in ours {
            if let Some(key) = super::keys::find(&name) {
                self.say(key, said);
            }
        }
    }

    fn hear_foreign(
        &mut self,
        Sentence { name, said }: Sentence,
        problems: &mut Vec<Problem>,
        warnings: &mut Vec<String>,
    ) {
        match upstream::read(&name, &said.text) {
            upstream::Meaning::Sets(key, Ok(text)) => {
                self.say(key, Said { text, origin: said.origin });
                return;
            }
            upstream::Meaning::Sets(_, Err(reason)) => {
                problems.push(Problem::Value { name: name.clone(), said: said.clone(), reason });
            }
            upstream::Meaning::Refused(reason) => {
                problems.push(Problem::Refused {
                    name: name.clone(),
                    origin: said.origin.clone(),
                    reason,
                });
            }
            upstream::Meaning::Warned(reason) => {
                warnings.push(format!("{name} ({}) {reason}", said.origin));
            }
            upstream::Meaning::Silent => {}
        }
        self.foreign.push((name, said));
    }
}
