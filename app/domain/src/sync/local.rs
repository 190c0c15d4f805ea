//! A report on the device: its fields, its queue, and what the council last said. The journal stores exactly this.
//!
//! | what happens | here |
//! |---|---|
//! | the person types, adds, submits, chooses | [`LocalReport::write`], [`change`](LocalReport::change), [`resolve`](LocalReport::resolve) |
//! | the server answers a push | [`LocalReport::settle`] |
//! | the server gives its draft | [`LocalReport::take_over`] |
//!
//! Each is one transaction of the journal: it reads the rows as they are, and writes what this says.

mod answers;
mod draft;

use crate::field::{FieldKey, FieldValue, ItemField};
use crate::id::{InstanceId, ItemId, OpId, ReportId};
use crate::sync::chain::Mark;
use crate::sync::fault::{self, Fault};
use crate::sync::journal::Typed;
use crate::sync::merge::merge_values;
use crate::sync::op::{ADDED_FIELDS, KnownChange, Operation};
use crate::sync::outbox::{self, QueueWrite, Queued};
use crate::sync::reconcile::LocalField;
use crate::sync::status::Facts;
use crate::sync::wire::{Conflict, Receipt, Refusal, Rev, Seq};
use crate::time::Timestamp;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What the council last said about the report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Council {
    /// The newest acceptance of something from this device.
    pub accepted: Option<(Seq, Timestamp)>,
    /// The submission in force.
    pub submission: Option<Receipt>,
    /// The database that said so; none before the first answer.
    pub instance: Option<InstanceId>,
    /// The newest place in its sequence that this device has heard of.
    pub seq: Seq,
    /// The end of its log when it last said: what shows that it is still the same log.
    pub mark: Option<Mark>,
    /// The server is not what it was: emptied, or restored from a backup. The revisions held here mean nothing until
    /// its draft has been compared with this device's, text by text.
    pub doubt: bool,
    /// The receipt of a submission that the server no longer has.
    pub gone: Option<Receipt>,
    /// Its draft has been read since this device knew nothing, or was told to forget what was sent. Before, the form
    /// does not show what the council has, and nobody is told that it has everything.
    pub read: bool,
}
crate::record!(Council { accepted or default, submission or default, instance or default, seq or default, mark or default, doubt or default, gone or default, read or default });

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

/// What the screen showed of two texts when the person chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// This device's text: [`LocalField::value`].
    pub mine: FieldValue,
    /// The other: [`Conflict::theirs`].
    pub theirs: FieldValue,
    /// And others typed on this device: [`LocalField::aside`].
    pub aside: Vec<FieldValue>,
}

/// A submission that waits to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PendingSubmission {
    /// Whether it was handed to the network: the server may have it, and it cannot be taken back.
    pub sent: bool,
    /// Whether something was written since, that it does not hold.
    pub changed: bool,
}

impl LocalReport {
    /// A report that this device has never seen.
    #[must_use]
    pub const fn empty(report: ReportId) -> Self {
        let council = Council {
            accepted: None,
            submission: None,
            instance: None,
            seq: 0,
            mark: None,
            doubt: false,
            gone: None,
            read: false,
        };
        Self { report, fields: BTreeMap::new(), queue: Vec::new(), council }
    }

    /// A field was typed, moved or chosen on a screen that showed `over`. While two texts wait for a choice, and while
    /// the value breaks a limit, it is kept on the device only.
    ///
    /// When the journal says something else by now (a colleague's change was taken over, another tab typed), both
    /// changes are merged; where that cannot be, both texts are kept for the person to choose. `None` for `over`: the
    /// caller has just read the journal itself.
    pub fn write(&mut self, value: FieldValue, over: Option<&FieldValue>, op_id: OpId) {
        let key = value.key();
        let now = self.fields.get(&key).map(|field| &field.value);
        let (Some(over), Some(now)) = (over, now) else { return self.put(value, op_id) };
        if over == now || fault::is(Fault::OverwriteJournal) {
            return self.put(value, op_id);
        }
        match merge_values(over, &value, now) {
            Some(merged) => self.put(merged, op_id),
            // Where an item stands is the last writer's; it has no words to lose.
            None if !value.conflicts() => self.put(value, op_id),
            None => self.part(over.clone(), value),
        }
    }

    /// An item was added, or the report submitted or withdrawn. An item goes before anything that is queued of it.
    pub fn change(&mut self, change: KnownChange, op_id: OpId) {
        for value in change.added() {
            self.fields.insert(value.key(), LocalField::at(value, 0));
        }
        let first = self.queue.iter().position(|queued| {
            let value = queued.operation.known().and_then(KnownChange::value);
            matches!((&change, value), (KnownChange::AddItem { item, .. }, Some(FieldValue::Item(of, _))) if item == of)
        });
        if let Some(first) = first {
            for queued in &mut self.queue {
                queued.refusal = queued.refusal.take().filter(|refusal| *refusal != Refusal::NoSuchItem);
            }
            return self.put_operations(first, vec![Operation::new(op_id, self.report, change)]);
        }
        let writes = outbox::enqueue_change(&self.queue, self.report, change, op_id);
        self.apply(writes);
    }

