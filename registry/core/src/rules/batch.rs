//! Registering a set of schemas that may refer to each other: all or none, in one decision.
//!
//! The caller need not know an order: an item comes after those that it refers to and that the
//! set brings itself. Each is prepared on a draft that holds those before it; when the writer decides,
//! numbers and ids are given anew on the draft of the moment.

use std::{collections::BTreeMap, sync::Arc};

use openapi::ids::{Subject, Version, VersionRef};

use super::{
    Answer, Command, Decision, NewSchema, Prepared, Ready, Registration, Rejected, register,
    relied::Relied,
};
use crate::{
    parser::Parser,
    record::Record,
    references,
    settings::Settings,
    state::{Position, State},
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
    /// A schema that was registered before.
    Known(Answer),
    New(Box<Registration>),
    /// The same again as an item of the set, by its place: numbers and ids are given only when the
    /// writer decides.
    Again(usize),
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
    let mut steps: Vec<(usize, Step)> = Vec::new();
    let mut made: Vec<(Version, usize)> = Vec::new();
    for at in ordered(&needs, &mut refused) {
        if let Some(missing) = needs[at].iter().find(|need| refused[**need].is_some()) {
            refused[at] = Some(Rejected::NeedsRefused(set[*missing].subject.clone()));
            continue;
        }
        match step(&draft, settings, parser, set[at].clone()) {
            Ok((Step::Known(answer), _)) => {
                let subject = &set[at].subject;
                let again = made.iter().find(|(version, of)| {
                    registered(&answer) == Some(*version) && set[*of].subject == *subject
                });
                let known = || Step::Known(answer.clone());
                steps.push((at, again.map_or_else(known, |(_, of)| Step::Again(*of))));
            }
            Ok((step, decision)) => {
                take_in(&mut draft, &decision.records);
                made.extend(registered(&decision.answer).map(|version| (version, at)));
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
        let mut answers: BTreeMap<usize, Answer> = BTreeMap::new();
        for (at, step) in &self.steps {
            let answer = match step {
                Step::Known(answer) => Some(answer.clone()),
                Step::New(_) => new.next(),
                Step::Again(of) => answers.get(of).cloned(),
            };
            answers.extend(answer.map(|answer| (*at, answer)));
        }
        Answer::Batch(answers.into_values().collect())
    }
}

/// One item on the draft of those before it.
fn step(
    draft: &State,
    settings: &Settings,
    parser: &dyn Parser,
    new: Arc<NewSchema>,
) -> Result<(Step, Decision), Rejected> {
    match super::prepare(draft, settings, parser, Command::Register(new))? {
        Prepared::Answered(answer) => {
            Ok((Step::Known(answer.clone()), Decision { answer, records: Vec::new() }))
        }
        Prepared::Ready(Ready::Register(registration)) => {
            let decision = register::decide(draft, &registration)?;
            Ok((Step::New(registration), decision))
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

/// The version that a registration came to.
fn registered(answer: &Answer) -> Option<Version> {
    match answer {
        Answer::Registered { version, .. } => Some(*version),
        _ => None,
    }
}

/// The items that must come before one: earlier items of its own subject; those of a subject whose
/// latest version it refers to; and the one that makes a version which it refers to and which is not
/// there yet.
fn needs(state: &State, set: &[Arc<NewSchema>], new: &Arc<NewSchema>) -> Vec<usize> {
    let of = |subject: &Subject| {
        let all = set.iter().enumerate().filter(|(_, other)| other.subject == *subject);
        all.map(|(at, _)| at).collect::<Vec<usize>>()
    };
    let own = of(&new.subject).into_iter().take_while(|at| !Arc::ptr_eq(&set[*at], new));
    let mut needed: Vec<usize> = own.collect();
    for reference in &new.references {
        let Ok((target, version)) = references::named(&new.subject, reference) else { continue };
        if target == new.subject {
            continue;
        }
        match version {
            VersionRef::Latest => needed.extend(of(&target)),
            VersionRef::Number(number) => {
                let top = state.subject(&target).map_or(0, |head| head.top);
                let place = number.get().checked_sub(top + 1);
                needed.extend(place.and_then(|place| of(&target).get(place as usize).copied()));
            }
        }
    }
    needed
}

/// An order in which each item follows those that it needs, close to the one given. Items that need
/// each other have none, and are refused; what needs those comes last.
fn ordered(needs: &[Vec<usize>], refused: &mut [Option<Rejected>]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(needs.len());
    let mut placed = vec![false; needs.len()];
    while order.len() < needs.len() {
        let ready = |at: &usize| !placed[*at] && needs[*at].iter().all(|need| placed[*need]);
        let Some(next) = (0..needs.len()).find(ready) else { break };
        placed[next] = true;
        order.push(next);
    }
    let mut circle: Vec<usize> = (0..needs.len()).filter(|at| !placed[*at]).collect();
    let mut last = Vec::new();
    let unneeded = |circle: &[usize]| {
        circle.iter().position(|at| !circle.iter().any(|other| needs[*other].contains(at)))
    };
    while let Some(at) = unneeded(&circle) {
        last.push(circle.remove(at));
    }
    for at in circle {
        refused[at] = Some(Rejected::InvalidSchema("References go in a circle".to_owned()));
    }
    order.extend(last.into_iter().rev());
    order
}
