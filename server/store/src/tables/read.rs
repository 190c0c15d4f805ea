//! Reading a report and a board from the tables, with the batch that they are as of.

use crate::error::StoreError;
use crate::log::{self, Mark};
use crate::memory::Held;
use crate::rows::{row, rows};
use domain::board::Card;
use domain::id::{EditionId, ReportId};
use domain::report::state::ReportState;
use domain::report::submitted::SubmittedContact;
use domain::report::{Contact, Draft, Item};
use domain::sync::wire::Receipt;
use serde::Deserialize;
use std::sync::Arc;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

#[derive(Deserialize)]
struct ReportRow {
    contact: Contact,
    #[serde(default)]
    submission: Option<Receipt>,
}

#[derive(Deserialize)]
struct SubmittedRow {
    contact: SubmittedContact,
}

/// The columns of a card.
pub const CARD: &str = "record::id(id) AS item, record::id(member) AS member, section, position, language, title, text, \
    themes, submitted_at, amended_at";

/// A report, an empty one when nobody has written in it, and the batch that it is as of.
pub async fn report(db: &Surreal<Any>, report: ReportId) -> Result<(Held, u64), StoreError> {
    let query = format!(
        "BEGIN;
         SELECT VALUE batch FROM reader:tables;
         SELECT contact, submission FROM type::record('report', $report);
         SELECT record::id(id) AS id, section, position, language, title, text, themes, deleted
             FROM item WHERE report = type::record('report', $report) ORDER BY id;
         SELECT {CARD} FROM card WHERE report = type::record('report', $report);
         SELECT contact FROM type::record('submitted', $report);
         COMMIT;"
    );
    let mut response = db.query(query).bind(("report", report.to_string())).await?;
    let batch = row::<u64>(&mut response, 1)?.unwrap_or_default();
    let mut draft = Draft::empty(report);
    if let Some(found) = row::<ReportRow>(&mut response, 2)? {
        (draft.contact, draft.submission) = (found.contact, found.submission);
    }
    draft.items = rows::<Item>(&mut response, 3)?.into_iter().map(Arc::new).collect();
    let cards = rows::<Card>(&mut response, 4)?;
    let cards = cards.into_iter().map(|card| (card.item, Arc::new(card))).collect();
    let contact = row::<SubmittedRow>(&mut response, 5)?.map(|row| row.contact);
    Ok((Held { state: ReportState::of(draft, cards), contact }, batch))
}

/// The cards of an edition, and the batch that they are as of. Some may be newer: what happened to a card since is
/// harmless to apply again.
pub async fn board(db: &Surreal<Any>, edition: EditionId) -> Result<(Vec<Card>, u64), StoreError> {
    let query = format!(
        "BEGIN;
         SELECT VALUE batch FROM reader:tables;
         SELECT {CARD} FROM card WHERE edition = type::record('edition', $edition);
         COMMIT;"
    );
    let mut response = db.query(query).bind(("edition", edition.to_string())).await?;
    let batch = row::<u64>(&mut response, 1)?.unwrap_or_default();
    Ok((rows::<Card>(&mut response, 2)?, batch))
}

/// The cards of all boards with their editions, and where the log was when they were read.
pub async fn all_cards(db: &Surreal<Any>) -> Result<(Vec<(EditionId, Card)>, Mark), StoreError> {
    let query = format!(
        "BEGIN;
         SELECT VALUE batch FROM reader:tables;
         SELECT record::id(edition) AS edition, {CARD} FROM card;
         COMMIT;"
    );
    let mut response = db.query(query).await?;
    let batch = row::<u64>(&mut response, 1)?.unwrap_or_default();
    // The reader of cards keeps what it does not know: here, the edition.
    let edition = |mut card: Card| Some((serde_json::from_value(card.extra.remove("edition")?).ok()?, card));
    let cards = rows::<Card>(&mut response, 2)?.into_iter().filter_map(edition).collect();
    let mark = log::mark_at(db, batch).await?.ok_or(StoreError::LogMissing { batch })?;
    Ok((cards, mark))
}
