//! A report as the server holds it, and what its events say.

use crate::board::{BoardChange, Card};
use crate::id::{ItemId, ReportId};
use crate::report::Draft;
use crate::report::submitted::HashMemo;
use crate::sync::op::{KnownChange, Operation};
use crate::sync::wire::{Receipt, Seq};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A report as the server holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportState {
    /// The draft.
    pub draft: Draft,
    /// The cards on the board: a report is copied for each batch that changes it, and most of its cards stay.
    pub cards: BTreeMap<ItemId, Arc<Card>>,
    /// The place in the sequence of its newest change; 0 when nobody has changed it.
    pub last: Seq,
    /// What is remembered for the next receipt.
    pub(super) hashed: HashMemo,
}

/// What an event of a report says.
#[derive(Debug, Clone, PartialEq)]
pub enum EventKind {
    /// A draft changed. Only the member's people may know more.
    Draft,
    /// The board changed.
    Board(BoardChange),
    /// The report was submitted; its cards precede this event.
    Submitted(Receipt),
    /// The report was withdrawn; its cards' removals precede this event.
    Withdrawn,
}

/// Which parts of a report an operation changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    /// The contact person.
    Contact,
    /// One item.
    Item(ItemId),
    /// The submission and these cards; a card that is no longer in the state was removed.
    Board(Vec<ItemId>),
}

impl ReportState {
    /// A report that nobody has changed.
    #[must_use]
    pub fn empty(report: ReportId) -> Self {
        Self { draft: Draft::empty(report), cards: BTreeMap::new(), last: 0, hashed: HashMemo::default() }
    }

    /// A report from its rows. A withdrawal leaves no revision in them: the newest change is the newest that they show,
    /// which is all that [`apply`](super::apply) needs, because no acceptance of "it is there already" is newer.
    #[must_use]
    pub fn of(draft: Draft, cards: BTreeMap<ItemId, Arc<Card>>) -> Self {
        let submitted = draft.submission.as_ref().map_or(0, |receipt| receipt.seq);
        let last = draft.values().map(|(_, rev)| rev).max().unwrap_or(0).max(submitted);
        Self { draft, cards, last, hashed: HashMemo::default() }
    }

    /// What an operation does to this report; none when it is about another subject, or of a newer program.
    #[must_use]
    pub fn change_of<'a>(&self, operation: &'a Operation) -> Option<&'a KnownChange> {
        operation.known().filter(|_| operation.subject.report() == Some(self.draft.report))
    }
}
