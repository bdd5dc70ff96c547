//! Which of our crates may depend on which, and where versions may be written.

use serde_json::Value;
use toml::Table;

use harness::repository;

use crate::{metadata, none};

/// Each crate with the crates of ours that it may name; a crate that is not here has no room yet.
const ARROWS: &[(&str, &[&str])] = &[
    ("syngraph-openapi", &[]),
    ("syngraph-findings", &[]),
    ("syngraph-schema-avro", &["syngraph-findings"]),
    ("syngraph-schema", &["syngraph-findings", "syngraph-schema-avro"]),
    ("syngraph-registry-core", &["syngraph-schema", "syngraph-openapi"]),
    ("syngraph-broker-core", &[]),
    (
        "syngraph-registry",
        &["syngraph-registry-core", "syngraph-broker-core", "syngraph-schema", "syngraph-openapi"],
    ),
    ("syngraph-wire", &[]),
    ("syngraph-tests", ANY),
];

/// The proof may look at everything.
const ANY: &[&str] = &["*"];

/// The crates that know no I/O, no clock and no async, and what would bring it in.
const PURE: &[&str] = &[
    "syngraph-openapi",
    "syngraph-findings",
    "syngraph-schema-avro",
    "syngraph-schema",
    "syngraph-registry-core",
    "syngraph-wire",
];
const IMPURE: &[&str] =
    &["tokio", "axum", "hyper", "rustix", "ureq", "tracing-subscriber", "tower-http", "fastrand"];

fn complaints(package: &str, dependencies: &[&str]) -> Vec<String> {
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == package) else {
        return vec![format!("{package} has no line in the table of arrows")];
    };
    let is_wrong =
        |name: &&str| name.starts_with("syngraph-") && *allowed != ANY && !allowed.contains(name);
    let wrong = dependencies.iter().copied().filter(is_wrong);
    let pure = PURE.contains(&package);
    let impure = dependencies.iter().copied().filter(|name| pure && IMPURE.contains(name));
    wrong.chain(impure).map(|name| format!("{package} may not depend on {name}")).collect()
}

/// What a crate depends on. Development dependencies on crates of ours are judged by the same table:
/// a test that needs more belongs to `tests/`; on crates of others they are free, since a pure crate
/// may be tested by chance.
fn dependencies(package: &Value) -> Vec<&str> {
    let all = package["dependencies"].as_array().into_iter().flatten();
    let named = all.filter_map(|one| Some((one["name"].as_str()?, one["kind"] == "dev")));
    named
        .filter(|(name, dev)| !dev || name.starts_with("syngraph-"))
        .map(|(name, _)| name)
        .collect()
}

/// Dependencies that say a version of their own instead of the table's.
fn strays(path: &str, manifest: &Table) -> Vec<String> {
    let sections = ["dependencies", "dev-dependencies", "build-dependencies"];
    let tables = sections.iter().filter_map(|name| manifest.get(*name)?.as_table());
    let is_stray =
        |value: &toml::Value| value.get("workspace").and_then(toml::Value::as_bool) != Some(true);
    tables
        .flatten()
        .filter(|(_, value)| is_stray(value))
        .map(|(name, _)| format!("{path}: {name} must say workspace = true"))
        .collect()
}

#[test]
fn arrows_are_those_of_the_design() {
    let of =
        |package: &Value| complaints(package["name"].as_str().unwrap(), &dependencies(package));
    none(&metadata::members().flat_map(of).collect::<Vec<_>>());
}

#[test]
fn versions_stand_in_one_table() {
    let of = |package: &Value| {
        let path = package["manifest_path"].as_str().unwrap().to_owned();
        strays(&path, &repository::read(&path).parse().unwrap())
    };
    none(&metadata::members().flat_map(of).collect::<Vec<_>>());
}

#[test]
fn wrong_arrows_are_found() {
    for (package, dependency) in [
        ("syngraph-broker-core", "syngraph-schema"),
        ("syngraph-registry-core", "syngraph-broker-core"),
        ("syngraph-openapi", "syngraph-findings"),
        ("syngraph-registry-core", "tokio"),
        ("syngraph-wire", "syngraph-openapi"),
    ] {
        assert_eq!(complaints(package, &["serde", dependency]).len(), 1, "{package}");
    }
    assert_eq!(complaints("syngraph-new", &[]).len(), 1);
    assert_eq!(complaints("syngraph-registry", &["tokio", "syngraph-schema"]).len(), 0);
    assert_eq!(complaints("syngraph-tests", &["syngraph-wire"]).len(), 0);
}

#[test]
fn stray_versions_are_found() {
    let manifest =
        "[dependencies]\na = \"1\"\nb.workspace = true\n[dev-dependencies]\nc = { path = \"c\" }\n";
    assert_eq!(strays("x", &manifest.parse().unwrap()).len(), 2);
}
