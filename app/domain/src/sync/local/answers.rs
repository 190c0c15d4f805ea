//! The server answered a push: what leaves the queue, what is merged, what waits for the person, what is offered again.

use super::LocalReport;
use crate::field::{FieldKey, FieldValue, ItemField, ItemValue};
use crate::id::{InstanceId, ItemId, OpId};
use crate::sync::fault::{self, Fault};
use crate::sync::merge::{covers, merge_values};
use crate::sync::op::{ADDED_FIELDS, KnownChange, Operation};
use crate::sync::outbox::{self, FieldWrite, Queued, Settlement};
use crate::sync::wire::{Answer, Conflict, KnownOutcome, Outcome, PushAnswer, Refusal, Rev};

impl LocalReport {
    /// The server answered a push; see [`Self::settle`].
    ///
    /// An answer that is older than what was heard since it was asked for may be of the past that a server has lost
    /// meanwhile: the drafts are compared, which costs nothing when it is not.
    pub fn hear(&mut self, answer: &PushAnswer, op_id: &mut dyn FnMut() -> OpId) -> Settlement {
        if answer.other_past {
            self.council.doubt = true;
            self.council.accepted = None;
        }
        let settlement = self.settle(answer.instance, &answer.answers, op_id);
        if settlement.answered > 0 && !self.council.doubt {
            let older = self.council.mark.zip(answer.mark).is_some_and(|(held, given)| given.seq < held.seq);
            self.council.doubt = older;
            self.council.mark = answer.mark.or(self.council.mark);
        }
        settlement
    }

    /// The server answered. Gives what was settled. `op_id` makes the ids of operations that follow from it: a merge,
    /// or an item that the server has lost and is offered again.
    pub fn settle(&mut self, instance: InstanceId, answers: &[Answer], op_id: &mut dyn FnMut() -> OpId) -> Settlement {
        if *self.council.instance.get_or_insert(instance) != instance {
            self.council.doubt = true;
            self.council.accepted = None;
        }
        let mut all = Settlement::default();
        for answer in answers {
            if self.merge(answer, op_id) {
                all.answered += 1;
                continue;
            }
            let one = outbox::settle(&self.queue, std::slice::from_ref(answer));
            self.take(&one);
            if one.answered > 0
                && let Outcome::Known(KnownOutcome::Refused(Refusal::NoSuchItem)) = &answer.outcome
            {
                self.add_again(answer.op_id, op_id);
            }
            all.join(one);
        }
        if !self.council.doubt {
            let heard = all.accepted.map_or(0, |(seq, _)| seq);
            self.council.seq = self.council.seq.max(heard);
        }
        self.council.accepted = self.council.accepted.max(all.accepted);
        if let Some(submission) = &all.submission {
            self.council.submission.clone_from(submission);
            self.council.gone = None;
        }
        all
    }

    fn take(&mut self, settlement: &Settlement) {
        let value_of = |n: u64| {
            let entry = self.queue.iter().find(|queued| queued.n == n)?;
            entry.operation.known()?.value().cloned()
        };
        let settled: Vec<FieldValue> = settlement
            .queue
            .iter()
            .filter_map(|write| if let outbox::QueueWrite::Remove(n) = write { value_of(*n) } else { None })
            .collect();
        self.apply(settlement.queue.clone());
        for write in &settlement.fields {
            match write {
                FieldWrite::Rev(key, rev) => self.accepted(*key, *rev, &settled),
                FieldWrite::Conflict(key, conflict) => self.conflicted(*key, conflict),
            }
        }
    }

    fn accepted(&mut self, key: FieldKey, rev: Rev, settled: &[FieldValue]) {
        let Some(field) = self.fields.get_mut(&key) else { return };
        field.rev = rev;
        // The other text of a choice was this very change (another tab's): the choice is now made on its revision.
        if let Some(conflict) = &mut field.conflict
            && settled.contains(&conflict.theirs)
        {
            conflict.theirs_rev = rev;
        }
    }

