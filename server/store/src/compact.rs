//! Letting go of old texts that nobody bases on any more, so that a field's history is bounded.
//!
//! Which ones is decided by [`keep`]; the operations themselves stay with their answers. Fields in which much was
//! written since are looked at now and then, a few at a time, beside the writer: nothing here touches what it writes.

mod keep;

use crate::connect::Store;
use crate::error::StoreError;
use crate::rows::rows;
use domain::field::FieldKey;
use domain::id::{PersonId, ReportId};
use domain::sync::op::{KnownChange, Operation};
use domain::sync::wire::{Answer, KnownOutcome, Outcome, Seq};
use domain::time::Timestamp;
use keep::{Points, Row, YIELDS_AFTER_MILLIS, droppable};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// A field is looked at when so many operations have written in it since the last time.
const BUSY: u32 = 100;
/// Fields that are looked at, at a time.
const FIELDS_AT_ONCE: usize = 20;
/// Devices of one person whose last reading counts, in one report: the latest ones.
const DEVICES: usize = 20;

/// How much was written in which field since it was last looked at. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Busy(Arc<Mutex<HashMap<(ReportId, FieldKey), u32>>>);

impl Busy {
    /// One more operation has written in a field.
    pub fn note(&self, operation: &Operation, field: Option<FieldKey>) {
        let (Some(report), Some(field)) = (operation.subject.report(), field) else { return };
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry((report, field)).or_default() += 1;
    }

    /// Some of the busy fields, which count from nothing again.
    fn take(&self) -> Vec<(ReportId, FieldKey)> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let busy = counts.iter().filter(|(_, count)| **count >= BUSY).map(|(key, _)| *key);
        let busy: Vec<_> = busy.take(FIELDS_AT_ONCE).collect();
        for key in &busy {
            counts.remove(key);
        }
        busy
    }
}

#[derive(Deserialize)]
struct OperationRow {
    op_id: String,
    seq: Seq,
    at: Timestamp,
    person: PersonId,
    #[serde(default)]
    device: Option<String>,
    /// Of a conflict: what it was based on, and what it was told.
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    answer: Option<String>,
}

#[derive(Deserialize)]
struct ToldRow {
    person: PersonId,
    seq: Seq,
}

impl OperationRow {
    fn row(self) -> Result<Row, StoreError> {
        let Self { op_id, seq, at, person, device, body, answer } = self;
        let mut bases = None;
        if let (Some(body), Some(answer)) = (body, answer) {
            let (operation, answer): (Operation, Answer) =
                (serde_json::from_str(&body)?, serde_json::from_str(&answer)?);
            let base = match operation.known() {
                Some(KnownChange::Set { base_rev, .. }) => *base_rev,
                _ => 0,
            };
            let theirs = match answer.outcome {
                Outcome::Known(KnownOutcome::Conflict(conflict)) => conflict.theirs_rev,
                _ => 0,
            };
            bases = Some([base, theirs]);
        }
        Ok(Row { op_id, seq, at, person, device, bases })
    }
}

impl Store {
    /// Looks at some of the fields in which much was written since the last time, and lets go of the texts that
    /// nobody bases on any more. Returns how many.
    ///
    /// # Errors
    /// When the database does not answer; then the field is looked at when it is busy again.
    pub async fn compact(&self, now: Timestamp) -> Result<usize, StoreError> {
        let mut dropped = 0;
        for (report, field) in self.busy.take() {
            dropped += self.compact_field(report, field, now).await?;
        }
        Ok(dropped)
    }

    async fn compact_field(&self, report: ReportId, field: FieldKey, now: Timestamp) -> Result<usize, StoreError> {
        // First, so that what devices were told just now is among what is read.
        self.write_told().await?;
        self.tables.reach().await?;
        let since = now.millis() - YIELDS_AFTER_MILLIS;
        let query = r#"BEGIN;
            SELECT record::id(id) AS op_id, seq, at, record::id(person) AS person, device,
                IF status = 409 { body } AS body, IF status = 409 { answer } AS answer
                FROM operation WHERE report = type::record('report', $report) AND field = $field AND body != NONE;
            SELECT VALUE seq FROM operation WHERE report = type::record('report', $report) AND field = NONE
                AND status = 200 AND string::contains(body, '"kind":"submit"');
            SELECT record::id(person) AS person, seq, seen FROM told
                WHERE report = type::record('report', $report) AND seen >= $since ORDER BY seen DESC;
            DELETE told WHERE report = type::record('report', $report) AND seen < $since RETURN NONE;
            COMMIT;"#;
        let bound = self.db.query(query).bind(("report", report.to_string())).bind(("field", field.to_string()));
        let mut response = bound.bind(("since", since)).await?;
        let operations = rows::<OperationRow>(&mut response, 1)?;
        let operations = operations.into_iter().map(OperationRow::row).collect::<Result<Vec<_>, _>>()?;
        let submitted = rows::<Seq>(&mut response, 2)?;
        let told = latest(rows::<ToldRow>(&mut response, 3)?);
        let gone = droppable(&operations, &Points { submitted, told }, now);
        let count = gone.len();
        if count > 0 {
            let query = "UPDATE $gone.map(|$id| type::record('operation', $id)) SET body = NONE RETURN NONE";
            self.db.query(query).bind(("gone", gone)).await?.check()?;
            tracing::info!(%report, %field, count, "old texts that nobody bases on were let go");
        }
        Ok(count)
    }
}

/// What the latest few devices of each person were told.
fn latest(newest_first: Vec<ToldRow>) -> Vec<Seq> {
    let mut devices: HashMap<PersonId, usize> = HashMap::new();
    let mut counts = |row: &ToldRow| {
        let count = devices.entry(row.person).or_default();
        *count += 1;
        *count <= DEVICES
    };
    newest_first.into_iter().filter(|row| counts(row)).map(|row| row.seq).collect()
}
