//! Sensitive metadata from log to log: what a disk never sees, what a change of the secret does, and
//! what holds without it or with a wrong one.

use std::{path::Path, sync::Arc, thread::JoinHandle, time::Duration};

use axum::body::{Body, to_bytes};
use broker_core::{DataDirOptions, FileStorage, SystemClock, TopicConfig};
use http::Request;
use registry::{
    encoder::{Encoder, EncoderError, Secret, Secrets},
    http::{About, Front, Policy},
    log::{
        Engine, Entry, Head, embedded,
        simulated::{Fault, SimulatedLog},
    },
    open::{self, Logs, OpenError},
    service::Registry,
    verify,
};
use registry_core::{settings::Settings, state::State};
use serde_json::{Value, json};

const PLAIN: &str = "hunter2";

/// Logs in memory, which outlive registries.
#[derive(Default)]
struct Place {
    schemas: SimulatedLog,
    marks: SimulatedLog,
    keysets: SimulatedLog,
}

/// A registry over them.
struct World {
    registry: Registry,
    front: Front,
}

fn secrets(current: &str, old: &str) -> Secrets {
    Secrets { current: Secret::new(current), old: Secret::new(old) }
}

/// Everything that a log holds, key and value by turns.
fn bytes(log: &SimulatedLog) -> Vec<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut reader = log.log().reader;
    let read = reader.read(Head::default(), Duration::ZERO, &mut |stored| {
        bytes.extend([stored.key.to_vec(), stored.value.unwrap_or_default().to_vec()]);
    });
    read.expect("a log in memory is read");
    bytes
}

impl Place {
    fn try_open(&self, secrets: Secrets) -> Result<World, OpenError> {
        let encoder = Encoder::new(self.keysets.log(), secrets);
        let logs = Logs { schemas: self.schemas.log(), marks: self.marks.log(), encoder };
        World::over(logs).map(|(world, _)| world)
    }

    fn open(&self, current: &str) -> World {
        self.try_open(secrets(current, "")).expect("the logs open")
    }

    /// What a start with this secret shows.
    fn state(&self, current: &str) -> Arc<State> {
        self.open(current).registry.snapshot().expect("it serves")
    }

    fn holds_plain(&self) -> bool {
        let logs = [&self.schemas, &self.marks, &self.keysets];
        let contains =
            |bytes: &Vec<u8>| bytes.windows(PLAIN.len()).any(|part| part == PLAIN.as_bytes());
        logs.into_iter().flat_map(bytes).any(|bytes| contains(&bytes))
    }
}

impl World {
    fn over(logs: Logs) -> Result<(Self, JoinHandle<()>), OpenError> {
        let (registry, queue) = Registry::new(Settings::UPSTREAM, 64, Duration::from_secs(5));
        let writer = open::open(&registry, logs, queue, Arc::new(SystemClock))?;
        let front = registry::http::front(registry.clone(), About::default(), Policy::default());
        Ok((Self { registry, front }, writer))
    }

    async fn ask(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = Request::builder().method(method).uri(path);
        let request = request.body(Body::from(body.to_string())).expect("a request");
        let Ok(answer) = self.front.answer(request).await;
        let status = answer.status().as_u16();
        let bytes = to_bytes(answer.into_body(), 1 << 20).await.expect("a short body");
        (status, serde_json::from_slice(&bytes).expect("JSON"))
    }

    async fn register(&self, subject: &str) -> (u16, Value) {
        self.ask("POST", &format!("/subjects/{subject}/versions"), &body()).await
    }

    /// The properties of the first version.
    async fn properties(&self) -> Value {
        let (_, version) =
            self.ask("GET", "/subjects/s/versions/1?deleted=true", &Value::Null).await;
        version["metadata"]["properties"].clone()
    }
}

fn body() -> Value {
    json!({"schema": "\"int\"", "metadata": {
        "properties": {"owner": "me", "key": PLAIN, "ключ": PLAIN},
        "sensitive": ["key", "ключ", "missing"],
    }})
}

fn plain() -> Value {
    body()["metadata"]["properties"].clone()
}

