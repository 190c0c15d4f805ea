//! Writing one batch: the sequence moves only from where it was read, so whatever was decided on still holds.

use super::taken::{added_by, ids, row_of};
use super::{Committed, Mark, Record};
use crate::error::{MOVED, StoreError, committed};
use domain::id::ItemId;
use std::collections::HashSet;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

const APPEND: &str = "BEGIN;
    LET $n = (UPDATE sequence:council SET n = $last, batch = $batch, hash = $hash
        WHERE batch = $batch - 1 AND n = $before RETURN VALUE n);
    IF array::len($n) = 0 { THROW $moved };
    CREATE type::record('log', $batch) CONTENT { first: $before + 1, last: $last, at: $at, hash: $hash, body: $body }
        RETURN NONE;
    CREATE type::record('taken_ids', $batch) CONTENT { ids: $taken } RETURN NONE;
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
/// for afterwards ([`taken::before`](super::before)), because it hardly ever happens.
pub async fn append(db: &Surreal<Any>, before: Mark, batch: &mut Committed) -> Result<Appended, StoreError> {
    let body = super::body(batch.at, &batch.done)?;
    batch.bytes = body.len();
    let mark = batch.mark;
    let query = db.query(APPEND).bind(("before", before.seq)).bind(("last", mark.seq)).bind(("batch", mark.batch));
    let query = query.bind(("hash", mark.hash.to_string())).bind(("at", batch.at.millis())).bind(("body", body));
    let mut response =
        query.bind(("taken", ids(&batch.done, batch.changed.added.keys().copied()))).bind(("moved", MOVED)).await?;
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
        takes.push(row_of(batch.mark.batch, &ids(&batch.done, new.into_iter())));
    }
    let query = "BEGIN; INSERT INTO log $records RETURN NONE; INSERT INTO taken_ids $taken RETURN NONE; COMMIT;";
    db.query(query).bind(("records", rows)).bind(("taken", takes)).await?.check()?;
    Ok(())
}
