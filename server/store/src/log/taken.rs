//! Ids that are taken: of operations that were answered, and of items that were added. Nothing is done twice, whichever
//! process is asked.
//!
//! A row for each batch, written with it, under an index that holds each id once.

use super::{Done, batches_after};
use crate::error::StoreError;
use crate::rows::{linked, number, record, rows};
use domain::id::{ItemId, OpId, ReportId};
use domain::sync::op::{KnownChange, Operation};
use domain::sync::wire::Answer;
use serde::Deserialize;
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use surrealdb::Surreal;
use surrealdb::engine::any::Any;
use surrealdb::types::Value;

/// Ids in one question: with more, the database reads the whole table and not the index.
const AT_ONCE: usize = 32;

/// The item that an operation adds, if it adds one.
pub fn added_by(operation: &Operation) -> Option<ItemId> {
    match operation.known() {
        Some(KnownChange::AddItem { item, .. }) => Some(*item),
        _ => None,
    }
}

/// The row of a batch.
pub fn row_of(batch: u64, ids: &[String]) -> Value {
    linked(json!({ "ids": ids }), [("id", record("taken_ids", number(batch)))])
}

/// The ids that a batch takes.
pub fn ids(done: &[Done], added: impl Iterator<Item = ItemId>) -> Vec<String> {
    done.iter().map(|done| of_operation(done.operation.op_id)).chain(added.map(of_item)).collect()
}

fn of_operation(id: OpId) -> String {
    format!("operation/{id}")
}

/// The entry of an item in `ids`.
pub fn of_item(id: ItemId) -> String {
    format!("item/{id}")
}

/// What the log has of some operations and items.
#[derive(Debug, Default, PartialEq)]
pub struct Before {
    /// What the operations were answered.
    pub answers: HashMap<OpId, Answer>,
    /// The reports that the items are in.
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

/// What the log has of these operations and of the items that they add. Does not wait for the tables: the writer asks.
pub async fn before(db: &Surreal<Any>, operations: &[&Operation]) -> Result<Before, StoreError> {
    let mut wanted: HashMap<String, Option<ItemId>> = HashMap::new();
    for operation in operations {
        wanted.insert(of_operation(operation.op_id), None);
        wanted.extend(added_by(operation).map(|item| (of_item(item), Some(item))));
    }
    let all: Vec<&String> = wanted.keys().collect();
    let (mut batches, mut older) = (BTreeSet::new(), Vec::new());
    for some in all.chunks(AT_ONCE) {
        let query = "SELECT record::id(id) AS batch, ids FROM taken_ids WHERE ids CONTAINSANY $ids";
        let ids: Vec<String> = some.iter().map(|id| (*id).clone()).collect();
        let mut response = db.query(query).bind(("ids", ids)).await?;
        for TakenRow { batch, ids } in rows::<TakenRow>(&mut response, 0)? {
            match u64::try_from(batch) {
                Ok(batch) => drop(batches.insert(batch)),
                Err(_) => older.extend(ids.iter().filter_map(|id| *wanted.get(id)?).map(|item| item.to_string())),
            }
        }
    }
    let mut before = Before::default();
    for batch in batches {
        let found = batches_after(db, batch - 1, 1).await?.pop().ok_or(StoreError::LogMissing { batch })?;
        for done in found.done {
            if wanted.contains_key(&of_operation(done.operation.op_id)) {
                before.answers.insert(done.operation.op_id, done.answer.clone());
            }
            let (item, report) = (added_by(&done.operation), done.operation.subject.report());
            if let (Some(item), Some(report), 200) = (item, report, done.answer.status) {
                before.items.entry(item).or_insert(report);
            }
        }
    }
    if !older.is_empty() {
        let query = "SELECT record::id(id) AS item, record::id(report) AS report
            FROM $items.map(|$id| type::record('item', $id))";
        let mut response = db.query(query).bind(("items", older)).await?;
        before
            .items
            .extend(rows::<ItemRow>(&mut response, 0)?.into_iter().map(|ItemRow { item, report }| (item, report)));
    }
    Ok(before)
}
