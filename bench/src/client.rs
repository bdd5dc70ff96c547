//! One blocking connection, for what is not measured and for writers that keep a pace.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
};

use memchr::memmem;

use crate::load::content_length;

/// A keep-alive connection.
#[derive(Debug)]
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer as it came over the wire.
#[derive(Debug)]
pub struct Answer {
    pub head: String,
    pub body: Vec<u8>,
}

impl Client {
    pub fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("the server accepts");
        stream.set_nodelay(true).expect("TCP has no delay");
        Self { stream, buffer: Vec::new() }
    }

    /// Sends a request; the answer must be a 200.
    pub fn ask(&mut self, request: &[u8]) -> Answer {
        self.stream.write_all(request).expect("the server reads");
        self.buffer.clear();
        loop {
            let head = memmem::find(&self.buffer, b"\r\n\r\n");
            if let Some(head) = head
                && self.buffer.len() == head + 4 + content_length(&self.buffer[..head])
            {
                let body = self.buffer[head + 4..].to_vec();
                let head = String::from_utf8_lossy(&self.buffer[..head]).into_owned();
                assert!(head.starts_with("HTTP/1.1 200"), "not a 200: {head}");
                return Answer { head, body };
            }
            let mut chunk = [0; 16 << 10];
            let count = self.stream.read(&mut chunk).expect("the server answers");
            assert!(count > 0, "the server has closed a connection");
            self.buffer.extend_from_slice(&chunk[..count]);
        }
    }
}