#[tokio::test]
async fn the_logs_never_hold_the_plain_value() {
    let place = Place::default();
    let world = place.open("first");
    assert!(bytes(&place.keysets).is_empty(), "a keyset is made when it is needed");
    assert_eq!(world.register("s").await, (200, json!({"id": 1})));
    assert_eq!(world.properties().await, plain());
    world.ask("DELETE", "/subjects/s/versions/1", &Value::Null).await;
    assert!(!place.holds_plain());
    let [_, value] = &bytes(&place.schemas)[..2] else { panic!("a record") };
    let value: Value = serde_json::from_slice(value).expect("JSON");
    assert_eq!(value["metadata"]["properties"]["__enc__"], "true");
    assert_eq!(value["metadata"]["properties"]["owner"], "me");
    assert_eq!(value["md5"].as_str().map(str::len), Some(36));
    assert_eq!(bytes(&place.keysets).len(), 2, "one keyset serves all");
    let live = world.registry.snapshot().expect("it serves");
    assert_eq!(place.state("first"), live, "the log says what was shown");
}

#[tokio::test]
async fn a_secret_takes_the_place_of_another() {
    let place = Place::default();
    place.open("first").register("s").await;
    let before = place.schemas.appends();
    let world = place.try_open(secrets("second", "first")).expect("the logs open");
    assert_eq!(world.properties().await, plain());
    assert_eq!(bytes(&place.keysets).len(), 4, "wrapped anew");
    assert_eq!(place.schemas.appends(), before, "what is encrypted stays");
    assert_eq!(world.register("t").await, (200, json!({"id": 1})));
    assert_eq!(place.open("second").properties().await, plain());
    let again = place.try_open(secrets("second", "first")).expect("both may still be said");
    assert_eq!(again.properties().await, plain());
    assert_eq!(bytes(&place.keysets).len(), 4, "once is enough");
    let refused = place.try_open(secrets("first", "")).map(drop);
    assert!(matches!(refused, Err(OpenError::Encoder(EncoderError::Locked(_)))));
}

#[tokio::test]
async fn a_wrong_secret_is_refused_and_writes_nothing() {
    let place = Place::default();
    place.open("first").register("s").await;
    let logs = || [&place.schemas, &place.marks, &place.keysets].map(bytes);
    let before = logs();
    for wrong in [secrets("second", ""), secrets("second", "third")] {
        let refused = place.try_open(wrong).map(drop).expect_err("it is refused");
        let told = refused.to_string();
        assert!(told.contains("metadata_encoder_old_secret"), "{told}");
    }
    for damage in [&b"{}"[..], b"no JSON", br#"{"keyset":"?"}"#, br#"{"keyset":""}"#] {
        let place = Place::default();
        place.keysets.write_foreign(b"default", Some(damage));
        let refused = place.try_open(secrets("first", "")).map(drop);
        assert!(matches!(refused, Err(OpenError::Encoder(EncoderError::Locked(_)))));
    }
    assert_eq!(logs(), before);
}

#[tokio::test]
async fn without_the_secret_nothing_is_lost() {
    let place = Place::default();
    let id = place.open("first").register("s").await;
    let world = place.open("");
    let stored = world.properties().await;
    assert_eq!((&stored["__enc__"], &stored["owner"]), (&json!("true"), &json!("me")));
    assert_ne!(stored["key"], PLAIN);
    assert_eq!(world.register("s").await, id, "its identity is known");
    assert_eq!(world.register("t").await.1["error_code"], 50001);
    // What would be inherited is encrypted already.
    let next = json!({"schema": "\"int\"", "version": 2});
    assert_eq!(world.ask("POST", "/subjects/s/versions", &next).await.1["error_code"], 50001);
    assert_eq!(world.ask("DELETE", "/subjects/s/versions/1", &Value::Null).await.0, 200);
    assert_eq!(world.properties().await, stored, "deleted as it stands");
    let path = "/syngraph/v1/subjects/s/versions/1/undelete";
    assert_eq!(world.ask("POST", path, &Value::Null).await.0, 200);
    assert_eq!(world.properties().await, stored, "back as it stands");
    assert_eq!(*place.state(""), *world.registry.snapshot().expect("it serves"));
    let world = place.open("first");
    assert_eq!(world.properties().await, plain());
    assert_eq!(world.register("t").await, id, "it is the same schema still");
    assert!(!place.holds_plain());
}

