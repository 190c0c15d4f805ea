//! Reading the ordered log, from which boards are fed.
//!
//! The log is the truth; notifications are only hints to look at it. A reader keeps a cursor and asks for what
//! comes after it; since numbers are given out inside the transactions that commit them, nothing ever appears
//! behind a cursor.

use crate::connect::Store;
use crate::error::StoreError;
use crate::rows::{row, rows};
use domain::board::events::EventsPage;
use domain::board::{BoardChange, BoardEvent};
use domain::id::{EditionId, ReportId};
use domain::limits::EVENTS_PAGE;
use domain::sync::wire::{PROTOCOL, Seq};
use domain::time::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

/// An event of any board.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedEvent {
    /// The edition whose board it belongs to.
    pub edition: EditionId,
    /// What the board is told.
    pub event: BoardEvent,
}

/// A stretch of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct EventsAfter {
    /// The boards' events in it, in order.
    pub events: Vec<LoggedEvent>,
    /// The reports whose drafts changed in it, each with the last of its changes; only when all boards were asked
    /// for, because a board must not know of drafts.
    pub drafts: BTreeMap<ReportId, Seq>,
    /// Where to go on from; everything up to here has been looked at.
    pub cursor: Seq,
    /// Whether the log goes on after it.
    pub more: bool,
}

#[derive(Deserialize)]
struct EventRow {
    seq: Seq,
    edition: EditionId,
    report: ReportId,
    at: Timestamp,
    /// Only of a board's event.
    #[serde(default)]
    body: Option<String>,
}

impl EventRow {
    fn logged(&self, body: &str) -> Result<LoggedEvent, StoreError> {
        let change: BoardChange = serde_json::from_str(body)?;
        Ok(LoggedEvent { edition: self.edition, event: BoardEvent { seq: self.seq, at: self.at, change } })
    }
}

/// The last number that was given out.
pub async fn head(db: &Surreal<Any>) -> Result<Seq, StoreError> {
    let mut response = db.query("SELECT VALUE n FROM sequence:council").await?;
    Ok(row(&mut response, 0)?.unwrap_or_default())
}

impl Store {
    /// The last number that was given out, by any process.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn head(&self) -> Result<Seq, StoreError> {
        head(&self.db).await
    }

    /// Up to [`EVENTS_PAGE`] numbers of the log after `cursor`, for all boards or one.
    ///
    /// # Errors
    /// When the database does not answer, or holds what this program does not write.
    pub async fn events_after(&self, cursor: Seq, edition: Option<EditionId>) -> Result<EventsAfter, StoreError> {
        let head = self.head().await?;
        let last = head.min(cursor.saturating_add(EVENTS_PAGE as u64));
        if last <= cursor {
            let (events, drafts) = (Vec::new(), BTreeMap::new());
            return Ok(EventsAfter { events, drafts, cursor: cursor.min(head), more: false });
        }
        // The bounds of a range of ids cannot be parameters; they are numbers.
        let first = cursor + 1;
        let query = format!(
            "SELECT record::id(id) AS seq, record::id(edition) AS edition, record::id(report) AS report, at, body
            FROM event:{first}..={last}
            WHERE $edition = NONE OR (kind = 'board' AND edition = type::record('edition', $edition))"
        );
        let mut response = self.db.query(query).bind(("edition", edition.map(|id| id.to_string()))).await?;
        let (mut events, mut drafts) = (Vec::new(), BTreeMap::<ReportId, Seq>::new());
        for row in rows::<EventRow>(&mut response, 0)? {
            match &row.body {
                Some(body) => events.push(row.logged(body)?),
                None => {
                    let last = drafts.entry(row.report).or_default();
                    *last = row.seq.max(*last);
                }
            }
        }
        events.sort_by_key(|logged| logged.event.seq);
        Ok(EventsAfter { events, drafts, cursor: last, more: last < head })
    }

    /// The same for one board, as it goes over the wire.
    ///
    /// # Errors
    /// As for [`Store::events_after`].
    pub async fn board_events(&self, edition: EditionId, cursor: Seq) -> Result<EventsPage, StoreError> {
        let EventsAfter { events, cursor, more, .. } = self.events_after(cursor, Some(edition)).await?;
        let events = events.into_iter().map(|logged| logged.event).collect();
        Ok(EventsPage { protocol: PROTOCOL, instance: self.instance, events, cursor, more })
    }
}
