//! A report on the device: its fields, its queue, and what the council last said. The journal stores exactly this.

use crate::field::{FieldKey, FieldValue, ItemValue};
use crate::id::{OpId, ReportId};
use crate::report::{Draft, Rev};
use crate::sync::op::KnownChange;
use crate::sync::outbox::{self, FieldWrite, QueueWrite, Queued, Settlement};
use crate::sync::reconcile::{LocalField, reconcile};
use crate::sync::status::Facts;
use crate::sync::wire::{Answer, Receipt, Seq};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the council last said about the report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Council {
    /// The newest acceptance of something from this device.
    #[serde(default)]
    pub accepted: Option<(Seq, Timestamp)>,
    /// The submission in force.
    #[serde(default)]
    pub submission: Option<Receipt>,
}

/// A report on the device. It may hold only the fields that a change touches, with the whole queue.
#[derive(Debug, Clone, PartialEq)]
pub struct LocalReport {
    /// Which report.
    pub report: ReportId,
    /// The fields.
    pub fields: BTreeMap<FieldKey, LocalField>,
    /// The queue, in order.
    pub queue: Vec<Queued>,
    /// What the council last said.
    pub council: Council,
}

impl LocalReport {
    /// A report that this device has never seen.
    #[must_use]
    pub const fn empty(report: ReportId) -> Self {
        Self {
            report,
            fields: BTreeMap::new(),
            queue: Vec::new(),
            council: Council { accepted: None, submission: None },
        }
    }

    /// A field was typed, moved or chosen. While two texts wait for a choice, and while the value breaks a limit,
    /// it is kept on the device only.
    pub fn write(&mut self, value: FieldValue, op_id: OpId) {
        let key = value.key();
        let before = self.fields.get(&key).cloned();
        let mut field = before.clone().unwrap_or_else(|| LocalField::at(value.clone(), 0));
        field.held = value.check().err();
        field.value = value.clone();
        let send = field.held.is_none() && field.conflict.is_none() && before.as_ref() != Some(&field);
        let rev = field.rev;
        self.fields.insert(key, field);
        if send {
            let writes = outbox::enqueue(&self.queue, self.report, rev, value, op_id);
            self.apply(writes);
        }
    }

    /// An item was added, or the report submitted or withdrawn.
    pub fn change(&mut self, change: KnownChange, op_id: OpId) {
        if let KnownChange::AddItem { item, section, position, language } = &change {
            let values =
                [ItemValue::Section(*section), ItemValue::Position(position.clone()), ItemValue::Language(*language)];
            for value in values {
                let value = FieldValue::Item(*item, value);
                self.fields.insert(value.key(), LocalField::at(value, 0));
            }
        }
        let writes = outbox::enqueue_change(&self.queue, self.report, change, op_id);
        self.apply(writes);
    }

    /// The person chose what the field says; it goes out as a change of the council's version.
    pub fn resolve(&mut self, value: FieldValue, op_id: OpId) {
        let key = value.key();
        let Some(field) = self.fields.get_mut(&key) else { return };
        let Some(conflict) = field.conflict.take() else { return };
        *field = LocalField::at(conflict.theirs, conflict.theirs_rev);
        self.write(value, op_id);
    }

    /// These operations are about to be handed to the network, and never change again.
    pub fn mark_sent(&mut self, operations: &[OpId]) {
        for queued in self.queue.iter_mut().filter(|queued| operations.contains(&queued.operation.op_id)) {
            queued.sent = true;
        }
    }

    /// Refused operations may be tried again: what was refused may have been about the moment.
    pub fn retry_refused(&mut self) {
        for queued in &mut self.queue {
            queued.refusal = None;
        }
    }

    /// The server answered. Gives what was settled.
    pub fn settle(&mut self, answers: &[Answer]) -> Settlement {
        let settlement = outbox::settle(&self.queue, answers);
        self.apply(settlement.queue.clone());
        for write in &settlement.fields {
            match write {
                FieldWrite::Rev(key, rev) => self.raise(*key, *rev),
                FieldWrite::Conflict(key, conflict) => {
                    if let Some(field) = self.fields.get_mut(key) {
                        field.conflict = Some(conflict.clone());
                    }
                }
            }
        }
        self.council.accepted = self.council.accepted.max(settlement.accepted);
        if let Some(submission) = &settlement.submission {
            self.council.submission.clone_from(submission);
        }
        settlement
    }

    /// The server gave its draft: what is not unsent here is taken over.
    pub fn take_over(&mut self, draft: &Draft) {
        for field in reconcile(&self.fields, &self.queue, draft) {
            self.fields.insert(field.value.key(), field);
        }
        if !self.queue.iter().any(|queued| queued.operation.is_barrier()) {
            self.council.submission.clone_from(&draft.submission);
        }
    }

