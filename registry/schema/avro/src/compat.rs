//! Whether data written with one schema can be read with another: the rules of Avro Java's
//! `SchemaCompatibility`, with its messages and the paths that it prints.
//!
//! Avro Java remembers the result of each pair of nodes and returns it as it was, which gives its
//! paths their oddities: they are reproduced, since clients compare strings. In one case its memory
//! is wrong: a pair found compatible on the assumption that the pair around it is stays compatible
//! when the assumption fails. That changes a verdict, so it is mended: `fixpoint` decides, and the
//! walk is done again without belief.
//!
//! Rooms: `relation` compares two nodes, `walk` all of them, `place` finds the right pointers.

mod fixpoint;
mod place;
mod relation;
mod rule;
mod walk;

use findings::{Finding, Side};

use crate::schema::Schema;
use fixpoint::Fixpoint;
use walk::{Mode, Walk};

/// What a check says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// All reasons why not, in Avro Java's order; none if the schemas are compatible.
    Findings(Vec<Finding>),
    /// The check itself failed, as it does when two writer fields match one reader field.
    Failed(String),
}

impl Verdict {
    /// Can the reader read all that the writer writes?
    #[must_use]
    pub fn is_compatible(&self) -> bool {
        matches!(self, Verdict::Findings(findings) if findings.is_empty())
    }

    /// The messages that a client of the incumbent sees.
    #[must_use]
    pub fn messages(&self, reads: Side) -> Vec<String> {
        match self {
            Verdict::Findings(findings) => {
                findings.iter().map(|finding| finding.message(reads)).collect()
            }
            Verdict::Failed(why) => {
                vec![format!("Unexpected exception during compatibility check: {why}")]
            }
        }
    }
}

/// Checks whether `reader` can read data written with `writer`.
///
/// ```
/// use findings::Side;
/// use syngraph_schema_avro::{Rules, check, parse};
///
/// let old = parse(r#"{"type":"record","name":"R","fields":[]}"#, &[], Rules::STORED)?;
/// let new = parse(
///     r#"{"type":"record","name":"R","fields":[{"name":"f","type":"int"}]}"#,
///     &[],
///     Rules::NEW,
/// )?;
/// assert!(check(&old, &new).is_compatible());
///
/// let backward = check(&new, &old);
/// assert_eq!(
///     backward.messages(Side::New),
///     ["{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'The field 'f' at path \
///       '/fields/0' in the new schema has no default value and is missing in the old schema', \
///       additionalInfo:'f'}"],
/// );
/// # Ok::<(), syngraph_schema_avro::ParseError>(())
/// ```
#[must_use]
pub fn check(reader: &Schema, writer: &Schema) -> Verdict {
    match check_java(reader, writer) {
        Ok(findings) => Verdict::Findings(findings),
        Err(why) => Verdict::Failed(why),
    }
}

fn check_java(reader: &Schema, writer: &Schema) -> Result<Vec<Finding>, String> {
    let mut walk = Walk::new(reader, writer, Mode::Java);
    let found = walk.run()?;
    if !found.is_empty() || !walk.has_assumed() {
        return Ok(walk.findings(&found));
    }
    let fixpoint = Fixpoint::new(reader, writer)?;
    if fixpoint.holds((reader.root(), writer.root())) {
        return Ok(vec![]);
    }
    let mut walk = Walk::new(reader, writer, Mode::Sound(&fixpoint));
    let found = walk.run()?;
    assert!(!found.is_empty(), "a pair that does not hold has a reason");
    Ok(walk.findings(&found))
}
