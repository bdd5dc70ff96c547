//! Tests that need what is not everywhere: skipped with a loud line, but on CI a failure.

use std::io::Write as _;

/// Says on a line of its own why a test is skipped, past the test runner's capture of output.
pub fn skip(reason: &str) {
    let on_ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!on_ci, "on CI nothing is skipped: {reason}");
    let _ = writeln!(std::io::stderr().lock(), "\nSKIPPED: {reason}");
}
