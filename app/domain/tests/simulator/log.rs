//! The log as the server keeps it: chained batches, from which every state, table and board can be made again.

use crate::subjects::{self, Event as Kind, State};
use crate::world::{Broken, at};
use domain::council::audience::Audience;
use domain::id::PersonId;
use domain::sync::chain::{ChainHash, Link, LinkedOperation, Mark, Past, link, same_past};
use domain::sync::decide::{Decided, Event};
use domain::sync::dispatch::States;
use domain::sync::op::Operation;
use domain::sync::reader::Cursor;
use domain::sync::wire::{KnownOutcome, Seq};

/// An operation with its answer, as the log holds it.
#[derive(Clone)]
pub struct Entry {
    pub operation: Operation,
    pub by: PersonId,
    pub outcome: KnownOutcome,
    pub events: Vec<Event<Kind>>,
}

/// A batch with the chain after it.
#[derive(Clone)]
pub struct Batch {
    pub link: Link,
    pub hash: ChainHash,
    pub entries: Vec<Entry>,
}

/// The log, and a table that is made from it after the acknowledgement, with a cursor of its own.
#[derive(Clone)]
pub struct Log {
    pub batches: Vec<Batch>,
    pub table: States<State>,
    pub cursor: Cursor,
}

/// The states that some batches make.
pub fn replay(states: &mut States<State>, batches: &[Batch]) -> Result<(), Broken> {
    for Entry { operation, by, outcome, events } in batches.iter().flat_map(|batch| &batch.entries) {
        let Some(state) = states.of(&operation.subject, State::empty) else {
            return Err(Broken::new("every_subject_is_known", operation.subject.to_string()));
        };
        let done = subjects::apply(state, Decided { operation, by: *by, outcome });
        if done.events != *events {
            return Err(Broken::new("apply_is_decide", format!("{operation:?}\n{:?}\n{events:?}", done.events)));
        }
    }
    Ok(())
}

impl Log {
    pub fn new() -> Self {
        Self { batches: Vec::new(), table: States::default(), cursor: Cursor::START }
    }

    pub fn head(&self) -> Seq {
        self.batches.last().map_or(0, |batch| batch.link.last)
    }

    fn chain(&self) -> ChainHash {
        self.batches.last().map_or(ChainHash::GENESIS, |batch| batch.hash)
    }

    /// Writes a batch that takes the sequence to `last`.
    pub fn write(&mut self, last: Seq, now: i64, entries: Vec<Entry>) {
        let operations = entries.iter().map(linked).collect();
        let batch = self.batches.len() as u64 + 1;
        let new = Link { batch, first: self.head() + 1, last, at: at(now), operations };
        let hash = link(&self.chain(), &new);
        self.batches.push(Batch { link: new, hash, entries });
    }

    /// The batch that holds a place in the sequence.
    pub fn holding(&self, seq: Seq) -> Option<&Batch> {
        self.batches.iter().find(|batch| batch.link.first <= seq && seq <= batch.link.last)
    }

    /// The table reads on. `hinted`: it was woken by the newest batch and tries that one first, as a reader of
    /// notifications does; when the batch does not follow on its cursor, it reads from there.
    pub fn derive(&mut self, hinted: bool, most: usize) -> Result<(), Broken> {
        let next = usize::try_from(self.cursor.batch).expect("few");
        let newest = self.batches.len().saturating_sub(1);
        let end = (next + most).min(self.batches.len());
        let hint = (hinted && newest > next).then(|| newest..newest + 1);
        for range in hint.into_iter().chain(std::iter::once(next..end)) {
            let batches = &self.batches[range];
            let links = batches.iter().map(|batch| (&batch.link, batch.hash));
            if self.cursor.follow(links).is_ok() {
                replay(&mut self.table, batches)?;
                break;
            }
        }
        self.table_is_at_its_cursor()
    }

    fn table_is_at_its_cursor(&self) -> Result<(), Broken> {
        let mut fresh = States::default();
        replay(&mut fresh, &self.batches[..usize::try_from(self.cursor.batch).expect("few")])?;
        if fresh == self.table {
            Ok(())
        } else {
            Err(Broken::new("a_table_is_at_its_cursor", format!("{:?}", self.cursor)))
        }
    }

    /// Whether a reader that was at `cursor` with `hash` read this log.
    pub fn past(&self, cursor: Seq, hash: Option<&ChainHash>) -> Past {
        same_past(cursor, hash, self.head(), self.holding(cursor).map(|batch| &batch.hash))
    }

    /// The end of the log, for a device.
    pub fn mark(&self) -> Option<Mark> {
        let seq = self.head();
        self.holding(seq).map(|batch| Mark { seq, hash: batch.hash })
    }

    /// Whether a device's mark is of another log.
    pub fn is_other(&self, mark: Option<Mark>) -> bool {
        mark.is_some_and(|mark| self.past(mark.seq, Some(&mark.hash)) == Past::Other)
    }

    /// The events after a place in the sequence, each with its audience.
    pub fn after(&self, cursor: Seq) -> impl Iterator<Item = (&Event<Kind>, Audience)> {
        let entries = self.batches.iter().flat_map(|batch| &batch.entries);
        let events = entries.flat_map(|entry| &entry.events).filter(move |event| event.seq > cursor);
        events.map(|event| (event, subjects::audience(event)))
    }
}

fn linked(entry: &Entry) -> LinkedOperation {
    let (status, seq) = match &entry.outcome {
        KnownOutcome::Accepted { seq, .. } => (200, *seq),
        KnownOutcome::Conflict(conflict) => (409, conflict.theirs_rev),
        KnownOutcome::Refused(refusal) => (refusal.status(), 0),
    };
    let Operation { op_id, hash, .. } = &entry.operation;
    LinkedOperation { op_id: *op_id, hash: hash.clone(), person: entry.by, status, seq }
}
