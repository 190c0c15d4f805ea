//! Bringing the tables on, over several batches: of what changed several times, only the last.
//!
//! A transaction takes some reports whole, and says in their rows which batch they are as of; the last one moves the
//! reader. One that was broken off between two is begun again: writing the same rows again is harmless.

use crate::error::{SEQUENCE_MOVED, StoreError, is_conflict};
use crate::log::{Committed, Done};
use crate::memory::Pending;
use domain::board::{BoardChange, Card, KnownBoardChange};
use domain::id::{ItemId, ReportId};
use domain::report::state::EventKind;
use domain::report::{Draft, Item, Reports};
use domain::sync::decide::Event;
use domain::sync::dispatch::Kind;
use domain::time::Timestamp;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

/// The transaction; see the file for what is bound.
const TRANSACTION: &str = include_str!("write.surql");

/// Operations in one transaction, about: one grows dearer by the square of its size.
const AT_ONCE: usize = 100;

/// Writes what the tables lack. `false`: another process has brought them on meanwhile.
pub async fn write(db: &Surreal<Any>, pending: &Pending) -> Result<bool, StoreError> {
    let counts = operations_of(pending);
    let mut left: Vec<ReportId> = counts.keys().copied().collect();
    loop {
        let (mut some, mut count) = (BTreeSet::new(), 0);
        while let Some(report) = left.pop_if(|_| count < AT_ONCE) {
            count += counts.get(&report).copied().unwrap_or_default();
            some.insert(report);
        }
        if !transaction(db, pending, &some, left.is_empty()).await? {
            return Ok(false);
        }
        if left.is_empty() {
            return Ok(true);
        }
        tokio::task::yield_now().await;
    }
}

/// The reports that the batches are about, and how many operations each has.
fn operations_of(pending: &Pending) -> BTreeMap<ReportId, usize> {
    let mut counts = BTreeMap::new();
    for done in pending.batches.iter().flat_map(|batch| &batch.done) {
        if let Some(report) = done.operation.subject.report() {
            *counts.entry(report).or_default() += 1;
        }
    }
    counts
}

async fn transaction(
    db: &Surreal<Any>,
    pending: &Pending,
    some: &BTreeSet<ReportId>,
    done: bool,
) -> Result<bool, StoreError> {
    let query = db.query(TRANSACTION).bind(("from", pending.from)).bind(("to", pending.to.batch));
    let mut query = query.bind(("done", done)).bind(("moved", SEQUENCE_MOVED));
    for (name, value) in rows_of(pending, some)? {
        query = query.bind((name, value));
    }
    let mut response = query.await?;
    let errors = response.take_errors();
    if errors.is_empty() {
        return Ok(true);
    }
    if errors.values().any(is_conflict) {
        return Ok(false);
    }
    for (statement, error) in &errors {
        tracing::error!(statement, %error, "a transaction of the tables failed");
    }
    let reason = errors.into_values().find(|error| !error.is_query()).map(StoreError::from);
    Err(reason.unwrap_or(StoreError::NotExecuted))
}

fn rows_of(pending: &Pending, some: &BTreeSet<ReportId>) -> Result<Vec<(&'static str, Value)>, StoreError> {
    let Pending { batches, changed, reports, .. } = pending;
    let of_these = |report: &ReportId| some.contains(report);
    let mut report_rows = Vec::new();
    for id in changed.reports.iter().filter(|report| of_these(report)) {
        let Some(held) = reports.get(id) else { return Err(StoreError::NotExecuted) };
        report_rows.push(report_row(*id, &held.state.draft)?);
    }
    let mut items = Vec::new();
    for (report, id) in changed.items.iter().filter(|(report, _)| of_these(report)) {
        let held = reports.get(report);
        if let Some(item) = held.and_then(|held| held.state.draft.items.iter().find(|item| item.id == *id)) {
            items.push(item_row(item, *report)?);
        }
    }
    let (mut cards, mut gone) = (Vec::new(), Vec::new());
    for (report, id) in changed.cards.iter().filter(|(report, _)| of_these(report)) {
        match reports.get(report).and_then(|held| held.state.cards.get(id)) {
            Some(card) => cards.push(card_row(card, *report)?),
            None => gone.push(Value::from(id.to_string())),
        }
    }
    let (mut submitted, mut withdrawn) = (Vec::new(), Vec::new());
    for report in changed.submitted.iter().filter(|report| of_these(report)) {
        match reports.get(report).and_then(|held| held.contact.as_ref()) {
            Some(contact) => submitted.push(json!({"report": report.to_string(), "contact": contact})),
            None => withdrawn.push(Value::from(report.to_string())),
        }
    }
    let operations = batches.iter().flat_map(|batch| batch.done.iter().map(|done| (done, batch.at)));
    let operations = operations.filter(|(done, _)| done.operation.subject.report().as_ref().is_some_and(of_these));
    let operations = operations.map(|(done, at)| operation_row(done, at)).collect::<Result<Vec<_>, _>>()?;
    let (events, left) = event_rows(batches, some)?;
    Ok(vec![
        ("reports", Value::Array(report_rows)),
        ("items", Value::Array(items)),
        ("cards", Value::Array(cards)),
        ("gone", Value::Array(gone)),
        ("submitted", Value::Array(submitted)),
        ("withdrawn", Value::Array(withdrawn)),
        ("events", Value::Array(events)),
        ("left", Value::Array(left)),
        ("operations", Value::Array(operations)),
    ])
}

