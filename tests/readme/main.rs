//! The README's quick start, run from the README's own text: each block of commands in one shell,
//! each block of JSON held against what the commands before it printed.
//! `…` in an expected text stands for anything.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod blocks;
mod likeness;

use std::fmt::Write as _;
use std::net::TcpListener;
use std::process::Command;

use harness::{repository, server};

use blocks::{Block, Language};

/// Printed between two blocks of commands; no command prints it.
const MARK: &str = "=-=-= next block =-=-=";

#[test]
fn quick_start_runs_as_written() {
    let blocks = blocks::of_section(&repository::read("README.md"), "## Quick start");
    let commands = blocks.iter().filter(|block| block.language == Language::Shell).count();
    assert!(commands >= 7, "the quick start has lost its commands: {blocks:?}");
    let printed = run(&blocks);
    let mut outputs = printed.split(MARK).map(str::trim);
    let mut last = "";
    for Block { language, text } in &blocks {
        match language {
            Language::Shell => last = outputs.next().unwrap_or("nothing: the shell ended early"),
            Language::Json => {
                let expected = serde_json::from_str(text).unwrap();
                let said = serde_json::from_str(last)
                    .unwrap_or_else(|error| panic!("{error} in {last:?}; all:\n{printed}"));
                assert!(likeness::is_like(&said, &expected), "expected {text}\nsaid {last}");
            }
        }
    }
}

/// Everything that the commands print, in a fresh directory and on a free port.
fn run(blocks: &[Block]) -> String {
    let directory = tempfile::tempdir().unwrap();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let binaries = server::binary().parent().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(binaries.to_owned()).chain(std::env::split_paths(&path));
    let output = server::unset(Command::new("bash"))
        .arg("-c")
        .arg(script(blocks).replace(":8081", &format!(":{port}")))
        .current_dir(directory.path())
        .env("PATH", std::env::join_paths(paths).unwrap())
        .env("SYNGRAPH_HTTP", format!("127.0.0.1:{port}"))
        .env("NO_PROXY", "localhost,127.0.0.1")
        .output()
        .expect("bash runs");
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "a command failed:\n{complained}");
    String::from_utf8(output.stdout).unwrap()
}

/// A reader takes a moment before the next command; a script waits until the server is ready.
/// The server is ended with the shell, whatever happens.
fn script(blocks: &[Block]) -> String {
    let mut script = "trap 'kill -9 $(jobs -p) 2>/dev/null' EXIT\n".to_owned();
    for block in blocks.iter().filter(|block| block.language == Language::Shell) {
        script.push_str(&block.text);
        if block.text.contains("serve &") {
            script.push_str(
                "for i in {1..300}; do syngraph health >/dev/null 2>&1 && break; sleep 0.1; done\n",
            );
            script.push_str("syngraph health >/dev/null || exit 1\n");
        }
        writeln!(script, "code=$?; echo; echo '{MARK}'; ((code == 0)) || exit $code").unwrap();
    }
    script
}
