//! Callers that ask too much: each is refused clearly, and none of them is anybody else's problem.

use std::{
    io::{Read as _, Write as _},
    net::SocketAddr,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    case::Setting,
    client,
    exchange::{Answer, Request},
    process::Process,
};

const KIB: usize = 1 << 10;

fn server(settings: &[(&str, &str)]) -> Process {
    let setting =
        |(key, text): &(&str, &str)| Setting { key: (*key).to_owned(), text: (*text).to_owned() };
    Process::start(&settings.iter().map(setting).collect::<Vec<_>>())
}

fn register(address: SocketAddr, body: &Value) -> Answer {
    client::send(address, &Request::new("POST", "/subjects/s/versions").json(body))
}

/// That the server is alive, and how soon it says so.
fn assert_serves(address: SocketAddr) {
    let started = Instant::now();
    let answer = client::send(address, &Request::new("GET", "/subjects"));
    assert_eq!(answer.status, 200);
    assert!(started.elapsed() < Duration::from_secs(2), "it took {:?}", started.elapsed());
}

fn assert_error(answer: &Answer, status: u16, code: u32) {
    assert_eq!(answer.status, status, "{}", answer.text());
    let body = answer.json();
    assert_eq!(body["error_code"], json!(code), "{body}");
    assert!(body["message"].is_string(), "{body}");
    assert_eq!(body.as_object().map(serde_json::Map::len), Some(2), "{body}");
}

#[test]
fn a_body_that_is_announced_too_large_is_refused_before_it_is_sent() {
    let server = server(&[("body_size_max", "4096"), ("schema_size_max", "2048")]);
    let mut stream = client::connect(server.address());
    let head = "POST /subjects/s/versions HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
                Content-Type: application/json\r\nContent-Length: 4097\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    assert_error(&client::answer(&mut stream).unwrap(), 413, 413);
    assert_serves(server.address());
}

#[test]
fn a_chunked_body_is_refused_when_it_has_grown_too_large() {
    let server = server(&[("body_size_max", "4096"), ("schema_size_max", "2048")]);
    let mut stream = client::connect(server.address());
    let head = "POST /subjects/s/versions HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
                Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    stream.write_all(format!("1001\r\n{}\r\n", " ".repeat(4097)).as_bytes()).unwrap();
    assert_error(&client::answer(&mut stream).unwrap(), 413, 413);
    assert_serves(server.address());
}