    fn conflicted(&mut self, key: FieldKey, conflict: &Conflict) {
        let Some(field) = self.fields.get_mut(&key) else { return };
        if fault::is(Fault::DropMine) {
            field.value = conflict.theirs.clone();
            field.rev = conflict.theirs_rev;
            return;
        }
        let before = field.conflict.replace(conflict.clone());
        if let Some(before) = before {
            field.put_aside(before.theirs);
            field.put_aside(conflict.mine.clone());
        }
    }

    /// Merges a conflict, when the server says what both sides started from and the changes are apart. The merged text
    /// goes out at the place of the operation that was answered. `false`: it is not a conflict, or not clean.
    ///
    /// What was typed on since is merged too, in the steps in which it is queued: a submission that waits between two
    /// of them gets what was written before it and not what was written after.
    fn merge(&mut self, answer: &Answer, op_id: &mut dyn FnMut() -> OpId) -> bool {
        let Outcome::Known(KnownOutcome::Conflict(conflict)) = &answer.outcome else { return false };
        let key = conflict.theirs.key();
        let Some(at) = outbox::asked(&self.queue, answer) else { return false };
        let Some(field) = self.fields.get(&key).filter(|field| field.conflict.is_none()) else { return false };
        // Nobody knows the base: another database, or a browser that threw its journal away under an open page. What
        // holds all of the other's words takes their place, as where drafts are compared.
        let follows = (self.council.doubt || conflict.base.is_none()) && covers(&field.value, &conflict.theirs);
        let Some(base) = conflict.base.as_ref().or(follows.then_some(&conflict.theirs)) else { return false };
        let Some(stages) = stages(&self.queue[at..], key) else { return false };
        let (mut before, mut merged) = (base.clone(), conflict.theirs.clone());
        let mut entries = Vec::with_capacity(stages.len());
        for (entry, value) in stages {
            let Some(next) = merge_values(&before, &value, &merged) else { return false };
            merged = next;
            before = value;
            entries.push((entry, merged.clone()));
        }
        // A value that breaks a limit is in the field and not in the queue.
        let Some(value) = merge_values(&before, &field.value, &merged) else { return false };
        self.replace_stages(at, key, entries, conflict, op_id);
        if let Some(field) = self.fields.get_mut(&key) {
            field.held = value.check().err();
            field.value = if fault::is(Fault::ForgetTypedOn) { conflict.theirs.clone() } else { value };
            field.rev = conflict.theirs_rev;
        }
        true
    }

    fn replace_stages(
        &mut self,
        at: usize,
        key: FieldKey,
        entries: Vec<(Queued, FieldValue)>,
        conflict: &Conflict,
        op_id: &mut dyn FnMut() -> OpId,
    ) {
        let first = self.queue[at].n;
        self.queue.retain(|queued| queued.n < first || !queued.operation.writes(key));
        let mut after = None;
        for (entry, value) in entries {
            let id = if entry.n == first { op_id() } else { entry.operation.op_id };
            let operation = self.set(conflict.theirs_rev, value, id);
            let entry = Queued { n: entry.n, operation, after: after.replace(id), sent: false, refusal: None };
            self.apply(vec![outbox::QueueWrite::Put(entry)]);
        }
    }

    /// The server has no such item, and this device holds it: the server was emptied or restored. The item is added
    /// again, before all that waits, with everything that is held of it.
    fn add_again(&mut self, refused: OpId, op_id: &mut dyn FnMut() -> OpId) {
        let refused = self.queue.iter().find(|queued| queued.operation.op_id == refused);
        let value = refused.and_then(|queued| queued.operation.known()).and_then(KnownChange::value);
        let Some(&FieldValue::Item(item, _)) = value else { return };
        let is_added = |queued: &Queued| is_add(&queued.operation, item);
        if self.queue.iter().any(|queued| is_added(queued) && queued.refusal.is_some()) {
            return;
        }
        if !self.queue.iter().any(is_added) {
            // An item that the council never had, or of which this device knows nothing, says nothing of the server.
            let had = self.fields.get(&FieldKey::Item(item, ItemField::Section)).is_some_and(|field| field.rev > 0);
            self.council.doubt |= had;
            let Some(operations) = self.offer_item(item, op_id) else { return };
            self.put_operations(0, operations);
        }
        for queued in &mut self.queue {
            let of_item = queued.operation.known().and_then(KnownChange::value);
            if matches!(of_item, Some(FieldValue::Item(of, _)) if *of == item)
                && queued.refusal == Some(Refusal::NoSuchItem)
            {
                queued.refusal = None;
            }
        }
    }

