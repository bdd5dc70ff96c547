//! Where connections live: lanes, one for each processor, each a thread with a scheduler and a
//! poller of its own. A connection stays on the lane that it was given.
//!
//! Threads that share their tasks wake each other whenever one of them finds work, in case there is
//! more. Where requests are as short as here, nearly every such wake is for nothing: a registration
//! took six futex calls, and takes three this way. The price: a lane wakes for fewer events at a
//! time than a thread that polls for all.
//! Not here: what would hold up a lane; that goes to threads that may block.

use std::{io, thread};

use tokio::{
    runtime::{Builder, Handle},
    sync::oneshot,
};

/// Lanes, which end when this is dropped, and their connections with them.
#[derive(Debug)]
pub(super) struct Lanes {
    lanes: Vec<Lane>,
    next: usize,
}

#[derive(Debug)]
struct Lane {
    handle: Handle,
    /// Its loss is the sign to end.
    _end: oneshot::Sender<()>,
}

impl Lanes {
    /// One for each processor.
    pub(super) fn start() -> io::Result<Self> {
        let count = thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let lanes = (0..count).map(Lane::start).collect::<io::Result<Vec<_>>>()?;
        Ok(Self { lanes, next: 0 })
    }

    /// The lanes in turn: connections are many and alike, and each lane gets as many.
    pub(super) fn next(&mut self) -> &Handle {
        self.next = (self.next + 1) % self.lanes.len();
        &self.lanes[self.next].handle
    }
}

impl Lane {
    fn start(number: usize) -> io::Result<Self> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .thread_name(format!("lane-{number}-blocking"))
            .build()?;
        let handle = runtime.handle().clone();
        let (end, ended) = oneshot::channel();
        let work = move || {
            let _lost = runtime.block_on(ended);
            // What still computes for nobody is not waited for.
            runtime.shutdown_background();
        };
        thread::Builder::new().name(format!("lane-{number}")).spawn(work)?;
        Ok(Self { handle, _end: end })
    }
}
