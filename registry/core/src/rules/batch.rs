//! Registering a set of schemas that may refer to each other: all or none, in one decision.
//!
//! The caller need not know an order: an item comes after those that it refers to and that the
//! set brings itself. Each is prepared on a draft that holds those before it; when the writer decides,
//! numbers and ids are given anew on the draft of the moment.

use std::sync::Arc;

use openapi::ids::{Subject, VersionRef};

use super::{
    Answer, Command, Decision, NewSchema, Prepared, Ready, Registration, Rejected, register,
    relied::Relied,
};
use crate::{
    parser::Parser,
    record::Record,
    references,
    settings::Settings,
    state::{Position, State, Visibility},
};

/// A set that is prepared, in the order in which its items may become versions.
#[derive(Clone, Debug)]
pub struct Batch {
    /// Each with its place in the request.
    steps: Vec<(usize, Step)>,
    /// What the work relied on in the state that it began with.
    relied: Vec<Relied>,
}

#[derive(Clone, Debug)]
enum Step {
    /// A schema that is registered already.
    Known(Answer),
    New(Box<Registration>),
}

/// Prepares a set; one item that is refused refuses it all, and each is told its own reason.
pub(super) fn prepare(
    state: &State,
    settings: &Settings,
    parser: &dyn Parser,
    set: &[Arc<NewSchema>],
) -> Result<Prepared, Rejected> {
    let needs: Vec<Vec<usize>> = set.iter().map(|new| needs(state, set, new)).collect();
    let mut refused: Vec<Option<Rejected>> = vec![None; set.len()];
    let mut draft = state.clone();
    let mut steps = Vec::new();
    for at in ordered(&needs, &mut refused) {
        if let Some(missing) = needs[at].iter().find(|need| refused[**need].is_some()) {
            refused[at] = Some(Rejected::NeedsRefused(set[*missing].subject.clone()));
            continue;
        }
        match step(&draft, settings, parser, set[at].clone()) {
            Ok((step, records)) => {
                take_in(&mut draft, &records);
                steps.push((at, step));
            }
            Err(rejected) => refused[at] = Some(rejected),
        }
    }
    if refused.iter().any(Option::is_some) {
        return Err(Rejected::Batch(refused));
    }
    let new = steps.iter().any(|(_, step)| matches!(step, Step::New(_)));
    let relied = set.iter().map(|new| Relied::on(state, &new.subject, &new.references)).collect();
    let batch = Batch { steps, relied };
    match new {
        true => Ok(Prepared::Ready(Ready::Batch(Box::new(batch)))),
        false => Ok(Prepared::Answered(batch.answer(Vec::new()))),
    }
}

impl Batch {
    /// Whether what was relied on still stands.
    pub(super) fn holds(&self, draft: &State) -> bool {
        self.relied.iter().all(|relied| relied.holds(draft))
    }

    pub(super) fn decide(&self, draft: &State) -> Result<Decision, Rejected> {
        let mut draft = draft.clone();
        let (mut records, mut answers) = (Vec::new(), Vec::new());
        for (_, step) in &self.steps {
            let Step::New(registration) = step else { continue };
            let decision = register::decide(&draft, registration)?;
            take_in(&mut draft, &decision.records);
            records.extend(decision.records);
            answers.push(decision.answer);
        }
        Ok(Decision { answer: self.answer(answers), records })
    }

    /// The answers in the order of the request; `new` has those of the new ones in that of the steps.
    fn answer(&self, new: Vec<Answer>) -> Answer {
        let mut new = new.into_iter();
        let mut answers: Vec<(usize, Answer)> = Vec::with_capacity(self.steps.len());
        for (at, step) in &self.steps {
            let answer = match step {
                Step::Known(answer) => Some(answer.clone()),
                Step::New(_) => new.next(),
            };
            answers.extend(answer.map(|answer| (*at, answer)));
        }
        answers.sort_by_key(|(at, _)| *at);
        Answer::Batch(answers.into_iter().map(|(_, answer)| answer).collect())
    }
}

/// One item on the draft of those before it.
fn step(
    draft: &State,
    settings: &Settings,
    parser: &dyn Parser,
    new: Arc<NewSchema>,
) -> Result<(Step, Vec<Record>), Rejected> {
    match super::prepare(draft, settings, parser, Command::Register(new))? {
        Prepared::Answered(answer) => Ok((Step::Known(answer), Vec::new())),
        Prepared::Ready(Ready::Register(registration)) => {
            let decision = register::decide(draft, &registration)?;
            Ok((Step::New(registration), decision.records))
        }
        Prepared::Ready(_) => unreachable!("a registration is prepared into its own variant"),
    }
}

/// The records as the fold will see them; when they were written matters to nobody here.
fn take_in(draft: &mut State, records: &[Record]) {
    for record in records {
        let position = Position { offset: draft.head(), timestamp: 0 };
        draft.apply(position, &Ok(record.clone()));
    }
}

/// The items that must come before one: those of the subjects that it refers to, where it means a
/// version that is not there yet, and earlier items of its own subject.
fn needs(state: &State, set: &[Arc<NewSchema>], new: &Arc<NewSchema>) -> Vec<usize> {
    let named = new.references.iter().filter_map(|one| references::named(&new.subject, one).ok());
    let wanted: Vec<Subject> = named
        .filter(|(target, version)| {
            let there = state.resolve(target, *version, Visibility::Active).is_some();
            matches!(version, VersionRef::Latest) || !there
        })
        .map(|(target, _)| target)
        .collect();
    let own = set.iter().position(|other| Arc::ptr_eq(other, new)).unwrap_or(set.len());
    let needed = set.iter().enumerate().filter(|(at, other)| {
        let before = other.subject == new.subject && *at < own;
        before || (other.subject != new.subject && wanted.contains(&other.subject))
    });
    needed.map(|(at, _)| at).collect()
}

/// An order in which each item follows those that it needs, close to the one given. Items that need
/// each other have none, and are refused.
fn ordered(needs: &[Vec<usize>], refused: &mut [Option<Rejected>]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(needs.len());
    let mut placed = vec![false; needs.len()];
    while order.len() < needs.len() {
        let ready = |at: &usize| !placed[*at] && needs[*at].iter().all(|need| placed[*need]);
        let Some(next) = (0..needs.len()).find(ready) else { break };
        placed[next] = true;
        order.push(next);
    }
    for (at, _) in placed.iter().enumerate().filter(|(_, placed)| !**placed) {
        refused[at] = Some(Rejected::InvalidSchema("References go in a circle".to_owned()));
    }
    order
}
