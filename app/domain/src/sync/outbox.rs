//! The device's queue: pure functions that plan what the journal writes.
//!
//! ```text
//! typed ──enqueue──▶ waiting ──next_batch──▶ sent ──settle──▶ accepted: gone, its receipt kept
//!                       ▲                     │              conflict: gone, both texts in the field
//!                       └─ typed again        └─ no answer   refused:  kept, with the reason
//! ```
//!
//! An operation that was handed to the network never changes again: the server may already have it.

use crate::field::{FieldKey, FieldValue};
use crate::id::{OpId, ReportId};
use crate::limits::{PUSH_BYTES, PUSH_OPERATIONS};
use crate::sync::fault::{self, Fault};
use crate::sync::op::{ADDED_FIELDS, Change, KnownChange, Operation};
use crate::sync::wire::{Answer, Conflict, KnownOutcome, Outcome, Receipt, Refusal, Rev, Seq};
use crate::time::Timestamp;
use serde::Serialize;

/// An operation in the queue.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Queued {
    /// Its place in this device's queue for the report.
    pub n: u64,
    /// What goes out.
    pub operation: Operation,
    /// The operation on the same field that must be answered first, because its answer is this one's revision.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<OpId>,
    /// Whether it was handed to the network at least once.
    pub sent: bool,
    /// Why the server did not take it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
}
crate::record!(Queued { n, operation, after or default, sent or default, refusal or default });

impl Queued {
    /// Whether it puts the report before the council.
    #[must_use]
    pub fn is_submission(&self) -> bool {
        self.operation.known() == Some(&KnownChange::Submit {})
    }
}

/// One change to the stored queue.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    not(target_arch = "wasm32"),
    expect(clippy::large_enum_variant, reason = "a plan holds a handful, nearly all of them entries")
)]
pub enum QueueWrite {
    /// Writes the entry at its place.
    Put(Queued),
    /// Removes the entry at this place.
    Remove(u64),
}

/// One change to the stored fields.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldWrite {
    /// The council has the field at this revision.
    Rev(FieldKey, Rev),
    /// The council has another text than this device.
    Conflict(FieldKey, Conflict),
}

/// What the answers to a push change in the journal.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settlement {
    /// In the queue.
    pub queue: Vec<QueueWrite>,
    /// In the fields.
    pub fields: Vec<FieldWrite>,
    /// The newest acceptance.
    pub accepted: Option<(Seq, Timestamp)>,
    /// A submission's receipt, or `None` inside when the report was withdrawn.
    pub submission: Option<Option<Receipt>>,
    /// How many operations the answers were about.
    pub answered: usize,
}

impl Settlement {
    /// Adds what another answer changed.
    pub(super) fn join(&mut self, other: Self) {
        self.queue.extend(other.queue);
        self.fields.extend(other.fields);
        self.accepted = self.accepted.max(other.accepted);
        self.submission = other.submission.or(self.submission.take());
        self.answered += other.answered;
    }
}

/// The place of the next entry.
#[must_use]
pub fn next_place(queue: &[Queued]) -> u64 {
    queue.last().map_or(1, |last| last.n + 1)
}

/// Which entry an answer is about: the one whose id and hash it echoes.
#[must_use]
pub fn asked(queue: &[Queued], answer: &Answer) -> Option<usize> {
    let same = |queued: &Queued| {
        queued.operation.op_id == answer.op_id && (queued.operation.hash == answer.hash || fault::is(Fault::IgnoreHash))
    };
    queue.iter().position(same)
}

/// Plans the entry for a field that was written. `rev` is the revision that the device has of it.
///
/// Typing on replaces an operation that was never sent, so that a sentence is one operation and not fifty.
#[must_use]
pub fn enqueue(queue: &[Queued], report: ReportId, rev: Rev, value: FieldValue, op_id: OpId) -> Vec<QueueWrite> {
    let key = value.key();
    let last = queue.iter().rposition(|queued| queued.operation.writes(key));
    let append = |after, base_rev| {
        let operation = Operation::new(op_id, report, KnownChange::Set { base_rev, value: value.clone() });
        vec![QueueWrite::Put(Queued { n: next_place(queue), operation, after, sent: false, refusal: None })]
    };
    let Some(last) = last else { return append(None, rev) };
    let entry = &queue[last];
    let Some(&KnownChange::Set { base_rev, .. }) = entry.operation.known() else {
        return append(Some(entry.operation.op_id), rev);
    };
    let barrier = queue[last..].iter().any(|queued| queued.operation.is_barrier());
    match entry {
        Queued { refusal: Some(_), .. } => {
            let replaced = entry.operation.op_id;
            let operation = Operation::new(op_id, report, KnownChange::Set { base_rev, value });
            let entry = Queued { operation, sent: false, refusal: None, ..entry.clone() };
            let follow = |queued: &&Queued| queued.after == Some(replaced);
            let followers =
                queue.iter().filter(follow).cloned().map(|q| QueueWrite::Put(Queued { after: Some(op_id), ..q }));
            std::iter::once(QueueWrite::Put(entry)).chain(followers).collect()
        }
        Queued { sent, .. } if !barrier && (!sent || fault::is(Fault::CoalesceSent)) => {
            let operation = Operation::new(entry.operation.op_id, report, KnownChange::Set { base_rev, value });
            vec![QueueWrite::Put(Queued { operation, ..entry.clone() })]
        }
        _ => append(Some(entry.operation.op_id), base_rev),
    }
}

