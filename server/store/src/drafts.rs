//! Reading drafts: the report with its fields and revisions, and the cards that stand for it on the board.

use crate::connect::Store;
use crate::error::StoreError;
use crate::rows::{row, rows};
use domain::board::Card;
use domain::field::FieldKey;
use domain::field::FieldValue;
use domain::id::ReportId;
use domain::report::state::ReportState;
use domain::report::{Contact, Draft, Item};
use domain::sync::op::{KnownChange, Operation};
use domain::sync::wire::{DraftAnswer, PROTOCOL, Receipt, Rev, Seq};
use serde::Deserialize;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

#[derive(Deserialize)]
struct ReportRow {
    contact: Contact,
    #[serde(default)]
    submission: Option<Receipt>,
}

/// The columns of a card, for the board and for the writer.
pub const CARD: &str = "record::id(id) AS item, record::id(member) AS member, section, position, language, title, text, \
    themes, submitted_at, amended_at";

/// A report as it stands, an empty one when nobody has written in it, with the sequence at which it was read.
pub async fn load(db: &Surreal<Any>, report: ReportId) -> Result<(ReportState, Seq), StoreError> {
    let query = format!(
        "BEGIN;
         SELECT VALUE n FROM sequence:council;
         SELECT contact, submission FROM type::record('report', $report);
         SELECT record::id(id) AS id, section, position, language, title, text, themes, deleted
             FROM item WHERE report = type::record('report', $report) ORDER BY id;
         SELECT {CARD} FROM card WHERE report = type::record('report', $report);
         COMMIT;"
    );
    let mut response = db.query(query).bind(("report", report.to_string())).await?;
    let seq = row::<Seq>(&mut response, 1)?.unwrap_or_default();
    let mut draft = Draft::empty(report);
    if let Some(found) = row::<ReportRow>(&mut response, 2)? {
        (draft.contact, draft.submission) = (found.contact, found.submission);
    }
    draft.items = rows::<Item>(&mut response, 3)?;
    let cards = rows::<Card>(&mut response, 4)?;
    let cards = cards.into_iter().map(|card| (card.item, card)).collect();
    Ok((ReportState::of(draft, cards), seq))
}

/// The value that a field had at a revision, from the history; none when it is no longer there.
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
    /// The draft of a report. The caller has checked that the person may read it.
    ///
    /// # Errors
    /// When the database does not answer, or holds what this program does not write.
    pub async fn draft(&self, report: ReportId) -> Result<DraftAnswer, StoreError> {
        let (state, seq) = load(&self.db, report).await?;
        let (instance, draft) = (self.instance, state.draft);
        Ok(DraftAnswer { protocol: PROTOCOL, instance, seq, draft, mark: None, other_past: false })
    }
}
