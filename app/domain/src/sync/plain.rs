//! A subject on the device that has no fields to merge: only what was asked of the council, in order.
//!
//! What a feature such as a mark on a card needs of a device: the same queue, rows and answers as a report's
//! ([`local`](super::local)), without values and conflicts. The feature shows what is [`pending`](Plain::pending) over what
//! the council has.

use crate::id::OpId;
use crate::json::{self, Object};
use crate::sync::op::Operation;
use crate::sync::outbox::{QueueWrite, Queued, Settlement, next_batch, next_place, settle};
use crate::sync::subject::Subject;
use crate::sync::wire::Answer;
use serde::Serialize;

/// A subject's queue on the device.
#[derive(Debug, Clone, PartialEq)]
pub struct Plain {
    /// What it is about.
    pub subject: Subject,
    /// The queue, in order.
    pub queue: Vec<Queued>,
}

impl Plain {
    /// A subject of which nothing was asked.
    #[must_use]
    pub const fn empty(subject: Subject) -> Self {
        Self { subject, queue: Vec::new() }
    }

    /// The subject that some rows hold. `root`: see [`journal::root`](super::journal::root). A row of a newer program that
    /// this one cannot read is left where it is.
    #[must_use]
    pub fn of(root: &str, subject: Subject, rows: &Object) -> Self {
        let queue = rows.iter().filter(|(key, _)| key.strip_prefix(root).is_some_and(|key| key.starts_with("queue/")));
        let mut queue: Vec<Queued> = queue.filter_map(|(_, row)| json::read(row).ok()).collect();
        queue.sort_by_key(|queued| queued.n);
        Self { subject, queue }
    }

    /// Its rows.
    #[must_use]
    pub fn rows(&self, root: &str) -> Object {
        self.queue.iter().map(|queued| (format!("{root}queue/{:010}", queued.n), json::write(queued))).collect()
    }

    /// Asks for a change. It waits for the answer to the one before it: were that one refused for a moment and tried
    /// again later, it would undo what was asked after it.
    pub fn ask<C: Serialize>(&mut self, change: &C, op_id: OpId) {
        let operation = Operation::about(op_id, self.subject.clone(), change);
        let after = self.queue.last().map(|last| last.operation.op_id);
        self.queue.push(Queued { n: next_place(&self.queue), operation, after, sent: false, refusal: None });
    }

    /// What was asked and not refused, in order.
    pub fn pending(&self) -> impl Iterator<Item = &Operation> {
        self.queue.iter().filter(|queued| queued.refusal.is_none()).map(|queued| &queued.operation)
    }

    /// Gives the operations to send next and marks them as handed to the network: from here on they never change,
    /// because the server may have them.
    #[must_use]
    pub fn hand_over(&mut self) -> Vec<Operation> {
        let batch: Vec<u64> = next_batch(&self.queue, false, true).into_iter().map(|queued| queued.n).collect();
        let of_batch = self.queue.iter_mut().filter(|queued| batch.contains(&queued.n));
        let handed = of_batch.map(|queued| {
            queued.sent = true;
            queued.operation.clone()
        });
        handed.collect()
    }

    /// The server answered. Gives what was settled.
    pub fn settle(&mut self, answers: &[Answer]) -> Settlement {
        let settlement = settle(&self.queue, answers);
        for write in &settlement.queue {
            match write {
                QueueWrite::Remove(n) => self.queue.retain(|queued| queued.n != *n),
                QueueWrite::Put(put) => {
                    if let Some(place) = self.queue.iter_mut().find(|queued| queued.n == put.n) {
                        place.clone_from(put);
                    }
                }
            }
        }
        settlement
    }

    /// Refused operations may be tried again: what was refused may have been about the moment.
    pub fn retry_refused(&mut self) {
        self.queue.iter_mut().for_each(|queued| queued.refusal = None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::PersonId;
    use crate::sync::journal::root;
    use crate::sync::wire::{KnownOutcome, Outcome, Refusal};
    use crate::time::Timestamp;
    use serde_json::json;

    fn op(n: u8) -> OpId {
        OpId::new(Timestamp::from_millis(1), &[n; 10])
    }

    fn asked() -> Plain {
        let mut plain = Plain::empty(Subject::Council);
        plain.ask(&json!({"kind": "mark", "on": true}), op(1));
        plain.ask(&json!({"kind": "mark", "on": false}), op(2));
        plain
    }

    fn answer(operation: &Operation, outcome: KnownOutcome) -> Answer {
        let outcome = Outcome::Known(outcome);
        Answer { op_id: operation.op_id, hash: operation.hash.clone(), status: outcome.status(), outcome }
    }

    #[test]
    fn what_was_asked_goes_out_in_order_until_it_is_answered() {
        let mut plain = asked();
        let accepted = |seq| KnownOutcome::Accepted { seq, at: Timestamp::from_millis(9), receipt: None };
        let first = plain.hand_over();
        assert_eq!(first.iter().map(|operation| operation.op_id).collect::<Vec<_>>(), [op(1)]);
        assert_eq!(plain.hand_over(), first, "an answer may be lost");
        assert_eq!(plain.settle(&[answer(&first[0], accepted(7))]).answered, 1);
        let second = plain.hand_over();
        assert!(second.iter().all(|operation| operation.op_id == op(2) && operation.is_whole()));
        plain.settle(&[answer(&second[0], accepted(8))]);
        assert_eq!((plain.pending().count(), plain.hand_over().len()), (0, 0));
    }

    #[test]
    fn what_was_asked_later_does_not_overtake_what_was_refused() {
        let mut plain = asked();
        let sent = plain.hand_over();
        plain.settle(&[answer(&sent[0], KnownOutcome::Refused(Refusal::EditionClosed))]);
        assert_eq!((plain.pending().count(), plain.hand_over().len()), (1, 0));
        plain.retry_refused();
        assert_eq!(plain.hand_over(), sent);
    }

    #[test]
    fn its_rows_are_read_back_as_they_were_written() {
        let plain = asked();
        let root = root(PersonId::new(Timestamp::from_millis(1), &[1; 10]), Subject::Council);
        assert_eq!(Plain::of(&root, Subject::Council, &plain.rows(&root)), plain);
    }
}
