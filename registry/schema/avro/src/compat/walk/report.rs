//! What the walk found, while it goes on, and the findings made of it at the end.

use findings::Finding;

use super::{At, Found, Open, Walk};
use crate::compat::place;
use crate::compat::rule::Rule;
use crate::limits;
use crate::model::NodeId;

/// A finding whose places are not written out yet.
pub(super) struct Reported {
    pub(super) rule: Rule,
    at: (At, At),
    path: usize,
    detail: String,
    causes: Vec<usize>,
}

/// A path as Avro Java prints it, as a link to what it extends.
#[derive(Clone, Copy)]
pub(super) struct Path {
    before: usize,
    token: Token,
}

#[derive(Clone, Copy)]
pub(super) enum Token {
    Root,
    Items,
    Values,
    Type,
    Fields,
    Name,
    Size,
    Symbols,
    Index(usize),
}

impl Path {
    pub(super) const ROOT: Path = Path { before: 0, token: Token::Root };
}

impl Walk<'_> {
    pub(super) fn path(&mut self, before: usize, token: Token) -> usize {
        self.paths.push(Path { before, token });
        self.paths.len() - 1
    }

    /// Reports a finding, caused by what branches of a union gave, if any did.
    pub(super) fn report(
        &mut self,
        top: &mut Open,
        rule: Rule,
        at: (At, At),
        path: usize,
        detail: String,
    ) {
        let causes = std::mem::take(&mut top.inner);
        if top.found.len() < limits::FINDINGS_MAX {
            top.found.push(self.reported.len());
            self.reported.push(Reported { rule, at, path, detail, causes });
        }
    }

    pub(super) fn report_mismatch(&mut self, top: &mut Open) {
        let (reader, writer) = top.call.pair;
        let detail = format!(
            "reader type: {} not compatible with writer type: {}",
            self.reader.graph().kind(reader).loud(),
            self.writer.graph().kind(writer).loud()
        );
        let (at, path) = (top.call.at, top.call.path);
        self.report(top, Rule::TypeMismatch, at, path, detail);
    }

    /// No branch of the reader's union would do.
    pub(super) fn report_lacking(
        &mut self,
        top: &mut Open,
        writer: NodeId,
        at: (At, At),
        path: usize,
    ) {
        let kind = self.writer.graph().kind(writer).loud();
        let detail = format!("reader union lacking writer type: {kind}");
        self.report(top, Rule::MissingUnionBranch, at, path, detail);
    }

    pub(super) fn check_names(&mut self, top: &mut Open, names: bool) {
        if !names {
            let (reader, writer) = top.call.pair;
            let named = self.writer.graph().kind(writer).named();
            let full = named.map_or("", |named| named.name.full());
            let detail = format!("expected: {full}");
            let at = (At::Attribute(reader, "name"), At::Attribute(writer, "name"));
            let path = self.path(top.call.path, Token::Name);
            self.report(top, Rule::NameMismatch, at, path, detail);
        }
    }

    pub(super) fn check_sizes(&mut self, top: &mut Open, (found, expected): (u32, u32)) {
        if found != expected {
            let (reader, writer) = top.call.pair;
            let detail = format!("expected: {expected}, found: {found}");
            let at = (At::Attribute(reader, "size"), At::Attribute(writer, "size"));
            let path = self.path(top.call.path, Token::Size);
            self.report(top, Rule::FixedSizeMismatch, at, path, detail);
        }
    }

    pub(super) fn check_symbols(&mut self, top: &mut Open, missing: &[&str]) {
        if !missing.is_empty() {
            let (reader, writer) = top.call.pair;
            let detail = format!("[{}]", missing.join(", "));
            let at = (At::Attribute(reader, "symbols"), At::Attribute(writer, "symbols"));
            let path = self.path(top.call.path, Token::Symbols);
            self.report(top, Rule::MissingEnumSymbols, at, path, detail);
        }
    }

    pub(super) fn causes(&self, reported: usize) -> Vec<usize> {
        self.reported[reported].causes.clone()
    }

    /// Writes findings out.
    pub(in crate::compat) fn findings(&self, found: &Found) -> Vec<Finding> {
        let mut causes_left = limits::CAUSES_MAX;
        found.iter().map(|&it| self.finding(it, 0, &mut causes_left)).collect()
    }

    /// Causes nest no deeper than `limits::CAUSE_DEPTH_MAX`, which bounds the recursion.
    fn finding(&self, index: usize, depth: usize, causes_left: &mut usize) -> Finding {
        let Reported { rule, at, path, ref detail, ref causes } = self.reported[index];
        let mut inner = Vec::new();
        if depth < limits::CAUSE_DEPTH_MAX {
            for &cause in causes {
                if *causes_left == 0 {
                    break;
                }
                *causes_left -= 1;
                inner.push(self.finding(cause, depth + 1, causes_left));
            }
        }
        Finding {
            rule: rule.code(),
            path: self.path_text(path),
            reader: place::location(self.reader, at.0),
            writer: Some(place::location(self.writer, at.1)),
            detail: detail.clone(),
            template: rule.template(),
            causes: inner,
        }
    }

    fn path_text(&self, mut path: usize) -> String {
        let mut tokens = Vec::new();
        while path != 0 {
            let Path { before, token } = self.paths[path];
            tokens.push(match token {
                Token::Root => String::new(),
                Token::Items => "items".into(),
                Token::Values => "values".into(),
                Token::Type => "type".into(),
                Token::Fields => "fields".into(),
                Token::Name => "name".into(),
                Token::Size => "size".into(),
                Token::Symbols => "symbols".into(),
                Token::Index(index) => index.to_string(),
            });
            path = before;
        }
        tokens.reverse();
        format!("/{}", tokens.join("/"))
    }
}
