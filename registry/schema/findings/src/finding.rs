//! One reason why a reader cannot read what a writer wrote.

use crate::Side;

/// One reason why a reader cannot read what a writer wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that is broken, by the name that clients match on: `TYPE_MISMATCH`.
    pub rule: &'static str,
    /// The path that the message shows. It is what clients compare, not always what is right.
    pub path: String,
    /// Where the reader's schema says what cannot read.
    pub reader: Location,
    /// Where the writer's schema says what cannot be read, if it says anything.
    pub writer: Option<Location>,
    /// What the rule has to add: `expected: 4, found: 8`.
    pub detail: String,
    /// The sentence, with `{reader}` and `{writer}` for the two sides, `{path}` and `{detail}`.
    pub template: &'static str,
    /// Why none of a union's branches would do, where that was the question.
    pub causes: Vec<Finding>,
}

/// A place in the schema of one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The referenced text that it is in, by its position in the list; none for the schema itself.
    pub reference: Option<usize>,
    /// A JSON pointer into that text.
    pub pointer: String,
    /// Bytes from the start of that text, where known.
    pub offset: Option<usize>,
}

impl Location {
    /// A place in the schema itself.
    #[must_use]
    pub fn main(pointer: impl Into<String>) -> Self {
        Self { reference: None, pointer: pointer.into(), offset: None }
    }
}

impl Finding {
    /// The message in the shape that clients of the incumbent know. It looks like JSON and is not:
    /// single quotes, bare keys, nothing escaped.
    #[must_use]
    pub fn message(&self, reads: Side) -> String {
        let Finding { rule, detail, .. } = self;
        let description = self.description(reads);
        format!("{{errorType:'{rule}', description:'{description}', additionalInfo:'{detail}'}}")
    }

    /// The sentence alone.
    #[must_use]
    pub fn description(&self, reads: Side) -> String {
        let mut out = String::with_capacity(self.template.len() + self.path.len());
        let mut rest = self.template;
        while let Some((before, slot)) = rest.split_once('{') {
            out.push_str(before);
            let (name, after) = slot.split_once('}').unwrap_or((slot, ""));
            out.push_str(match name {
                "reader" => reads.word(),
                "writer" => reads.other().word(),
                "path" => &self.path,
                _ => &self.detail,
            });
            rest = after;
        }
        out.push_str(rest);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_filled_once_and_not_inside_of_what_fills_them() {
        let finding = Finding {
            rule: "R",
            path: "/{detail}".into(),
            reader: Location::main(""),
            writer: None,
            detail: "{path}".into(),
            template: "{reader} {writer} {path} {detail}.",
            causes: vec![],
        };
        assert_eq!(finding.description(Side::New), "new old /{detail} {path}.");
        assert_eq!(finding.description(Side::Old), "old new /{detail} {path}.");
    }
}
