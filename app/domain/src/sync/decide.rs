//! The server's decision: what one operation does to one report. Pure; the store reads, asks, and writes.

use crate::board::{BoardChange, Card, KnownBoardChange};
use crate::field::{FieldValue, ItemValue};
use crate::id::{ItemId, ReportId};
use crate::limits::{REPORT_ITEMS, REPORT_ITEMS_EVER};
use crate::report::{Draft, Item, Rev, missing};
use crate::sync::fault::{self, Fault};
use crate::sync::op::{KnownChange, Operation};
use crate::sync::submitted::{SubmittedContact, submitted_hash};
use crate::sync::wire::{Conflict, KnownOutcome, Receipt, Refusal, Seq};
use crate::theme::ThemeId;
use crate::time::Timestamp;
use serde_json::Map;
use std::collections::{BTreeMap, BTreeSet};

/// A report as the server holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReportState {
    /// The draft.
    pub draft: Draft,
    /// The cards on the board.
    pub cards: BTreeMap<ItemId, Card>,
}

/// What a decision may look at besides the report.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// Whether the edition is open.
    pub open: bool,
    /// Every theme of the council, retired ones too: a device may have been away when one was.
    pub themes: &'a BTreeSet<ThemeId>,
    /// The server's clock.
    pub now: Timestamp,
    /// Whether the push names another database than this one: the revisions it is based on mean nothing here.
    pub foreign: bool,
}

/// An accepted change as it goes into the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its place in the sequence.
    pub seq: Seq,
    /// The report that it is about.
    pub report: ReportId,
    /// What happened.
    pub kind: EventKind,
}

/// What an event of the log says.
#[derive(Debug, Clone, PartialEq)]
pub enum EventKind {
    /// A draft changed. Only the member's people may know more.
    Draft,
    /// The board changed.
    Board(BoardChange),
    /// The report was submitted; its cards precede this event.
    Submitted(Receipt),
    /// The report was withdrawn; its cards' removals precede this event.
    Withdrawn,
}

/// What a decision changed in the state, so that the store writes just that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Touched {
    /// Nothing.
    Nothing,
    /// The contact person.
    Contact,
    /// One item.
    Item(ItemId),
    /// The submission and these cards; a card that is no longer in the state was removed.
    Board(Vec<ItemId>),
}

/// A decision about one operation.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// What the device is told.
    pub outcome: KnownOutcome,
    /// What goes into the log, in order, without a gap from the sequence handed in.
    pub events: Vec<Event>,
    /// What changed in the state.
    pub touched: Touched,
}

impl Decision {
    /// A refusal changes nothing.
    #[must_use]
    pub const fn refused(refusal: Refusal) -> Self {
        Self { outcome: KnownOutcome::Refused(refusal), events: Vec::new(), touched: Touched::Nothing }
    }

    fn accepted(at: Timestamp, report: ReportId, seq: Seq, touched: Touched) -> Self {
        let events = vec![Event { seq, report, kind: EventKind::Draft }];
        Self { outcome: KnownOutcome::Accepted { seq, at, receipt: None }, events, touched }
    }

    fn already(at: Timestamp, seq: Seq) -> Self {
        let outcome = KnownOutcome::Accepted { seq, at, receipt: None };
        Self { outcome, events: Vec::new(), touched: Touched::Nothing }
    }
}

/// Decides an operation and carries it out on `state`. `last` is the last sequence number given out; the events
/// of the decision take the numbers after it.
///
/// The operation's person has been checked, and its `op_id` has not been answered before: both are the store's.
pub fn decide(state: &mut ReportState, operation: &Operation, around: Surroundings<'_>, last: Seq) -> Decision {
    if !operation.is_whole() {
        return Decision::refused(Refusal::HashMismatch);
    }
    let Some(change) = operation.known().filter(|_| operation.subject.report() == Some(state.draft.report)) else {
        return Decision::refused(Refusal::NotUnderstood);
    };
    if !around.open {
        return Decision::refused(Refusal::EditionClosed);
    }
    match change {
        KnownChange::AddItem { item, section, position, language } => {
            let new = Item::new(*item, *section, position.clone(), *language, last + 1);
            add_item(state, new, around.now, last)
        }
        KnownChange::Set { base_rev, value } => set(state, *base_rev, value, around, last),
        KnownChange::Submit {} => submit(state, around.now, last),
        KnownChange::Withdraw {} => withdraw(state, around.now, last),
    }
}

fn add_item(state: &mut ReportState, new: Item, now: Timestamp, last: Seq) -> Decision {
    let items = &mut state.draft.items;
    if let Some(item) = items.iter().find(|item| item.id == new.id && !fault::is(Fault::DoubleItem)) {
        // The oldest of the three: what was moved or chosen since is newer than what this device has of it.
        let rev = item.section.rev.min(item.position.rev).min(item.language.rev);
        return Decision::already(now, rev);
    }
    let standing = items.iter().filter(|item| !item.deleted.value).count();
    if standing >= REPORT_ITEMS || items.len() >= REPORT_ITEMS_EVER {
        return Decision::refused(Refusal::TooManyItems);
    }
    let id = new.id;
    items.push(new);
    Decision::accepted(now, state.draft.report, last + 1, Touched::Item(id))
}

