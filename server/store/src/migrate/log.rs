//! Bringing along a database of a release before the log: its operations become batches, in the order of the sequence,
//! with their answers, and the tables stay as they are, because they follow from just these operations. The table of
//! operations itself goes: what it held is in the log.
//!
//! It can be broken off and begun again: the batches that are there are kept, and only the last step, one transaction,
//! makes them the log.

use crate::error::StoreError;
use crate::history;
use crate::log::{self, Done, Mark, taken};
use crate::rows::{row, rows};
use domain::id::{ItemId, OpId, PersonId, ReportId};
use domain::sync::op::{Change, ContentHash, Operation};
use domain::sync::subject::Subject;
use domain::sync::wire::{Answer, Seq};
use domain::time::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

/// Operations in one batch, about.
const AT_ONCE: usize = 200;

/// Where an operation stands in the order of the log: accepted ones before the conflicts that were told of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
struct Place {
    seq: Seq,
    at: Timestamp,
    status: u16,
    op_id: OpId,
}

#[derive(Deserialize)]
struct OperationRow {
    op_id: OpId,
    report: ReportId,
    person: PersonId,
    #[serde(default)]
    device: Option<String>,
    hash: ContentHash,
    seq: Seq,
    at: Timestamp,
    #[serde(default)]
    body: Option<String>,
    answer: String,
}

#[derive(Deserialize)]
struct RemovalRow {
    seq: Seq,
    item: ItemId,
}

impl OperationRow {
    /// A text that was let go is not in the log either; its hash is, and so the answer to whoever repeats it.
    fn done(self) -> Result<Done, StoreError> {
        let Self { op_id, report, person, device, hash, seq, at, body, answer } = self;
        let answer: Answer = serde_json::from_str(&answer)?;
        let operation = match body {
            Some(body) => serde_json::from_str(&body)?,
            None => {
                let (subject, change) = (Subject::Report(report), Change::Unknown(Value::Null));
                let mut operation = Operation { op_id, subject, change, hash, extra: serde_json::Map::new() };
                operation.erase();
                operation
            }
        };
        Ok(Done { operation, person, device, seq, at, answer })
    }
}

/// Makes the log of a database that has a sequence and no log yet.
///
/// # Errors
/// When the database does not answer, or holds what no release has written.
pub async fn bring_along(db: &Surreal<Any>) -> Result<(), StoreError> {
    let head = log::head(db).await?;
    if head.batch > 0 || head.seq == 0 {
        return forget_operations(db).await;
    }
    tracing::info!(changes = head.seq, "bringing along a database of an earlier release; this may take a minute");
    let mut end = made_so_far(db).await?;
    let places = places_after(db, end.seq).await?;
    let count = places.len();
    let mut written = 0;
    for some in batches(&places) {
        end = append(db, end, some).await?;
        written += some.len();
        tracing::info!(operations = written, of = count, "brought along");
    }
    // Cards that no operation brought, of a measurement.
    if end.seq < head.seq {
        end = record(db, end, head.seq, crate::now(), &[]).await?;
    }
    take_items(db).await?;
    forget_what_left(db).await?;
    finish(db, head.seq, end).await?;
    forget_operations(db).await?;
    tracing::info!(batches = end.batch, "the log is made");
    Ok(())
}

async fn made_so_far(db: &Surreal<Any>) -> Result<Mark, StoreError> {
    let mut response = db.query("SELECT VALUE record::id(id) FROM log ORDER BY id DESC LIMIT 1").await?;
    let batch = row::<u64>(&mut response, 0)?.unwrap_or_default();
    log::mark_at(db, batch).await?.ok_or(StoreError::LogMissing { batch })
}

async fn places_after(db: &Surreal<Any>, seq: Seq) -> Result<Vec<Place>, StoreError> {
    let query = "SELECT record::id(id) AS op_id, seq, at, status FROM operation WHERE seq > $seq";
    let mut response = db.query(query).bind(("seq", seq)).await?;
    let mut places = rows::<Place>(&mut response, 0)?;
    places.sort_unstable();
    Ok(places)
}

/// Stretches of about so many operations; those that name one number stay together.
fn batches(places: &[Place]) -> Vec<&[Place]> {
    let mut batches = Vec::new();
    let mut rest = places;
    while !rest.is_empty() {
        let mut end = rest.len().min(AT_ONCE);
        while end < rest.len() && rest[end].seq == rest[end - 1].seq {
            end += 1;
        }
        let (some, later) = rest.split_at(end);
        batches.push(some);
        rest = later;
    }
    batches
}

