//! A batch as the database holds it.

use super::{Committed, Done, Mark};
use crate::error::StoreError;
use crate::rows::{linked, number, record};
use domain::id::PersonId;
use domain::report::state::EventKind;
use domain::sync::chain::ChainHash;
use domain::sync::decide::Event;
use domain::sync::op::Operation;
use domain::sync::wire::{Answer, Outcome, Seq};
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use surrealdb::types::Value;

#[derive(Deserialize)]
pub struct MarkRow {
    batch: u64,
    seq: Seq,
    hash: ChainHash,
}

impl From<MarkRow> for Mark {
    fn from(MarkRow { batch, seq, hash }: MarkRow) -> Self {
        Self { batch, seq, hash }
    }
}

/// One row of the log.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    pub batch: u64,
    first: Seq,
    last: Seq,
    at: Timestamp,
    hash: ChainHash,
    body: String,
}

/// A batch as it was read: what follows from it is found by applying it.
#[derive(Debug)]
pub struct Replayed {
    pub mark: Mark,
    pub before: Seq,
    pub at: Timestamp,
    pub done: Vec<Done>,
    pub bytes: usize,
}

/// An operation of the body, as it is read and as it is written.
#[derive(Serialize, Deserialize)]
struct DoneRow<O, A> {
    operation: O,
    person: PersonId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device: Option<String>,
    seq: Seq,
    /// Where it is not the batch's: what an earlier release answered is gathered in batches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<Timestamp>,
    outcome: A,
}

#[derive(Serialize, Deserialize)]
struct Body<T> {
    operations: Vec<T>,
}

impl Record {
    /// Its row.
    pub fn row(&self) -> Value {
        let Self { batch, first, last, at, hash, body } = self;
        let row = json!({ "first": first, "last": last, "at": at, "hash": hash, "body": body });
        linked(row, [("id", record("log", number(*batch)))])
    }

    /// Its operations, as JSON.
    pub fn text(&self) -> &str {
        &self.body
    }

    /// The server's clock.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// Bytes of its body.
    pub const fn bytes(&self) -> usize {
        self.body.len()
    }

    pub fn replayed(self) -> Result<Replayed, StoreError> {
        let Self { batch, first, last, at, hash, body } = self;
        let rows: Body<DoneRow<Operation, Outcome>> = serde_json::from_str(&body)?;
        let done = |row: DoneRow<Operation, Outcome>| {
            let DoneRow { operation, person, device, seq, at: own, outcome } = row;
            let (op_id, hash) = (operation.op_id, operation.hash.clone());
            let answer = Answer { op_id, hash, status: outcome.status(), outcome };
            Done { operation, person, device, seq, at: own.unwrap_or(at), answer }
        };
        let done = rows.operations.into_iter().map(done).collect();
        Ok(Replayed { mark: Mark { batch, seq: last, hash }, before: first - 1, at, done, bytes: body.len() })
    }
}

/// The body of a batch that is about to be written.
pub fn body(at: Timestamp, done: &[Done]) -> Result<String, StoreError> {
    let operations = done.iter().map(|done| DoneRow {
        operation: &done.operation,
        person: done.person,
        device: done.device.clone(),
        seq: done.seq,
        at: (done.at != at).then_some(done.at),
        outcome: &done.answer.outcome,
    });
    Ok(serde_json::to_string(&Body { operations: operations.collect() })?)
}

impl Replayed {
    /// The batch with what follows from it.
    pub fn with(self, events: Vec<Event<EventKind>>, changed: super::Changed) -> Committed {
        let Self { mark, before, at, done, bytes } = self;
        Committed { mark, before, at, done, events, changed, bytes }
    }
}
