//! The second kind of subject, small: people mark cards, and take a mark away. It is to the core what any feature is: it
//! gives its changes, `decide`, `apply` and audiences, and is one line in the dispatch table.

use domain::council::audience::Audience;
use domain::id::PersonId;
use domain::sync::decide::{Decided, Decision, Done, Event, Place, Surroundings};
use domain::sync::dispatch::Kind;
use domain::sync::op::Operation;
use domain::sync::subject::Subject;
use domain::sync::wire::{KnownOutcome, Refusal, Seq};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a person does to a card: `{"kind":"mark","on":true}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    Mark { on: bool },
}

/// A card with those who marked it, and since when.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked {
    pub subject: Subject,
    pub by: BTreeMap<PersonId, Seq>,
    pub last: Seq,
}

/// Somebody marked a card, or took the mark away.
#[derive(Debug, Clone, PartialEq)]
pub struct Marking {
    pub by: PersonId,
    pub on: bool,
}

pub struct Marks;

impl Kind for Marks {
    type State = Marked;
    type Event = Marking;
    type Touched = PersonId;

    fn empty(subject: &Subject) -> Option<Marked> {
        let card = matches!(subject, Subject::Card { .. });
        card.then(|| Marked { subject: subject.clone(), by: BTreeMap::new(), last: 0 })
    }

    fn decide(
        state: &mut Marked,
        operation: &Operation,
        around: Surroundings<'_>,
        last: Seq,
    ) -> Decision<Marking, PersonId> {
        if !operation.is_whole() {
            return Decision::refused(Refusal::HashMismatch);
        }
        let Some(Change::Mark { on }) = change_of(state, operation) else {
            return Decision::refused(Refusal::NotUnderstood);
        };
        if !around.open {
            return Decision::refused(Refusal::EditionClosed);
        }
        let at = around.now;
        if state.by.contains_key(&around.by) == on {
            let seq = state.by.get(&around.by).copied().unwrap_or(state.last);
            return Decision::unchanged(KnownOutcome::Accepted { seq, at, receipt: None });
        }
        let done = take(state, around.by, on, Place::After(last));
        Decision { outcome: KnownOutcome::Accepted { seq: state.last, at, receipt: None }, done }
    }

    fn apply(state: &mut Marked, decided: Decided<'_>) -> Done<Marking, PersonId> {
        match (decided.outcome, change_of(state, decided.operation)) {
            (KnownOutcome::Accepted { seq, .. }, Some(Change::Mark { on })) if *seq > state.last => {
                take(state, decided.by, on, Place::UpTo(*seq))
            }
            _ => Done::nothing(),
        }
    }

    fn audience(_: &Subject, _: &Marking) -> Audience {
        Audience::Everybody
    }
}

fn change_of(state: &Marked, operation: &Operation) -> Option<Change> {
    (operation.subject == state.subject).then(|| operation.change_as())?
}

fn take(state: &mut Marked, by: PersonId, on: bool, place: Place) -> Done<Marking, PersonId> {
    let seq = place.first(1);
    if on {
        state.by.insert(by, seq);
    } else {
        state.by.remove(&by);
    }
    state.last = seq;
    let event = Event { seq, subject: state.subject.clone(), kind: Marking { by, on } };
    Done { events: vec![event], touched: Some(by) }
}
