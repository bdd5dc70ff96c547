//! Who may register, by where the connection comes from.

use harness::Server;
use serde_json::json;

#[test]
fn callers_that_are_named_register_and_others_are_told_what_is_registered() {
    let server = Server::start_with(&["--register-from=10.0.0.0/8,127.0.0.1"]);
    let body = json!({"schema": "\"int\""});
    assert_eq!(server.http().post("/subjects/s/versions", &body).ok(), json!({"id": 1}));
    drop(server);
    let server = Server::start_with(&["--register-from=10.0.0.0/8"]);
    let refused = server.http().post("/subjects/s/versions", &body).error();
    let message = "Subject s is not open to registration by this caller".to_owned();
    assert_eq!(refused, (422, 42205, message));
}
