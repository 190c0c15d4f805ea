//! Taking in batches that the log has and this process does not know: of other processes, or of the one before it.

use super::{ATTEMPTS, Writer};
use crate::error::StoreError;
use crate::log::{self, Replayed};
use crate::memory::{self, Held, Memory};
use crate::tables;
use domain::id::ReportId;
use domain::sync::wire::Seq;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

/// Batches that are read at a time.
const PAGE: u64 = 64;
/// Bytes of records that the tables may lack while the log is read.
const HELD_AT_ONCE: usize = 8 << 20;

impl Writer {
    /// Comes to the end of the log.
    pub async fn follow(&self) -> Result<(), StoreError> {
        follow(&self.db, &self.memory).await?;
        self.head.send_if_modified(|mark| {
            let head = self.memory.head();
            let moved = *mark != head;
            *mark = head;
            moved
        });
        Ok(())
    }

    /// A report as it is at the end of the log that this process knows.
    pub async fn held(&self, report: ReportId) -> Result<(Arc<Held>, Seq), StoreError> {
        for _ in 0..ATTEMPTS {
            if let Some(found) = held(&self.db, &self.memory, report).await? {
                return Ok(found);
            }
            self.follow().await?;
        }
        Err(StoreError::Contended { attempts: ATTEMPTS })
    }
}

/// A report at the end of the log that this process knows. None: the tables are not near that, so follow first.
pub async fn held(
    db: &Surreal<Any>,
    memory: &Memory,
    report: ReportId,
) -> Result<Option<(Arc<Held>, Seq)>, StoreError> {
    if let Some(found) = memory.report(report) {
        return Ok(Some(found));
    }
    let (held, batch) = tables::report(db, report).await?;
    Ok(memory.take_in(report, held, batch))
}

/// Reads the log from where `memory` ends to its end.
pub async fn follow(db: &Surreal<Any>, memory: &Memory) -> Result<(), StoreError> {
    loop {
        let head = memory.head();
        let page = log::batches_after(db, head.batch, PAGE).await?;
        if page.is_empty() {
            return Ok(());
        }
        for batch in page {
            if !take_in(db, memory, batch).await? {
                break;
            }
        }
        // A long log, of a copy that was brought back for example, does not have to fit in memory.
        while memory.behind().1 > HELD_AT_ONCE && tables::bring_on(db, memory).await? {}
    }
}

/// Takes in the next batch. `false`: the tables are ahead of this process, which goes on from there instead.
async fn take_in(db: &Surreal<Any>, memory: &Memory, batch: Replayed) -> Result<bool, StoreError> {
    if batch.mark.batch != memory.head().batch + 1 {
        return Err(StoreError::LogMissing { batch: memory.head().batch + 1 });
    }
    let concerned: BTreeSet<ReportId> = batch.done.iter().filter_map(|done| done.operation.subject.report()).collect();
    let mut reports = HashMap::new();
    for report in concerned {
        match held(db, memory, report).await? {
            Some((held, _)) => drop(reports.insert(report, Held::clone(&held))),
            None => {
                memory.forget(tables::mark(db).await?);
                return Ok(false);
            }
        }
    }
    let batch = memory::replay(batch, &mut reports)?;
    reports.retain(|report, _| batch.changed.reports.contains(report));
    memory.publish(batch, reports);
    Ok(true)
}
