//! Erasing texts in the log. The chain is over hashes of contents, so it holds as before.

use super::{Record, records};
use crate::error::{StoreError, committed};
use crate::history::{self, Wrote};
use crate::rows::{number, record, rows};
use domain::id::{OpId, ReportId};
use serde_json::Value;
use std::collections::BTreeSet;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

/// Compare-and-set on the body, because another process may erase other texts in the same record. The SELECT is empty when
/// the body was another.
const ERASE: &str = "BEGIN;
    LET $erased = (UPDATE $log SET body = $body WHERE body = $read RETURN first);
    IF array::len($erased) > 0 { UPDATE $history SET wrote = $wrote RETURN NONE };
    SELECT first FROM $erased;
    COMMIT;";

/// Erases the texts of some operations about a report, which all stand in one batch. Returns how many: none when another
/// process changed the record meanwhile.
///
/// # Errors
/// When the database does not take it.
pub async fn erase(
    db: &Surreal<Any>,
    report: ReportId,
    batch: u64,
    gone: &BTreeSet<OpId>,
) -> Result<usize, StoreError> {
    let Some(read) = records(db, &[batch]).await?.pop() else { return Err(StoreError::LogMissing { batch }) };
    let (text, at) = (read.text().to_owned(), read.at());
    let mut done = Record::replayed(read)?.done;
    let mut count = 0;
    for done in done.iter_mut().filter(|done| gone.contains(&done.operation.op_id)) {
        done.operation.erase();
        count += 1;
    }
    let of_report = done.iter().filter(|done| done.operation.subject.report() == Some(report));
    let wrote: BTreeSet<String> = of_report.filter_map(Wrote::of).map(|wrote| wrote.to_string()).collect();
    let query = db.query(ERASE).bind(("read", text)).bind(("body", super::body(at, &done)?));
    let query = query.bind(("log", record("log", number(batch))));
    let query = query.bind(("history", record("history", history::key(report, batch))));
    let mut response = query.bind(("wrote", wrote.into_iter().collect::<Vec<_>>())).await?;
    let changed = committed(&mut response)? && !rows::<Value>(&mut response, 3)?.is_empty();
    Ok(if changed { count } else { 0 })
}