/// Plans the entry for a change that writes no single field: a new item, a submission, a withdrawal.
///
/// A submission that is waiting at the end of the queue already is not queued twice, whether the server may have it or not:
/// it says the same. A submission or a withdrawal that was not sent gives way to a newer one of either kind: what a person
/// has taken back before it left the device never leaves it. One that was refused gives way to one of its kind.
#[must_use]
pub fn enqueue_change(queue: &[Queued], report: ReportId, change: KnownChange, op_id: OpId) -> Vec<QueueWrite> {
    let mut writes = Vec::new();
    if change.is_barrier() {
        let same = |queued: &Queued| queued.operation.known() == Some(&change);
        if queue.last().is_some_and(|last| same(last) && last.refusal.is_none()) {
            return writes;
        }
        let stale = queue.iter().filter(|queued| match &queued.refusal {
            Some(_) => same(queued),
            None => queued.operation.is_barrier() && !queued.sent,
        });
        writes.extend(stale.map(|queued| QueueWrite::Remove(queued.n)));
    }
    let operation = Operation::new(op_id, report, change);
    writes.push(QueueWrite::Put(Queued { n: next_place(queue), operation, after: None, sent: false, refusal: None }));
    writes
}

/// The entries to send next, in order. Empty when there is nothing, or nothing may go yet.
///
/// A submission never overtakes a refused change or an unresolved conflict (`held`): the council would get a
/// report without what the person sees in it. Nor does it go out together with changes before it: one of them may be
/// answered with a conflict. While nobody `answers`, it is not handed to the network: it can be taken back.
#[must_use]
pub fn next_batch(queue: &[Queued], held: bool, answers: bool) -> Vec<&Queued> {
    let mut batch = Vec::new();
    let mut bytes = 0;
    let mut behind = held;
    let waits = |queued: &Queued| queued.operation.is_barrier() && !fault::is(Fault::SkipBarrier);
    for queued in queue {
        let waits_for = queued.after.and_then(|after| queue.iter().find(|q| q.operation.op_id == after));
        if queued.refusal.is_some() || waits_for.is_some_and(|q| q.refusal.is_some()) {
            // A submission or withdrawal that was refused holds nothing back: no change is missing.
            behind |= !queued.operation.is_barrier();
            continue;
        }
        if waits_for.is_some() || batch.len() == PUSH_OPERATIONS {
            break;
        }
        if (behind || !batch.is_empty() || !(answers || queued.sent)) && waits(queued) {
            break;
        }
        bytes += serde_json::to_string(&queued.operation).map_or(PUSH_BYTES, |json| json.len() + 1);
        if bytes > PUSH_BYTES - 1024 && !batch.is_empty() {
            break;
        }
        batch.push(queued);
    }
    batch
}

/// What the server's answers change. An answer that does not echo the id and the hash of a queued operation is
/// not an answer to it.
#[must_use]
pub fn settle(queue: &[Queued], answers: &[Answer]) -> Settlement {
    let mut settlement = Settlement::default();
    let mut queue = queue.to_vec();
    for answer in answers {
        let Some(at) = asked(&queue, answer) else { continue };
        let Outcome::Known(outcome) = &answer.outcome else { continue };
        settlement.answered += 1;
        match outcome {
            KnownOutcome::Accepted { seq, at: when, receipt } => {
                let done = queue.remove(at);
                settlement.queue.push(QueueWrite::Remove(done.n));
                settlement.accepted = settlement.accepted.max(Some((*seq, *when)));
                accepted(&mut settlement, &mut queue, &done, *seq, receipt.as_ref());
            }
            KnownOutcome::Conflict(conflict) => {
                let done = queue.remove(at);
                settlement.queue.push(QueueWrite::Remove(done.n));
                let key = conflict.theirs.key();
                let later = queue.iter().filter(|queued| queued.operation.writes(key) && !queued.sent);
                settlement.queue.extend(later.map(|queued| QueueWrite::Remove(queued.n)));
                queue.retain(|queued| !queued.operation.writes(key) || queued.sent);
                settlement.fields.push(FieldWrite::Conflict(key, conflict.clone()));
            }
            KnownOutcome::Refused(refusal) => {
                queue[at].refusal = Some(refusal.clone());
                settlement.queue.push(QueueWrite::Put(queue[at].clone()));
            }
        }
    }
    settlement
}

fn accepted(settlement: &mut Settlement, queue: &mut [Queued], done: &Queued, rev: Rev, receipt: Option<&Receipt>) {
    match &done.operation.change {
        Change::Known(KnownChange::Set { value, .. }) => settlement.fields.push(FieldWrite::Rev(value.key(), rev)),
        Change::Known(KnownChange::AddItem { item, .. }) => {
            let written = ADDED_FIELDS.map(|field| FieldWrite::Rev(FieldKey::Item(*item, field), rev));
            settlement.fields.extend(written);
        }
        Change::Known(KnownChange::Submit {}) => settlement.submission = Some(receipt.cloned()),
        Change::Known(KnownChange::Withdraw {}) => settlement.submission = Some(None),
        Change::Unknown(_) => {}
    }
    for next in queue.iter_mut().filter(|queued| queued.after == Some(done.operation.op_id)) {
        next.after = None;
        next.operation = next.operation.clone().rebased(rev);
        settlement.queue.push(QueueWrite::Put(next.clone()));
    }
}

#[cfg(test)]
mod tests;
