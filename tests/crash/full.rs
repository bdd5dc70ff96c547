//! The real process on a disk without room: writes are refused with 50001, reads go on, and when
//! room is made it heals by itself.
//! The disk is full for one process only, by its limit on the size of a file: the kernel writes
//! what fits and refuses the rest, as on a full disk, and nobody needs to be root for it.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use harness::{Http, server};
use rustix::process::{Pid, Resource, Rlimit, prlimit};
use serde_json::{Value, json};
use ureq::http::Method;

const START_MAX: Duration = Duration::from_secs(30);

/// A server that survives the signal which comes with the refusal.
struct Limited {
    child: Child,
    http: Http,
}

impl Limited {
    fn start(data_dir: &Path, address: SocketAddr) -> Self {
        let child = server::unset(Command::new("sh"))
            .args(["-c", r#"trap "" XFSZ; exec "$@""#, "sh"])
            .arg(server::binary())
            .args(["serve", "--compatibility-level", "NONE", "--log-level", "off"])
            .arg("--data-dir")
            .arg(data_dir)
            .args(["--http", &address.to_string()])
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let (http, deadline) = (Http::new(address), Instant::now() + START_MAX);
        let ready = || {
            let answer = http.try_send(&Method::GET, "/health/ready", None);
            answer.is_ok_and(|answer| answer.status == 200)
        };
        while !ready() {
            assert!(Instant::now() < deadline, "not ready in time");
            sleep(Duration::from_millis(10));
        }
        Self { child, http }
    }

    /// Lets no file become larger than this; none lifts the limit.
    fn limit(&self, bytes: Option<u64>) {
        let limit = Rlimit { current: bytes, maximum: None };
        prlimit(Some(Pid::from_child(&self.child)), Resource::Fsize, limit).unwrap();
    }

    fn register(&self, text: &str) -> harness::Response {
        self.http.post("/subjects/s/versions", &json!({ "schema": text }))
    }
}

impl Drop for Limited {
    fn drop(&mut self) {
        let _already_gone = self.child.kill();
        let _ = self.child.wait();
    }
}

fn text(number: usize) -> String {
    let doc = format!("{number}-{}", "d".repeat(700));
    format!(r#"{{"type":"record","name":"R","doc":"{doc}","fields":[]}}"#)
}

fn check_all(http: &Http, ids: &[i64]) {
    for (number, id) in ids.iter().enumerate() {
        assert_eq!(http.get(&format!("/schemas/ids/{id}")).ok()["schema"], text(number));
        let version = http.get(&format!("/subjects/s/versions/{}", number + 1)).ok();
        assert_eq!(version["id"], *id);
    }
    let next = http.get(&format!("/subjects/s/versions/{}", ids.len() + 1));
    assert_eq!(next.status, 404, "a version that nobody was answered: {}", next.body);
}

#[test]
fn a_full_disk_refuses_writes_and_heals() {
    let directory = tempfile::Builder::new().prefix("syngraph-test-").tempdir().unwrap();
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let server = Limited::start(directory.path(), address);
    let id = |answer: Value| answer["id"].as_i64().unwrap();
    let mut ids = vec![id(server.register(&text(0)).ok())];
    let log = directory.path().join("_schemas-0/00000000000000000000.log");
    server.limit(Some(log.metadata().unwrap().len() + 3_000));
    let refused = loop {
        let answer = server.register(&text(ids.len()));
        if answer.status != 200 {
            break answer;
        }
        ids.push(id(answer.ok()));
    };
    assert!(ids.len() > 1, "there was room for some");
    for answer in [refused, server.register(&text(ids.len()))] {
        let (status, code, _) = answer.error();
        assert_eq!((status, code), (500, 50_001));
        check_all(&server.http, &ids);
    }
    server.limit(None);
    ids.push(id(server.register(&text(ids.len())).ok()));
    check_all(&server.http, &ids);
    drop(server);
    let server = Limited::start(directory.path(), address);
    check_all(&server.http, &ids);
}
