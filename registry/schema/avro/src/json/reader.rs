//! Reading one JSON value out of a text, as Jackson does with comments allowed.
//! A loop and two stacks, so that depth costs memory and never the thread's stack. Of a key that
//! comes twice the last value wins, at the place of the first.
//! Not here: numbers and quoted texts (`scalar`), what is said of brackets out of place
//! (`complaint`).

mod complaint;
mod scalar;

use std::collections::{HashMap, hash_map::Entry};

use super::{Arena, Fault, Member, Text, Value, ValueId};
use crate::limits;

/// So many attributes are searched faster than they are hashed.
const FEW: usize = 16;

const VALUE: &str = "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

/// Reads the first value of a text into the arena; `None` if there is none. The second part is the
/// offset at which reading stopped.
pub(crate) fn read(text: &str, arena: &mut Arena) -> Result<(Option<ValueId>, usize), Fault> {
    if text.len() > limits::TEXT_SIZE_MAX {
        return Err(Fault::too_large(text.len()));
    }
    arena.reserve(text);
    let mut reader = Reader {
        text,
        at: 0,
        arena,
        open: Vec::with_capacity(FEW),
        items: Vec::with_capacity(FEW),
        members: Vec::with_capacity(FEW),
    };
    let root = reader.root()?;
    Ok((root, reader.at))
}

struct Reader<'t, 'a> {
    text: &'t str,
    at: usize,
    arena: &'a mut Arena,
    open: Vec<Open>,
    /// Elements of all open arrays, and attributes of all open objects, innermost last.
    items: Vec<ValueId>,
    members: Vec<Member>,
}

struct Open {
    is_object: bool,
    offset: usize,
    /// Where its own part of `items` or `members` begins.
    start: usize,
    /// The key whose value is being read.
    key: Option<Text>,
}

/// What may stand at this place.
#[derive(Clone, Copy)]
enum Expect {
    Value,
    FirstItem,
    FirstKey,
    Key,
    Separator,
}

impl Reader<'_, '_> {
    fn root(&mut self) -> Result<Option<ValueId>, Fault> {
        self.skip_blank()?;
        if self.peek().is_none() {
            return Ok(None);
        }
        let mut expect = Expect::Value;
        loop {
            let complete = match expect {
                Expect::Value => self.value()?,
                Expect::FirstItem | Expect::FirstKey => self.first()?,
                Expect::Key => {
                    self.key()?;
                    expect = Expect::Value;
                    continue;
                }
                Expect::Separator => self.separator()?,
            };
            expect = match complete {
                Step::Done(value) => match self.attach(value) {
                    Some(root) => return Ok(Some(root)),
                    None => Expect::Separator,
                },
                Step::Next(expect) => expect,
            };
        }
    }

    /// The first element or key of a container, or its end.
    fn first(&mut self) -> Result<Step, Fault> {
        self.skip_blank()?;
        let is_object = self.open.last().is_some_and(|open| open.is_object);
        match (is_object, self.peek()) {
            (true, Some(b'}')) | (false, Some(b']')) => self.close(),
            (true, Some(b']')) | (false, Some(b'}')) => Err(self.mismatched_close()),
            (_, None) => Err(self.end_before_close()),
            (true, _) => Ok(Step::Next(Expect::Key)),
            (false, _) => Ok(Step::Next(Expect::Value)),
        }
    }

    fn key(&mut self) -> Result<(), Fault> {
        self.skip_blank()?;
        if self.peek() != Some(b'"') {
            if self.peek().is_none() {
                return Err(Fault::syntax(self.end_between(), self.at));
            }
            let expected = "was expecting double-quote to start field name";
            return Err(Fault::unexpected(self.text, self.at, expected));
        }
        let key = self.quoted(true)?;
        let max = limits::KEY_LENGTH_MAX;
        // No text has more UTF-16 units than bytes.
        let length = if key.len() > max { key.encode_utf16().count() } else { 0 };
        if length > max {
            return Err(Fault::constraint("Name length", length, max, "getMaxNameLength"));
        }
        self.skip_blank()?;
        if self.peek().is_none() {
            return Err(Fault::end(self.end_between(), self.at));
        }
        if self.peek() != Some(b':') {
            let expected = "was expecting a colon to separate field name and value";
            return Err(Fault::unexpected(self.text, self.at, expected));
        }
        self.at += 1;
        if let Some(open) = self.open.last_mut() {
            open.key = Some(key);
        }
        Ok(())
    }

    fn value(&mut self) -> Result<Step, Fault> {
        self.skip_blank()?;
        let offset = self.at;
        let value = match self.peek() {
            None => return Err(self.end_before_value()),
            Some(b'{') => return self.open(true),
            Some(b'[') => return self.open(false),
            Some(b'"') => Value::Text(self.quoted(false)?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b'}' | b']') => return Err(self.stray_close()),
            Some(_) => self.literal()?,
        };
        Ok(Step::Done(self.arena.push(value, offset)?))
    }

