//! One client of the killed server: works on a subject of its own, one request after the other,
//! and remembers what it was answered. All of them register the same texts in one more subject.

use std::collections::BTreeMap;
use std::sync::Mutex;

use harness::Http;
use harness::http::Response;
use serde_json::{Value, json};
use ureq::http::Method;

const SHARED: &str = "shared";

/// Every id that was ever answered, with the text that it names, and whether it was purged.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    texts: BTreeMap<i64, String>,
    ids: BTreeMap<String, i64>,
}

/// A version as the client knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Kept {
    id: i64,
    text: String,
    deleted: bool,
}

type Versions = BTreeMap<u32, Kept>;

#[derive(Clone, Debug)]
enum Operation {
    Register { text: String },
    Share { text: String },
    Delete { version: u32 },
    Purge { version: u32 },
}

#[derive(Debug)]
pub(crate) struct Client {
    subject: String,
    random: fastrand::Rng,
    versions: Versions,
    /// What was asked for when the server was killed.
    in_flight: Option<Operation>,
    /// How often there was an answer.
    pub(crate) done: usize,
}

impl Client {
    pub(crate) fn new(number: usize) -> Self {
        Self {
            subject: format!("client-{number}"),
            random: fastrand::Rng::with_seed(number as u64),
            versions: Versions::new(),
            in_flight: None,
            done: 0,
        }
    }

    /// Asks for one thing after the other until nobody answers.
    pub(crate) fn work(&mut self, http: &Http, ids: &Mutex<Ids>, round: usize) {
        loop {
            let operation = self.choose(round);
            self.in_flight = Some(operation.clone());
            let Some(response) = self.send(http, &operation) else { return };
            let answer = response.ok();
            self.in_flight = None;
            self.done += 1;
            if let Operation::Register { text } | Operation::Share { text } = &operation {
                ids.lock().unwrap().note(answer["id"].as_i64().unwrap(), text);
            }
            apply(&mut self.versions, &operation, answer["id"].as_i64());
        }
    }

    fn choose(&mut self, round: usize) -> Operation {
        let versions: Vec<(u32, bool)> =
            self.versions.iter().map(|(version, kept)| (*version, kept.deleted)).collect();
        match self.random.u8(..10) {
            0..3 => Operation::Share { text: text(&format!("{round}-{}", self.random.u8(..40))) },
            3 | 4 if !versions.is_empty() => {
                let (version, deleted) = versions[self.random.usize(..versions.len())];
                match deleted {
                    true => Operation::Purge { version },
                    false => Operation::Delete { version },
                }
            }
            _ => {
                let name = format!("{}-{round}-{}", self.subject, self.random.u64(..));
                Operation::Register { text: text(&name) }
            }
        }
    }

    fn send(&self, http: &Http, operation: &Operation) -> Option<Response> {
        let own = format!("/subjects/{}/versions", self.subject);
        let (method, path, text) = match operation {
            Operation::Register { text } => (Method::POST, own, Some(text)),
            Operation::Share { text } => {
                (Method::POST, format!("/subjects/{SHARED}/versions"), Some(text))
            }
            Operation::Delete { version } => (Method::DELETE, format!("{own}/{version}"), None),
            Operation::Purge { version } => {
                (Method::DELETE, format!("{own}/{version}?permanent=true"), None)
            }
        };
        let body = text.map(|text| json!({ "schema": text }).to_string());
        http.try_send(&method, &path, body.as_deref()).ok()
    }

    /// What is found is what was answered, with or without what was in flight.
    pub(crate) fn check(&mut self, http: &Http, ids: &Mutex<Ids>) {
        let found = versions(http, &self.subject);
        let mut possible = vec![self.versions.clone()];
        if let Some(operation) = self.in_flight.take() {
            let mut after = self.versions.clone();
            let newest = found.values().next_back().map(|kept| kept.id);
            apply(&mut after, &operation, newest);
            possible.push(after);
        }
        assert!(possible.contains(&found), "{}: {found:#?}, due {possible:#?}", self.subject);
        for kept in found.values() {
            ids.lock().unwrap().note(kept.id, &kept.text);
            assert_eq!(schema_of(http, kept.id).ok()["schema"], kept.text);
        }
        self.versions = found;
    }
}

/// What an operation does to the client's own subject.
fn apply(versions: &mut Versions, operation: &Operation, id: Option<i64>) {
    match operation {
        Operation::Register { text } => {
            let version = versions.keys().next_back().map_or(1, |top| top + 1);
            let id = id.unwrap_or_default();
            versions.insert(version, Kept { id, text: text.clone(), deleted: false });
        }
        Operation::Share { .. } => {}
        Operation::Delete { version } => versions.get_mut(version).unwrap().deleted = true,
        Operation::Purge { version } => drop(versions.remove(version)),
    }
}

fn text(name: &str) -> String {
    format!(r#"{{"type":"record","name":"R","doc":"{name}","fields":[]}}"#)
}

fn schema_of(http: &Http, id: i64) -> Response {
    http.get(&format!("/schemas/ids/{id}"))
}

fn numbers(response: &Response) -> Vec<u32> {
    match response.status {
        404 => Vec::new(),
        _ => serde_json::from_value(response.ok()).unwrap(),
    }
}

/// A subject's versions as the server has them.
fn versions(http: &Http, subject: &str) -> Versions {
    let path = format!("/subjects/{subject}/versions");
    let active = numbers(&http.get(&path));
    let kept = |version: u32| {
        let found: Value = http.get(&format!("{path}/{version}?deleted=true")).ok();
        let (id, text) = (found["id"].as_i64().unwrap(), found["schema"].as_str().unwrap());
        let deleted = !active.contains(&version);
        (version, Kept { id, text: text.to_owned(), deleted })
    };
    numbers(&http.get(&format!("{path}?deleted=true"))).into_iter().map(kept).collect()
}

impl Ids {
    /// An id names one text, a text that is in use has one id.
    fn note(&mut self, id: i64, text: &str) {
        let named = self.texts.entry(id).or_insert_with(|| text.to_owned());
        assert_eq!(named, text, "id {id} was given out twice");
        let known = *self.ids.entry(text.to_owned()).or_insert(id);
        assert_eq!(known, id, "{text} has two ids");
    }

    /// What all have registered, which nobody deletes, is there: each text once.
    pub(crate) fn check(&mut self, http: &Http) {
        let shared = versions(http, SHARED);
        let all: BTreeMap<&str, i64> =
            shared.values().map(|kept| (kept.text.as_str(), kept.id)).collect();
        assert_eq!(all.len(), shared.len(), "a text has two versions");
        assert!(shared.keys().copied().eq(1..=u32::try_from(shared.len()).unwrap()));
        let is_shared = |text: &str| !text.contains("client-");
        for (text, id) in self.ids.iter().filter(|(text, _)| is_shared(text)) {
            assert_eq!(all.get(text.as_str()), Some(id), "{text} is lost");
            assert_eq!(schema_of(http, *id).ok()["schema"], *text);
        }
        for kept in shared.values() {
            self.note(kept.id, &kept.text);
        }
    }
}
