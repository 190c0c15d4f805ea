//! The ordered log: one record for each batch of operations that was answered, and the one truth of the database.
//!
//! Every other table of reports follows from it through [`apply`](domain::report::apply::apply) and can be thrown away and
//! made again (`tables`). A batch is written in one small transaction that moves the sequence from where it was read, so
//! batches of several server processes stand in one order, without a gap.
//!
//! | part | holds |
//! |---|---|
//! | [`Committed`] | a batch as this process holds it |
//! | `record` | the same as the database holds it: one JSON text |
//! | `append` | the transaction |
//! | `erase` | erasing texts |
//! | `taken` | the ids that batches take |

mod append;
mod erase;
mod record;
pub mod taken;

pub use append::{Appended, append, copy};
pub use erase::erase;
pub use record::{Record, Replayed, body};

use crate::error::StoreError;
use crate::rows::{number, record, row, rows};
use domain::field::{FieldKey, FieldValue};
use domain::id::{ItemId, PersonId, ReportId};
use domain::report::state::{EventKind, Touched};
use domain::sync::chain::{self, ChainHash, Link, LinkedOperation, link};
use domain::sync::decide::{self, Event};
use domain::sync::op::{KnownChange, Operation};
use domain::sync::wire::{Answer, Rev, Seq};
use domain::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

/// Where the log ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The number of the last batch; 0 for an empty log.
    pub batch: u64,
    /// The last place in the sequence that was given out.
    pub seq: Seq,
    /// The chain after that batch.
    pub hash: ChainHash,
}

impl Mark {
    /// An empty log.
    pub const EMPTY: Self = Self { batch: 0, seq: 0, hash: ChainHash::GENESIS };

    /// As a reader is told of it.
    pub const fn of_reader(self) -> chain::Mark {
        chain::Mark { seq: self.seq, hash: self.hash }
    }
}

/// An operation that was accepted, or kept beside the council's text, with its answer.
#[derive(Debug, Clone)]
pub struct Done {
    pub operation: Operation,
    pub person: PersonId,
    pub device: Option<String>,
    /// Its revision; of a conflict, where the sequence was.
    pub seq: Seq,
    /// When it was answered, by the server's clock.
    pub at: Timestamp,
    pub answer: Answer,
}

impl Done {
    /// The field that it is about, if it is about one.
    pub fn field(&self) -> Option<FieldKey> {
        self.operation.known().and_then(KnownChange::value).map(FieldValue::key)
    }

    /// The value that it wrote in a field, when that became the field's revision `rev`.
    pub fn value_at(&self, report: ReportId, key: FieldKey, rev: Rev) -> Option<FieldValue> {
        let here = self.operation.subject.report() == Some(report);
        let accepted = here && self.seq == rev && self.answer.status == 200;
        let value = self.operation.known().and_then(KnownChange::value);
        value.filter(|value| accepted && value.key() == key).cloned()
    }
}

/// What a batch changed, so that the tables are written just there.
#[derive(Debug, Clone, Default)]
pub struct Changed {
    pub reports: BTreeSet<ReportId>,
    pub items: BTreeSet<(ReportId, ItemId)>,
    pub cards: BTreeSet<(ReportId, ItemId)>,
    /// Reports that were submitted or withdrawn.
    pub submitted: BTreeSet<ReportId>,
    /// Items that were added, each with its report.
    pub added: BTreeMap<ItemId, ReportId>,
}

impl Changed {
    /// Takes note of what an operation did to a report.
    pub fn note(&mut self, report: ReportId, operation: &Operation, done: &decide::Done<EventKind, Touched>) {
        match &done.touched {
            None => return,
            Some(Touched::Contact) => {}
            Some(Touched::Item(item)) => {
                self.items.insert((report, *item));
                if matches!(operation.known(), Some(KnownChange::AddItem { .. })) {
                    self.added.insert(*item, report);
                }
            }
            Some(Touched::Board(items)) => {
                self.cards.extend(items.iter().map(|item| (report, *item)));
                self.submitted.insert(report);
            }
        }
        self.reports.insert(report);
    }
}

