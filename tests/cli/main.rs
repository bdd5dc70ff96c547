//! The command line as a process: exit codes, and what goes to stdout and what to stderr.
//! Not here: how settings are resolved (`config`), a running registry (`interop`, `readme`).
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Output;
use std::thread;

use harness::repository;
use harness::server::{command, run};
use openapi::error::ErrorCode;

fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout), text(&output.stderr))
}

#[test]
fn version_is_that_of_the_package() {
    let (code, out, _) = said(&run(&["--version"]));
    assert_eq!((code, out), (Some(0), format!("syngraph {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn help_of_every_command_fits_a_page_and_names_its_flags() {
    for (args, word) in [
        (&["--help"][..], "SCHEMA_REGISTRY_*"),
        (&["serve", "-h"], "--data-dir <DIR>"),
        (&["serve", "--help"], "[env: SYNGRAPH_SEGMENT_BYTES]"),
        (&["config", "--help"], "secrets masked"),
        (&["health", "--help"], "--url <URL>"),
        (&["verify", "--help"], "--data-dir <DIR>"),
        (&["explain", "--help"], "[CODE]"),
    ] {
        let (code, out, _) = said(&run(args));
        assert_eq!(code, Some(0), "{args:?}");
        assert!(out.contains(word), "{args:?} does not say {word}:\n{out}");
        assert!(out.lines().all(|line| line.chars().count() <= 100), "{args:?}:\n{out}");
    }
}

#[test]
fn wrong_use_ends_with_two() {
    for args in [
        &["serve", "--htpp", "x"][..],
        &["sevre"],
        &["serve", "--http", "0.0.0.0:0"],
        &["config", "--dialect", "v9"],
        &["serve", "--config", "/nowhere/syngraph.toml"],
        &["health", "--url", "https://127.0.0.1:1"],
        &["explain", "42299"],
        &["explain", "42205", "40401"],
    ] {
        let (code, out, err) = said(&run(args));
        assert_eq!((code, out.as_str()), (Some(2), ""), "{args:?}: {err}");
        assert!(!err.is_empty(), "{args:?} says nothing");
    }
}

#[test]
fn printed_configuration_masks_secrets() {
    let output = command()
        .args(["config", "--log", "embedded"])
        .env("SCHEMA_REGISTRY_KAFKASTORE_SASL_JAAS_CONFIG", "password=hush")
        .env("SCHEMA_REGISTRY_KAFKASTORE_CONNECTION_URL", "zk://me:hush@keeper:2181")
        .env("METADATA_ENCODER_SECRET", "hush")
        .env("SYNGRAPH_METADATA_ENCODER_OLD_SECRET", "hush")
        .output()
        .unwrap();
    let (code, out, err) = said(&output);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("kafkastore.sasl.jaas.config"), "{out}");
    assert!(out.contains("metadata_encoder_secret = \"***"), "{out}");
    assert!(!out.contains("hush") && !err.contains("hush"), "{out}{err}");
}

#[test]
fn health_reads_the_status_of_whoever_answers() {
    for (status, expected) in [("200 OK", 0), ("503 Service Unavailable", 1), ("20", 1)] {
        let (url, request) = one_answer(format!("HTTP/1.1 {status}\r\n\r\n{{}}"));
        let (code, _, err) = said(&run(&["health", "--url", &url]));
        assert_eq!(code, Some(expected), "{status}: {err}");
        assert!(
            request.join().unwrap().starts_with("GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1")
        );
    }
    let (url, request) = one_answer("HTTP/1.1 200 OK\r\n\r\n".to_owned());
    assert_eq!(run(&["health", "--live", "--url", &url]).status.code(), Some(0));
    assert!(request.join().unwrap().starts_with("GET /health/live "));
}

#[test]
fn health_of_nobody_is_a_failure() {
    let (code, out, err) = said(&run(&["health", "--url", "http://127.0.0.1:9"]));
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(err.contains("cannot ask 127.0.0.1:9"), "{err}");
}

#[test]
fn a_code_is_explained_by_its_page() {
    for code in ["409", "42205"] {
        let (status, out, err) = said(&run(&["explain", code]));
        let page = repository::read(format!("docs/errors/{code}.md"));
        assert_eq!((status, out, err), (Some(0), page, String::new()), "{code}");
    }
}

#[test]
fn without_a_code_all_are_listed() {
    let (status, out, err) = said(&run(&["explain"]));
    assert_eq!((status, err.as_str()), (Some(0), ""));
    let listed: Vec<_> = out.lines().map(|line| line.split_once(' ').unwrap()).collect();
    let codes = listed.iter().map(|(code, _)| code.parse::<u32>().unwrap());
    assert!(codes.eq(ErrorCode::ALL.iter().map(|code| code.code())), "{out}");
    assert!(out.contains("\n42205  Operation not permitted\n"), "{out}");
}

#[test]
fn an_unknown_code_is_answered_with_those_near_it() {
    for (typed, hints) in [
        ("42212", "; near it 42202 (Invalid version), 42210 (Invalid rule set), 42211 "),
        ("4220", "; near it 422 (Body missing, or not supported), 42201 (Invalid schema), 42202 "),
        ("not-a-code", "; `syngraph explain` lists all\n"),
    ] {
        let (status, out, err) = said(&run(&["explain", typed]));
        assert_eq!((status, out.as_str()), (Some(2), ""), "{typed}");
        let message = format!("syngraph: there is no error code {typed}{hints}");
        assert!(err.starts_with(&message), "{err}");
        assert!(err.ends_with("; `syngraph explain` lists all\n"), "{err}");
    }
}

/// A listener that answers once, and what it was asked.
fn one_answer(answer: String) -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = vec![0; 1024];
        let length = stream.read(&mut request).unwrap();
        stream.write_all(answer.as_bytes()).unwrap();
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    (url, asked)
}
