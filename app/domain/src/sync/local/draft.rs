//! The server gave its draft: what is taken over, and what is offered again to a server that has lost it.
//!
//! A server that goes on where it was only ever adds revisions. When the draft shows otherwise (another database, a
//! sequence that went back, a revision or an item that is gone), the revisions held here name nothing any more, and
//! the two drafts are compared text by text: a text that holds all words of the other takes its place, on either
//! side; what neither holds becomes a choice for the person.

use super::LocalReport;
use super::answers::is_add;
use crate::field::{FieldKey, FieldValue, ItemField, ItemValue};
use crate::id::{ItemId, OpId};
use crate::report::Draft;
use crate::sync::fault::{self, Fault};
use crate::sync::merge::covers;
use crate::sync::op::{KnownChange, Operation};
use crate::sync::outbox::Queued;
use crate::sync::reconcile::{LocalField, reconcile};
use crate::sync::wire::{DraftAnswer, Rev, Seq};
use std::collections::{BTreeMap, BTreeSet};

/// The council's fields, and whether it has the items.
struct Theirs {
    values: BTreeMap<FieldKey, (FieldValue, Rev)>,
    items: BTreeSet<ItemId>,
}

impl Theirs {
    fn of(draft: &Draft) -> Self {
        let values = draft.values().map(|(value, rev)| (value.key(), (value, rev))).collect();
        Self { values, items: draft.items.iter().map(|item| item.id).collect() }
    }

    fn rev(&self, key: FieldKey) -> Rev {
        self.values.get(&key).map_or(0, |(_, rev)| *rev)
    }
}

impl LocalReport {
    /// The newest place in the server's sequence that this device has heard of: what [`LocalReport::take_over`] wants
    /// to know of the moment when the draft was asked for.
    #[must_use]
    pub fn heard(&self) -> Seq {
        if self.council.instance.is_some() {
            return self.council.seq;
        }
        self.fields.values().map(|field| field.rev).max().unwrap_or(0)
    }

    /// The server gave its draft: what is not unsent here is taken over. `asked` is what [`LocalReport::heard`] said
    /// before the request was sent; `op_id` makes the ids of what is offered again.
    ///
    /// An answer that is older than what has been heard since it was asked for changes nothing. One that is older than
    /// what had been heard before is from a server that was restored.
    ///
    /// Gives whether the server was found not to be what it was, and the drafts were compared.
    pub fn take_over(&mut self, answer: &DraftAnswer, asked: Seq, op_id: &mut dyn FnMut() -> OpId) -> bool {
        if answer.draft.report != self.report {
            return false;
        }
        let same = self.council.instance.is_none_or(|instance| instance == answer.instance);
        if same && answer.seq < self.heard() && answer.seq >= asked {
            return false;
        }
        let theirs = Theirs::of(&answer.draft);
        self.council.doubt |= !same || answer.other_past || answer.seq < self.heard() || self.has_lost(&theirs);
        let compared = self.council.doubt && !fault::is(Fault::BelieveRestored);
        if compared {
            self.compare(&theirs, op_id);
            self.submission_of_restored(&answer.draft);
            self.council.accepted = None;
            self.council.doubt = false;
        } else {
            if fault::is(Fault::BelieveRestored) && self.council.doubt {
                self.fields.retain(|_, field| field.conflict.is_some() || field.held.is_some());
            }
            for field in reconcile(&self.fields, &self.queue, &answer.draft) {
                self.fields.insert(field.value.key(), field);
            }
            self.submission(&answer.draft);
        }
        if fault::is(Fault::RebaseSent) {
            for queued in &mut self.queue {
                let key = queued.operation.known().and_then(KnownChange::value).map(FieldValue::key);
                if let Some(key) = key {
                    queued.operation = queued.operation.clone().rebased(theirs.rev(key));
                }
            }
        }
        self.council.instance = Some(answer.instance);
        self.council.seq = answer.seq;
        self.council.mark = answer.mark;
        self.council.read = true;
        compared
    }

    fn submission(&mut self, draft: &Draft) {
        if fault::is(Fault::PretendReceipt) && draft.submission.is_none() {
            return;
        }
        // One that was refused will not change what the council has.
        if !self.queue.iter().any(|queued| queued.operation.is_barrier() && queued.refusal.is_none()) {
            self.council.submission.clone_from(&draft.submission);
        }
        if draft.submission.is_some() {
            self.council.gone = None;
        }
    }

    /// A receipt that the server cannot know is not shown; that it was lost is.
    fn submission_of_restored(&mut self, draft: &Draft) {
        if fault::is(Fault::PretendReceipt) {
            return;
        }
        let newest = draft.submission.as_ref().map_or(0, |receipt| receipt.seq);
        if let Some(held) = self.council.submission.take()
            && draft.submission.as_ref() != Some(&held)
            && newest <= held.seq
        {
            self.council.gone = Some(held);
        }
        self.council.submission.clone_from(&draft.submission);
    }

    /// Whether the server lacks a revision that this device was given.
    fn has_lost(&self, theirs: &Theirs) -> bool {
        self.fields.iter().any(|(key, field)| {
            let rev = theirs.rev(*key);
            let settled = field.conflict.is_none() && field.held.is_none() && !self.is_queued(*key);
            let other = || theirs.values.get(key).is_some_and(|(value, _)| *value != field.value);
            rev < field.rev || (rev == field.rev && rev > 0 && settled && field.value.conflicts() && other())
        })
    }

