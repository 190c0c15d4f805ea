//! Reading drafts: the report with its fields and revisions.

use crate::connect::Store;
use crate::error::StoreError;
use crate::memory::Held;
use crate::writer::held;
use domain::id::ReportId;
use domain::sync::wire::{DraftAnswer, PROTOCOL, Seq};
use std::sync::Arc;

/// How often the tables are read again when they were behind what this process has let go of.
const ATTEMPTS: u32 = 12;

impl Store {
    /// The draft of a report. The caller has checked that the person may read it.
    ///
    /// # Errors
    /// When the database does not answer, or holds what this program does not write.
    pub async fn draft(&self, report: ReportId) -> Result<DraftAnswer, StoreError> {
        let (held, seq) = self.held(report).await?;
        let draft = held.state.draft.clone();
        Ok(DraftAnswer {
            protocol: PROTOCOL,
            instance: self.instance,
            seq,
            draft,
            mark: self.place(seq),
            other_past: false,
        })
    }

    /// A report and the place in the sequence at which it is so.
    pub(crate) async fn held(&self, report: ReportId) -> Result<(Arc<Held>, Seq), StoreError> {
        self.follow().await?;
        for _ in 0..ATTEMPTS {
            if let Some(found) = held(&self.db, &self.memory, report).await? {
                return Ok(found);
            }
            self.follow().await?;
        }
        Err(StoreError::Contended { attempts: ATTEMPTS })
    }
}
