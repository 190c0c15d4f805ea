//! The server's decision: what one operation does to one report. Pure; the store reads, asks, and writes.
//!
//! An operation is judged first, with its surroundings. What is taken is carried out by [`take`], which
//! [`apply`](super::apply) uses too: a state that is made again from the log is the state that was decided.

use crate::board::{BoardChange, Card, KnownBoardChange};
use crate::field::{FieldValue, ItemValue};
use crate::id::{ItemId, MemberId};
use crate::limits::{REPORT_ITEMS, REPORT_ITEMS_EVER};
use crate::report::state::{EventKind, ReportState, Touched};
use crate::report::submitted::{HashMemo, SubmittedContact};
use crate::report::{Draft, Item, missing};
use crate::sync::decide::{Decision, Done, Event, Place, Surroundings};
use crate::sync::fault::{self, Fault};
use crate::sync::op::{KnownChange, Operation};
use crate::sync::subject::Subject;
use crate::sync::wire::{Conflict, KnownOutcome, Receipt, Refusal, Rev, Seq};
use crate::time::Timestamp;
use serde_json::Map;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A decision about an operation on a report.
pub type ReportDecision = Decision<EventKind, Touched>;
/// What an operation did to a report.
pub type ReportDone = Done<EventKind, Touched>;

/// See [`Kind::decide`](crate::sync::dispatch::Kind::decide).
pub fn decide(
    state: &mut ReportState,
    operation: &Operation,
    around: Surroundings<'_>,
    last: Seq,
) -> Decision<EventKind, Touched> {
    if !around.whole {
        return Decision::refused(Refusal::HashMismatch);
    }
    let Some(change) = state.change_of(operation).filter(|_| !operation.is_overloaded()) else {
        return Decision::refused(Refusal::NotUnderstood);
    };
    if !around.open {
        return Decision::refused(Refusal::EditionClosed);
    }
    if let Some(outcome) = judge(state, change, around) {
        return Decision::unchanged(outcome);
    }
    let (done, receipt) = take(state, change, Place::After(last), around.now, None);
    let seq = done.events.last().map_or(last, |event| event.seq);
    Decision { outcome: KnownOutcome::Accepted { seq, at: around.now, receipt }, done }
}

/// What a change is answered that is not carried out; none when it is to be.
fn judge(state: &ReportState, change: &KnownChange, around: Surroundings<'_>) -> Option<KnownOutcome> {
    match change {
        KnownChange::AddItem { item, .. } => judge_add(&state.draft.items, *item, around.now),
        KnownChange::Set { base_rev, value } => judge_set(state, *base_rev, value, around),
        KnownChange::Submit {} => {
            let lacking = missing(&state.draft.contact, state.draft.items.iter().map(|item| &**item));
            if lacking.is_empty() { None } else { refused(Refusal::Incomplete { missing: lacking }) }
        }
        KnownChange::Withdraw {} if state.draft.submission.is_none() => refused(Refusal::NotSubmitted),
        KnownChange::Withdraw {} => None,
    }
}

const fn refused(refusal: Refusal) -> Option<KnownOutcome> {
    Some(KnownOutcome::Refused(refusal))
}

const fn already(at: Timestamp, seq: Seq) -> Option<KnownOutcome> {
    Some(KnownOutcome::Accepted { seq, at, receipt: None })
}

fn judge_add(items: &[Arc<Item>], new: ItemId, now: Timestamp) -> Option<KnownOutcome> {
    if let Some(item) = items.iter().find(|item| item.id == new && !fault::is(Fault::DoubleItem)) {
        // The oldest of the three: what was moved or chosen since is newer than what this device has of it.
        return already(now, item.section.rev.min(item.position.rev).min(item.language.rev));
    }
    let standing = items.iter().filter(|item| !item.deleted.value).count();
    if standing >= REPORT_ITEMS || items.len() >= REPORT_ITEMS_EVER {
        return refused(Refusal::TooManyItems);
    }
    None
}

fn judge_set(state: &ReportState, base_rev: Rev, value: &FieldValue, around: Surroundings<'_>) -> Option<KnownOutcome> {
    if let Err(invalid) = value.check() {
        return refused(Refusal::Invalid(invalid));
    }
    if let FieldValue::Item(_, ItemValue::Themes(themes)) = value
        && !themes.iter().all(|theme| around.themes.contains(theme))
    {
        return refused(Refusal::NoSuchTheme);
    }
    let Some((head, head_rev)) = head(&state.draft, value) else { return refused(Refusal::NoSuchItem) };
    if head == *value && head_rev > 0 {
        return already(around.now, head_rev);
    }
    // A field that nobody wrote has nothing to lose: the device may have known it before this server was restored.
    if (base_rev != head_rev || around.foreign) && head_rev > 0 && value.conflicts() && !fault::is(Fault::LastWriteWins)
    {
        let conflict = Conflict { base: None, theirs: head, theirs_rev: head_rev, mine: value.clone() };
        return Some(KnownOutcome::Conflict(conflict));
    }
    None
}