    /// The revision of the newest field that the submission does not hold: whether there is something to submit again.
    #[must_use]
    pub fn changed_since_submission(&self) -> bool {
        let Some(submission) = &self.council.submission else { return false };
        let unsent = self.queue.iter().any(|queued| !queued.operation.is_barrier());
        unsent || self.fields.values().any(|field| field.rev > submission.seq)
    }

    /// What the status line is told of the journal.
    #[must_use]
    pub fn facts(&self) -> Facts {
        Facts {
            waiting: self.queue.iter().filter(|queued| queued.refusal.is_none()).count(),
            refused: self.queue.iter().find_map(|queued| queued.refusal.clone()),
            conflicts: self.fields.values().filter(|field| field.conflict.is_some()).count(),
            held: self.fields.values().filter(|field| field.held.is_some()).count(),
            accepted: self.council.accepted,
            ..Facts::default()
        }
    }

    fn raise(&mut self, key: FieldKey, rev: Rev) {
        if let Some(field) = self.fields.get_mut(&key) {
            field.rev = field.rev.max(rev);
        }
    }

    fn apply(&mut self, writes: Vec<QueueWrite>) {
        for write in writes {
            match write {
                QueueWrite::Put(entry) => match self.queue.binary_search_by_key(&entry.n, |queued| queued.n) {
                    Ok(at) => self.queue[at] = entry,
                    Err(at) => self.queue.insert(at, entry),
                },
                QueueWrite::Remove(n) => self.queue.retain(|queued| queued.n != n),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::ContactValue;
    use crate::id::{EditionId, MemberId};
    use crate::sync::wire::{Conflict, KnownOutcome, Outcome};

    fn op(n: u8) -> OpId {
        OpId::new(Timestamp::from_millis(i64::from(n)), &[n; 10])
    }

    fn name(text: &str) -> FieldValue {
        FieldValue::Contact(ContactValue::Name(text.into()))
    }

    fn local() -> LocalReport {
        let at = Timestamp::from_millis(1);
        LocalReport::empty(ReportId { edition: EditionId::new(at, &[1; 10]), member: MemberId::new(at, &[2; 10]) })
    }

    fn answer(queued: &Queued, outcome: KnownOutcome) -> Answer {
        let outcome = Outcome::Known(outcome);
        let operation = &queued.operation;
        Answer { op_id: operation.op_id, hash: operation.hash.clone(), status: outcome.status(), outcome }
    }

    #[test]
    fn a_value_over_the_limit_is_kept_here_and_not_sent() {
        let mut local = local();
        let long = "a".repeat(300);
        local.write(name(&long), op(1));
        assert_eq!(local.fields[&name("").key()].value, name(&long));
        assert_eq!((local.facts().held, local.facts().waiting), (1, 0));
        local.write(name("short"), op(2));
        assert_eq!((local.facts().held, local.facts().waiting), (0, 1));
    }

    #[test]
    fn typing_the_same_again_sends_nothing() {
        let mut local = local();
        local.write(name("a"), op(1));
        let accepted = KnownOutcome::Accepted { seq: 4, at: Timestamp::from_millis(9), receipt: None };
        let answers = [answer(&local.queue[0], accepted)];
        local.settle(&answers);
        local.write(name("a"), op(2));
        assert_eq!(local.facts().waiting, 0);
        assert_eq!(local.facts().accepted, Some((4, Timestamp::from_millis(9))));
    }

    #[test]
    fn a_conflict_keeps_both_until_the_person_chooses() {
        let mut local = local();
        local.write(name("mine"), op(1));
        local.mark_sent(&[op(1)]);
        let conflict = Conflict { base: None, theirs: name("theirs"), theirs_rev: 8, mine: name("mine") };
        let answers = [answer(&local.queue[0], KnownOutcome::Conflict(conflict))];
        local.settle(&answers);
        local.write(name("mine, more"), op(2));
        assert_eq!((local.facts().conflicts, local.facts().waiting), (1, 0));

        let mut theirs = local.clone();
        theirs.resolve(name("theirs"), op(3));
        assert_eq!((theirs.facts().conflicts, theirs.facts().waiting), (0, 0), "nothing to send");
        assert_eq!(theirs.fields[&name("").key()], LocalField::at(name("theirs"), 8));

        local.resolve(name("mine, more"), op(3));
        assert_eq!(
            local.queue[0].operation.known(),
            Some(&KnownChange::Set { base_rev: 8, value: name("mine, more") })
        );
    }

    #[test]
    fn a_queued_submission_is_not_overwritten_by_an_older_draft() {
        let mut local = local();
        local.change(KnownChange::Withdraw {}, op(1));
        let mut draft = Draft::empty(local.report);
        let hash = local.queue[0].operation.hash.clone();
        draft.submission = Some(Receipt { seq: 3, at: Timestamp::from_millis(1), hash, items: 1 });
        local.take_over(&draft);
        assert_eq!(local.council.submission, None);
    }
}