    /// The operations that give the council an item with all that this device holds of it and has not queued, as a
    /// new one. `None`: the device does not know enough of it.
    pub(super) fn offer_item(&mut self, item: ItemId, op_id: &mut dyn FnMut() -> OpId) -> Option<Vec<Operation>> {
        if fault::is(Fault::AbandonItem) {
            return None;
        }
        let add = self.adding(item)?;
        let mut operations = vec![Operation::new(op_id(), self.report, add)];
        operations.extend(self.offer_fields(item, op_id));
        Some(operations)
    }

    /// What adds an item as this device holds it. `None`: it does not know enough of it.
    pub(super) fn adding(&self, item: ItemId) -> Option<KnownChange> {
        let field = |field| self.fields.get(&FieldKey::Item(item, field)).map(|field| &field.value);
        let (
            Some(FieldValue::Item(_, ItemValue::Section(section))),
            Some(FieldValue::Item(_, ItemValue::Position(position))),
            Some(FieldValue::Item(_, ItemValue::Language(language))),
        ) = (field(ItemField::Section), field(ItemField::Position), field(ItemField::Language))
        else {
            return None;
        };
        let (section, position, language) = (*section, position.clone(), *language);
        Some(KnownChange::AddItem { item, section, position, language })
    }

    /// The operations that give the council all that this device holds of an item that is new there, and has not
    /// queued.
    pub(super) fn offer_fields(&mut self, item: ItemId, op_id: &mut dyn FnMut() -> OpId) -> Vec<Operation> {
        let of_item = |key: &FieldKey| matches!(key, FieldKey::Item(of, _) if *of == item);
        let keys: Vec<FieldKey> = self.fields.keys().copied().filter(of_item).collect();
        let mut operations = Vec::new();
        for key in keys {
            let queued = self.is_queued(key);
            let Some(field) = self.fields.get_mut(&key) else { continue };
            field.rev = 0;
            if let Some(conflict) = &mut field.conflict {
                conflict.theirs_rev = 0;
                field.keep_theirs();
            } else if field.held.is_none() && !queued && !comes_with_the_item(key) {
                let value = field.value.clone();
                operations.push(self.set(0, value, op_id()));
            }
        }
        operations
    }
}

fn comes_with_the_item(key: FieldKey) -> bool {
    matches!(key, FieldKey::Item(_, field) if ADDED_FIELDS.contains(&field))
}

/// Whether the operation adds the item.
pub(super) fn is_add(operation: &Operation, item: ItemId) -> bool {
    matches!(operation.known(), Some(KnownChange::AddItem { item: of, .. }) if *of == item)
}

/// The values of a field that are queued from the first entry on: one for each stretch between submissions, with the
/// entry at whose place it stands. `None`: a later one was sent already, and cannot change.
fn stages(queue: &[Queued], key: FieldKey) -> Option<Vec<(Queued, FieldValue)>> {
    let mut stages: Vec<(Queued, FieldValue)> = Vec::new();
    let mut barrier = true;
    for (n, queued) in queue.iter().enumerate() {
        if let Some(value) = queued.operation.known().and_then(KnownChange::value).filter(|value| value.key() == key) {
            if n > 0 && (queued.sent || queued.refusal.is_some()) {
                return None;
            }
            match stages.last_mut() {
                Some(last) if !barrier => last.1 = value.clone(),
                _ => stages.push((queued.clone(), value.clone())),
            }
            barrier = false;
        }
        barrier |= queued.operation.is_barrier();
    }
    Some(stages)
}
