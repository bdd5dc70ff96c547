//! Google's Tink over the logs of sensitive metadata, in both directions: it decrypts what the server
//! wrote, and the server decrypts what it made. Neither knows of the other more than the secret.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use broker_core::{DataDirOptions, FileStorage, SystemClock, TopicConfig};
use harness::{Server, python, server};
use openapi::contracts::Metadata;
use registry::log::{Engine, Entry, Head, Log, embedded};
use registry_core::identity;
use serde_json::{Value, json};

const JUDGE: &str = "tests/interop/python/tink_judge.py";
const SECRET: &str = "geheim ж";
const PLAIN: &str = "hunter2 ключ";
const TEXT: &str = r#""int""#;

fn start() -> Server {
    Server::start_with(&[&format!("--metadata-encoder-secret={SECRET}")])
}

fn metadata(key: &str) -> Value {
    json!({"properties": {"key": key}, "sensitive": ["key"]})
}

fn body(key: &str) -> Value {
    json!({"schema": TEXT, "metadata": metadata(key)})
}

fn engine(data_dir: &Path) -> Engine {
    let (storage, options) = (FileStorage::new(data_dir), DataDirOptions::stepped());
    embedded::open_on(Arc::new(storage), Arc::new(SystemClock), &TopicConfig::ledger(), options)
        .unwrap()
}

/// The newest value of a log.
fn newest(log: &mut Log) -> Value {
    let (mut newest, mut from) = (None, Head::default());
    loop {
        let page = log.reader.read(from, Duration::ZERO, &mut |stored| {
            newest = stored.value.map(|value| serde_json::from_slice(value).unwrap());
        });
        let page = page.unwrap();
        from = page.next;
        if page.next >= page.end {
            break;
        }
    }
    newest.expect("something was written")
}

fn append(log: &mut Log, key: &str, value: &Value) {
    let (key, value) = (key.as_bytes().to_vec(), Some(value.to_string().into_bytes()));
    let head = log.writer.claim().unwrap().head;
    log.writer.append(head, &[Entry { key, value, timestamp: 1 }]).unwrap();
}

/// The keyset and the newest encrypted value in the logs.
fn sealed(data_dir: &Path) -> (String, String) {
    let mut engine = engine(data_dir);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let keyset = text(&newest(&mut engine.keysets)["keyset"]);
    let value = newest(&mut engine.schemas);
    (engine.close)().unwrap();
    (keyset, text(&value["metadata"]["properties"]["key"]))
}

/// What Tink reads in the newest value of the logs.
fn judged(data_dir: &Path) -> Option<String> {
    let (keyset, value) = sealed(data_dir);
    let said = python::run(JUDGE, &["open", SECRET, &keyset, &value])?;
    Some(said.trim_end_matches('\n').to_owned())
}

#[test]
fn tink_decrypts_what_the_server_wrote() {
    let mut server = start();
    server.http().post("/subjects/s/versions", &body(PLAIN)).ok();
    assert!(server.stop().success(), "{}", server.log());
    let Some(plain) = judged(&server.data_dir()) else { return };
    assert_eq!(plain, PLAIN);
}

#[test]
fn the_server_decrypts_what_tink_made() {
    let Some(said) = python::run(JUDGE, &["seal", SECRET, PLAIN]) else { return };
    let [keyset, value] = said.lines().collect::<Vec<_>>()[..] else { panic!("{said}") };
    let mut server = start();
    assert!(server.stop().success(), "{}", server.log());
    plant(&server.data_dir(), keyset, value);
    let mut server = server.restart();
    let shown = server.http().get("/subjects/s/versions/1").ok();
    assert_eq!(shown["metadata"], metadata(PLAIN));
    let again = server.http().post("/subjects/t/versions", &body(PLAIN)).ok();
    assert_eq!(again["id"], 7, "it is the same schema");
    server.http().post("/subjects/s/versions", &body("another")).ok();
    assert!(server.stop().success(), "{}", server.log());
    let (kept, _) = sealed(&server.data_dir());
    assert_eq!(kept, keyset, "Tink's key goes on being used");
    assert_eq!(judged(&server.data_dir()).as_deref(), Some("another"));
    let data_dir = server.data_dir().display().to_string();
    let verified = server::run(&["verify", "--data-dir", &data_dir]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stdout));
}

/// Writes a keyset and a version that was encrypted with it.
fn plant(data_dir: &Path, keyset: &str, value: &str) {
    let plain: Metadata = serde_json::from_value(metadata(PLAIN)).unwrap();
    let md5 = identity::hash(TEXT, &[], Some(&plain), None).to_string();
    let mut engine = engine(data_dir);
    append(&mut engine.keysets, "default", &json!({"keyset": keyset}));
    let key = r#"{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}"#;
    let properties = json!({"__enc__": "true", "key": value});
    let schema = json!({
        "subject": "s", "version": 1, "id": 7, "md5": md5,
        "metadata": {"properties": properties, "sensitive": ["key"]},
        "schema": TEXT, "deleted": false,
    });
    append(&mut engine.schemas, key, &schema);
    (engine.close)().unwrap();
}
