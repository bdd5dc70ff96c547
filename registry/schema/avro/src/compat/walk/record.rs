//! Records field by field, in the reader's order.

use std::rc::Rc;

use super::report::Token;
use super::{At, Call, Open, Walk};
use crate::compat::relation::{ByName, Match, by_name, match_field};
use crate::compat::rule::Rule;
use crate::limits;
use crate::model::{Fields, NodeId, Step};
use crate::print::{self, Stage};

impl<'a> Walk<'a> {
    /// The next field whose types are to be compared; what can be said at once is reported.
    pub(super) fn next_field(
        &mut self,
        top: &mut Open,
        reader: &'a Fields,
        writer: &'a Fields,
    ) -> Result<Option<Call>, String> {
        let (record, other) = top.call.pair;
        let names = self.names_of(other, writer)?;
        let graph = self.reader.graph();
        while let Some(field) = reader.list.get(top.next) {
            self.spend(1)?;
            let index = top.next;
            let fields = self.path(top.call.path, Token::Fields);
            let path = self.path(fields, Token::Index(index));
            let at = At::Part(record, Step::Field(index));
            match match_field(field, graph.kind(field.schema), &names) {
                Match::One(found) => {
                    let pair = (field.schema, writer.list[found].schema);
                    let at = (at, At::Part(other, Step::Field(found)));
                    return Ok(Some(Call { pair, at, path: self.path(path, Token::Type) }));
                }
                Match::EnumDefault => {
                    let pair = (field.schema, other);
                    let path = self.path(path, Token::Type);
                    return Ok(Some(Call { pair, at: (at, top.call.at.1), path }));
                }
                Match::Missing => {
                    let at = (At::Field(record, index), top.call.at.1);
                    let rule = Rule::ReaderFieldMissingDefaultValue;
                    self.report(top, rule, at, path, field.name.to_string());
                }
                Match::Default => {}
                Match::Ambiguous => return Err(self.ambiguous((record, index), other)),
            }
            top.next += 1;
        }
        Ok(None)
    }

    fn names_of(&mut self, record: NodeId, fields: &'a Fields) -> Result<Rc<ByName<'a>>, String> {
        if let Some(names) = self.names.get(&record) {
            return Ok(Rc::clone(names));
        }
        self.spend(fields.list.len())?;
        let names = Rc::new(by_name(fields));
        self.names.insert(record, Rc::clone(&names));
        Ok(names)
    }

    /// What Avro Java throws when a field's name and aliases match more than one field.
    fn ambiguous(&self, (record, index): (NodeId, usize), writer: NodeId) -> String {
        let graph = self.reader.graph();
        let crate::model::Kind::Record(_, fields) = graph.kind(record) else {
            unreachable!("only records have fields")
        };
        let field = &fields.list[index];
        let kind = graph.kind(field.schema).loud();
        let text = print::canonical(self.writer.graph(), writer, &[], Stage::Done);
        let text = text.unwrap_or_else(|_| self.writer.canonical());
        debug_assert!(text.len() <= limits::TEXT_SIZE_MAX);
        format!(
            "Reader record field {} type:{kind} pos:{index} matches multiple fields in writer record schema {text}",
            field.name
        )
    }
}
