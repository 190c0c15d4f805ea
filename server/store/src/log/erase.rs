//! Letting go of texts in the log. The chain is over hashes of contents, so it holds as before.

use super::{Record, records};
use crate::error::StoreError;
use crate::history::{self, Wrote};
use crate::rows::{record, row};
use domain::id::{OpId, ReportId};
use std::collections::BTreeSet;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

/// Only a record that is still as it was read: another process may let go of other texts in it.
const ERASE: &str = "BEGIN;
    LET $done = (UPDATE $log SET body = $body WHERE body = $read RETURN VALUE first);
    IF array::len($done) > 0 { UPDATE $history SET wrote = $wrote RETURN NONE };
    SELECT VALUE array::len(v) FROM [{ v: $done }];
    COMMIT;";

/// Lets go of the texts of some operations about a report, which all stand in one batch. Returns how many went.
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
    let here = done.iter().filter(|done| done.operation.subject.report() == Some(report));
    let wrote: BTreeSet<String> = here.filter_map(Wrote::of).map(|wrote| wrote.to_string()).collect();
    let query = db.query(ERASE).bind(("read", text)).bind(("body", super::body(at, &done)?));
    let query = query.bind(("log", record("log", crate::rows::number(batch))));
    let query = query.bind(("history", record("history", history::key(report, batch))));
    let mut response = query.bind(("wrote", wrote.into_iter().collect::<Vec<_>>())).await?.check()?;
    Ok(if row::<u64>(&mut response, 3)? == Some(1) { count } else { 0 })
}