fn set(state: &mut ReportState, base_rev: Rev, value: &FieldValue, around: Surroundings<'_>, last: Seq) -> Decision {
    if let Err(invalid) = value.check() {
        return Decision::refused(Refusal::Invalid(invalid));
    }
    if let FieldValue::Item(_, ItemValue::Themes(themes)) = value
        && !themes.iter().all(|theme| around.themes.contains(theme))
    {
        return Decision::refused(Refusal::NoSuchTheme);
    }
    let Some((head, head_rev)) = head(&state.draft, value) else {
        return Decision::refused(Refusal::NoSuchItem);
    };
    if head == *value && head_rev > 0 {
        return Decision::already(around.now, head_rev);
    }
    // A field that nobody wrote has nothing to lose: the device may have known it before this server was restored.
    if (base_rev != head_rev || around.foreign) && head_rev > 0 && value.conflicts() && !fault::is(Fault::LastWriteWins)
    {
        let conflict = Conflict { base: None, theirs: head, theirs_rev: head_rev, mine: value.clone() };
        let outcome = KnownOutcome::Conflict(conflict);
        return Decision { outcome, events: Vec::new(), touched: Touched::Nothing };
    }
    let rev = last + 1;
    let touched = write(&mut state.draft, value, rev);
    Decision::accepted(around.now, state.draft.report, rev, touched)
}

/// The council's value of the field that `like` names, or none when its item is not in the report.
fn head(draft: &Draft, like: &FieldValue) -> Option<(FieldValue, Rev)> {
    match like {
        FieldValue::Contact(value) => {
            let key = value.field();
            draft.values().find(|(value, _)| matches!(value, FieldValue::Contact(v) if v.field() == key))
        }
        FieldValue::Item(id, value) => {
            let item = draft.items.iter().find(|item| item.id == *id)?;
            let (value, rev) = item.get_like(value);
            Some((FieldValue::Item(*id, value), rev))
        }
    }
}

fn write(draft: &mut Draft, value: &FieldValue, rev: Rev) -> Touched {
    match value {
        FieldValue::Contact(value) => {
            draft.contact.set(value.clone(), rev);
            Touched::Contact
        }
        FieldValue::Item(id, value) => {
            if let Some(item) = draft.items.iter_mut().find(|item| item.id == *id) {
                item.set(value.clone(), rev);
                // An edit beats a deletion: nobody edits a deleted item on a device that knows it is deleted.
                if item.deleted.value && matches!(value, ItemValue::Title(_) | ItemValue::Text(_)) {
                    item.set(ItemValue::Deleted(false), rev);
                }
            }
            Touched::Item(*id)
        }
    }
}

fn submit(state: &mut ReportState, now: Timestamp, last: Seq) -> Decision {
    let lacking = missing(&state.draft.contact, &state.draft.items);
    if !lacking.is_empty() {
        return Decision::refused(Refusal::Incomplete { missing: lacking });
    }
    let member = state.draft.report.member;
    let standing: Vec<Card> =
        state.draft.items.iter().filter(|item| item.counts()).map(|item| card_of(item, member, now)).collect();
    let keep: BTreeSet<ItemId> = standing.iter().map(|card| card.item).collect();
    let gone: Vec<ItemId> = state.cards.keys().copied().filter(|item| !keep.contains(item)).collect();
    let mut changes: Vec<(ItemId, KnownBoardChange)> = Vec::new();
    for mut card in standing {
        if let Some(before) = state.cards.get(&card.item) {
            if before.says_the_same(&card) {
                continue;
            }
            card.submitted_at = before.submitted_at;
            card.amended_at = Some(now);
        }
        changes.push((card.item, KnownBoardChange::Card { card }));
    }
    changes.extend(gone.into_iter().map(|item| (item, KnownBoardChange::CardRemoved { item })));
    let (mut events, touched) = publish(state, changes, last);
    let seq = last + 1 + events.len() as u64;
    let hash = submitted_hash(&SubmittedContact::of(&state.draft.contact), state.cards.values());
    let receipt = Receipt { seq, at: now, hash, items: state.cards.len() };
    events.push(Event { seq, report: state.draft.report, kind: EventKind::Submitted(receipt.clone()) });
    state.draft.submission = Some(receipt.clone());
    let outcome = KnownOutcome::Accepted { seq, at: now, receipt: Some(receipt) };
    Decision { outcome, events, touched: Touched::Board(touched) }
}

fn withdraw(state: &mut ReportState, now: Timestamp, last: Seq) -> Decision {
    if state.draft.submission.take().is_none() {
        return Decision::refused(Refusal::NotSubmitted);
    }
    let gone = state.cards.keys().map(|item| (*item, KnownBoardChange::CardRemoved { item: *item })).collect();
    let (mut events, touched) = publish(state, gone, last);
    let seq = last + 1 + events.len() as u64;
    events.push(Event { seq, report: state.draft.report, kind: EventKind::Withdrawn });
    let outcome = KnownOutcome::Accepted { seq, at: now, receipt: None };
    Decision { outcome, events, touched: Touched::Board(touched) }
}

fn publish(state: &mut ReportState, changes: Vec<(ItemId, KnownBoardChange)>, last: Seq) -> (Vec<Event>, Vec<ItemId>) {
    let report = state.draft.report;
    let (mut events, mut touched) = (Vec::new(), Vec::new());
    for (item, change) in changes {
        match &change {
            KnownBoardChange::Card { card } => state.cards.insert(item, card.clone()),
            KnownBoardChange::CardRemoved { item } => state.cards.remove(item),
        };
        let seq = last + 1 + events.len() as u64;
        events.push(Event { seq, report, kind: EventKind::Board(BoardChange::Known(change)) });
        touched.push(item);
    }
    (events, touched)
}

fn card_of(item: &Item, member: crate::id::MemberId, now: Timestamp) -> Card {
    Card {
        item: item.id,
        member,
        section: item.section.value,
        position: item.position.value.clone(),
        language: item.language.value,
        title: item.title.value.trim().to_owned(),
        text: item.text.value.clone(),
        themes: item.themes.value.clone(),
        submitted_at: now,
        amended_at: None,
        extra: Map::new(),
    }
}

#[cfg(test)]
mod tests;