    /// A page that went away left this behind. An item that it had added, and could not save any more, is added before
    /// what was typed in it. `op_id` makes the ids of the operations.
    pub fn take_in(&mut self, late: Vec<Typed>, op_id: &mut dyn FnMut() -> OpId) {
        let (new, typed): (Vec<Typed>, Vec<Typed>) = late.into_iter().partition(|typed| match typed.value.key() {
            FieldKey::Item(item, field) => {
                ADDED_FIELDS.contains(&field) && !self.fields.contains_key(&FieldKey::Item(item, ItemField::Section))
            }
            FieldKey::Contact(_) => false,
        });
        let items: BTreeSet<ItemId> = new
            .iter()
            .filter_map(|typed| if let FieldKey::Item(item, _) = typed.value.key() { Some(item) } else { None })
            .collect();
        for Typed { value, .. } in new {
            self.fields.entry(value.key()).or_insert_with(|| LocalField::at(value, 0));
        }
        for item in items {
            if let Some(add) = self.adding(item) {
                self.change(add, op_id());
            }
        }
        for Typed { value, over } in typed {
            self.write(value, over.as_ref(), op_id());
        }
    }

    /// The person chose what the field says; it goes out as a change of the council's version.
    ///
    /// When a text is no longer what was `shown`, the choice is kept beside them for another look: it was not made
    /// between these. When the choice was already made (in another tab), this is a change of what it gave.
    pub fn resolve(&mut self, value: FieldValue, shown: Option<&Shown>, op_id: OpId) {
        let key = value.key();
        let Some(field) = self.fields.get_mut(&key) else { return self.put(value, op_id) };
        let Some(conflict) = &field.conflict else {
            return self.write(value, shown.map(|shown| &shown.mine), op_id);
        };
        let as_shown =
            |shown: &Shown| shown.mine == field.value && shown.theirs == conflict.theirs && shown.aside == field.aside;
        if !shown.is_none_or(as_shown) {
            return field.put_aside(value);
        }
        *field = LocalField::at(conflict.theirs.clone(), conflict.theirs_rev);
        self.store(value, op_id, true);
    }

    /// Gives the operations to send next, in order, and marks them as handed to the network: from here on they never
    /// change, because the server may have them. Empty: there is nothing, or nothing may go yet; when
    /// [`Council::doubt`] is why, the server's draft is asked for first.
    ///
    /// [`Push::instance`](crate::sync::wire::Push::instance) is to be [`Council::instance`] as it is now.
    #[must_use]
    pub fn hand_over(&mut self) -> Vec<Operation> {
        self.hand_over_if(true)
    }

    /// [`Self::hand_over`], but a submission or a withdrawal only when the server `answers`: one that nobody can have is
    /// the person's to take back. When that is why there is nothing, [`Self::waits_for_an_answer`].
    #[must_use]
    pub fn hand_over_if(&mut self, answers: bool) -> Vec<Operation> {
        if self.council.doubt {
            return Vec::new();
        }
        let held = self.is_held();
        let batch: Vec<u64> =
            outbox::next_batch(&self.queue, held, answers).into_iter().map(|queued| queued.n).collect();
        let mut operations = Vec::with_capacity(batch.len());
        for queued in self.queue.iter_mut().filter(|queued| batch.contains(&queued.n)) {
            if queued.sent && fault::is(Fault::ForgetOpId) {
                queued.operation.op_id = fault::other_id(queued.operation.op_id);
            }
            queued.sent = true;
            operations.push(queued.operation.clone());
        }
        if fault::is(Fault::ClearBeforeAcknowledge) {
            self.queue.retain(|queued| !batch.contains(&queued.n));
        }
        operations
    }

    /// Whether there is something that goes out as soon as it is known that the server answers.
    #[must_use]
    pub fn waits_for_an_answer(&self) -> bool {
        !self.council.doubt && !outbox::next_batch(&self.queue, self.is_held(), true).is_empty()
    }

    /// The submission that waits to be sent, if one does.
    #[must_use]
    pub fn pending_submission(&self) -> Option<PendingSubmission> {
        let acts = |queued: &Queued| queued.operation.is_barrier() && queued.refusal.is_none();
        let at = self.queue.iter().rposition(acts).filter(|at| self.queue[*at].is_submission())?;
        let changed = self.queue[at..].iter().any(|queued| !queued.operation.is_barrier());
        Some(PendingSubmission { sent: self.queue[at].sent, changed })
    }

    /// Takes a submission back that was not handed to the network. The texts stay, and go out as a draft.
    pub fn take_back_submission(&mut self) {
        self.queue.retain(|queued| !queued.is_submission() || queued.sent);
    }

    /// Refused operations may be tried again: what was refused may have been about the moment.
    pub fn retry_refused(&mut self) {
        for queued in &mut self.queue {
            queued.refusal = None;
        }
    }

