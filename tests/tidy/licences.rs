//! The dependency policy of deny.toml without its tool: licences, sources, duplicates.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use toml::Table;

use harness::repository;

use crate::{metadata, none};

fn policy() -> Table {
    repository::read("deny.toml").parse().expect("deny.toml is TOML")
}

/// Whether an SPDX expression can be satisfied with the allowed licences. OR is weaker than AND,
/// and an old crate writes `/` for OR; a licence WITH an exception is at least as free without it.
fn is_allowed(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<_> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any(&mut rest, allowed) && rest.is_empty()
}

fn any(rest: &mut &[&str], allowed: &[&str]) -> bool {
    let mut result = all(rest, allowed);
    while take(rest, "OR") {
        result |= all(rest, allowed);
    }
    result
}

fn all(rest: &mut &[&str], allowed: &[&str]) -> bool {
    let mut result = one(rest, allowed);
    while take(rest, "AND") {
        result &= one(rest, allowed);
    }
    result
}

fn one(rest: &mut &[&str], allowed: &[&str]) -> bool {
    if take(rest, "(") {
        let result = any(rest, allowed);
        return take(rest, ")") && result;
    }
    let Some((licence, later)) = rest.split_first() else { return false };
    *rest = later;
    if take(rest, "WITH") {
        *rest = rest.get(1..).unwrap_or_default();
    }
    allowed.contains(&licence.trim_end_matches('+'))
}

fn take(rest: &mut &[&str], word: &str) -> bool {
    let found = rest.first() == Some(&word);
    if found {
        *rest = &rest[1..];
    }
    found
}

/// Names that stand in two versions, except those that the policy lets pass.
fn duplicates(packages: &[(&str, &str)], skipped: &[&str]) -> Vec<String> {
    let mut versions = BTreeMap::<_, BTreeSet<_>>::new();
    for (name, version) in packages {
        if !skipped.iter().any(|skip| is_skipped(skip, name, version)) {
            versions.entry(name).or_default().insert(version);
        }
    }
    let twice = versions.into_iter().filter(|(_, versions)| versions.len() > 1);
    twice.map(|(name, versions)| format!("{name} stands in versions {versions:?}")).collect()
}

/// `name@1.2` skips every 1.2.x, as the tool's `crate` does.
fn is_skipped(skip: &str, name: &str, version: &str) -> bool {
    let (skipped, prefix) = skip.split_once('@').unwrap_or((skip, ""));
    skipped == name && format!("{version}.").starts_with(&format!("{prefix}."))
}

/// Everything comes from us or from the one registry; never from a repository or a second one.
fn sources(packages: &[(&str, Option<&str>)]) -> Vec<String> {
    let mut registries = BTreeSet::new();
    let mut complaints = Vec::new();
    for (name, source) in packages {
        match source {
            Some(source) if source.starts_with("registry+") => {
                registries.insert(*source);
            }
            Some(source) => complaints.push(format!("{name} comes from {source}")),
            None => {}
        }
    }
    if registries.len() > 1 {
        complaints.push(format!("more than one registry: {registries:?}"));
    }
    complaints
}

fn text<'a>(package: &'a Value, field: &str) -> &'a str {
    package[field].as_str().unwrap_or_default()
}

#[test]
fn every_licence_is_allowed() {
    let policy = policy();
    let allowed: Vec<_> = policy["licenses"]["allow"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|it| it.as_str())
        .collect();
    let wrong = metadata::packages().iter().filter(|it| !is_allowed(text(it, "license"), &allowed));
    let complain = |it: &Value| format!("{}: licence {:?}", text(it, "name"), text(it, "license"));
    none(&wrong.map(complain).collect::<Vec<_>>());
}

#[test]
fn every_source_is_known() {
    let packages = metadata::packages().iter();
    none(&sources(
        &packages.map(|it| (text(it, "name"), it["source"].as_str())).collect::<Vec<_>>(),
    ));
}

#[test]
fn nothing_is_built_twice_unargued() {
    let policy = policy();
    let skips = policy["bans"]["skip"].as_array().unwrap();
    let skipped: Vec<_> = skips.iter().filter_map(|skip| skip["crate"].as_str()).collect();
    let packages: Vec<_> =
        metadata::packages().iter().map(|it| (text(it, "name"), text(it, "version"))).collect();
    none(&duplicates(&packages, &skipped));
    for skip in skipped {
        let used = packages.iter().any(|(name, version)| is_skipped(skip, name, version));
        assert!(used, "deny.toml lets {skip} pass, which nobody uses");
    }
}

#[test]
fn no_banned_crate_is_used() {
    let policy = policy();
    let banned = policy["bans"]["deny"].as_array().unwrap().iter();
    let banned: Vec<_> = banned.filter_map(|entry| entry["crate"].as_str()).collect();
    let names = metadata::packages().iter().map(|package| text(package, "name"));
    none(&names.filter(|name| banned.contains(name)).map(str::to_owned).collect::<Vec<_>>());
}

#[test]
fn expressions_are_understood() {
    let allowed = ["MIT", "Apache-2.0", "Unicode-3.0"];
    for yes in [
        "MIT",
        "MIT OR GPL-3.0",
        "GPL-3.0/MIT",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
        "Apache-2.0 WITH LLVM-exception",
        "GPL-2.0 OR MIT AND Apache-2.0",
    ] {
        assert!(is_allowed(yes, &allowed), "{yes}");
    }
    for no in ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR GPL-3.0) AND GPL-3.0", "MIT)", "(MIT"] {
        assert!(!is_allowed(no, &allowed), "{no}");
    }
}

#[test]
fn each_breach_is_found() {
    assert_eq!(duplicates(&[("a", "1.0.0"), ("a", "2.0.0")], &[]).len(), 1);
    assert_eq!(duplicates(&[("a", "1.0.0"), ("a", "2.0.0")], &["a@1"]).len(), 0);
    assert_eq!(duplicates(&[("a", "1.0.0"), ("a", "12.0.0")], &["a@2"]).len(), 1);
    assert_eq!(sources(&[("a", Some("git+https://x"))]).len(), 1);
    assert_eq!(sources(&[("a", Some("registry+x")), ("b", Some("registry+y"))]).len(), 1);
    assert_eq!(sources(&[("a", Some("registry+x")), ("b", None)]).len(), 0);
}