/// One batch of the log, with what follows from it.
#[derive(Debug)]
pub struct Committed {
    /// Where the log ends with it.
    pub mark: Mark,
    /// The sequence before it.
    pub before: Seq,
    /// The server's clock.
    pub at: Timestamp,
    pub done: Vec<Done>,
    pub events: Vec<Event<EventKind>>,
    pub changed: Changed,
    /// Bytes of its record: what it costs to keep it in memory, about.
    pub bytes: usize,
}

impl Committed {
    /// The board's events in it.
    pub fn board_events(&self) -> impl Iterator<Item = &Event<EventKind>> {
        self.events.iter().filter(|event| matches!(event.kind, EventKind::Board(_)))
    }
}

/// The chain after a batch.
pub fn chained(before: Mark, at: Timestamp, last: Seq, done: &[Done]) -> Mark {
    let operations = done.iter().map(|done| LinkedOperation {
        op_id: done.operation.op_id,
        hash: done.operation.hash.clone(),
        person: done.person,
        status: done.answer.status,
        seq: done.seq,
    });
    let batch = before.batch + 1;
    let linked = Link { batch, first: before.seq + 1, last, at, operations: operations.collect() };
    Mark { batch, seq: last, hash: link(&before.hash, &linked) }
}

/// Where the log of the database ends, whichever process wrote it.
pub async fn head(db: &Surreal<Any>) -> Result<Mark, StoreError> {
    let mut response = db.query("SELECT batch, n AS seq, hash FROM sequence:council").await?;
    Ok(row::<record::MarkRow>(&mut response, 0)?.map_or(Mark::EMPTY, Mark::from))
}

/// Where the log ended with a batch.
pub async fn mark_at(db: &Surreal<Any>, batch: u64) -> Result<Option<Mark>, StoreError> {
    if batch == 0 {
        return Ok(Some(Mark::EMPTY));
    }
    let mut response = db.query(format!("SELECT record::id(id) AS batch, last AS seq, hash FROM log:{batch}")).await?;
    Ok(row::<record::MarkRow>(&mut response, 0)?.map(Mark::from))
}

/// Up to `limit` batches after one, in order.
pub async fn batches_after(db: &Surreal<Any>, batch: u64, limit: u64) -> Result<Vec<Replayed>, StoreError> {
    records_after(db, batch, limit).await?.into_iter().map(Record::replayed).collect()
}

/// The same, as they are in the database.
pub async fn records_after(db: &Surreal<Any>, batch: u64, limit: u64) -> Result<Vec<Record>, StoreError> {
    // The bounds of a range of ids cannot be parameters; they are numbers.
    let (first, last) = (batch + 1, batch.saturating_add(limit));
    let query = format!("SELECT record::id(id) AS batch, first, last, at, hash, body FROM log:{first}..={last}");
    let mut response = db.query(query).await?;
    let mut found = rows::<Record>(&mut response, 0)?;
    found.sort_by_key(|record| record.batch);
    Ok(found)
}

/// Some batches by their numbers, as they are in the database, in the order asked for.
pub async fn records(db: &Surreal<Any>, batches: &[u64]) -> Result<Vec<Record>, StoreError> {
    let ids: Vec<_> = batches.iter().map(|batch| record("log", number(*batch))).collect();
    let query = "SELECT record::id(id) AS batch, first, last, at, hash, body FROM $ids";
    rows(&mut db.query(query).bind(("ids", ids)).await?, 0)
}

/// The number of the first batch that ends at a place in the sequence or after it, in a log of `batches`; the number
/// after the last where there is none.
pub async fn batch_of(db: &Surreal<Any>, batches: u64, seq: Seq) -> Result<u64, StoreError> {
    let (mut low, mut high) = (1, batches + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let mark = mark_at(db, middle).await?.ok_or(StoreError::LogMissing { batch: middle })?;
        if mark.seq < seq { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}
