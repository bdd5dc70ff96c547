//! What the registry is measured against: axum with a handler that does next to nothing. A GET
//! sends fixed headers and bytes; a POST parses its body as a registration first.

use std::io::{self, Read as _, Write as _};

use axum::{
    Json, Router, body::Body, extract::State, response::Response, routing::get,
    serve::ListenerExt as _,
};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use memchr::memmem;
use openapi::schemas::RegisterRequest;

/// The hidden command under which this program serves.
pub const COMMAND: &str = "bare-handler";

#[derive(Clone)]
struct Answer {
    headers: HeaderMap,
    body: Bytes,
}

/// Serves the answer that comes over stdin, and says on stdout where.
pub fn serve() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("the runtime starts").block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        println!("{address}");
        io::stdout().flush().expect("stdout takes a line");
        // Small answers go at once, as the registry's do.
        let listener = listener.tap_io(|io| io.set_nodelay(true).expect("TCP has no delay"));
        axum::serve(listener, router(read_answer())).await.expect("it serves for ever");
    });
}

fn router(answer: Answer) -> Router {
    Router::new()
        .route("/schemas/ids/{id}", get(fixed))
        .route("/subjects/{subject}/versions", axum::routing::post(parsed))
        .with_state(answer)
}

async fn fixed(State(answer): State<Answer>) -> Response {
    let mut response = Response::new(Body::from(answer.body));
    *response.headers_mut() = answer.headers;
    response
}

async fn parsed(State(answer): State<Answer>, Json(body): Json<RegisterRequest>) -> Response {
    assert!(body.schema.is_some(), "the load sends schemas");
    fixed(State(answer)).await
}

/// An answer as it came over the wire, without what the server adds by itself.
fn read_answer() -> Answer {
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes).expect("stdin can be read");
    let head = memmem::find(&bytes, b"\r\n\r\n").expect("an answer has a head");
    let text = String::from_utf8_lossy(&bytes[..head]);
    let lines = text.lines().skip(1).filter_map(|line| line.split_once(": "));
    let sent = lines.filter(|(name, _)| !matches!(*name, "date" | "content-length"));
    let headers = sent.map(|(name, value)| {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header's name");
        (name, HeaderValue::from_str(value).expect("a header's value"))
    });
    Answer { headers: headers.collect(), body: Bytes::copy_from_slice(&bytes[head + 4..]) }
}
