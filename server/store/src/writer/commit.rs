//! One transaction for a whole batch.

use super::batch::{Batch, Done};
use crate::error::{SEQUENCE_MOVED, StoreError, is_conflict};
use domain::board::{BoardChange, Card, KnownBoardChange};
use domain::report::Item;
use domain::report::state::EventKind;
use domain::sync::decide::Event;
use serde_json::{Value, json};
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

/// One batch of rows; see the file for what is bound.
pub const TRANSACTION: &str = include_str!("commit.surql");

/// Writes the batch. `false`: the sequence or a record was moved by another writer; nothing was written.
pub async fn commit(db: &Surreal<Any>, batch: &Batch) -> Result<bool, StoreError> {
    if batch.done.is_empty() {
        return Ok(true);
    }
    let rows = rows_of(batch)?;
    let mut query =
        db.query(TRANSACTION).bind(("from", batch.first)).bind(("to", batch.last)).bind(("moved", SEQUENCE_MOVED));
    for (name, value) in rows {
        query = query.bind((name, value));
    }
    let mut response = query.await?;
    // The first error is often "not executed": the reason stands at another statement.
    let errors = response.take_errors();
    if errors.is_empty() {
        return Ok(true);
    }
    if errors.values().any(is_conflict) {
        return Ok(false);
    }
    for (statement, error) in &errors {
        tracing::error!(statement, %error, "a transaction failed");
    }
    let reason = errors.into_values().find(|error| !error.is_query()).map(StoreError::from);
    Err(reason.unwrap_or_else(|| StoreError::Inconsistent("a transaction was not executed".to_owned())))
}

fn rows_of(batch: &Batch) -> Result<Vec<(&'static str, Value)>, StoreError> {
    let mut reports = Vec::new();
    for id in &batch.touched_reports {
        let Some(state) = batch.states.get(id) else { continue };
        let mut row = json!({
            "id": id.to_string(), "edition": id.edition, "member": id.member, "contact": state.draft.contact,
        });
        if let Some(submission) = &state.draft.submission {
            row["submission"] = serde_json::to_value(submission)?;
        }
        reports.push(row);
    }
    let mut items = Vec::new();
    for (report, id) in &batch.touched_items {
        let item = batch.states.get(report).and_then(|state| state.draft.items.iter().find(|item| item.id == *id));
        if let Some(item) = item {
            items.push(item_row(item, &report.to_string())?);
        }
    }
    let (mut cards, mut gone) = (Vec::new(), Vec::new());
    for (report, id) in &batch.touched_cards {
        match batch.states.get(report).and_then(|state| state.cards.get(id)) {
            Some(card) => cards.push(card_row(card, *report)?),
            None => gone.push(Value::from(id.to_string())),
        }
    }
    let (mut submitted, mut withdrawn) = (Vec::new(), Vec::new());
    for (report, contact) in &batch.submitted {
        match contact {
            Some(contact) => submitted.push(json!({"report": report.to_string(), "contact": contact})),
            None => withdrawn.push(Value::from(report.to_string())),
        }
    }
    let events = batch.events.iter().map(|event| event_row(event, batch.now)).collect::<Result<Vec<_>, _>>()?;
    let operations = batch.done.iter().map(|done| operation_row(done, batch.now)).collect::<Result<Vec<_>, _>>()?;
    Ok(vec![
        ("reports", Value::Array(reports)),
        ("items", Value::Array(items)),
        ("cards", Value::Array(cards)),
        ("gone", Value::Array(gone)),
        ("submitted", Value::Array(submitted)),
        ("withdrawn", Value::Array(withdrawn)),
        ("events", Value::Array(events)),
        ("operations", Value::Array(operations)),
    ])
}

fn item_row(item: &Item, report: &str) -> Result<Value, StoreError> {
    let mut row = serde_json::to_value(item)?;
    row["report"] = report.into();
    Ok(row)
}

/// A card as the transaction takes it.
pub fn card_row(card: &Card, report: domain::id::ReportId) -> Result<Value, StoreError> {
    let mut row = serde_json::to_value(card)?;
    row["edition"] = report.edition.to_string().into();
    row["report"] = report.to_string().into();
    Ok(row)
}

/// An event as the transaction takes it.
pub fn event_row(event: &Event<EventKind>, now: domain::time::Timestamp) -> Result<Value, StoreError> {
    let (edition, report) = (event.subject.edition(), event.subject.to_string());
    let mut row = json!({"seq": event.seq, "edition": edition, "report": report, "at": now});
    row["kind"] = match &event.kind {
        EventKind::Draft => "draft",
        EventKind::Submitted(_) => "submitted",
        EventKind::Withdrawn => "withdrawn",
        EventKind::Board(change) => {
            row["body"] = serde_json::to_string(change)?.into();
            if let BoardChange::Known(
                KnownBoardChange::Card { card: Card { item, .. } } | KnownBoardChange::CardRemoved { item },
            ) = change
            {
                row["item"] = item.to_string().into();
            }
            "board"
        }
    }
    .into();
    Ok(row)
}

fn operation_row(done: &Done, now: domain::time::Timestamp) -> Result<Value, StoreError> {
    let mut row = json!({
        "op_id": done.operation.op_id, "report": done.operation.subject.to_string(), "person": done.person,
        "hash": done.operation.hash, "seq": done.seq, "at": now, "status": done.answer.status,
        "body": serde_json::to_string(&done.operation)?, "answer": serde_json::to_string(&done.answer)?,
    });
    if let Some(field) = done.field {
        row["field"] = field.to_string().into();
    }
    if let Some(device) = &done.device {
        row["device"] = device.as_str().into();
    }
    Ok(row)
}
