//! Two nodes side by side: what is to be compared, and what can be said at once.

use std::collections::{HashMap, HashSet};

use crate::model::{Field, Fields, Kind, Named, NodeId, Primitive, Symbols};

/// What reading one node as another comes to.
pub(super) enum Relation<'a> {
    /// It can be read.
    Fits,
    /// It cannot.
    Mismatch,
    Items(NodeId, NodeId),
    Values(NodeId, NodeId),
    Fixed {
        names: bool,
        sizes: (u32, u32),
    },
    Enum {
        names: bool,
        missing: Vec<&'a str>,
    },
    Record {
        names: bool,
        reader: &'a Fields,
        writer: &'a Fields,
    },
    /// Each branch of the writer, by the whole reader.
    BothUnions(&'a [NodeId]),
    /// Each branch of the writer.
    WriterUnion(&'a [NodeId]),
    /// Any branch of the reader.
    ReaderUnion(&'a [NodeId]),
}

pub(super) fn relation<'a>(reader: &'a Kind, writer: &'a Kind) -> Relation<'a> {
    let names = || match (reader.named(), writer.named()) {
        (Some(reader), Some(writer)) => names_match(reader, writer),
        _ => true,
    };
    match (reader, writer) {
        (Kind::Primitive(reader), Kind::Primitive(writer)) => {
            if reads(*reader, *writer) {
                Relation::Fits
            } else {
                Relation::Mismatch
            }
        }
        (Kind::Array(reader), Kind::Array(writer)) => Relation::Items(*reader, *writer),
        (Kind::Map(reader), Kind::Map(writer)) => Relation::Values(*reader, *writer),
        (Kind::Fixed(_, reader), Kind::Fixed(_, writer)) => {
            Relation::Fixed { names: names(), sizes: (*reader, *writer) }
        }
        (Kind::Enum(_, reader), Kind::Enum(_, writer)) => {
            Relation::Enum { names: names(), missing: missing(reader, writer) }
        }
        (Kind::Record(_, reader), Kind::Record(_, writer)) => {
            Relation::Record { names: names(), reader, writer }
        }
        (Kind::Union(_), Kind::Union(branches)) => Relation::BothUnions(branches),
        (_, Kind::Union(branches)) => Relation::WriterUnion(branches),
        (Kind::Union(branches), _) => Relation::ReaderUnion(branches),
        _ => Relation::Mismatch,
    }
}

/// The promotions, and every type to itself.
fn reads(reader: Primitive, writer: Primitive) -> bool {
    use Primitive::{Bytes, Double, Float, Int, Long, String};
    reader == writer
        || matches!(
            (reader, writer),
            (Long, Int)
                | (Float, Int | Long)
                | (Double, Int | Long | Float)
                | (Bytes, String)
                | (String, Bytes)
        )
}

/// Short names are equal, or an alias of the reader is the writer's full name.
fn names_match(reader: &Named, writer: &Named) -> bool {
    reader.name.short() == writer.name.short()
        || reader.aliases.iter().any(|alias| alias.dotted(&reader.name) == writer.name.full())
}

/// The writer's symbols that the reader lacks, sorted, unless it has a default for them.
fn missing<'a>(reader: &Symbols, writer: &'a Symbols) -> Vec<&'a str> {
    if reader.default.is_some() {
        return vec![];
    }
    let known: HashSet<&str> = reader.list.iter().map(|symbol| &**symbol).collect();
    let symbols = writer.list.iter().map(|symbol| &**symbol);
    let mut missing: Vec<&str> = symbols.filter(|symbol| !known.contains(symbol)).collect();
    missing.sort_by(|left, right| left.encode_utf16().cmp(right.encode_utf16()));
    missing
}

/// The writer's field that a field of the reader reads.
pub(super) enum Match {
    One(usize),
    /// None, and the field has a default.
    Default,
    /// None, but the field's enum has a default: Avro Java then compares the enum with the record.
    EnumDefault,
    Missing,
    Ambiguous,
}

/// The fields of a writer's record by name.
pub(super) type ByName<'a> = HashMap<&'a str, usize>;

pub(super) fn by_name(writer: &Fields) -> ByName<'_> {
    writer.list.iter().enumerate().map(|(index, field)| (&*field.name, index)).collect()
}

pub(super) fn match_field(field: &Field, kind: &Kind, writer: &ByName<'_>) -> Match {
    let names = std::iter::once(&field.name).chain(&field.aliases);
    let mut found = names.filter_map(|name| writer.get(&**name));
    match (found.next(), found.next()) {
        (Some(&index), None) => Match::One(index),
        (Some(_), Some(_)) => Match::Ambiguous,
        (None, _) if field.default.is_some() => Match::Default,
        (None, _) => match kind {
            Kind::Enum(_, Symbols { default: Some(_), .. }) => Match::EnumDefault,
            _ => Match::Missing,
        },
    }
}
