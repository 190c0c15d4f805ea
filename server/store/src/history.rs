//! Reading the history of a field, from the operations themselves.

use crate::connect::Store;
use crate::error::StoreError;
use crate::rows::{row, rows};
use domain::field::{FieldKey, FieldValue};
use domain::id::{PersonId, ReportId};
use domain::limits::HISTORY_PAGE;
use domain::sync::history::{Before, HistoryPage, Version};
use domain::sync::op::{ContentHash, KnownChange, Operation};
use domain::sync::wire::{PROTOCOL, Rev, Seq};
use domain::time::Timestamp;
use serde::Deserialize;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

/// An accepted operation stands at its revision. One in conflict stands where the sequence was: after the accepted
/// one that has that number.
const VERSIONS: &str = "SELECT record::id(id) AS op_id, seq, at, status, record::id(person) AS person,
        (person.name ?? '') AS name, device, hash, body
    FROM operation
    WHERE report = type::record('report', $report) AND field = $field AND seq <= $upto AND body != NONE
    ORDER BY seq DESC, at DESC, status DESC, op_id DESC LIMIT $limit START $skip";

#[derive(Deserialize)]
struct VersionRow {
    seq: Seq,
    at: Timestamp,
    status: u16,
    person: PersonId,
    name: String,
    #[serde(default)]
    device: Option<String>,
    hash: ContentHash,
    body: String,
}

impl VersionRow {
    fn version(self) -> Result<Option<Version>, StoreError> {
        let operation: Operation = serde_json::from_str(&self.body)?;
        let Some(KnownChange::Set { base_rev, value }) = operation.known() else { return Ok(None) };
        let (base_rev, value, seq) = (*base_rev, value.clone(), (self.status == 200).then_some(self.seq));
        let Self { at, person, name, device, hash, .. } = self;
        Ok(Some(Version { seq, at, person, name, device, base_rev, value, hash }))
    }
}

/// The database counts in signed numbers.
fn bounded(number: u64) -> u64 {
    number.min(i64::MAX.unsigned_abs())
}

/// The value that a field had at a revision, from the table; none when it is no longer there.
pub async fn value_at(
    db: &Surreal<Any>,
    report: ReportId,
    key: FieldKey,
    rev: Rev,
) -> Result<Option<FieldValue>, StoreError> {
    let query = "SELECT VALUE body FROM operation
        WHERE report = type::record('report', $report) AND field = $field AND seq = $rev AND status = 200
        AND body != NONE LIMIT 1";
    let bound = db.query(query).bind(("report", report.to_string())).bind(("field", key.to_string()));
    let mut response = bound.bind(("rev", rev)).await?;
    let Some(body) = row::<String>(&mut response, 0)? else { return Ok(None) };
    let operation: Operation = serde_json::from_str(&body)?;
    Ok(operation.known().and_then(KnownChange::value).cloned())
}

impl Store {
    /// A page of what was written in a field, newest first. The caller has checked that the person may read it.
    ///
    /// # Errors
    /// When the database does not answer, or holds what this program does not write.
    pub async fn history(&self, report: ReportId, field: FieldKey, before: Before) -> Result<HistoryPage, StoreError> {
        self.follow().await?;
        self.tables.reach().await?;
        let query = self.db.query(VERSIONS).bind(("report", report.to_string())).bind(("field", field.to_string()));
        let query = query.bind(("upto", bounded(before.upto))).bind(("skip", bounded(before.skip)));
        let mut response = query.bind(("limit", HISTORY_PAGE + 1)).await?;
        let mut found = rows::<VersionRow>(&mut response, 0)?;
        let more = found.len() > HISTORY_PAGE;
        found.truncate(HISTORY_PAGE);
        let places: Vec<Seq> = found.iter().map(|row| row.seq).collect();
        let next = more.then(|| before.after(&places));
        let versions = found.into_iter().filter_map(|row| row.version().transpose()).collect::<Result<_, _>>()?;
        Ok(HistoryPage { protocol: PROTOCOL, instance: self.instance, versions, more, next })
    }
}