    fn compare(&mut self, theirs: &Theirs, op_id: &mut dyn FnMut() -> OpId) {
        let mut first = Vec::new();
        let held: BTreeSet<ItemId> = self
            .fields
            .keys()
            .filter_map(|key| if let FieldKey::Item(item, ItemField::Section) = key { Some(*item) } else { None })
            .collect();
        for item in held.difference(&theirs.items) {
            if let Some(at) = self.queue.iter().position(|queued| is_add(&queued.operation, *item)) {
                let fields = self.offer_fields(*item, op_id);
                self.put_operations(at + 1, fields);
            } else {
                first.extend(self.offer_item(*item, op_id).unwrap_or_default());
            }
        }
        let keys: BTreeSet<FieldKey> = self.fields.keys().chain(theirs.values.keys()).copied().collect();
        for key in keys {
            let known = !matches!(key, FieldKey::Item(item, _) if !theirs.items.contains(&item));
            if known {
                first.extend(self.compare_field(key, theirs, op_id));
            } else {
                self.rebase(key, 0, op_id);
            }
        }
        self.put_operations(0, first);
    }

    /// Compares one field of the contact person, or of an item that both have. Gives the operation that offers it again.
    fn compare_field(&mut self, key: FieldKey, theirs: &Theirs, op_id: &mut dyn FnMut() -> OpId) -> Option<Operation> {
        let (value, rev) = theirs.values.get(&key)?.clone();
        let queued = self.is_queued(key);
        let Some(field) = self.fields.get_mut(&key) else {
            if rev > 0 && !queued {
                self.fields.insert(key, LocalField::at(value, rev));
            }
            return None;
        };
        let other = field.conflict.as_ref().map(|conflict| &conflict.theirs);
        if field.value == value && field.aside.is_empty() && !queued && other.is_none_or(|other| covers(&value, other))
        {
            *field = LocalField::at(value, rev);
            return None;
        }
        field.rev = rev;
        if field.waits() && queued {
            self.unqueue(key, rev, op_id);
        }
        let field = self.fields.get_mut(&key)?;
        if let Some(conflict) = &mut field.conflict {
            conflict.theirs_rev = rev;
            if rev > 0 {
                let before = std::mem::replace(&mut conflict.theirs, value);
                field.put_aside(before);
            } else {
                field.keep_theirs();
            }
            return None;
        }
        if field.held.is_some() {
            if rev > 0 {
                field.two_texts(value, rev);
            }
            return None;
        }
        if queued {
            let written = self.queue.iter().filter_map(|queued| queued.operation.known()?.value());
            let mut written = written.filter(|value| value.key() == key);
            if written.next() == Some(&value) && rev > 0 {
                self.was_taken(key, rev);
                return None;
            }
            let written = self.queue.iter().filter_map(|queued| queued.operation.known()?.value());
            let mut written = written.filter(|value| value.key() == key);
            let loses_nothing = written.all(|written| !written.conflicts() || covers(written, &value));
            if rev == 0 || loses_nothing {
                self.rebase(key, rev, op_id);
            } else {
                self.queue.retain(|queued| !queued.operation.writes(key));
                self.fields.get_mut(&key)?.two_texts(value, rev);
            }
            return None;
        }
        let words = field.value.text().is_some() || matches!(field.value, FieldValue::Item(_, ItemValue::Themes(_)));
        if rev > 0 && (!words || covers(&value, &field.value)) {
            *field = LocalField::at(value, rev);
            return None;
        }
        if !words {
            // Nobody there ever deleted it: a deletion that was lost with the backup is for the person to make again.
            *field = LocalField::at(value, rev);
            return None;
        }
        if rev == 0 || covers(&field.value, &value) {
            let value = field.value.clone();
            return Some(self.set(rev, value, op_id()));
        }
        field.two_texts(value, rev);
        None
    }

    /// The first operation on the field is what the server says: it was taken. Later ones go on from there.
    fn was_taken(&mut self, key: FieldKey, rev: Rev) {
        let writes =
            |queued: &Queued| queued.operation.known().and_then(KnownChange::value).is_some_and(|v| v.key() == key);
        let Some(at) = self.queue.iter().position(writes) else { return };
        let done = self.queue.remove(at).operation.op_id;
        for later in self.queue.iter_mut().filter(|queued| queued.after == Some(done)) {
            later.after = None;
            later.operation = later.operation.clone().rebased(rev);
        }
    }

    /// A field that waits for the person has something queued too (what another tab typed, or what was typed before it
    /// grew too long). It was based on what is gone: it waits with the rest, unless nobody there has the field.
    fn unqueue(&mut self, key: FieldKey, rev: Rev, op_id: &mut dyn FnMut() -> OpId) {
        if rev == 0 {
            return self.rebase(key, 0, op_id);
        }
        let Some(field) = self.fields.get_mut(&key) else { return };
        for value in self.queue.iter().filter_map(|queued| queued.operation.known()?.value()) {
            if value.key() == key {
                field.put_aside(value.clone());
            }
        }
        self.queue
            .retain(|queued| queued.operation.known().and_then(KnownChange::value).is_none_or(|v| v.key() != key));
    }

    /// Puts the first operation on a field on another revision; later ones follow its answer. One that was handed to
    /// the network goes out again as another operation: what it was based on, the database that it was for has taken
    /// with it.
    fn rebase(&mut self, key: FieldKey, rev: Rev, op_id: &mut dyn FnMut() -> OpId) {
        let Some(at) = self.queue.iter().position(|queued| queued.operation.writes(key)) else { return };
        let Some(value) = self.queue[at].operation.known().and_then(KnownChange::value).cloned() else { return };
        let (before, sent) = (self.queue[at].operation.op_id, self.queue[at].sent);
        let id = if sent { op_id() } else { before };
        let operation = self.set(rev, value, id);
        let place = &mut self.queue[at];
        *place = Queued { n: place.n, operation, after: None, sent: false, refusal: None };
        for later in self.queue.iter_mut().filter(|queued| queued.after == Some(before)) {
            later.after = Some(id);
        }
    }
}