/// Carries out a change that is taken. `receipt`: the one that was given, when the change was decided before; the texts
/// that it is about may have been erased since.
pub(super) fn take(
    state: &mut ReportState,
    change: &KnownChange,
    place: Place,
    at: Timestamp,
    receipt: Option<&Receipt>,
) -> (ReportDone, Option<Receipt>) {
    let (done, receipt) = match change {
        KnownChange::AddItem { item, section, position, language } => {
            let rev = place.first(1);
            let item = Item::new(*item, *section, position.clone(), *language, rev);
            let touched = Touched::Item(item.id);
            state.draft.items.push(Arc::new(item));
            (drafted(state, rev, touched), None)
        }
        KnownChange::Set { value, .. } => {
            let rev = place.first(1);
            let touched = write(&mut state.draft, value, rev);
            (drafted(state, rev, touched), None)
        }
        KnownChange::Submit {} => submit(state, place, at, receipt),
        KnownChange::Withdraw {} => (withdraw(state, place), None),
    };
    state.last = done.events.last().map_or(state.last, |event| event.seq);
    (done, receipt)
}

fn drafted(state: &ReportState, seq: Seq, touched: Touched) -> ReportDone {
    let event = Event { seq, subject: Subject::Report(state.draft.report), kind: EventKind::Draft };
    Done { events: vec![event], touched: Some(touched) }
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
                let item = Arc::make_mut(item);
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

/// Puts the draft's standing items on the board: only what is new, changed or gone makes an event.
fn submit(
    state: &mut ReportState,
    place: Place,
    at: Timestamp,
    given: Option<&Receipt>,
) -> (ReportDone, Option<Receipt>) {
    let member = state.draft.report.member;
    let mut keep = BTreeSet::new();
    let mut changes: Vec<(ItemId, KnownBoardChange)> = Vec::new();
    for item in state.draft.items.iter().filter(|item| item.counts()) {
        keep.insert(item.id);
        let before = state.cards.get(&item.id);
        if before.is_some_and(|card| shows(card, item)) {
            continue;
        }
        let mut card = card_of(item, member, at);
        if let Some(before) = before {
            card.submitted_at = before.submitted_at;
            card.amended_at = Some(at);
        }
        changes.push((item.id, KnownBoardChange::Card { card }));
    }
    let gone: Vec<ItemId> = state.cards.keys().copied().filter(|item| !keep.contains(item)).collect();
    changes.extend(gone.into_iter().map(|item| (item, KnownBoardChange::CardRemoved { item })));
    let seq = place.first(changes.len() + 1) + changes.len() as u64;
    let (mut events, touched) = publish(state, changes, place);
    let receipt = given.cloned().unwrap_or_else(|| {
        let hash = state.hashed.hash(SubmittedContact::of(&state.draft.contact), state.cards.values());
        Receipt { seq, at, hash, items: state.cards.len() }
    });
    let subject = Subject::Report(state.draft.report);
    events.push(Event { seq, subject, kind: EventKind::Submitted(receipt.clone()) });
    state.draft.submission = Some(receipt.clone());
    (Done { events, touched: Some(Touched::Board(touched)) }, Some(receipt))
}

fn withdraw(state: &mut ReportState, place: Place) -> ReportDone {
    state.draft.submission = None;
    state.hashed = HashMemo::default();
    let gone: Vec<_> = state.cards.keys().map(|item| (*item, KnownBoardChange::CardRemoved { item: *item })).collect();
    let seq = place.first(gone.len() + 1) + gone.len() as u64;
    let (mut events, touched) = publish(state, gone, place);
    events.push(Event { seq, subject: Subject::Report(state.draft.report), kind: EventKind::Withdrawn });
    Done { events, touched: Some(Touched::Board(touched)) }
}

/// Changes the cards; one event, that of the submission or withdrawal, follows those that are made here.
fn publish(
    state: &mut ReportState,
    changes: Vec<(ItemId, KnownBoardChange)>,
    place: Place,
) -> (Vec<Event<EventKind>>, Vec<ItemId>) {
    let subject = Subject::Report(state.draft.report);
    let first = place.first(changes.len() + 1);
    let (mut events, mut touched) = (Vec::new(), Vec::new());
    for (seq, (item, change)) in (first..).zip(changes) {
        match &change {
            KnownBoardChange::Card { card } => state.cards.insert(item, Arc::new(card.clone())),
            KnownBoardChange::CardRemoved { item } => state.cards.remove(item),
        };
        let kind = EventKind::Board(BoardChange::Known(change));
        events.push(Event { seq, subject: subject.clone(), kind });
        touched.push(item);
    }
    (events, touched)
}

/// Whether a card equals [`card_of`] its item, times aside. Compares in place: a submission would otherwise copy every text of
/// the report. `extra` is not compared, because no item has it.
fn shows(card: &Card, item: &Item) -> bool {
    let Card { item: _, member: _, section, position, language, title, text, themes, .. } = card;
    let Card { submitted_at: _, amended_at: _, extra: _, .. } = card;
    let place = (section, position) == (&item.section.value, &item.position.value);
    let words = (language, text) == (&item.language.value, &item.text.value) && title == item.title.value.trim();
    place && words && *themes == item.themes.value
}

fn card_of(item: &Item, member: MemberId, now: Timestamp) -> Card {
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
