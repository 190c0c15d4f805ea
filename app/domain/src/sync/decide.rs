//! What the server decides about one operation, whatever kind of subject it is about.
//!
//! A feature gives two functions (see [`Kind`](super::dispatch::Kind)): `decide` judges an operation and carries it out
//! on the state of its subject; `apply` carries out an operation that was decided before, as the log holds it, and
//! gives the same state and the same events.

use crate::id::PersonId;
use crate::sync::op::Operation;
use crate::sync::subject::Subject;
use crate::sync::wire::{KnownOutcome, Refusal, Seq};
use crate::theme::ThemeId;
use crate::time::Timestamp;
use std::collections::BTreeSet;

/// What a decision may look at besides the state of the subject.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// Who sent the operation. That they may, the caller has checked.
    pub by: PersonId,
    /// Whether the subject's edition is open.
    pub open: bool,
    /// Every theme of the council, retired ones too: a device may have been away when one was.
    pub themes: &'a BTreeSet<ThemeId>,
    /// The server's clock.
    pub now: Timestamp,
    /// Whether the push names another database than this one: the revisions it is based on mean nothing here.
    pub foreign: bool,
    /// Whether the operation [is whole](crate::sync::op::Operation::is_whole). The caller has looked: hashing a long text
    /// takes longer than deciding on it, and has nothing to do with the state.
    pub whole: bool,
}

/// An accepted change as it goes into the log. `E`: what the events of a feature say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event<E> {
    /// Its place in the sequence.
    pub seq: Seq,
    /// What it is about.
    pub subject: Subject,
    /// What happened.
    pub kind: E,
}

/// A decision about one operation. `T`: what a feature says of the parts of a state that changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision<E, T> {
    /// What the device is told.
    pub outcome: KnownOutcome,
    /// What the decision did to the state.
    pub done: Done<E, T>,
}

/// What an operation did to the state of its subject: the same when it is decided and when it is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done<E, T> {
    /// What goes into the log, in order, without a gap in the sequence.
    pub events: Vec<Event<E>>,
    /// What changed in the state, so that derived tables write just that; none when nothing did.
    pub touched: Option<T>,
}

/// An operation that was decided, as the log holds it.
#[derive(Debug, Clone, Copy)]
pub struct Decided<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// Who sent it.
    pub by: PersonId,
    /// Its stored answer: accepted at a place in the sequence, or a conflict.
    pub outcome: &'a KnownOutcome,
}

impl<E, T> Done<E, T> {
    /// Nothing changed.
    #[must_use]
    pub const fn nothing() -> Self {
        Self { events: Vec::new(), touched: None }
    }

    /// The same in the terms of the dispatch table.
    pub fn map<E2, T2>(self, event: impl Fn(E) -> E2, touched: impl Fn(T) -> T2) -> Done<E2, T2> {
        let one = |Event { seq, subject, kind }| Event { seq, subject, kind: event(kind) };
        Done { events: self.events.into_iter().map(one).collect(), touched: self.touched.map(touched) }
    }
}

impl<E, T> Decision<E, T> {
    /// An outcome that changes nothing: a refusal, a conflict, an acceptance of what is there already.
    #[must_use]
    pub const fn unchanged(outcome: KnownOutcome) -> Self {
        Self { outcome, done: Done::nothing() }
    }

    /// A refusal.
    #[must_use]
    pub const fn refused(refusal: Refusal) -> Self {
        Self::unchanged(KnownOutcome::Refused(refusal))
    }
}

/// Where the events of an operation stand in the sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// After the last number given out: the operation is being decided.
    After(Seq),
    /// The last of them is at this number: the operation was decided before.
    UpTo(Seq),
}

impl Place {
    /// The place of the first of so many events.
    #[must_use]
    pub const fn first(self, events: usize) -> Seq {
        match self {
            Self::After(last) => last + 1,
            Self::UpTo(seq) => (seq + 1).saturating_sub(events as u64),
        }
    }
}
