//! The real process, over its socket: the binary as it is built, in a data directory of its own.

use std::net::SocketAddr;

use harness::server::Server;

use crate::{
    case::{Ending, Setting},
    client,
    exchange::{Answer, Request},
    target::Target,
};

/// A running server; none only between its end and its next start.
pub(crate) struct Process(Option<Server>);

impl Process {
    /// Starts a server over an empty directory and waits until it is ready.
    pub(crate) fn start(settings: &[Setting]) -> Self {
        let flag = |Setting { key, text }: &Setting| format!("--{}={text}", key.replace('_', "-"));
        let flags: Vec<String> = settings.iter().map(flag).collect();
        let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
        Self(Some(Server::start_with(&flags)))
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.0.as_ref().expect("it runs").address()
    }
}

impl Target for Process {
    fn answer(&mut self, request: &Request) -> Answer {
        client::send(self.address(), request)
    }

    fn reopen(&mut self, ending: Ending) {
        let mut server = self.0.take().expect("it runs");
        match ending {
            Ending::Killed => server.kill(),
            Ending::Stopped => {
                let status = server.stop();
                assert!(status.success(), "stopped with {status}; it said:\n{}", server.log());
            }
        }
        self.0 = Some(server.restart());
    }
}
