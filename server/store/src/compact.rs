//! Letting go of old texts that nobody bases on any more, so that a field's history is bounded.
//!
//! Which ones is decided by [`keep`]; they are erased in the log, where the operations stay with their hashes and their
//! answers. Fields in which much was written since are looked at now and then, a few at a time, beside the writer:
//! nothing here touches what it writes.

mod keep;

use crate::connect::Store;
use crate::error::StoreError;
use crate::history::{Walk, Written, Wrote};
use crate::log;
use crate::rows::rows;
use domain::field::FieldKey;
use domain::id::{OpId, PersonId, ReportId};
use domain::sync::op::{KnownChange, Operation};
use domain::sync::wire::{KnownOutcome, Outcome, Seq};
use domain::time::Timestamp;
use keep::{Points, Row, YIELDS_AFTER_MILLIS, droppable};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
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
struct ToldRow {
    person: PersonId,
    seq: Seq,
}

/// What [`keep`] asks about an operation.
fn row_of(Written { done, again, .. }: &Written) -> Row {
    let base = match done.operation.known() {
        Some(KnownChange::Set { base_rev, .. }) => *base_rev,
        _ => 0,
    };
    let bases = match &done.answer.outcome {
        Outcome::Known(KnownOutcome::Conflict(conflict)) => Some([base, conflict.theirs_rev]),
        _ => None,
    };
    let (op_id, device) = (done.operation.op_id, done.device.clone());
    Row { op_id, seq: done.seq, at: done.at, person: done.person, device, bases, again: *again }
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
        let (mut operations, mut batches) = (Vec::new(), HashMap::new());
        let mut walk = Walk::back_from(&self.db, report, Wrote::Field(field), Seq::MAX).await?;
        while let Some(found) = walk.next().await? {
            batches.extend(found.iter().map(|written| (written.done.operation.op_id, written.batch)));
            operations.extend(found.iter().map(row_of));
        }
        let mut submitted = Vec::new();
        let mut walk = Walk::back_from(&self.db, report, Wrote::Submission, Seq::MAX).await?;
        while let Some(found) = walk.next().await? {
            submitted.extend(found.into_iter().map(|written| written.done.seq));
        }
        let told = self.told_since(report, since).await?;
        let mut gone: BTreeMap<u64, BTreeSet<OpId>> = BTreeMap::new();
        for op_id in droppable(&operations, &Points { submitted, told }, now) {
            if let Some(batch) = batches.get(&op_id) {
                gone.entry(*batch).or_default().insert(op_id);
            }
        }
        let mut count = 0;
        for (batch, gone) in gone {
            count += self.keeper.write(log::erase(&self.db, report, batch, &gone)).await?;
        }
        if count > 0 {
            tracing::info!(%report, %field, count, "old texts that nobody bases on were let go");
        }
        Ok(count)
    }

    /// What the devices were told that read a report since a moment, in milliseconds; older rows go.
    async fn told_since(&self, report: ReportId, since: i64) -> Result<Vec<Seq>, StoreError> {
        let query = "BEGIN;
            SELECT record::id(person) AS person, seq, seen FROM told
                WHERE report = type::record('report', $report) AND seen >= $since ORDER BY seen DESC;
            DELETE told WHERE report = type::record('report', $report) AND seen < $since RETURN NONE;
            COMMIT;";
        let mut response = self.db.query(query).bind(("report", report.to_string())).bind(("since", since)).await?;
        Ok(latest(rows::<ToldRow>(&mut response, 1)?))
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