/// The boards' events that stay, and the items that left a board: what was shown of them before is no longer given out.
fn event_rows(batches: &[Arc<Committed>], some: &BTreeSet<ReportId>) -> Result<(Vec<Value>, Vec<Value>), StoreError> {
    let mut removed: HashMap<ItemId, u64> = HashMap::new();
    let events = || {
        let all = batches.iter().flat_map(|batch| batch.board_events().map(|event| (event, batch.at)));
        all.filter(|(event, _)| event.subject.report().is_some_and(|report| some.contains(&report)))
    };
    for (event, _) in events() {
        if let EventKind::Board(BoardChange::Known(KnownBoardChange::CardRemoved { item })) = &event.kind {
            removed.insert(*item, event.seq);
        }
    }
    let mut rows = Vec::new();
    for (event, at) in events() {
        let Some(item) = item_of(event) else { continue };
        if removed.get(&item).is_none_or(|seq| event.seq >= *seq) {
            rows.push(event_row(event, item, at)?);
        }
    }
    Ok((rows, removed.into_keys().map(|item| Value::from(item.to_string())).collect()))
}

fn item_of(event: &Event<EventKind>) -> Option<ItemId> {
    match &event.kind {
        EventKind::Board(BoardChange::Known(
            KnownBoardChange::Card { card: Card { item, .. } } | KnownBoardChange::CardRemoved { item },
        )) => Some(*item),
        _ => None,
    }
}

fn report_row(id: ReportId, draft: &Draft) -> Result<Value, StoreError> {
    let mut row = json!({"id": id.to_string(), "edition": id.edition, "member": id.member, "contact": draft.contact});
    if let Some(submission) = &draft.submission {
        row["submission"] = serde_json::to_value(submission)?;
    }
    Ok(row)
}

fn item_row(item: &Item, report: ReportId) -> Result<Value, StoreError> {
    let mut row = serde_json::to_value(item)?;
    row["report"] = report.to_string().into();
    Ok(row)
}

fn card_row(card: &Card, report: ReportId) -> Result<Value, StoreError> {
    let mut row = serde_json::to_value(card)?;
    row["edition"] = report.edition.to_string().into();
    row["report"] = report.to_string().into();
    Ok(row)
}

fn event_row(event: &Event<EventKind>, item: ItemId, at: Timestamp) -> Result<Value, StoreError> {
    let EventKind::Board(change) = &event.kind else { return Ok(Value::Null) };
    Ok(json!({
        "seq": event.seq, "edition": event.subject.edition(), "report": event.subject.to_string(), "at": at, "kind": "board",
        "item": item.to_string(), "audience": Reports::audience(&event.subject, &event.kind), "body": serde_json::to_string(change)?,
    }))
}

fn operation_row(done: &Done, at: Timestamp) -> Result<Value, StoreError> {
    let mut row = json!({
        "op_id": done.operation.op_id, "report": done.operation.subject.to_string(), "person": done.person,
        "hash": done.operation.hash, "seq": done.seq, "at": at, "status": done.answer.status,
        "body": serde_json::to_string(&done.operation)?,
    });
    if done.answer.status != 200 {
        row["answer"] = serde_json::to_string(&done.answer)?.into();
    }
    if let Some(field) = done.field() {
        row["field"] = field.to_string().into();
    }
    if let Some(device) = &done.device {
        row["device"] = device.as_str().into();
    }
    Ok(row)
}
