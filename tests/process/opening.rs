//! Before the log is read: what is answered already, what must wait, and logs that are not opened.

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use broker_core::SystemClock;
use registry::{
    encoder::{Encoder, Secrets},
    http::{About, Front, Policy},
    log::simulated::SimulatedLog,
    open::{self, Logs, OpenError},
    service::{Errand, Registry},
};
use registry_core::settings::Settings;
use tokio::sync::mpsc;

fn closed() -> (Registry, mpsc::Receiver<Errand>) {
    Registry::new(Settings::UPSTREAM, 16, Duration::from_secs(1))
}

fn front(registry: &Registry) -> Front {
    registry::http::front(registry.clone(), About::default(), Policy::default())
}

#[tokio::test]
async fn what_needs_the_log_is_503_until_it_is_read() {
    let (registry, _queue) = closed();
    registry.replayed(7);
    let front = front(&registry);
    for (method, path, status) in [
        ("GET", "/", 503),
        ("GET", "/subjects", 503),
        ("GET", "/subjects/s/versions", 503),
        ("POST", "/subjects/s/versions", 503),
        ("DELETE", "/subjects/s", 503),
        ("GET", "/schemas/ids/1", 503),
        ("GET", "/config", 503),
        ("PUT", "/config", 503),
        ("GET", "/mode/s", 503),
        ("POST", "/compatibility/subjects/s/versions", 503),
        ("GET", "/syngraph/v1/status", 503),
        ("GET", "/health/ready", 503),
        ("GET", "/health/startup", 503),
        ("GET", "/health/live", 200),
        ("GET", "/metrics", 200),
        ("GET", "/schemas/types", 200),
    ] {
        let body = match method {
            "POST" => r#"{"schema":"\"int\""}"#,
            "PUT" => r#"{"compatibility":"FULL"}"#,
            _ => "",
        };
        let request = http::Request::builder().method(method).uri(path);
        let Ok(answer) = front.answer(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.status(), status, "{method} {path}");
        let again = answer.headers().get(http::header::RETRY_AFTER);
        assert_eq!(again.is_some(), status == 503, "{method} {path}");
        if status == 503 {
            let bytes = axum::body::to_bytes(answer.into_body(), 1 << 10).await.unwrap();
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            let expected =
                r#"{"error_code":503,"message":"The log is being replayed: 7 records so far"}"#;
            assert_eq!(text, expected, "{method} {path}");
        }
    }
}

#[test]
fn a_newer_form_of_the_logs_is_refused_and_not_written_to() {
    let (registry, queue) = closed();
    let (schemas, marks) = (SimulatedLog::default(), SimulatedLog::default());
    marks.write_foreign(br#"{"keytype":"FORMAT"}"#, Some(br#"{"version":2}"#));
    let encoder = Encoder::new(SimulatedLog::default().log(), Secrets::default());
    let logs = Logs { schemas: schemas.log(), marks: marks.log(), encoder };
    let refused = open::open(&registry, logs, queue, Arc::new(SystemClock));
    assert!(matches!(refused, Err(OpenError::Format { found: 2 })));
    assert_eq!((schemas.appends(), marks.appends()), (0, 0));
    assert!(registry.snapshot().is_err());
}
