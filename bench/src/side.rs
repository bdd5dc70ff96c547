//! One side of a ratio: a server, the load put on it, and the figures of its rounds.

use std::net::SocketAddr;

use crate::{
    load::{self, Until},
    process::{Server, processor_seconds},
    rounds::Figure,
};

/// What is asked next.
pub type Next = Box<dyn FnMut(&mut Vec<u8>)>;

/// One side.
pub struct Side {
    address: SocketAddr,
    pid: u32,
    connections: usize,
    until: Until,
    next: Next,
    pub rate: Figure,
    pub p50: Figure,
    pub p99: Figure,
    /// Processor time of the server for an answer, in microseconds.
    pub processor: Figure,
}

impl std::fmt::Debug for Side {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Side").field("address", &self.address).finish_non_exhaustive()
    }
}

impl Side {
    pub fn new(
        server: &Server,
        connections: usize,
        until: Until,
        next: impl FnMut(&mut Vec<u8>) + 'static,
    ) -> Self {
        let [rate, p50, p99, processor] = [const { Figure::new() }; 4];
        let (address, pid) = (server.address, server.pid());
        Self { address, pid, connections, until, next: Box::new(next), rate, p50, p99, processor }
    }

    /// A round that does not count.
    pub fn warm(&mut self) {
        load::run(self.address, self.connections, self.until, &mut self.next);
    }

    /// A round.
    pub fn run(&mut self) {
        let before = processor_seconds(self.pid);
        let outcome = load::run(self.address, self.connections, self.until, &mut self.next);
        let taken = processor_seconds(self.pid) - before;
        self.processor.add(taken * 1e6 / outcome.latency.len() as f64);
        self.rate.add(outcome.rate());
        self.p50.add(outcome.latency.p50_us());
        self.p99.add(outcome.latency.p99_us());
    }

    /// Its absolute numbers.
    pub fn detail(&self) -> String {
        let (rate, p50, p99) = (self.rate.with("/s"), self.p50.with("µs"), self.p99.with("µs"));
        let processor = self.processor.with("µs");
        format!("{rate}, p50 {p50}, p99 {p99}, processor {processor} each")
    }
}
