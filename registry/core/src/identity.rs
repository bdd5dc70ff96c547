//! When two schemas are the same: equal MD5 over text, references, metadata and rules.
//! The algorithm is upstream's, byte for byte, because ids and GUIDs hang on it (`registry-api`
//! 2.2): no separators, no lengths, nulls skipped, an empty object differs from an absent one.

mod lanes;

use std::{fmt, str::FromStr};

use md5::{Digest, Md5};
use openapi::contracts::{Metadata, Reference, Rule, RuleSet};
use thiserror::Error;

/// The identity of a schema within a context.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 16]);

impl fmt::Display for Hash {
    /// As a UUID: a schema's GUID.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.0.iter().enumerate() {
            if matches!(at, 4 | 6 | 8 | 10) {
                out.write_str("-")?;
            }
            write!(out, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl FromStr for Hash {
    type Err = NoHash;

    /// Reads 32 hexadecimal digits, or the same as a UUID: a schema's GUID.
    fn from_str(text: &str) -> Result<Self, NoHash> {
        let digits = match text.split('-').map(str::len).collect::<Vec<_>>()[..] {
            [8, 4, 4, 4, 12] => text.replace('-', ""),
            _ => text.to_owned(),
        };
        let is_hex = digits.len() == 32 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        let number = u128::from_str_radix(&digits, 16).ok().filter(|_| is_hex);
        number.map(|number| Self(number.to_be_bytes())).ok_or(NoHash)
    }
}

/// Why a text is no hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("neither 32 hexadecimal digits nor a UUID")]
pub struct NoHash;

/// The identity of a text with what it carries.
pub fn hash(
    text: &str,
    references: &[Reference],
    metadata: Option<&Metadata>,
    rule_set: Option<&RuleSet>,
) -> Hash {
    let mut md5 = Md5::new();
    md5.update(text);
    for reference in references {
        add(&mut md5, reference.name.as_deref());
        add(&mut md5, reference.subject.as_deref());
        if let Some(version) = reference.version {
            md5.update(version.to_be_bytes());
        }
    }
    if let Some(metadata) = metadata {
        add_metadata(&mut md5, metadata);
    }
    if let Some(rule_set) = rule_set {
        add_rule_set(&mut md5, rule_set);
    }
    Hash(md5.finalize().into())
}

/// The identities of texts that carry nothing, in less time than one after the other.
pub fn hash_texts(texts: &[&str]) -> Vec<Hash> {
    let texts: Vec<&[u8]> = texts.iter().map(|text| text.as_bytes()).collect();
    lanes::digests(&texts).into_iter().map(Hash).collect()
}

fn add(md5: &mut Md5, text: Option<&str>) {
    md5.update(text.unwrap_or_default());
}

fn add_sorted(md5: &mut Md5, texts: Option<&Vec<String>>) {
    let mut sorted: Vec<&String> = texts.into_iter().flatten().collect();
    sorted.sort();
    sorted.dedup();
    for text in sorted {
        md5.update(text);
    }
}

fn add_metadata(md5: &mut Md5, metadata: &Metadata) {
    md5.update([1]);
    for (path, tags) in metadata.tags.iter().flatten() {
        md5.update(path);
        add_sorted(md5, Some(tags));
    }
    for (key, value) in metadata.properties.iter().flatten() {
        md5.update(key);
        md5.update(value);
    }
    add_sorted(md5, metadata.sensitive.as_ref());
}

fn add_rule_set(md5: &mut Md5, rules: &RuleSet) {
    md5.update([1]);
    let groups = [&rules.migration_rules, &rules.domain_rules, &rules.encoding_rules];
    for rule in groups.into_iter().flatten().flatten() {
        add_rule(md5, rule);
    }
    add(md5, rules.enable_at.as_deref());
}

fn add_rule(md5: &mut Md5, rule: &Rule) {
    for text in [&rule.name, &rule.doc, &rule.kind, &rule.mode, &rule.executor] {
        add(md5, text.as_deref());
    }
    add_sorted(md5, rule.tags.as_ref());
    for (key, value) in rule.params.iter().flatten() {
        md5.update(key);
        md5.update(value);
    }
    for text in [&rule.expr, &rule.on_success, &rule.on_failure] {
        add(md5, text.as_deref());
    }
    if rule.disabled {
        md5.update([1]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"type":"record","name":"myrecord","fields":[{"type":"string","default":null,"name":"f"}]}"#;

    #[test]
    fn hashes_are_upstreams() {
        let bare = hash(TEXT, &[], None, None);
        assert_eq!(bare.to_string(), "1d20cbb9-e5e3-5e97-54e7-da170b6e5ddb");
        let rule = Rule {
            kind: Some("TRANSFORM".into()),
            mode: Some("WRITEREAD".into()),
            ..Rule::default()
        };
        let rules = RuleSet { domain_rules: Some(vec![rule]), ..RuleSet::default() };
        let full = hash(TEXT, &[], Some(&Metadata::default()), Some(&rules));
        assert_eq!(full.to_string(), "16f1eca5-ebf9-22b3-da80-212f8fa7342e");
    }
}
