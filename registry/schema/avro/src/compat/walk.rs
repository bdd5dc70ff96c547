//! The walk over two schemas as Avro Java does it, pair by pair, with its memory.
//! A loop over a stack of open pairs: two schemas that contain themselves in cycles of different
//! length make a path far longer than either is deep.

mod record;
mod report;
mod step;

use std::rc::Rc;

use super::fixpoint::{Fixpoint, Pair};
use super::place::At;
use super::relation::ByName;
use crate::ids::IdMap;
use crate::limits;
use crate::model::NodeId;
use crate::schema::Schema;
use report::{Path, Reported};

/// What is said of schemas made to be slow.
pub(super) const TOO_MANY_STEPS: &str = "The schemas take too many steps to compare";

/// Findings of a pair, by their index in the report.
type Found = Rc<[usize]>;

/// What the walk believes.
#[derive(Clone, Copy)]
pub(super) enum Mode<'a> {
    /// What Avro Java believes: that a pair in progress is compatible.
    Java,
    /// What is true; only reasons are looked for.
    Sound(&'a Fixpoint),
}

pub(super) struct Walk<'a> {
    reader: &'a Schema,
    writer: &'a Schema,
    mode: Mode<'a>,
    memory: IdMap<Pair, Option<Found>>,
    names: IdMap<NodeId, Rc<ByName<'a>>>,
    paths: Vec<Path>,
    reported: Vec<Reported>,
    has_assumed: bool,
    steps: usize,
    nothing: Found,
}

/// A question: can this be read as that, at this place?
#[derive(Clone, Copy)]
struct Call {
    pair: Pair,
    at: (At, At),
    path: usize,
}

/// A pair whose parts are being asked about.
struct Open {
    call: Call,
    next: usize,
    found: Vec<usize>,
    /// What was found in branches of a union, to explain why none would do.
    inner: Vec<usize>,
    /// Whether these are of the writer's own kind.
    is_akin: bool,
}

enum Next {
    Enter(Call),
    Leave(Found),
}

impl<'a> Walk<'a> {
    pub(super) fn new(reader: &'a Schema, writer: &'a Schema, mode: Mode<'a>) -> Self {
        Self {
            reader,
            writer,
            mode,
            memory: IdMap::default(),
            names: IdMap::default(),
            paths: vec![Path::ROOT],
            reported: Vec::new(),
            has_assumed: false,
            steps: 0,
            nothing: Rc::from([]),
        }
    }

    /// Whether a pair in progress was taken for compatible, so that belief played a part.
    pub(super) fn has_assumed(&self) -> bool {
        self.has_assumed
    }

    pub(super) fn run(&mut self) -> Result<Found, String> {
        let pair = (self.reader.root(), self.writer.root());
        let mut next = Next::Enter(Call { pair, at: (At::Root, At::Root), path: 0 });
        let mut open: Vec<Open> = Vec::new();
        loop {
            self.spend(1)?;
            next = match next {
                Next::Enter(call) => self.enter(call, &mut open)?,
                Next::Leave(found) => match open.pop() {
                    None => return Ok(found),
                    Some(top) => self.resume(top, &found, &mut open)?,
                },
            };
        }
    }

    /// Answers from memory, or opens the pair.
    fn enter(&mut self, call: Call, open: &mut Vec<Open>) -> Result<Next, String> {
        if self.holds(call.pair) == Some(true) {
            return Ok(Next::Leave(Rc::clone(&self.nothing)));
        }
        match self.memory.get(&call.pair) {
            Some(Some(found)) => return Ok(Next::Leave(Rc::clone(found))),
            Some(None) => {
                self.has_assumed = true;
                return Ok(Next::Leave(Rc::clone(&self.nothing)));
            }
            None => {}
        }
        if self.memory.len() >= limits::PAIRS_MAX {
            return Err(TOO_MANY_STEPS.into());
        }
        self.memory.insert(call.pair, None);
        self.go_on(Open { call, next: 0, found: vec![], inner: vec![], is_akin: false }, open)
    }

    /// Keeps what a pair came to.
    fn close(&mut self, top: Open) -> Next {
        let found: Found =
            if top.found.is_empty() { Rc::clone(&self.nothing) } else { top.found.into() };
        self.memory.insert(top.call.pair, Some(Rc::clone(&found)));
        Next::Leave(found)
    }

    /// What is known for certain, where certainty is what counts.
    fn holds(&self, pair: Pair) -> Option<bool> {
        match self.mode {
            Mode::Java => None,
            Mode::Sound(fixpoint) => Some(fixpoint.holds(pair)),
        }
    }

    /// Whether a pair that was walked is compatible.
    fn is_compatible(&self, pair: Pair, found: &Found) -> bool {
        self.holds(pair).unwrap_or(found.is_empty())
    }

    fn spend(&mut self, steps: usize) -> Result<(), String> {
        self.steps += steps;
        if self.steps > limits::CHECK_STEPS_MAX { Err(TOO_MANY_STEPS.into()) } else { Ok(()) }
    }
}
