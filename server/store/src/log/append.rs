//! Writing one batch: the sequence moves only from where it was read, so whatever was decided on still holds.

use super::{Committed, Done, Mark, Record};
use crate::error::{MOVED, StoreError, committed};
use crate::rows::{linked, number, record, rows};
use domain::id::{ItemId, OpId, ReportId};
use domain::sync::op::{KnownChange, Operation};
use serde::Deserialize;
use serde_json::json;
use std::collections::{HashMap, HashSet};
use surrealdb::Surreal;
use surrealdb::engine::any::Any;
use surrealdb::types::Value;

const APPEND: &str = "BEGIN;
    LET $n = (UPDATE sequence:council SET n = $last, batch = $batch, hash = $hash
        WHERE batch = $batch - 1 AND n = $before RETURN VALUE n);
    IF array::len($n) = 0 { THROW $moved };
    CREATE type::record('log', $batch) CONTENT { first: $before + 1, last: $last, at: $at, hash: $hash, body: $body }
        RETURN NONE;
    CREATE type::record('taken', $batch) CONTENT { ids: $taken } RETURN NONE;
    COMMIT;";

/// What became of an attempt.
#[derive(Debug, PartialEq, Eq)]
pub enum Appended {
    /// It is in the log.
    Yes,
    /// Another process wrote first; nothing was written.
    Moved,
}

/// Writes a batch behind the one before it. An id in it that was taken before fails the whole batch, with an error of
/// the database: two that come at once, or one that comes again after a restart, meet there. Which one it was is asked
/// for afterwards ([`taken_of`]), because it hardly ever happens.
pub async fn append(db: &Surreal<Any>, before: Mark, batch: &mut Committed) -> Result<Appended, StoreError> {
    let body = super::body(batch.at, &batch.done)?;
    batch.bytes = body.len();
    let mark = batch.mark;
    let query = db.query(APPEND).bind(("before", before.seq)).bind(("last", mark.seq)).bind(("batch", mark.batch));
    let query = query.bind(("hash", mark.hash.to_string())).bind(("at", batch.at.millis())).bind(("body", body));
    let mut response =
        query.bind(("taken", taken(&batch.done, batch.changed.added.keys().copied()))).bind(("moved", MOVED)).await?;
    Ok(if committed(&mut response)? { Appended::Yes } else { Appended::Moved })
}

/// Writes records of another database's log with the ids that they take, beside the sequence: that says the end of a log
/// only when all of it is there. `added` are the items of the records before: one that two operations added is taken once.
pub async fn copy(db: &Surreal<Any>, records: Vec<Record>, added: &mut HashSet<ItemId>) -> Result<(), StoreError> {
    let rows: Vec<_> = records.iter().map(Record::row).collect();
    let mut takes = Vec::new();
    for record in records {
        let batch = record.replayed()?;
        let items =
            batch.done.iter().filter(|done| done.answer.status == 200).filter_map(|done| added_by(&done.operation));
        let new: Vec<ItemId> = items.filter(|item| added.insert(*item)).collect();
        takes.push(taken_row(batch.mark.batch, taken(&batch.done, new.into_iter())));
    }
    let query = "BEGIN; INSERT INTO log $records RETURN NONE; INSERT INTO taken $taken RETURN NONE; COMMIT;";
    db.query(query).bind(("records", rows)).bind(("taken", takes)).await?.check()?;
    Ok(())
}

/// The item that an operation adds, if it adds one.
pub fn added_by(operation: &Operation) -> Option<ItemId> {
    match operation.known() {
        Some(KnownChange::AddItem { item, .. }) => Some(*item),
        _ => None,
    }
}

/// The row of the ids that a batch takes.
pub fn taken_row(batch: u64, ids: Vec<String>) -> Value {
    linked(json!({ "ids": ids }), [("id", record("taken", number(batch)))])
}

/// The ids that a batch takes: of its operations, and of the items that they added.
pub fn taken(done: &[Done], added: impl Iterator<Item = ItemId>) -> Vec<String> {
    done.iter().map(|done| operation_key(done.operation.op_id)).chain(added.map(item_key)).collect()
}

fn operation_key(id: OpId) -> String {
    format!("operation/{id}")
}

/// As what an item's id is taken.
pub fn item_key(id: ItemId) -> String {
    format!("item/{id}")
}

/// Of some operations and items, those that are taken: the operations by their batch, the items by their report.
#[derive(Debug, Default)]
pub struct Known {
    pub operations: HashMap<OpId, u64>,
    pub items: HashMap<ItemId, ReportId>,
}

#[derive(Deserialize)]
struct TakenRow {
    /// Negative for items that were there before the log.
    batch: i64,
    ids: Vec<String>,
}

#[derive(Deserialize)]
struct ItemRow {
    item: ItemId,
    report: ReportId,
}

/// Which of these ids are taken. The tables must be at the end of the log: they say whose an item is.
pub async fn taken_of(
    db: &Surreal<Any>,
    operations: impl Iterator<Item = OpId>,
    items: impl Iterator<Item = ItemId>,
) -> Result<Known, StoreError> {
    let operations: HashMap<String, OpId> = operations.map(|id| (operation_key(id), id)).collect();
    let items: Vec<String> = items.map(|id| id.to_string()).collect();
    let query = "SELECT record::id(id) AS batch, ids FROM taken WHERE ids CONTAINSANY $ids;
        SELECT record::id(id) AS item, record::id(report) AS report FROM $items.map(|$id| type::record('item', $id));";
    let ids: Vec<String> = operations.keys().cloned().collect();
    let mut response = db.query(query).bind(("ids", ids)).bind(("items", items)).await?;
    let mut known = Known::default();
    for TakenRow { batch, ids } in rows::<TakenRow>(&mut response, 0)? {
        let Ok(batch) = u64::try_from(batch) else { continue };
        known.operations.extend(ids.iter().filter_map(|id| Some((*operations.get(id)?, batch))));
    }
    known.items.extend(rows::<ItemRow>(&mut response, 1)?.into_iter().map(|ItemRow { item, report }| (item, report)));
    Ok(known)
}
