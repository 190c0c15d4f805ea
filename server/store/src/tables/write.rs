//! Bringing the tables on, over several batches in one transaction: of what changed several times, only the last.

use crate::error::{MOVED, StoreError, committed};
use crate::history;
use crate::log::Committed;
use crate::memory::Pending;
use crate::rows::{linked, number, record};
use domain::board::{BoardChange, Card, KnownBoardChange};
use domain::id::{ItemId, ReportId};
use domain::report::state::EventKind;
use domain::report::submitted::SubmittedContact;
use domain::report::{Contact, Item, Reports};
use domain::sync::decide::Event;
use domain::sync::dispatch::Kind;
use domain::sync::wire::Receipt;
use domain::time::Timestamp;
use serde_json::{self as json, json};
use std::collections::HashMap;
use std::sync::Arc;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;
use surrealdb::types::{SurrealValue, Value};

/// The transaction; see the file for what is bound.
const TRANSACTION: &str = include_str!("write.surql");

/// Writes what the tables lack. `false`: another process has brought them on meanwhile.
pub async fn write(db: &Surreal<Any>, pending: &Pending) -> Result<bool, StoreError> {
    let query = db.query(TRANSACTION).bind(("from", pending.from)).bind(("to", pending.to.batch));
    let mut query = query.bind(("moved", MOVED));
    for (name, value) in rows_of(pending)? {
        query = query.bind((name, value));
    }
    committed(&mut query.await?)
}

fn rows_of(pending: &Pending) -> Result<Vec<(&'static str, Vec<Value>)>, StoreError> {
    let Pending { batches, parts, .. } = pending;
    let mut reports = Vec::new();
    for (report, (contact, submission)) in &parts.reports {
        reports.push(report_row(*report, contact, submission.as_ref())?);
    }
    let mut items = Vec::new();
    for (report, item) in parts.items.values() {
        items.push(item_row(item, *report)?);
    }
    let (mut cards, mut gone) = (Vec::new(), Vec::new());
    for (item, (report, card)) in &parts.cards {
        match card {
            Some(card) => cards.push(card_row(card, *report)?),
            None => gone.push(record("card", item.to_string())),
        }
    }
    let (mut submitted, mut withdrawn) = (Vec::new(), Vec::new());
    for (report, contact) in &parts.submitted {
        match contact {
            Some(contact) => submitted.push(submitted_row(*report, contact)),
            None => withdrawn.push(record("submitted", report.to_string())),
        }
    }
    let history = batches.iter().flat_map(|batch| history::rows_of(batch.mark.batch, batch.before + 1, &batch.done));
    let (events, left) = event_rows(batches)?;
    Ok(vec![
        ("reports", reports),
        ("items", items),
        ("cards", cards),
        ("gone", gone),
        ("submitted", submitted),
        ("withdrawn", withdrawn),
        ("events", events),
        ("left", left),
        ("history", history.collect()),
    ])
}

/// The boards' events that stay, and the items that left a board: what was shown of them before is no longer given out.
fn event_rows(batches: &[Arc<Committed>]) -> Result<(Vec<Value>, Vec<Value>), StoreError> {
    let mut removed: HashMap<ItemId, u64> = HashMap::new();
    let events = || batches.iter().flat_map(|batch| batch.board_events().map(|event| (event, batch.at)));
    for (event, _) in events() {
        if let EventKind::Board(BoardChange::Known(KnownBoardChange::CardRemoved { item })) = &event.kind {
            removed.insert(*item, event.seq);
        }
    }
    let mut rows = Vec::new();
    for (event, at) in events() {
        let Some(item) = item_of(event) else { continue };
        if removed.get(&item).is_none_or(|seq| event.seq >= *seq) {
            rows.extend(event_row(event, item, at)?);
        }
    }
    Ok((rows, removed.into_keys().map(|item| item.to_string().into_value()).collect()))
}

fn item_of(event: &Event<EventKind>) -> Option<ItemId> {
    match &event.kind {
        EventKind::Board(BoardChange::Known(
            KnownBoardChange::Card { card: Card { item, .. } } | KnownBoardChange::CardRemoved { item },
        )) => Some(*item),
        _ => None,
    }
}

fn report_row(id: ReportId, contact: &Contact, submission: Option<&Receipt>) -> Result<Value, StoreError> {
    let mut row = json!({ "contact": contact });
    if let Some(submission) = submission {
        row["submission"] = json::to_value(submission)?;
    }
    let links = [
        ("id", record("report", id.to_string())),
        ("edition", record("edition", id.edition.to_string())),
        ("member", record("member", id.member.to_string())),
    ];
    Ok(linked(row, links))
}

fn submitted_row(id: ReportId, contact: &SubmittedContact) -> Value {
    linked(json!({"contact": contact}), [("id", record("submitted", id.to_string()))])
}

fn item_row(item: &Item, report: ReportId) -> Result<Value, StoreError> {
    let links = [("id", record("item", item.id.to_string())), ("report", record("report", report.to_string()))];
    Ok(linked(json::to_value(item)?, links))
}

fn card_row(card: &Card, report: ReportId) -> Result<Value, StoreError> {
    let mut row = json::to_value(card)?;
    if let Some(fields) = row.as_object_mut() {
        fields.remove("item");
    }
    let links = [
        ("id", record("card", card.item.to_string())),
        ("edition", record("edition", report.edition.to_string())),
        ("report", record("report", report.to_string())),
        ("member", record("member", card.member.to_string())),
    ];
    Ok(linked(row, links))
}

fn event_row(event: &Event<EventKind>, item: ItemId, at: Timestamp) -> Result<Option<Value>, StoreError> {
    let (EventKind::Board(change), Some(edition)) = (&event.kind, event.subject.edition()) else { return Ok(None) };
    let row = json!({
        "at": at, "kind": "board", "item": item.to_string(), "audience": Reports::audience(&event.subject, &event.kind),
        "body": json::to_string(change)?,
    });
    let links = [
        ("id", record("event", number(event.seq))),
        ("edition", record("edition", edition.to_string())),
        ("report", record("report", event.subject.to_string())),
    ];
    Ok(Some(linked(row, links)))
}
