//! Everything that an append may come to, on either log: what the caller is told, what holds
//! afterwards, and that the published state is what the logs say.

use std::{sync::Arc, time::Duration};

use axum::body::{Body, to_bytes};
use broker_core::SystemClock;
use http::Request;
use registry::{
    encoder::{Encoder, Sealer, Secrets},
    http::{About, Front, Policy},
    log::{
        Head,
        simulated::{Fault, SimulatedLog},
    },
    open::{self, Logs},
    replay::{self, Own},
    service::Registry,
    writer::{Job, Reply, WriteFailure, Writer},
};
use registry_core::{
    parser::PlainParser,
    rules::{self, Command, NewSchema, Prepared},
    settings::Settings,
    state::State,
};
use schema::Language;
use serde_json::{Value, json};

const INT: &str = r#"{"schema":"\"int\""}"#;
const LONG: &str = r#"{"schema":"\"long\""}"#;

fn settings() -> Settings {
    Settings::UPSTREAM
}

fn logs(schemas: &SimulatedLog, marks: &SimulatedLog) -> Logs {
    let encoder = Encoder::new(SimulatedLog::default().log(), Secrets::default());
    Logs { schemas: schemas.log(), marks: marks.log(), encoder }
}

/// A registry over logs in memory.
struct World {
    schemas: SimulatedLog,
    marks: SimulatedLog,
    registry: Registry,
    front: Front,
}

impl World {
    fn open() -> Self {
        let (schemas, marks) = (SimulatedLog::default(), SimulatedLog::default());
        let (registry, queue) = Registry::new(settings(), 64, Duration::from_secs(5));
        let logs = logs(&schemas, &marks);
        open::open(&registry, logs, queue, Arc::new(SystemClock)).expect("empty logs open");
        let front = registry::http::front(registry.clone(), About::default(), Policy::default());
        Self { schemas, marks, registry, front }
    }

    async fn ask(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let request = Request::builder().method(method).uri(path);
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        let Ok(answer) = self.front.answer(request).await;
        let status = answer.status().as_u16();
        let bytes = to_bytes(answer.into_body(), 1 << 20).await.expect("a short body");
        (status, serde_json::from_slice(&bytes).expect("JSON"))
    }

    async fn register(&self, subject: &str, body: &str) -> (u16, Value) {
        self.ask("POST", &format!("/subjects/{subject}/versions"), body).await
    }

    /// The error code of an answer; 0 for a success.
    async fn code(&self, method: &str, path: &str, body: &str) -> u64 {
        self.ask(method, path, body).await.1["error_code"].as_u64().unwrap_or(0)
    }

    /// What is shown is what the logs say.
    fn assert_replayed(&self) {
        let (mut state, mut own) = (State::default(), Own::default());
        let (mut schemas, mut marks) = (self.schemas.log(), self.marks.log());
        let (reader, sealer) = (schemas.reader.as_mut(), Sealer::default());
        replay::catch_up(&mut state, Head::default(), reader, &sealer, &mut |_| {})
            .expect("a log in memory is read");
        replay::catch_up_marks(&mut state, &mut own, marks.reader.as_mut())
            .expect("a log in memory is read");
        assert_eq!(*self.registry.snapshot().expect("it serves"), state);
    }
}

#[tokio::test]
async fn an_append_that_failed_is_told_and_healed() {
    for (fault, code) in [
        (Fault::Conflict, 0),
        (Fault::Gap, 0),
        (Fault::NoSpace, 50001),
        (Fault::TooLarge, 42209),
        (Fault::UnknownLost, 50002),
        (Fault::UnknownWritten, 50002),
    ] {
        let world = World::open();
        world.schemas.fail(&[fault]);
        assert_eq!(world.code("POST", "/subjects/s/versions", INT).await, code, "{fault:?}");
        // Whatever came of it: once more, and there is one id and one version.
        assert_eq!(world.register("s", INT).await, (200, json!({"id": 1})), "{fault:?}");
        let versions = world.ask("GET", "/subjects/s/versions", "").await;
        assert_eq!(versions, (200, json!([1])), "{fault:?}");
        assert_eq!(world.register("s", LONG).await, (200, json!({"id": 2})), "{fault:?}");
        assert_eq!(world.register("t", LONG).await, (200, json!({"id": 2})), "{fault:?}");
        world.assert_replayed();
    }
}

#[tokio::test]
async fn a_writer_that_lost_its_log_refuses_every_write_and_serves_reads() {
    for (fault, code) in [(Fault::Fenced, 50004), (Fault::Failed, 50001)] {
        let world = World::open();
        world.register("s", INT).await;
        world.schemas.fail(&[fault]);
        for _ in 0..3 {
            assert_eq!(world.code("POST", "/subjects/s/versions", LONG).await, code, "{fault:?}");
        }
        assert_eq!(world.register("s", INT).await.0, 200, "what is known needs no write");
        assert_eq!(world.ask("GET", "/schemas/ids/1", "").await.0, 200);
        assert_eq!(world.code("GET", "/schemas/ids/2", "").await, 40403);
        world.assert_replayed();
    }
}

