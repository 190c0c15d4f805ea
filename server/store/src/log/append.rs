//! Writing one batch: the sequence moves only from where it was read, so whatever was decided on still holds.

use super::{Committed, Done, Mark, Record, record};
use crate::error::{MOVED, StoreError, committed};
use crate::rows::rows;
use domain::id::{ItemId, OpId, ReportId};
use domain::sync::op::KnownChange;
use serde::Deserialize;
use std::collections::HashMap;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;
use surrealdb::types::SurrealValue;

const APPEND: &str = "BEGIN;
    LET $n = (UPDATE sequence:council SET n = $last, batch = $batch, hash = $hash
        WHERE batch = $batch - 1 AND n = $before RETURN VALUE n);
    IF array::len($n) = 0 { THROW $moved };
    CREATE type::record('log', $batch) CONTENT { first: $before + 1, last: $last, at: $at, hash: $hash, body: $body }
        RETURN NONE;
    INSERT INTO taken $taken RETURN NONE;
    COMMIT;";

/// What became of an attempt.
#[derive(Debug, PartialEq, Eq)]
pub enum Appended {
    /// It is in the log.
    Yes,
    /// Another process wrote first; nothing was written.
    Moved,
}

/// An id that is taken: of an operation that was answered, by its batch; of an item, by its report. Two that come at
/// once, or one that comes again after a restart, meet here.
#[derive(Debug, SurrealValue)]
struct Taken {
    id: String,
    batch: u64,
    report: Option<String>,
}

/// Writes a batch behind the one before it. An id in it that was taken before fails the whole batch, with an error of
/// the database: which one is asked for afterwards (`taken`), because it hardly ever happens.
pub async fn append(db: &Surreal<Any>, before: Mark, batch: &mut Committed) -> Result<Appended, StoreError> {
    let body = record::body(batch.at, &batch.done)?;
    batch.bytes = body.len();
    let mark = batch.mark;
    let query = db.query(APPEND).bind(("before", before.seq)).bind(("last", mark.seq)).bind(("batch", mark.batch));
    let query = query.bind(("hash", mark.hash.to_string())).bind(("at", batch.at.millis())).bind(("body", body));
    let mut response = query
        .bind(("taken", taken(mark.batch, &batch.done, batch.changed.added.iter().copied())))
        .bind(("moved", MOVED))
        .await?;
    Ok(if committed(&mut response)? { Appended::Yes } else { Appended::Moved })
}

/// Writes records of another database's log with the ids that they take, beside the sequence: that says the end of a log
/// only when all of it is there.
pub async fn copy(db: &Surreal<Any>, records: Vec<Record>) -> Result<(), StoreError> {
    let rows: Vec<_> = records.iter().map(Record::row).collect();
    let mut ids = Vec::new();
    for record in records {
        let batch = record.replayed()?;
        let added = batch.done.iter().filter(|done| done.answer.status == 200).filter_map(|done| {
            let Some(KnownChange::AddItem { item, .. }) = done.operation.known() else { return None };
            Some((*item, done.operation.subject.report()?))
        });
        ids.extend(taken(batch.mark.batch, &batch.done, added));
    }
    // An item that was added twice, by two operations, is taken once.
    let query = "BEGIN; INSERT INTO log $records RETURN NONE; INSERT IGNORE INTO taken $taken RETURN NONE; COMMIT;";
    db.query(query).bind(("records", rows)).bind(("taken", ids)).await?.check()?;
    Ok(())
}

/// The ids that a batch takes: of its operations, and of the items that they added.
fn taken(batch: u64, done: &[Done], added: impl Iterator<Item = (ItemId, ReportId)>) -> Vec<Taken> {
    let operations = done.iter().map(|done| operation_key(done.operation.op_id));
    let operations = operations.map(|id| Taken { id, batch, report: None });
    let items = added.map(|(item, report)| Taken { id: item_key(item), batch, report: Some(report.to_string()) });
    operations.chain(items).collect()
}

fn operation_key(id: OpId) -> String {
    format!("operation/{id}")
}

fn item_key(id: ItemId) -> String {
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
    id: String,
    batch: u64,
    #[serde(default)]
    report: Option<ReportId>,
}

/// Which of these ids are taken.
pub async fn taken_of(
    db: &Surreal<Any>,
    operations: impl Iterator<Item = OpId>,
    items: impl Iterator<Item = ItemId>,
) -> Result<Known, StoreError> {
    let ids: Vec<String> = operations.map(operation_key).chain(items.map(item_key)).collect();
    let query = "SELECT record::id(id) AS id, batch, report FROM $ids.map(|$id| type::record('taken', $id))";
    let mut response = db.query(query).bind(("ids", ids)).await?;
    let mut known = Known::default();
    for TakenRow { id, batch, report } in rows::<TakenRow>(&mut response, 0)? {
        match (id.split_once('/'), report) {
            (Some(("operation", id)), None) => drop(id.parse().map(|id| known.operations.insert(id, batch))),
            (Some(("item", id)), Some(report)) => drop(id.parse().map(|id| known.items.insert(id, report))),
            _ => {}
        }
    }
    Ok(known)
}
