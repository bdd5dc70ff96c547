//! What the eye cannot hold: dependency arrows, stubs, lengths, licences, documents that change
//! together. Each check is a function from text to a list of complaints, and is shown to bite.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod arrows;
mod documents;
mod errors;
mod licences;
mod metadata;
mod modules;
mod mutants;
mod sources;

/// Fails with all complaints at once.
fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n  {}\n", complaints.join("\n  "));
}
