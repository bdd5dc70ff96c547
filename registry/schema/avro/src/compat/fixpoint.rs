//! Which pairs of nodes are compatible, without messages: the largest set in which every pair is
//! justified by pairs of the set. That is what compatible means for types that contain themselves.
//! All pairs that can matter are listed, then falsehood is spread until nothing changes.

use super::relation::{Match, Relation, by_name, match_field, relation};
use crate::ids::IdMap;
use crate::limits;
use crate::model::{Fields, Graph, NodeId};
use crate::schema::Schema;

pub(super) type Pair = (NodeId, NodeId);

pub(super) struct Fixpoint {
    places: IdMap<Pair, usize>,
    holds: Vec<bool>,
}

/// A pair while the set is being found.
#[derive(Default)]
struct Entry {
    /// Fails whatever the parts do.
    fails: bool,
    /// One good part is enough, of so many that may still be.
    hopes: Option<usize>,
    /// The pairs that have this one as a part.
    parents: Vec<usize>,
}

impl Fixpoint {
    pub(super) fn new(reader: &Schema, writer: &Schema) -> Result<Self, String> {
        let mut listing = Listing {
            reader: reader.graph(),
            writer: writer.graph(),
            places: IdMap::default(),
            entries: Vec::new(),
            todo: Vec::new(),
            steps: 0,
        };
        listing.place((reader.root(), writer.root()));
        while let Some(pair) = listing.todo.pop() {
            listing.expand(pair)?;
        }
        let holds = spread(&mut listing.entries);
        Ok(Self { places: listing.places, holds })
    }

    /// Is the pair compatible? Pairs that nothing asked about are not.
    pub(super) fn holds(&self, pair: Pair) -> bool {
        self.places.get(&pair).is_some_and(|&place| self.holds[place])
    }
}

struct Listing<'a> {
    reader: &'a Graph,
    writer: &'a Graph,
    places: IdMap<Pair, usize>,
    entries: Vec<Entry>,
    todo: Vec<Pair>,
    steps: usize,
}

impl Listing<'_> {
    fn place(&mut self, pair: Pair) -> usize {
        *self.places.entry(pair).or_insert_with(|| {
            self.entries.push(Entry::default());
            self.todo.push(pair);
            self.entries.len() - 1
        })
    }

    /// Lists the parts of a pair.
    fn expand(&mut self, (reader, writer): Pair) -> Result<(), String> {
        let place = self.place((reader, writer));
        let mut hopes = None;
        let (fails, parts) = match relation(self.reader.kind(reader), self.writer.kind(writer)) {
            Relation::Fits => (false, vec![]),
            Relation::Mismatch => (true, vec![]),
            Relation::Items(reader, writer) | Relation::Values(reader, writer) => {
                (false, vec![(reader, writer)])
            }
            Relation::Fixed { names, sizes } => (!names || sizes.0 != sizes.1, vec![]),
            Relation::Enum { names, missing } => (!names || !missing.is_empty(), vec![]),
            Relation::Record { names, reader, writer: fields } => {
                let (fails, parts) = record_parts(self.reader, reader, (writer, fields));
                (fails || !names, parts)
            }
            Relation::BothUnions(branches) | Relation::WriterUnion(branches) => {
                (false, branches.iter().map(|&branch| (reader, branch)).collect())
            }
            Relation::ReaderUnion(branches) => {
                hopes = Some(branches.len());
                (false, branches.iter().map(|&branch| (branch, writer)).collect())
            }
        };
        self.steps += 1 + parts.len();
        if self.entries.len() > limits::PAIRS_MAX || self.steps > limits::CHECK_STEPS_MAX {
            return Err(super::walk::TOO_MANY_STEPS.into());
        }
        self.entries[place].fails = fails || hopes == Some(0);
        self.entries[place].hopes = hopes;
        for part in parts {
            let part = self.place(part);
            self.entries[part].parents.push(place);
        }
        Ok(())
    }
}

/// Whether a pair of records fails by itself, and the pairs of types that it stands on.
fn record_parts(
    graph: &Graph,
    reader: &Fields,
    (writer, fields): (NodeId, &Fields),
) -> (bool, Vec<Pair>) {
    let names = by_name(fields);
    let mut fails = false;
    let mut parts = Vec::new();
    for field in &reader.list {
        match match_field(field, graph.kind(field.schema), &names) {
            Match::One(index) => parts.push((field.schema, fields.list[index].schema)),
            Match::EnumDefault => parts.push((field.schema, writer)),
            Match::Default => {}
            Match::Missing | Match::Ambiguous => fails = true,
        }
    }
    (fails, parts)
}

/// Takes out every pair that fails, and every pair that stood on it.
fn spread(entries: &mut [Entry]) -> Vec<bool> {
    let mut holds = vec![true; entries.len()];
    let mut fallen: Vec<usize> = (0..entries.len()).filter(|&index| entries[index].fails).collect();
    while let Some(index) = fallen.pop() {
        if !std::mem::replace(&mut holds[index], false) {
            continue;
        }
        for parent in std::mem::take(&mut entries[index].parents) {
            let hopes = entries[parent].hopes.as_mut();
            let falls = hopes.is_none_or(|hopes| {
                *hopes -= 1;
                *hopes == 0
            });
            if falls && holds[parent] {
                fallen.push(parent);
            }
        }
    }
    holds
}