async fn append(db: &Surreal<Any>, end: Mark, places: &[Place]) -> Result<Mark, StoreError> {
    let ids: Vec<String> = places.iter().map(|place| place.op_id.to_string()).collect();
    let query =
        "SELECT record::id(id) AS op_id, record::id(report) AS report, record::id(person) AS person, device, hash,
        seq, at, body, answer FROM $ids.map(|$id| type::record('operation', $id))";
    let mut response = db.query(query).bind(("ids", ids)).await?;
    let mut found: HashMap<OpId, OperationRow> =
        rows::<OperationRow>(&mut response, 0)?.into_iter().map(|row| (row.op_id, row)).collect();
    let done = places.iter().filter_map(|place| found.remove(&place.op_id)).map(OperationRow::done);
    let done = done.collect::<Result<Vec<_>, _>>()?;
    if done.len() < places.len() {
        return Err(StoreError::Inconsistent(format!(
            "an operation after {} is gone while it is brought along",
            end.seq
        )));
    }
    let (last, at) = places.last().map_or((end.seq, crate::now()), |place| (place.seq, place.at));
    record(db, end, last, at, &done).await
}

/// Writes one batch, beside the sequence: that says the end of a log only when all of it is there.
async fn record(db: &Surreal<Any>, end: Mark, last: Seq, at: Timestamp, done: &[Done]) -> Result<Mark, StoreError> {
    let mark = log::chained(end, at, last, done);
    let query = "BEGIN;
        CREATE type::record('log', $batch) CONTENT { first: $first, last: $last, at: $at, hash: $hash, body: $body }
            RETURN NONE;
        INSERT INTO taken_ids $taken RETURN NONE;
        INSERT IGNORE INTO history $history RETURN NONE;
        COMMIT;";
    let query = db.query(query).bind(("batch", mark.batch)).bind(("first", end.seq + 1)).bind(("last", last));
    let query = query.bind(("at", at.millis())).bind(("hash", mark.hash.to_string()));
    let query = query.bind(("history", history::rows_of(mark.batch, end.seq + 1, done)));
    let taken_ids = taken::row_of(mark.batch, &taken::ids(done, std::iter::empty()));
    query.bind(("body", log::body(at, done)?)).bind(("taken", vec![taken_ids])).await?.check()?;
    Ok(mark)
}

/// The items' ids are taken. Their rows have negative numbers: no batch of the log is about them.
async fn take_items(db: &Surreal<Any>) -> Result<(), StoreError> {
    let mut response = db.query("SELECT VALUE record::id(id) FROM item").await?;
    let items = rows::<ItemId>(&mut response, 0)?;
    for (number, some) in (1_i64..).zip(items.chunks(AT_ONCE)) {
        let ids: Vec<String> = some.iter().map(|item| taken::of_item(*item)).collect();
        let query = "UPSERT type::record('taken_ids', $number) CONTENT { ids: $ids } RETURN NONE";
        db.query(query).bind(("number", -number)).bind(("ids", ids)).await?.check()?;
    }
    Ok(())
}

/// The boards' events keep what is on the boards, and the removals; what left a board leaves them.
async fn forget_what_left(db: &Surreal<Any>) -> Result<(), StoreError> {
    let query = "DELETE event WHERE kind != 'board' RETURN NONE;
        SELECT record::id(id) AS seq, item FROM event WHERE string::contains(body, '\"kind\":\"card_removed\"')
            AND item != NONE;";
    let mut response = db.query(query).await?;
    let mut last: HashMap<ItemId, Seq> = HashMap::new();
    for RemovalRow { seq, item } in rows::<RemovalRow>(&mut response, 1)? {
        let at = last.entry(item).or_default();
        *at = seq.max(*at);
    }
    for (item, seq) in last {
        let query = "DELETE event WHERE item = $item AND record::id(id) < $seq RETURN NONE";
        db.query(query).bind(("item", item.to_string())).bind(("seq", seq)).await?.check()?;
    }
    Ok(())
}

/// Only where nobody else has finished meanwhile: another server may be doing the same, and write already.
async fn finish(db: &Surreal<Any>, seq: Seq, end: Mark) -> Result<(), StoreError> {
    let query = "BEGIN;
        LET $n = (UPDATE sequence:council SET batch = $batch, hash = $hash WHERE batch = 0 AND n = $seq RETURN VALUE n);
        IF array::len($n) = 0 { THROW 'another server has finished' };
        UPDATE reader:tables SET batch = $batch RETURN NONE;
        COMMIT;";
    let query = db.query(query).bind(("seq", seq)).bind(("batch", end.batch));
    query.bind(("hash", end.hash.to_string())).await?.check()?;
    Ok(())
}

/// Of a new database, an empty table.
async fn forget_operations(db: &Surreal<Any>) -> Result<(), StoreError> {
    db.query("REMOVE TABLE IF EXISTS operation").await?.check()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_of_one_number_stay_in_one_batch() {
        let place = |seq: Seq, n: u8| Place {
            seq,
            at: Timestamp::from_millis(1),
            status: 200,
            op_id: OpId::new(Timestamp::from_millis(1), &[n; 10]),
        };
        let mut places: Vec<Place> = (1..=AT_ONCE as u64).map(|seq| place(seq, 1)).collect();
        places.extend((2..5).map(|n| place(AT_ONCE as u64, n)));
        places.push(place(AT_ONCE as u64 + 1, 1));
        let sizes: Vec<usize> = batches(&places).iter().map(|batch| batch.len()).collect();
        assert_eq!(sizes, [AT_ONCE + 3, 1]);
        assert!(batches(&[]).is_empty());
    }
}
