//! Other languages' real clients, unmodified, against the running server.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use harness::{Server, python};

#[test]
fn confluents_python_client_works() {
    let server = Server::start();
    let program = "tests/interop/python/test_confluent_client.py";
    let Some(said) = python::run(program, &[server.url()]) else { return };
    assert!(said.trim_end().ends_with("all passed"), "{said}\nthe server said:\n{}", server.log());
}
