//! What a case is. A case is a file that a stranger can read:
//!
//! ```text
//! # The same text again is the same id, and no new version (registry-api 2.4).
//! set compatibility_level=NONE
//! let user = {"type":"record","name":"User","fields":[]}
//!
//! POST /subjects/users/versions
//! X-Request-ID: 7
//! schema: $user
//! => 200 {"id":1}
//! X-Request-ID: 7
//!
//! restart
//! each wrong: 0 | -2 | first
//! GET /subjects/users/versions/$wrong => 42202 The specified version '$wrong' is <text>
//! ```
//!
//! - The first comment is the title; `set` is a setting of the server, `on disk` keeps the case from
//!   logs in memory.
//! - `let` names a text, `each a b: 1 2 | 3 4` repeats the next exchange with other texts. Inside
//!   JSON a named text is escaped. A line that begins with a blank goes on with the one before.
//! - An exchange is a request line, headers, a body; then `=>` with what must come back. `schema:`
//!   puts a readable text into the field `schema` of the JSON object that is the body, or of an
//!   empty one. A body is sent as the registry's own type unless a header says otherwise;
//!   `Content-Type: <none>` sends none.
//! - `=> 40401 text` stands for the status 404 and the body `{"error_code":40401,"message":"text"}`,
//!   `=> 404 text` for the same with the status as code.
//! - A JSON body is compared by value, with `<any>` for any value. In text `<text>` stands for any
//!   run of characters, `<number>` for digits, `<uuid>` for a UUID. `text:` is a body to the letter,
//!   `contains:` a part of it, `Name: <none>` a header that must be missing.
//! - `restart` ends the server as an operator does, `kill` without warning; both open it anew, and
//!   whatever a GET of the case answered before must be answered again.

use std::path::PathBuf;

use crate::exchange::Exchange;

/// A case, with every name in it replaced.
#[derive(Debug)]
pub(crate) struct Case {
    /// The file, from the repository's root.
    pub(crate) path: PathBuf,
    pub(crate) settings: Vec<Setting>,
    /// Whether it is about what only files can show.
    pub(crate) on_disk: bool,
    pub(crate) steps: Vec<Step>,
}

/// A key of the configuration with its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) key: String,
    pub(crate) text: String,
}

#[derive(Debug)]
pub(crate) enum Step {
    Exchange(Box<Exchange>),
    Reopen(Ending),
}

/// How a server comes to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Asked to.
    Stopped,
    /// Without warning.
    Killed,
}
