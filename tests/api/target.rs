//! What a case is run against.

use crate::{
    case::{Ending, Setting},
    exchange::{Answer, Request},
};

/// A server with nothing in it yet.
pub(crate) trait Target {
    /// Sends a request and waits for its answer.
    fn answer(&mut self, request: &Request) -> Answer;

    /// Ends the server and opens it again over what it has written.
    fn reopen(&mut self, ending: Ending);
}

/// Makes a server of these settings.
pub(crate) type Start = fn(&[Setting]) -> Box<dyn Target>;
