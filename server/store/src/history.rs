//! Reading what was written in the fields of a report. The texts stand in the log and nowhere else; the table `history`
//! says which batches wrote what.

use crate::connect::Store;
use crate::error::StoreError;
use crate::log::{self, Done, Replayed};
use crate::rows::{linked, record, rows};
use domain::field::{FieldKey, FieldValue};
use domain::id::ReportId;
use domain::limits::HISTORY_PAGE;
use domain::sync::history::{Before, HistoryPage, Version};
use domain::sync::op::KnownChange;
use domain::sync::wire::{PROTOCOL, Rev, Seq};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;
use surrealdb::types::{RecordIdKey, SurrealValue, Value};

/// Batches that are read at a time. A record may have several megabytes: a conflict's answer repeats its texts.
const BATCHES_AT_ONCE: usize = 4;

/// What a batch may have written in a report, as the table names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrote {
    /// A field: a text, or one that lost in a conflict.
    Field(FieldKey),
    /// A submission.
    Submission,
}

/// An operation that is part of a history.
#[derive(Debug)]
pub struct Written {
    /// The batch that it stands in.
    pub batch: u64,
    pub done: Done,
    /// The field said the same already: not a version of its own.
    pub again: bool,
}

/// The operations that wrote something in a report, read from the newest batch back.
pub struct Walk<'a> {
    db: &'a Surreal<Any>,
    report: ReportId,
    wrote: Wrote,
    upto: Seq,
    /// The numbers of the batches to read, ascending.
    batches: Vec<u64>,
}

impl Wrote {
    /// What an operation wrote; none when it is not part of a history.
    pub fn of(done: &Done) -> Option<Self> {
        let submits = matches!(done.operation.known(), Some(KnownChange::Submit {}));
        done.field().map(Self::Field).or_else(|| submits.then_some(Self::Submission))
    }
}

impl fmt::Display for Wrote {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field) => field.fmt(out),
            Self::Submission => out.write_str("submission"),
        }
    }
}

impl<'a> Walk<'a> {
    /// What was written up to a place in the sequence.
    pub async fn back_from(
        db: &'a Surreal<Any>,
        report: ReportId,
        wrote: Wrote,
        upto: Seq,
    ) -> Result<Self, StoreError> {
        // The `seq` of a conflict may be the last one before its batch.
        let batches = batches_of(db, report, wrote, upto.saturating_add(1)).await?;
        Ok(Self { db, report, wrote, upto, batches })
    }

    /// The next few, newest first; none when there are no more.
    pub async fn next(&mut self) -> Result<Option<Vec<Written>>, StoreError> {
        if self.batches.is_empty() {
            return Ok(None);
        }
        let some = self.batches.split_off(self.batches.len().saturating_sub(BATCHES_AT_ONCE));
        let records = log::records(self.db, &some).await?;
        if records.len() < some.len() {
            return Err(StoreError::LogMissing { batch: some[0] });
        }
        let mut found = Vec::new();
        for record in records.into_iter().rev() {
            let batch = record.batch;
            let Replayed { before, done, .. } = record.replayed()?;
            let mut written = self.written(batch, before, done);
            written.reverse();
            found.append(&mut written);
        }
        Ok(Some(found))
    }

    /// What a batch wrote, in the order of the log, which is that of the sequence: an accepted operation has its revision as
    /// `seq`, a conflict the end of the sequence at that moment. Only a repeated text has an older `seq`: its first revision.
    fn written(&self, batch: u64, before: Seq, done: Vec<Done>) -> Vec<Written> {
        let mut version = before;
        let mut written = Vec::new();
        for done in done {
            let is_wanted = done.operation.subject.report() == Some(self.report) && done.seq <= self.upto;
            if !is_wanted || Wrote::of(&done) != Some(self.wrote) {
                continue;
            }
            let accepted = done.answer.status == 200;
            let again = accepted && done.seq <= version;
            if accepted && !again {
                version = done.seq;
            }
            written.push(Written { batch, done, again });
        }
        written
    }
}