#[tokio::test]
async fn what_fails_with_the_keyset_is_told_and_healed() {
    for (fault, code) in [
        (Fault::NoSpace, 50001),
        (Fault::UnknownLost, 50002),
        (Fault::UnknownWritten, 50002),
        (Fault::Conflict, 0),
    ] {
        let place = Place::default();
        let world = place.open("first");
        place.keysets.fail(&[fault]);
        let told = world.register("s").await.1["error_code"].as_u64().unwrap_or(0);
        assert_eq!(told, code, "{fault:?}");
        assert_eq!(bytes(&place.schemas).is_empty(), code != 0, "the keyset goes first: {fault:?}");
        assert_eq!(world.register("s").await, (200, json!({"id": 1})), "{fault:?}");
        assert_eq!(place.open("first").properties().await, plain(), "{fault:?}");
        let keysets = bytes(&place.keysets);
        let kept = keysets.chunks(2).filter(|entry| entry[0] == b"default").count();
        assert_eq!(kept, 1, "{fault:?}: one keyset");
    }
}

/// The logs in a directory, in segments so short that a start reads many pages.
fn engine(data_dir: &Path) -> Engine {
    let topic = TopicConfig { segment_bytes: 2_000, ..TopicConfig::ledger() };
    let (storage, options) = (Arc::new(FileStorage::new(data_dir)), DataDirOptions::stepped());
    embedded::open_on(storage, Arc::new(SystemClock), &topic, options).expect("the logs open")
}

/// Does something with a registry over the logs in a directory.
async fn with_files<T>(data_dir: &Path, work: impl AsyncFnOnce(&World) -> T) -> T {
    let Engine { schemas, marks, keysets, close, .. } = engine(data_dir);
    let encoder = Encoder::new(keysets, secrets("first", ""));
    let (world, writer) = World::over(Logs { schemas, marks, encoder }).expect("the logs open");
    let done = work(&world).await;
    world.registry.stop_writer().await;
    writer.join().expect("the writer ends");
    close().expect("the logs close");
    done
}

#[tokio::test]
async fn a_long_log_on_a_disk_is_decrypted_by_whoever_decodes_it() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let live = with_files(place.path(), async |world| {
        for number in 0..40 {
            // Each a content of its own, or the first would stand for all.
            let mut body = body();
            body["metadata"]["properties"]["key"] = json!(format!("{PLAIN} {number}"));
            let path = format!("/subjects/s{number}/versions");
            assert_eq!(world.ask("POST", &path, &body).await.0, 200);
        }
        world.registry.snapshot().expect("it serves")
    });
    let live = live.await;
    let read = with_files(place.path(), async |world| world.registry.snapshot()).await;
    assert_eq!(read.expect("it serves"), live);
    let report = verify::run(place.path());
    assert!(report.is_clean(), "{report}");
}

#[test]
fn the_check_of_a_stopped_log_tells_what_is_no_keyset() {
    let place = tempfile::tempdir().expect("a temporary directory");
    let mut engine = engine(place.path());
    for (key, value) in [
        (&b"default"[..], Some(&br#"{"keyset":"EgA="}"#[..])),
        (b"default", Some(br#"{"keyset":"?"}"#)),
        (b"default", None),
        (b"another", Some(br#"{"keyset":"EgA="}"#)),
    ] {
        let (key, value) = (key.to_vec(), value.map(<[u8]>::to_vec));
        let head = engine.keysets.writer.claim().expect("nobody else writes").head;
        let entry = Entry { key, value, timestamp: 1 };
        engine.keysets.writer.append(head, &[entry]).expect("the disk has room");
    }
    (engine.close)().expect("the logs close");
    let expected = [
        "_schema_encoders, offset 1: the keyset: it is no keyset of Tink's",
        "_schema_encoders, offset 2: the keyset: it is no keyset of Tink's",
        "_schema_encoders, offset 3: a keyset of an unknown tenant",
    ];
    assert_eq!(verify::run(place.path()).findings, expected);
}