#[test]
fn a_body_within_the_limit_is_read_chunk_by_chunk() {
    let server = server(&[]);
    let mut stream = client::connect(server.address());
    let head = "POST /subjects/s/versions HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
                Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    for chunk in [r#"{"sche"#, r#"ma":"\"str"#, r#"ing\""}"#] {
        stream.write_all(format!("{:x}\r\n{chunk}\r\n", chunk.len()).as_bytes()).unwrap();
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    let answer = client::answer(&mut stream).unwrap();
    assert_eq!((answer.status, answer.json()), (200, json!({"id": 1})));
}

#[test]
fn a_schema_may_be_as_large_as_the_limit_and_no_larger() {
    let server = server(&[("schema_size_max", "2048")]);
    let sized = |size: usize| {
        let frame = r#"{"type":"record","name":"R","doc":"","fields":[]}"#;
        let doc = "d".repeat(size - frame.len());
        let schema = format!(r#"{{"type":"record","name":"R","doc":"{doc}","fields":[]}}"#);
        assert_eq!(schema.len(), size);
        json!({"schema": schema})
    };
    let refused = register(server.address(), &sized(2049));
    assert_error(&refused, 422, 42209);
    let message = "Register operation failed because schema is too large";
    assert_eq!(refused.json()["message"], json!(message));
    assert_eq!(register(server.address(), &sized(2048)).json(), json!({"id": 1}));
    let list = client::send(server.address(), &Request::new("GET", "/subjects/s/versions"));
    assert_eq!(list.json(), json!([1]));
}

#[test]
fn json_of_any_depth_is_answered() {
    let server = server(&[]);
    for depth in [100, 1_000, 100_000, 1_000_000] {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let mut body = Request::new("POST", "/subjects/s/versions").json(&Value::Null);
        body.body = Some(format!(r#"{{"unknown":{deep},"schema":"\"int\""}}"#).into_bytes());
        let status = client::send(server.address(), &body).status;
        assert!(matches!(status, 200 | 400), "depth {depth}: {status}");
        let schema =
            format!("{}\"int\"{}", r#"{"type":"array","items":"#.repeat(depth), "}".repeat(depth));
        if schema.len() < 7 << 20 {
            let status = register(server.address(), &json!({"schema": schema})).status;
            let right = if depth < 1_000 { &[200, 409][..] } else { &[200, 409, 422][..] };
            assert!(right.contains(&status), "depth {depth}: {status}");
        }
        assert_serves(server.address());
    }
}

#[test]
fn a_body_of_nothing_but_an_object_with_many_fields_is_answered() {
    let server = server(&[]);
    let fields: Vec<String> = (0..200_000).map(|field| format!(r#""f{field}":null"#)).collect();
    let mut request = Request::new("POST", "/subjects/s/versions").json(&Value::Null);
    request.body = Some(format!(r#"{{"schema":"\"int\"",{}}}"#, fields.join(",")).into_bytes());
    assert_eq!(client::send(server.address(), &request).json(), json!({"id": 1}));
}

#[test]
fn a_body_behind_a_byte_order_mark_is_read() {
    let server = server(&[]);
    let mut request = Request::new("POST", "/subjects/s/versions").json(&Value::Null);
    request.body = Some(b"\xef\xbb\xbf{\"schema\":\"\\\"int\\\"\"}".to_vec());
    assert_eq!(client::send(server.address(), &request).json(), json!({"id": 1}));
}

#[test]
fn half_sent_requests_hold_nobody_up() {
    let server = server(&[("header_read_timeout_ms", "700")]);
    let address = server.address();
    let half_heads: Vec<_> = (0..50)
        .map(|_| {
            let mut stream = client::connect(address);
            stream.write_all(b"GET /subjects HTTP/1.1\r\nHost: x\r\nX-Slow: ").unwrap();
            stream
        })
        .collect();
    let half_bodies: Vec<_> = (0..50)
        .map(|_| {
            let mut stream = client::connect(address);
            let head = "POST /subjects/slow/versions HTTP/1.1\r\nHost: x\r\n\
                        Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"schema\"";
            stream.write_all(head.as_bytes()).unwrap();
            stream
        })
        .collect();
    assert_serves(address);
    assert_eq!(register(address, &json!({"schema": "\"int\""})).json(), json!({"id": 1}));
    // A head that does not come is not waited for.
    for mut stream in half_heads {
        let mut rest = Vec::new();
        let _reset_is_fine = stream.read_to_end(&mut rest);
        assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 408"), "{rest:?}");
    }
    drop(half_bodies);
    let list = client::send(address, &Request::new("GET", "/subjects"));
    assert_eq!(list.json(), json!(["s"]), "nothing came of half a registration");
}

#[test]
fn a_body_that_comes_slowly_still_counts() {
    let server = server(&[]);
    let mut stream = client::connect(server.address());
    let body = json!({"schema": "\"int\""}).to_string();
    let head = format!(
        "POST /subjects/slow/versions HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).unwrap();
    for byte in body.as_bytes() {
        stream.write_all(&[*byte]).unwrap();
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(client::answer(&mut stream).unwrap().json(), json!({"id": 1}));
}

#[test]
fn beyond_the_limit_a_connection_waits_for_a_place() {
    let server = server(&[("connections_max", "4")]);
    let address = server.address();
    let mut holders: Vec<_> = (0..4)
        .map(|_| {
            let mut stream = client::connect(address);
            stream.write_all(b"GET /subjects HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
            let mut first = [0; 16];
            stream.read_exact(&mut first).unwrap();
            stream
        })
        .collect();
    let mut waiting = client::connect(address);
    waiting.write_all(&client::encoded(&Request::new("GET", "/subjects"))).unwrap();
    waiting.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
    assert!(waiting.peek(&mut [0]).is_err(), "it was answered without a place");
    holders.pop();
    waiting.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    assert_eq!(client::answer(&mut waiting).unwrap().status, 200);
}

#[test]
fn a_head_that_is_too_large_is_refused() {
    let server = server(&[]);
    let mut request = Request::new("GET", "/subjects");
    request.headers.push(("X-Large".to_owned(), "h".repeat(100 * KIB)));
    assert_eq!(client::send(server.address(), &request).status, 431);
    let path = format!("/subjects?subjectPrefix={}", "p".repeat(100 * KIB));
    let status = client::send(server.address(), &Request::new("GET", &path)).status;
    assert!(matches!(status, 414 | 431), "{status}");
    assert_serves(server.address());
}

#[test]
fn what_is_not_http_is_refused() {
    let server = server(&[]);
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..],
        b"\r\n\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /subjects HTTP/9.9\r\n\r\n",
        b"GET /subjects/\x80\xff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"POST /subjects/s HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    ] {
        let mut stream = client::connect(server.address());
        stream.write_all(bytes).unwrap();
        let _refused_already = stream.shutdown(std::net::Shutdown::Write);
        let mut rest = Vec::new();
        let _reset_is_fine = stream.read_to_end(&mut rest);
        let head = String::from_utf8_lossy(&rest);
        assert!(head.is_empty() || head.starts_with("HTTP/1.1 4"), "{bytes:?}: {head}");
        assert_serves(server.address());
    }
}

#[test]
fn names_that_are_no_subjects_are_refused() {
    let server = server(&[]);
    let body = json!({"schema": "\"int\""});
    let long = "n".repeat(1025);
    for name in [long.as_str(), "a%0Ab", "%00", "a%7F", "%1B%5B0m", "%C2%85"] {
        let path = format!("/subjects/{name}/versions");
        let answer = client::send(server.address(), &Request::new("POST", &path).json(&body));
        assert_error(&answer, 422, 42208);
    }
    for name in ["%FF", "%C3%28", "%ED%A0%80", "%F8%88%80%80%80"] {
        let path = format!("/subjects/{name}/versions");
        let answer = client::send(server.address(), &Request::new("POST", &path).json(&body));
        assert!((400..500).contains(&answer.status), "{name}: {}", answer.status);
    }
    let path = format!("/subjects/{}/versions", "n".repeat(1024));
    let answer = client::send(server.address(), &Request::new("POST", &path).json(&body));
    assert_eq!(answer.json(), json!({"id": 1}));
}

#[test]
fn requests_on_one_connection_are_answered_in_order() {
    let server = server(&[]);
    let mut stream = client::connect(server.address());
    let mut bytes = Vec::new();
    for number in 0..50 {
        let head = format!("GET /schemas/ids/{number} HTTP/1.1\r\nHost: x\r\n\r\n");
        bytes.extend_from_slice(head.as_bytes());
    }
    bytes.extend_from_slice(&client::encoded(&Request::new("GET", "/schemas/ids/50")));
    stream.write_all(&bytes).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let places: Vec<usize> =
        (0..=50).map(|number| text.find(&format!("Schema {number} not found")).unwrap()).collect();
    assert!(places.is_sorted(), "{text}");
}
