//! What is said of brackets out of place and of texts that end too early.

use super::{Reader, VALUE};
use crate::json::{Fault, fault};

impl Reader<'_, '_> {
    /// The text ends where an element or the end of its container must come.
    pub(super) fn end_before_close(&self) -> Fault {
        let (kind, _, start) = self.innermost();
        let message = format!(
            "Unexpected end-of-input: expected close marker for {kind} (start marker at {start})"
        );
        Fault::end(message, self.at)
    }

    /// The text ends where a value must come.
    pub(super) fn end_before_value(&self) -> Fault {
        match self.open.last() {
            Some(open) if !open.is_object => Fault::syntax(self.end_between(), self.at),
            _ => Fault::end(self.end_between(), self.at),
        }
    }

    pub(super) fn end_between(&self) -> String {
        format!("Unexpected end-of-input within/between {} entries", self.innermost().0)
    }

    /// A bracket that closes another kind of container.
    pub(super) fn mismatched_close(&self) -> Fault {
        let (kind, expected, start) = self.innermost();
        let message = format!(
            "Unexpected close marker '{}': expected '{expected}' (for {kind} starting at {start})",
            self.here()
        );
        Fault::syntax(message, self.at)
    }

    /// A closing bracket where a value must stand.
    pub(super) fn stray_close(&self) -> Fault {
        if self.open.is_empty() {
            let close = self.here();
            let kind = if close == '}' { "Object" } else { "Array" };
            let message = format!("Unexpected close marker '{close}': no open {kind} to close");
            return Fault::syntax(message, self.at);
        }
        let is_foreign = self.here() == '}' && self.innermost().0 == "Array";
        let expected = if is_foreign { "expected a value" } else { VALUE };
        Fault::unexpected(self.text, self.at, expected)
    }

    /// Kind, closing bracket and place of the container that is open.
    fn innermost(&self) -> (&'static str, char, String) {
        let open = self.open.last();
        let (kind, close) = match open {
            Some(open) if !open.is_object => ("Array", ']'),
            _ => ("Object", '}'),
        };
        (kind, close, fault::place(self.text, open.map_or(0, |open| open.offset)))
    }

    fn here(&self) -> char {
        self.text[self.at..].chars().next().unwrap_or(' ')
    }
}
