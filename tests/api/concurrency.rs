//! Many callers at once.

use std::{collections::BTreeSet, net::SocketAddr, sync::Barrier};

use serde_json::{Value, json};

use crate::{client, exchange::Request, process::Process};

const CLIENTS: usize = 16;

#[test]
fn many_clients_with_one_new_text_get_one_id_and_one_version() {
    let server = Process::start(&[]);
    for round in 0..8 {
        let subject = format!("same-{round}");
        let ids = at_once(server.address(), &subject, |_| text(round));
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 1, "{ids:?}");
        assert_eq!(versions(server.address(), &subject), json!([1]));
    }
}

#[test]
fn many_clients_with_one_new_text_in_many_subjects_get_one_id() {
    let server = Process::start(&[]);
    for round in 0..8 {
        let answers = all_at_once(|client| {
            register(server.address(), &format!("of-{round}-{client}"), &text(round))
        });
        assert_eq!(answers.iter().collect::<BTreeSet<_>>().len(), 1, "{answers:?}");
    }
}

#[test]
fn many_clients_with_different_texts_get_versions_without_a_gap() {
    let server = Process::start(&[]);
    let address = server.address();
    let config = Request::new("PUT", "/config").json(&json!({"compatibility": "NONE"}));
    assert_eq!(client::send(address, &config).status, 200);
    let mut known = BTreeSet::new();
    for round in 0..8 {
        let subject = format!("different-{round}");
        let ids = at_once(address, &subject, |client| text(round * CLIENTS + client));
        known.extend(ids);
        assert_eq!(known.len(), (round + 1) * CLIENTS, "an id was given out twice: {known:?}");
        let numbers: Vec<usize> = (1..=CLIENTS).collect();
        assert_eq!(versions(address, &subject), json!(numbers));
    }
}

/// Under a transitive level every text but the winner's has to be checked again against it.
#[test]
fn of_many_incompatible_texts_one_wins() {
    let server = Process::start(&[]);
    let address = server.address();
    let field = |client| {
        let schema = json!({"type": "record", "name": "R", "fields": [
            {"name": format!("f{client}"), "type": "int"}]});
        let body = json!({"schema": schema.to_string()});
        Request::new("POST", "/subjects/one/versions").json(&body)
    };
    let statuses = all_at_once(|client| client::send(address, &field(client)).status);
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), CLIENTS - 1);
    assert_eq!(versions(address, "one"), json!([1]));
}

fn at_once(address: SocketAddr, subject: &str, text: impl Fn(usize) -> String + Sync) -> Vec<i64> {
    all_at_once(|client| register(address, subject, &text(client)))
}

/// What each client's work came to; all begin at the same moment.
fn all_at_once<T: Send>(work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(CLIENTS);
    let (start, work) = (&start, &work);
    std::thread::scope(|scope| {
        let begin = |client| {
            scope.spawn(move || {
                start.wait();
                work(client)
            })
        };
        let clients: Vec<_> = (0..CLIENTS).map(begin).collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    })
}

fn text(number: usize) -> String {
    format!(r#"{{"type":"record","name":"R","fields":[{{"name":"f{number}","type":"int"}}]}}"#)
}

fn register(address: SocketAddr, subject: &str, text: &str) -> i64 {
    let path = format!("/subjects/{subject}/versions");
    let answer = client::send(address, &Request::new("POST", &path).json(&json!({"schema": text})));
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["id"].as_i64().unwrap()
}

fn versions(address: SocketAddr, subject: &str) -> Value {
    client::send(address, &Request::new("GET", &format!("/subjects/{subject}/versions"))).json()
}