/// The rows of the table for one batch: one for each report that it wrote in.
pub fn rows_of(batch: u64, first: Seq, done: &[Done]) -> Vec<Value> {
    let mut written: BTreeMap<ReportId, BTreeSet<Wrote>> = BTreeMap::new();
    for done in done {
        if let (Some(report), Some(wrote)) = (done.operation.subject.report(), Wrote::of(done)) {
            written.entry(report).or_default().insert(wrote);
        }
    }
    let row = |(report, wrote): (ReportId, BTreeSet<Wrote>)| {
        let wrote: Vec<String> = wrote.iter().map(Wrote::to_string).collect();
        let links = [("id", record("history", key(report, batch))), ("report", record("report", report.to_string()))];
        linked(json!({ "first": first, "wrote": wrote }), links)
    };
    written.into_iter().map(row).collect()
}

/// The key of the row of a batch.
pub fn key(report: ReportId, batch: u64) -> RecordIdKey {
    let parts = vec![report.to_string().into_value(), bounded(batch).into_value()];
    RecordIdKey::Array(parts.into())
}

/// The database counts in signed numbers.
fn bounded(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The value that a field had at a revision, from the log; none when it was erased. The tables must be past that
/// revision: the newest batches are in memory.
pub async fn value_at(
    db: &Surreal<Any>,
    report: ReportId,
    field: FieldKey,
    rev: Rev,
) -> Result<Option<FieldValue>, StoreError> {
    let batches = batches_of(db, report, Wrote::Field(field), rev).await?;
    let Some(batch) = batches.last() else { return Ok(None) };
    let found = log::records(db, &[*batch]).await?.pop().ok_or(StoreError::LogMissing { batch: *batch })?;
    Ok(found.replayed()?.done.iter().find_map(|done| done.value_at(report, field, rev)))
}

/// The batches that wrote something in a report and begin at a place in the sequence or before it, in order.
async fn batches_of(db: &Surreal<Any>, report: ReportId, wrote: Wrote, first: Seq) -> Result<Vec<u64>, StoreError> {
    // The bounds of a range of ids cannot be parameters.
    let query = format!(
        "SELECT VALUE record::id(id)[1] FROM history:['{report}', 0]..=['{report}', {}]
        WHERE wrote CONTAINS $wrote AND first <= $first",
        i64::MAX
    );
    let query = db.query(query).bind(("wrote", wrote.to_string())).bind(("first", bounded(first)));
    let mut batches = rows::<u64>(&mut query.await?, 0)?;
    batches.sort_unstable();
    Ok(batches)
}

fn version(done: &Done, name: &str) -> Option<Version> {
    let Some(KnownChange::Set { base_rev, value }) = done.operation.known() else { return None };
    Some(Version {
        seq: (done.answer.status == 200).then_some(done.seq),
        at: done.at,
        person: done.person,
        name: name.to_owned(),
        device: done.device.clone(),
        base_rev: *base_rev,
        value: value.clone(),
        hash: done.operation.hash.clone(),
    })
}

impl Store {
    /// A page of what was written in a field, newest first. The caller has checked that the person may read it.
    ///
    /// # Errors
    /// When the database does not answer, or holds what this program does not write.
    pub async fn history(&self, report: ReportId, field: FieldKey, before: Before) -> Result<HistoryPage, StoreError> {
        self.follow().await?;
        self.tables.reach().await?;
        let people = &self.lists().await?.people;
        let mut walk = Walk::back_from(&self.db, report, Wrote::Field(field), before.upto).await?;
        let (mut skip, mut found) = (before.skip, Vec::new());
        while found.len() <= HISTORY_PAGE {
            let Some(more) = walk.next().await? else { break };
            for written in more.into_iter().filter(|written| !written.again) {
                if skip > 0 { skip -= 1 } else { found.push(written) }
            }
        }
        let more = found.len() > HISTORY_PAGE;
        found.truncate(HISTORY_PAGE);
        let places: Vec<Seq> = found.iter().map(|written| written.done.seq).collect();
        let next = more.then(|| before.after(&places));
        let versions = found.iter().filter_map(|Written { done, .. }| {
            version(done, people.get(&done.person).map_or("", |identity| &identity.name))
        });
        let versions = versions.collect();
        Ok(HistoryPage { protocol: PROTOCOL, instance: self.instance, versions, more, next })
    }
}
