//! Other languages' real clients, unmodified, against the running server.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod tink;

use harness::{Server, go, maven, node, python, skip::skip};
use wire::{Frame, SchemaRef};

#[test]
fn confluents_python_client_works() {
    let program = "tests/interop/python/test_confluent_client.py";
    check_message(works(|url| python::run(program, &[url])));
}

#[test]
fn confluents_go_client_works() {
    works(|url| go::run("confluent", &[url]));
}

#[test]
fn franz_go_works() {
    works(|url| go::run("franz", &[url]));
}

#[test]
fn confluents_javascript_client_works() {
    check_message(works(|url| node::run("tests/interop/node/confluent.js", &[url])));
}

#[test]
fn kafkajs_works() {
    check_message(works(|url| node::run("tests/interop/node/kafkajs.js", &[url])));
}

#[test]
fn confluents_java_client_works() {
    works(|url| maven::run("confluent-client", "Client", &[url]));
}

#[test]
fn answers_are_as_the_document_says() {
    let server = Server::start();
    let program = "tests/interop/python/test_document.py";
    let Some(said) = python::run(program, &[&server.url()]) else { return };
    if let Some(reason) = said.strip_prefix("skipped: ") {
        return skip(reason.trim_end());
    }
    assert!(said.trim_end().ends_with("all passed"), "{said}\nthe server said:\n{}", server.log());
}

/// What a program printed that was given a registry of its own, once each of its steps has passed.
/// `None` when it cannot be run here.
fn works(program: impl FnOnce(&str) -> Option<String>) -> Option<String> {
    let server = Server::start();
    let said = program(&server.url())?;
    assert!(said.trim_end().ends_with("all passed"), "{said}\nthe server said:\n{}", server.log());
    Some(said)
}

/// The message that a client has serialized is framed as our crate for framing says.
fn check_message(said: Option<String>) {
    let Some(said) = said else { return };
    let framed = said.lines().find_map(|line| line.strip_prefix("message "));
    check_frame(framed.expect("the client prints a message that it has serialized"));
}

/// A message of the client, `ID HEX`, is framed as our crate for framing says.
fn check_frame(line: &str) {
    let (id, hex) = line.split_once(' ').unwrap();
    let bytes: Vec<u8> = (0..hex.len() / 2)
        .map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).unwrap())
        .collect();
    let frame = Frame::parse(&bytes).unwrap();
    assert_eq!(frame.schema, SchemaRef::Id(id.parse().unwrap()));
    assert_eq!(frame.payload, [84], "the long 42 as Avro writes it");
}
