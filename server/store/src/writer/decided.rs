//! One batch between its decisions and its place in the log.

use super::{Arrived, Push, Spent};
use crate::directory::Lists;
use crate::error::StoreError;
use crate::history;
use crate::log::taken::{Before, added_by};
use crate::log::{Changed, Committed, Done, Mark, chained};
use crate::memory::{Held, Memory};
use domain::field::{FieldValue, ItemValue};
use domain::id::{OpId, ReportId};
use domain::report::decide::decide;
use domain::report::state::EventKind;
use domain::sync::decide::{Decision, Event, Surroundings};
use domain::sync::op::{KnownChange, Operation};
use domain::sync::wire::{Answer, KnownOutcome, Outcome, Refusal, Seq};
use domain::time::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

/// Whether an operation makes its report larger: what takes something off the board, or submits what is there, is always
/// taken.
fn grows(operation: &Operation) -> bool {
    let deletes = |value: &FieldValue| matches!(value, FieldValue::Item(_, ItemValue::Deleted(_)));
    !operation.is_barrier() && !operation.known().and_then(KnownChange::value).is_some_and(deletes)
}

/// What was decided, on copies of the reports that it changes.
pub struct Decided<'a> {
    memory: &'a Memory,
    lists: &'a Lists,
    /// The reports that the operations are about.
    standing: &'a HashMap<ReportId, Arc<Held>>,
    /// What the log was found to have of them.
    before: &'a Before,
    spent: &'a Spent,
    head: Mark,
    last: Seq,
    now: Timestamp,
    reports: HashMap<ReportId, Held>,
    answered: HashMap<OpId, Answer>,
    done: Vec<Done>,
    events: Vec<Event<EventKind>>,
    changed: Changed,
}

impl<'a> Decided<'a> {
    /// Nothing yet, on the end of the log.
    pub fn on(
        memory: &'a Memory,
        lists: &'a Lists,
        standing: &'a HashMap<ReportId, Arc<Held>>,
        before: &'a Before,
        spent: &'a Spent,
    ) -> Self {
        let head = memory.head();
        Self {
            memory,
            lists,
            standing,
            before,
            spent,
            head,
            last: head.seq,
            now: crate::now(),
            reports: HashMap::new(),
            answered: HashMap::new(),
            done: Vec::new(),
            events: Vec::new(),
            changed: Changed::default(),
        }
    }

    /// Answers a push's operations in order. What its person may not do is refused before anything else is looked at.
    pub async fn answer_all(&mut self, db: &Surreal<Any>, push: &Push) -> Result<Vec<Answer>, StoreError> {
        let mut answers = Vec::with_capacity(push.operations.len());
        for Arrived { operation, whole } in &push.operations {
            let outcome = match operation.subject.report() {
                None => KnownOutcome::Refused(Refusal::NotUnderstood),
                Some(report) if !push.permits(report) => KnownOutcome::Refused(Refusal::Forbidden),
                Some(report) => match self.answer_before(operation.op_id) {
                    Some(before) if before.hash == operation.hash && *whole => {
                        answers.push(before);
                        continue;
                    }
                    Some(_) => KnownOutcome::Refused(Refusal::OpIdReused),
                    None => {
                        let outcome = self.decide(report, operation, *whole, push);
                        if push.foreign { outcome } else { self.with_base(db, report, operation, outcome).await? }
                    }
                },
            };
            answers.push(self.record(operation, push, outcome));
        }
        Ok(answers)
    }

    fn answer_before(&self, op_id: OpId) -> Option<Answer> {
        let kept = self.answered.get(&op_id).or_else(|| self.before.answers.get(&op_id)).cloned();
        kept.or_else(|| self.memory.answer(op_id))
    }

    fn decide(&mut self, report: ReportId, operation: &Operation, whole: bool, push: &Push) -> KnownOutcome {
        let Some(open) = self.lists.open(report) else { return KnownOutcome::Refused(Refusal::NoSuchReport) };
        if grows(operation) && self.spent.is_exhausted(report, self.now) {
            return KnownOutcome::Refused(Refusal::TooMuchToday);
        }
        let taken = |item| self.changed.added.get(&item).or_else(|| self.before.items.get(&item));
        if added_by(operation).and_then(taken).is_some_and(|of| *of != report) {
            return KnownOutcome::Refused(Refusal::Forbidden);
        }
        let Some(standing) = self.standing.get(&report) else { return KnownOutcome::Refused(Refusal::NoSuchReport) };
        let held = self.reports.entry(report).or_insert_with(|| Held::clone(standing));
        let (by, foreign) = (push.identity.person, push.foreign);
        let around = Surroundings { by, open, themes: &self.lists.themes, now: self.now, foreign, whole };
        let Decision { outcome, done } = decide(&mut held.state, operation, around, self.last);
        held.note(&done.events);
        self.changed.note(report, operation, &done);
        self.last += done.events.len() as u64;
        self.events.extend(done.events);
        outcome
    }

    /// A conflict is told with the text that both sides started from.
    async fn with_base(
        &self,
        db: &Surreal<Any>,
        report: ReportId,
        operation: &Operation,
        outcome: KnownOutcome,
    ) -> Result<KnownOutcome, StoreError> {
        let (KnownOutcome::Conflict(mut conflict), Some(KnownChange::Set { base_rev, value })) =
            (outcome.clone(), operation.known())
        else {
            return Ok(outcome);
        };
        let key = value.key();
        let here = self.done.iter().find_map(|done| done.value_at(report, key, *base_rev));
        conflict.base = if here.is_some() || *base_rev == 0 || *base_rev > self.last {
            here
        } else if self.memory.holds(*base_rev) {
            self.memory.value_at(report, key, *base_rev)
        } else {
            history::value_at(db, report, key, *base_rev).await?
        };
        Ok(KnownOutcome::Conflict(conflict))
    }

    /// Makes the answer, and remembers it for the log unless it is a refusal.
    fn record(&mut self, operation: &Operation, push: &Push, outcome: KnownOutcome) -> Answer {
        let seq = match &outcome {
            KnownOutcome::Accepted { seq, .. } => Some(*seq),
            KnownOutcome::Conflict(_) => Some(self.last),
            KnownOutcome::Refused(_) => None,
        };
        let outcome = Outcome::Known(outcome);
        let (op_id, hash) = (operation.op_id, operation.hash.clone());
        let answer = Answer { op_id, hash, status: outcome.status(), outcome };
        if let Some(seq) = seq {
            self.answered.insert(op_id, answer.clone());
            let (person, device) = (push.identity.person, push.device.clone());
            let (operation, at) = (operation.clone(), self.now);
            self.done.push(Done { operation, person, device, seq, at, answer: answer.clone() });
        }
        answer
    }

    /// The batch, where it goes, and the reports that it changes; none when there is nothing to write.
    pub fn batch(self) -> Option<(Mark, Committed, HashMap<ReportId, Held>)> {
        let Self { head, last, now, mut reports, done, events, changed, .. } = self;
        if done.is_empty() {
            return None;
        }
        reports.retain(|report, _| changed.reports.contains(report));
        let mark = chained(head, now, last, &done);
        let batch = Committed { mark, before: head.seq, at: now, done, events, changed, bytes: 0 };
        Some((head, batch, reports))
    }
}