#[tokio::test]
async fn each_operation_has_its_own_words_for_a_full_disk() {
    let subject_gone = "Error while deleting the subject s";
    let version_gone = "Delete Schema Version operation failed while writing to the Kafka store";
    for (method, path, body, message) in [
        ("PUT", "/config/s", r#"{"compatibility":"FULL"}"#, "Failed to update compatibility level"),
        ("PUT", "/mode", r#"{"mode":"READONLY"}"#, "Failed to update mode"),
        ("DELETE", "/subjects/s", "", subject_gone),
        ("DELETE", "/subjects/s/versions/1", "", version_gone),
    ] {
        for fault in [Fault::NoSpace, Fault::TooLarge] {
            let world = World::open();
            world.register("s", INT).await;
            world.schemas.fail(&[fault]);
            let answer = world.ask(method, path, body).await;
            let expected = json!({"error_code": 50001, "message": message});
            assert_eq!(answer, (500, expected), "{method} {path} {fault:?}");
            assert_eq!(world.ask(method, path, body).await.0, 200, "{method} {path} {fault:?}");
            world.assert_replayed();
        }
    }
}

#[tokio::test]
async fn an_id_is_not_given_twice_however_its_mark_failed() {
    for (fault, code) in [
        (Fault::NoSpace, 50001),
        (Fault::Conflict, 0),
        (Fault::UnknownLost, 50002),
        (Fault::UnknownWritten, 50002),
        (Fault::Gap, 0),
    ] {
        let world = World::open();
        world.register("s", INT).await;
        world.ask("DELETE", "/subjects/s", "").await;
        world.marks.fail(&[fault]);
        let path = "/subjects/s?permanent=true";
        assert_eq!(world.code("DELETE", path, "").await, code, "{fault:?}");
        if code != 0 {
            assert_eq!(world.ask("GET", "/schemas/ids/1", "").await.0, 200, "{fault:?}");
            assert_eq!(world.code("DELETE", path, "").await, 0, "{fault:?}");
        }
        world.assert_replayed();
        assert_eq!(world.register("s", LONG).await, (200, json!({"id": 2})), "{fault:?}");
        world.assert_replayed();
    }
}

#[tokio::test]
async fn a_mark_without_its_deletion_costs_nothing() {
    for fault in [Fault::NoSpace, Fault::Conflict, Fault::UnknownLost, Fault::UnknownWritten] {
        let world = World::open();
        world.register("s", INT).await;
        world.ask("DELETE", "/subjects/s", "").await;
        // The mark is durable, then the deletion fails.
        world.schemas.fail(&[fault]);
        world.ask("DELETE", "/subjects/s?permanent=true", "").await;
        world.ask("DELETE", "/subjects/s?permanent=true", "").await;
        assert_eq!(world.register("s", LONG).await, (200, json!({"id": 2})), "{fault:?}");
        world.assert_replayed();
    }
}

fn jobs(state: &State, names: &[&str]) -> Vec<Job> {
    let job = |name: &&str| {
        let subject = name.parse().expect("a subject");
        let new = NewSchema::new(subject, Language::Avro, "\"int\"".to_owned());
        let command = Command::Register(Arc::new(new));
        let ready = match rules::prepare(state, &settings(), &PlainParser, command.clone()) {
            Ok(Prepared::Ready(ready)) => ready,
            other => panic!("{other:?}"),
        };
        Job { command, ready, misses: 0 }
    };
    names.iter().map(job).collect()
}

#[test]
fn a_batch_that_is_too_large_goes_through_one_by_one() {
    let (schemas, marks) = (SimulatedLog::default(), SimulatedLog::default());
    let published = Arc::default();
    let logs = logs(&schemas, &marks);
    let heads = (Head::default(), Own::default());
    let mut writer = Writer::new(logs, heads, published, settings(), Arc::new(PlainParser));
    let batch = jobs(&State::default(), &["a", "b", "c"]);
    schemas.fail(&[Fault::TooLarge, Fault::TooLarge]);
    let replies = writer.step(&batch, 0);
    assert_eq!(replies[0], Reply::Failed(WriteFailure::TooLarge));
    assert!(replies[1..].iter().all(|reply| matches!(reply, Reply::Answered(_))), "{replies:?}");
    assert_eq!(schemas.appends(), 4);
}

#[test]
fn nothing_of_a_failed_batch_is_answered() {
    for (fault, failure) in [
        (Fault::NoSpace, WriteFailure::Store),
        (Fault::Failed, WriteFailure::Store),
        (Fault::UnknownLost, WriteFailure::Unknown),
        (Fault::UnknownWritten, WriteFailure::Unknown),
        (Fault::Fenced, WriteFailure::NotWriter),
    ] {
        let (schemas, marks) = (SimulatedLog::default(), SimulatedLog::default());
        let logs = logs(&schemas, &marks);
        let heads = (Head::default(), Own::default());
        let published = Arc::default();
        let mut writer =
            Writer::new(logs, heads, Arc::clone(&published), settings(), Arc::new(PlainParser));
        let mut batch = jobs(&State::default(), &["a", "b"]);
        let subject = "nobody".parse().expect("a subject");
        let command = Command::DeleteSubject { subject, permanent: false };
        batch.push(Job { ready: rules::Ready::Plain(command.clone()), command, misses: 0 });
        schemas.fail(&[fault]);
        let replies = writer.step(&batch, 0);
        assert_eq!(replies, vec![Reply::Failed(failure); 3], "{fault:?}: rejections included");
        assert_eq!(*published.load_full(), State::default(), "{fault:?}");
    }
}
