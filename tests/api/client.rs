//! A client that says exactly what it is told: no header of its own but what HTTP demands, nothing
//! straightened, nothing followed.

use std::{
    io::{self, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use crate::exchange::{Answer, Request};

/// Nothing in these tests takes longer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A new connection.
pub(crate) fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect_timeout(&address, PATIENCE).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// Sends a request over a connection of its own.
pub(crate) fn send(address: SocketAddr, request: &Request) -> Answer {
    let mut stream = connect(address);
    stream.write_all(&encoded(request)).unwrap();
    answer(&mut stream).unwrap()
}

/// The bytes of a request, after which the connection ends.
pub(crate) fn encoded(request: &Request) -> Vec<u8> {
    let mut head = format!("{} {} HTTP/1.1\r\n", request.method, request.path);
    head.push_str("Host: registry\r\nConnection: close\r\n");
    let mut bytes = head.into_bytes();
    for (name, value) in &request.headers {
        write!(bytes, "{name}: {value}\r\n").unwrap();
    }
    if let Some(body) = &request.body {
        write!(bytes, "Content-Length: {}\r\n", body.len()).unwrap();
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(request.body.as_deref().unwrap_or_default());
    bytes
}

/// Reads the one answer of a connection, to its end.
pub(crate) fn answer(stream: &mut TcpStream) -> io::Result<Answer> {
    let mut bytes = Vec::new();
    let read = stream.read_to_end(&mut bytes);
    if let Some(answer) = parsed(&bytes) {
        return Ok(answer);
    }
    read?;
    Err(io::Error::other(format!("no answer: {}", String::from_utf8_lossy(&bytes))))
}

fn parsed(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]);
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let header = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_owned(), value.trim().to_owned()))
    };
    let mut answer =
        Answer { status, headers: lines.filter_map(header).collect(), body: Vec::new() };
    let body = &bytes[end + 4..];
    answer.body = match answer.header("transfer-encoding").as_slice() {
        ["chunked"] => unchunked(body)?,
        _ => body.to_vec(),
    };
    Some(answer)
}

fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..line]).ok()?, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(line + 2..line + 2 + size)?);
        rest = rest.get(line + 2 + size + 2..)?;
    }
}