    /// The revision of the newest field that the submission does not hold: whether there is something to submit again.
    #[must_use]
    pub fn changed_since_submission(&self) -> bool {
        let Some(submission) = &self.council.submission else { return false };
        let unsent = self.queue.iter().any(|queued| !queued.operation.is_barrier());
        unsent || self.fields.values().any(|field| field.rev > submission.seq)
    }

    /// Whether a field waits for the person: two texts, or a value that the council cannot take. A submission waits too.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.fields.values().any(LocalField::waits)
    }

    /// Whether something of the field, or of another field of its item, has not reached the council.
    #[must_use]
    pub fn is_unsent(&self, key: FieldKey) -> bool {
        let unsent = |field: &LocalField| field.waits() || self.is_queued(field.value.key());
        match key {
            FieldKey::Contact(_) => self.fields.get(&key).is_some_and(unsent),
            FieldKey::Item(item, _) => {
                let of_item = |field: &&LocalField| matches!(field.value.key(), FieldKey::Item(of, _) if of == item);
                self.queue.iter().any(|queued| queued.operation.adds(key))
                    || self.fields.values().filter(of_item).any(unsent)
            }
        }
    }

    /// What the status line is told of the journal.
    #[must_use]
    pub fn facts(&self) -> Facts {
        Facts {
            waiting: self.queue.iter().filter(|queued| queued.refusal.is_none()).count(),
            refused: self.queue.iter().find_map(|queued| queued.refusal.clone()),
            conflicts: self.fields.values().filter(|field| field.conflict.is_some()).count(),
            held: self.fields.values().filter(|field| field.held.is_some()).count(),
            accepted: self.council.accepted.filter(|_| self.council.read),
            submission_gone: self.council.gone.is_some(),
            ..Facts::default()
        }
    }

    /// Writes a value over what the journal says, and queues it when it may go.
    fn put(&mut self, value: FieldValue, op_id: OpId) {
        let waited = self.fields.get(&value.key()).is_some_and(LocalField::waits);
        self.store(value, op_id, waited);
    }

    /// `waited`: a submission in the queue may be waiting for this, and what the person chose is part of it.
    fn store(&mut self, value: FieldValue, op_id: OpId, waited: bool) {
        let key = value.key();
        let before = self.fields.get(&key).cloned();
        let mut field = before.clone().unwrap_or_else(|| LocalField::at(value.clone(), 0));
        field.held = value.check().err();
        field.value = value.clone();
        let rev = field.rev;
        // At no revision the council does not have it, also when it is the other text that was chosen.
        let new = before.as_ref() != Some(&field) || (waited && rev == 0);
        let send = new && !field.waits();
        self.fields.insert(key, field);
        if !send {
            return;
        }
        let before = |queued: &Queued| queued.operation.writes(key) || queued.operation.adds(key);
        let from = self.queue.iter().rposition(before).map_or(0, |last| last + 1);
        let waits = |queued: &Queued| queued.operation.is_barrier() && queued.refusal.is_none();
        let Some(barrier) = self.queue[from..].iter().position(waits).filter(|_| waited) else {
            let writes = outbox::enqueue(&self.queue, self.report, rev, value, op_id);
            return self.apply(writes);
        };
        let at = from + barrier;
        for write in outbox::enqueue(&self.queue[..at], self.report, rev, value, op_id) {
            match write {
                QueueWrite::Put(new) if new.n == outbox::next_place(&self.queue[..at]) => self.put_at(at, vec![new]),
                changed => self.apply(vec![changed]),
            }
        }
    }

    /// Keeps a text beside the one that the journal has come to say since the screen showed `base`.
    fn part(&mut self, base: FieldValue, mine: FieldValue) {
        let Some(field) = self.fields.get_mut(&mine.key()) else { return };
        if field.conflict.is_some() {
            return field.put_aside(mine);
        }
        let (theirs, theirs_rev) = (field.value.clone(), field.rev);
        field.conflict = Some(Conflict { base: Some(base), theirs, theirs_rev, mine: mine.clone() });
        if field.held.is_some() {
            field.keep_theirs();
        }
        field.held = mine.check().err();
        field.value = mine;
    }

    /// Puts entries at a place of the queue.
    fn put_at(&mut self, at: usize, entries: Vec<Queued>) {
        self.queue.splice(at..at, entries);
        for (n, queued) in (1..).zip(&mut self.queue) {
            queued.n = n;
        }
    }

    /// Puts operations at a place of the queue: what the council has lost goes before all that waits, so that no
    /// submission overtakes it.
    fn put_operations(&mut self, at: usize, operations: Vec<Operation>) {
        let entry = |operation| Queued { n: 0, operation, after: None, sent: false, refusal: None };
        self.put_at(at, operations.into_iter().map(entry).collect());
    }

    /// Whether an operation of the queue writes the field.
    fn is_queued(&self, key: FieldKey) -> bool {
        self.queue.iter().any(|queued| queued.operation.writes(key))
    }

    fn set(&self, base_rev: Rev, value: FieldValue, op_id: OpId) -> Operation {
        Operation::new(op_id, self.report, KnownChange::Set { base_rev, value })
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
mod tests;
