//! The registry as a pure fold over its logs: rules, state and records.
//!
//! `record` is what the logs hold, `state` is the fold over it, `rules` turn commands into
//! decisions. Nothing here does I/O, reads a clock or awaits: time enters as a field of a command.
//!
//! A write goes through two functions: [`rules::prepare`] does the costly work on a snapshot and
//! notes what it relied on; [`rules::decide`] checks that on the draft of the next state and
//! answers with the records to make durable. [`state::State::apply`] is the only mutation.

pub mod limits;

pub mod identity;
pub mod record;
pub mod state;

pub mod parser;
pub mod references;
pub mod rules;
pub mod settings;
