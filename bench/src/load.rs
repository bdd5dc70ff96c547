//! The load: one thread that keeps some connections busy, each with one request at a time.
//! HTTP/1.1 without pipelining, and no more of HTTP than it takes to find the end of an answer, so
//! that the load costs little beside what it measures.

use std::{
    io::{ErrorKind, Read, Write},
    net::SocketAddr,
    time::{Duration, Instant},
};

use memchr::memmem;
use mio::{Events, Interest, Poll, Token, net::TcpStream};

use crate::samples::{Samples, nanos};

/// When a load ends.
#[derive(Clone, Copy, Debug)]
pub enum Until {
    After(Duration),
    Answers(usize),
}

/// What came of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub elapsed: Duration,
    pub latency: Samples,
}

impl Outcome {
    /// Answers in a second.
    pub fn rate(&self) -> f64 {
        self.latency.len() as f64 / self.elapsed.as_secs_f64()
    }
}

struct Connection {
    stream: TcpStream,
    sent: Instant,
    buffer: Vec<u8>,
    filled: usize,
}

/// Runs closed loops: each connection sends its next request when it has its answer. Every answer
/// must be a 200.
pub fn run(
    address: SocketAddr,
    connections: usize,
    until: Until,
    next: &mut dyn FnMut(&mut Vec<u8>),
) -> Outcome {
    let mut poll = Poll::new().expect("polling is available");
    let mut events = Events::with_capacity(connections);
    let mut open: Vec<Connection> =
        (0..connections).map(|index| Connection::open(address, index, &poll)).collect();
    let (answers_max, time_max) = match until {
        Until::After(time) => (usize::MAX, time),
        Until::Answers(count) => (count, Duration::MAX),
    };
    let mut latencies = Vec::with_capacity(answers_max.min(1 << 20));
    let mut request = Vec::new();
    let mut left = answers_max;
    let started = Instant::now();
    let mut waiting = 0;
    for connection in open.iter_mut().take(answers_max) {
        connection.send(&mut request, next);
        waiting += 1;
        left -= 1;
    }
    while waiting > 0 {
        wait(&mut poll, &mut events);
        for event in &events {
            let connection = &mut open[event.token().0];
            if !connection.receive() {
                continue;
            }
            latencies.push(nanos(connection.sent.elapsed()));
            if left > 0 && started.elapsed() < time_max {
                connection.send(&mut request, next);
                left -= 1;
            } else {
                waiting -= 1;
            }
        }
    }
    Outcome { elapsed: started.elapsed(), latency: Samples::new(latencies) }
}

fn wait(poll: &mut Poll, events: &mut Events) {
    while let Err(error) = poll.poll(events, None) {
        assert_eq!(error.kind(), ErrorKind::Interrupted, "polling fails: {error}");
    }
}

impl Connection {
    fn open(address: SocketAddr, index: usize, poll: &Poll) -> Self {
        let stream = std::net::TcpStream::connect(address).expect("the server accepts");
        stream.set_nodelay(true).expect("TCP has no delay");
        stream.set_nonblocking(true).expect("sockets can be polled");
        let mut stream = TcpStream::from_std(stream);
        poll.registry()
            .register(&mut stream, Token(index), Interest::READABLE)
            .expect("sockets can be polled");
        Self { stream, sent: Instant::now(), buffer: vec![0; 64 << 10], filled: 0 }
    }

    fn send(&mut self, request: &mut Vec<u8>, next: &mut dyn FnMut(&mut Vec<u8>)) {
        request.clear();
        next(request);
        self.sent = Instant::now();
        let written = self.stream.write(request).expect("the server reads");
        assert_eq!(written, request.len(), "an idle socket takes a small request whole");
    }

    /// Takes in what came; true once the answer is whole.
    fn receive(&mut self) -> bool {
        loop {
            match self.stream.read(&mut self.buffer[self.filled..]) {
                Ok(0) => panic!("the server has closed a connection"),
                Ok(count) => self.filled += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return false,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(error) => panic!("a connection broke: {error}"),
            }
            if is_whole(&self.buffer[..self.filled]) {
                self.filled = 0;
                return true;
            }
        }
    }
}

/// Whether an answer is there to its end.
fn is_whole(answer: &[u8]) -> bool {
    let Some(head) = memmem::find(answer, b"\r\n\r\n") else { return false };
    let body = head + 4;
    let status = &answer[9..12];
    assert!(status == b"200", "not a 200: {}", String::from_utf8_lossy(answer));
    answer.len() == body + content_length(&answer[..head])
}

/// The length of the body that a head announces.
pub fn content_length(head: &[u8]) -> usize {
    const NAME: &[u8] = b"content-length: ";
    let at = memmem::find(head, NAME).expect("answers have a length");
    let digits = head[at + NAME.len()..].iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |length, digit| length * 10 + usize::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_end_where_they_say() {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\nhello, world";
        assert!(is_whole(answer));
        assert!(!is_whole(&answer[..answer.len() - 1]));
        assert!(!is_whole(&answer[..20]));
    }
}