    fn open(&mut self, is_object: bool) -> Result<Step, Fault> {
        let start = if is_object { self.members.len() } else { self.items.len() };
        self.open.push(Open { is_object, offset: self.at, start, key: None });
        if self.open.len() > limits::DEPTH_MAX {
            let (depth, max) = (self.open.len(), limits::DEPTH_MAX);
            let what = "Document nesting depth";
            return Err(Fault::constraint(what, depth, max, "getMaxNestingDepth"));
        }
        self.at += 1;
        Ok(Step::Next(if is_object { Expect::FirstKey } else { Expect::FirstItem }))
    }

    /// A comma or the end of the container.
    fn separator(&mut self) -> Result<Step, Fault> {
        self.skip_blank()?;
        let Some(open) = self.open.last() else { unreachable!("only containers have separators") };
        match (self.peek(), open.is_object) {
            (Some(b','), is_object) => {
                self.at += 1;
                Ok(Step::Next(if is_object { Expect::Key } else { Expect::Value }))
            }
            (Some(b'}'), true) | (Some(b']'), false) => self.close(),
            (Some(b'}' | b']'), _) => Err(self.mismatched_close()),
            (None, _) => Err(self.end_before_close()),
            (Some(_), is_object) => {
                let kind = if is_object { "Object" } else { "Array" };
                let expected = format!("was expecting comma to separate {kind} entries");
                Err(Fault::unexpected(self.text, self.at, &expected))
            }
        }
    }

    fn close(&mut self) -> Result<Step, Fault> {
        self.at += 1;
        let open = self.open.pop().expect("a container is closed only while it is open");
        let value = if open.is_object {
            last_wins(&mut self.members, open.start);
            self.arena.push_object(self.members.drain(open.start..), open.offset)?
        } else {
            let value = self.arena.push_array(&self.items[open.start..], open.offset)?;
            self.items.truncate(open.start);
            value
        };
        Ok(Step::Done(value))
    }

    /// Hands a complete value to its container; gives it back if there is none.
    fn attach(&mut self, value: ValueId) -> Option<ValueId> {
        match self.open.last_mut() {
            None => return Some(value),
            Some(open) => match open.key.take() {
                Some(key) => self.members.push(Member { key, value }),
                None => self.items.push(value),
            },
        }
        None
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// White space and comments.
    fn skip_blank(&mut self) -> Result<(), Fault> {
        loop {
            match self.peek() {
                Some(b' ' | b'\t' | b'\r' | b'\n') => self.at += 1,
                Some(b'/') => self.skip_comment()?,
                Some(code @ 0..=0x1F) => {
                    let message = format!(
                        "Illegal character ((CTRL-CHAR, code {code})): only regular white space (\\r, \\n, \\t) is allowed between tokens"
                    );
                    return Err(Fault::syntax(message, self.at + 1));
                }
                _ => return Ok(()),
            }
        }
    }

    fn skip_comment(&mut self) -> Result<(), Fault> {
        let bytes = self.text.as_bytes();
        let body = self.at + 2;
        match bytes.get(self.at + 1) {
            Some(b'/') => {
                let rest = &bytes[body..];
                let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
                self.at = body + length.unwrap_or(rest.len());
                Ok(())
            }
            Some(b'*') => {
                let Some(length) = self.text[body..].find("*/") else {
                    let message = "Unexpected end-of-input in a comment";
                    return Err(Fault::end(message, self.text.len()));
                };
                self.at = body + length + 2;
                Ok(())
            }
            None => Err(Fault::end("Unexpected end-of-input in a comment", self.at + 1)),
            Some(_) => {
                let expected = "was expecting either '*' or '/' for a comment";
                Err(Fault::unexpected(self.text, self.at + 1, expected))
            }
        }
    }
}

/// What reading one token led to.
enum Step {
    Done(ValueId),
    Next(Expect),
}

/// Leaves of the attributes from `start` on each key once.
fn last_wins(members: &mut Vec<Member>, start: usize) {
    let own = &members[start..];
    if own.len() <= FEW {
        let is_new = |at: usize| own[..at].iter().all(|other| other.key != own[at].key);
        if (1..own.len()).all(is_new) {
            return;
        }
    }
    let mut places: HashMap<Text, usize> = HashMap::with_capacity(own.len());
    let mut kept: Vec<Member> = Vec::with_capacity(own.len());
    for member in members.drain(start..) {
        match places.entry(member.key.clone()) {
            Entry::Occupied(place) => kept[*place.get()] = member,
            Entry::Vacant(place) => {
                place.insert(kept.len());
                kept.push(member);
            }
        }
    }
    members.append(&mut kept);
}
