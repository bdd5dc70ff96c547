//! What is asked next about a pair, and what becomes of the answer.

use super::report::Token;
use super::{At, Call, Found, Next, Open, Walk};
use crate::compat::relation::{Relation, relation};
use crate::limits;
use crate::model::{Kind, NodeId, Step};

impl<'a> Walk<'a> {
    fn relation(&self, (reader, writer): (NodeId, NodeId)) -> Relation<'a> {
        relation(self.reader.graph().kind(reader), self.writer.graph().kind(writer))
    }

    /// Asks about the next part of a pair, or closes it.
    pub(super) fn go_on(&mut self, mut top: Open, open: &mut Vec<Open>) -> Result<Next, String> {
        let next = match self.relation(top.call.pair) {
            Relation::Items(reader, writer) => {
                self.only_part(&top, (reader, writer), Step::Items, Token::Items)
            }
            Relation::Values(reader, writer) => {
                self.only_part(&top, (reader, writer), Step::Values, Token::Values)
            }
            Relation::Record { names, reader, writer } => {
                if top.next == 0 {
                    self.check_names(&mut top, names);
                }
                self.next_field(&mut top, reader, writer)?
            }
            Relation::BothUnions(branches) | Relation::WriterUnion(branches) => {
                branches.get(top.next).map(|&branch| self.writer_branch(&top, branch))
            }
            Relation::ReaderUnion(branches) => {
                let next = branches.get(top.next).map(|&branch| reader_branch(&top, branch));
                if next.is_none() {
                    let call = top.call;
                    self.report_lacking(&mut top, call.pair.1, call.at, call.path);
                }
                next
            }
            leaf => {
                self.compare_leaves(&mut top, &leaf);
                None
            }
        };
        top.next += 1;
        let Some(call) = next else { return Ok(self.close(top)) };
        open.push(top);
        Ok(Next::Enter(call))
    }

    /// Reports what is wrong with a pair that has no parts.
    fn compare_leaves(&mut self, top: &mut Open, relation: &Relation<'_>) {
        match relation {
            Relation::Mismatch => self.report_mismatch(top),
            Relation::Fixed { names, sizes } => {
                self.check_names(top, *names);
                self.check_sizes(top, *sizes);
            }
            Relation::Enum { names, missing } => {
                self.check_names(top, *names);
                self.check_symbols(top, missing);
            }
            _ => {}
        }
    }

    /// The next branch of the writer. Against a whole union of the reader the path restarts.
    fn writer_branch(&mut self, top: &Open, branch: NodeId) -> Call {
        let (reader, writer) = top.call.pair;
        let at = (top.call.at.0, At::Part(writer, Step::Branch(top.next)));
        let path = match self.reader.graph().kind(reader) {
            Kind::Union(_) => 0,
            _ => self.path(top.call.path, Token::Index(top.next)),
        };
        Call { pair: (reader, branch), at, path }
    }

    fn only_part(
        &mut self,
        top: &Open,
        pair: (NodeId, NodeId),
        step: Step,
        token: Token,
    ) -> Option<Call> {
        (top.next == 0).then(|| {
            let (reader, writer) = top.call.pair;
            let at = (At::Part(reader, step), At::Part(writer, step));
            Call { pair, at, path: self.path(top.call.path, token) }
        })
    }

    /// Takes the answer to the part that was asked about.
    pub(super) fn resume(
        &mut self,
        mut top: Open,
        found: &Found,
        open: &mut Vec<Open>,
    ) -> Result<Next, String> {
        self.spend(found.len())?;
        let index = top.next - 1;
        let (reader, writer) = top.call.pair;
        match self.relation(top.call.pair) {
            Relation::BothUnions(branches) => {
                let branch = branches[index];
                if !self.is_compatible((reader, branch), found) {
                    top.inner = found.iter().flat_map(|&it| self.causes(it)).collect();
                    let at = (top.call.at.0, At::Part(writer, Step::Branch(index)));
                    let path = self.path(top.call.path, Token::Index(index));
                    self.report_lacking(&mut top, branch, at, path);
                }
            }
            Relation::ReaderUnion(branches) => {
                if self.is_compatible((branches[index], writer), found) {
                    return Ok(self.close(top));
                }
                self.remember_inner(&mut top, branches[index], found);
            }
            _ => {
                let room = limits::FINDINGS_MAX - top.found.len();
                top.found.extend(found.iter().take(room));
            }
        }
        self.go_on(top, open)
    }

    /// Keeps what was found in a branch as a cause: all there is, until a branch of the writer's
    /// own kind says more than that the kinds differ.
    fn remember_inner(&mut self, top: &mut Open, branch: NodeId, found: &Found) {
        let kind = self.reader.graph().kind(branch).word();
        let is_akin = kind == self.writer.graph().kind(top.call.pair.1).word();
        if top.is_akin && !is_akin {
            return;
        }
        if is_akin && !top.is_akin {
            top.is_akin = true;
            top.inner.clear();
        }
        let room = limits::CAUSES_MAX.saturating_sub(top.inner.len());
        top.inner.extend(found.iter().take(room));
    }
}

/// The next branch of the reader; the path restarts here too.
fn reader_branch(top: &Open, branch: NodeId) -> Call {
    let (reader, writer) = top.call.pair;
    let at = (At::Part(reader, Step::Branch(top.next)), top.call.at.1);
    Call { pair: (branch, writer), at, path: 0 }
}
