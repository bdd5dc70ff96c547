//! Stops: nothing that was answered is lost, what is in flight is answered, and nobody holds the
//! process up for longer than its grace.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use harness::server::Server;
use serde_json::json;
use ureq::http::Method;

const CLIENTS: usize = 8;

#[test]
fn a_stop_under_load_keeps_every_acknowledged_registration() {
    let mut server = Server::start();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let http = server.http();
            thread::spawn(move || {
                let mut known = Vec::new();
                for number in 0.. {
                    let schema =
                        format!(r#"{{"type":"fixed","name":"F{client}","size":{number}}}"#);
                    let (path, body) = (
                        format!("/subjects/c{client}-{number}/versions"),
                        json!({"schema": schema}).to_string(),
                    );
                    match http.try_send(&Method::POST, &path, Some(&body)) {
                        Ok(answer) if answer.status == 200 => {
                            known.push((path, answer.json()["id"].clone(), schema));
                        }
                        Ok(answer) => {
                            assert_eq!(answer.status, 503, "{}", answer.body);
                            break;
                        }
                        Err(_) => break,
                    }
                }
                known
            })
        })
        .collect();
    thread::sleep(Duration::from_millis(400));
    let status = server.stop();
    assert!(status.success(), "{status}: {}", server.log());
    assert!(server.log().contains("the logs are closed"), "{}", server.log());
    assert!(server.data_dir().join(".kafka_cleanshutdown").exists());
    let known: Vec<_> = clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
    assert!(known.len() > CLIENTS, "{} registrations are no load", known.len());
    let server = server.restart();
    for (path, id, schema) in &known {
        let version = server.http().get(&format!("{path}/1")).ok();
        assert_eq!((&version["id"], version["schema"].as_str().unwrap()), (id, schema.as_str()));
        let by_id = server.http().get(&format!("/schemas/ids/{id}")).ok();
        assert_eq!(by_id["schema"].as_str().unwrap(), schema);
    }
}

#[test]
fn what_is_in_flight_is_answered() {
    let mut server = Server::start();
    let body = json!({"schema": "\"int\""}).to_string();
    let (first, rest) = body.split_at(5);
    let mut stream = TcpStream::connect(server.address()).unwrap();
    let head = format!(
        "POST /subjects/late/versions HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{first}",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    thread::sleep(Duration::from_millis(200));
    server.terminate();
    thread::sleep(Duration::from_millis(200));
    assert!(TcpStream::connect(server.address()).is_err(), "it still accepts");
    stream.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with(r#"{"id":1}"#), "{answer}");
    assert!(server.stop().success(), "{}", server.log());
    let server = server.restart();
    server.http().get("/subjects/late/versions/1").ok();
}

#[test]
fn nobody_holds_up_a_stop() {
    let mut server = Server::start_with(&["--shutdown-grace-ms", "300"]);
    let connect = || TcpStream::connect(server.address()).unwrap();
    let request = b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
    let (silent, mut idle, mut half, mut deaf) = (connect(), connect(), connect(), connect());
    idle.write_all(request).unwrap();
    idle.read_exact(&mut [0; 64]).unwrap();
    half.write_all(b"POST /subjects/s HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{").unwrap();
    // Asks for more than the sockets hold and reads nothing of it.
    deaf.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
    while deaf.write_all(request).is_ok() {}
    let asked = Instant::now();
    assert!(server.stop().success(), "{}", server.log());
    assert!(asked.elapsed() < Duration::from_secs(5), "it took {:?}", asked.elapsed());
    assert!(server.log().contains("the logs are closed"), "{}", server.log());
    drop((silent, idle, half, deaf));
}

#[test]
fn a_connection_without_a_request_is_closed() {
    let server = Server::start_with(&["--header-read-timeout-ms", "500"]);
    for said in [&b""[..], b"G", b"P", b"PRI * HTTP/2.0\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"] {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        stream.write_all(said).unwrap();
        let mut rest = Vec::new();
        let ended = stream.read_to_end(&mut rest);
        let still_open = ended.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock);
        assert!(!still_open, "{said:?} keeps its place");
    }
}

#[test]
fn log_lines_as_json_carry_the_request_id() {
    let mut server = Server::start_with(&["--log-format", "json"]);
    let answer = server.http().get("/subjects");
    let id = answer.header("x-request-id").to_owned();
    assert!(server.stop().success());
    let log = server.log();
    let lines: Vec<serde_json::Value> =
        log.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let line = lines.iter().find(|line| line["request_id"] == id.as_str()).expect("a line for it");
    assert_eq!((&line["path"], &line["status"]), (&json!("/subjects"), &json!(200)));
}
