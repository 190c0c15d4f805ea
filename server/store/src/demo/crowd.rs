//! A crowded board, for measurements: more cards than a council writes in years, in seconds instead of hours.

use super::files;
use crate::connect::Store;
use crate::error::{SEQUENCE_MOVED, StoreError};
use crate::events;
use crate::rows::rows;
use crate::writer::commit::{TRANSACTION, card_row, event_row};
use domain::board::{BoardChange, Card, KnownBoardChange};
use domain::id::{EditionId, ItemId, MemberId, ReportId};
use domain::position::Position;
use domain::report::state::EventKind;
use domain::sync::decide::Event;
use serde_json::{Map, Value};

/// Cards in one transaction.
const AT_ONCE: usize = 100;

impl Store {
    /// Puts so many cards on the board of an edition, with their events, past the reports that they would come from:
    /// the demonstration's items in other combinations, of all members in turn. Only for an empty server's measurements.
    ///
    /// # Errors
    /// When the database does not answer, or has no members.
    pub async fn load_crowd(&self, edition: EditionId, count: usize) -> Result<(), StoreError> {
        let mut response = self.db.query("SELECT VALUE record::id(id) FROM member").await?;
        let members = rows::<MemberId>(&mut response, 0)?;
        if members.is_empty() {
            return Err(StoreError::NoCouncil);
        }
        let sources: Vec<_> = files::reports()?.into_iter().flatten().flat_map(|report| report.items).collect();
        let mut first = events::head(&self.db).await?;
        for start in (0..count).step_by(AT_ONCE) {
            let (mut cards, mut told) = (Vec::new(), Vec::new());
            let now = crate::now();
            for n in start..count.min(start + AT_ONCE) {
                let report = ReportId { edition, member: members[n % members.len()] };
                let source = &sources[n % sources.len()];
                let other = &sources[(n / sources.len() + 7 * n) % sources.len()];
                let more = if other.language == source.language { other.text.as_str() } else { "" };
                let card = Card {
                    item: ItemId::new(now, &crate::entropy()),
                    member: report.member,
                    section: source.section,
                    position: Position::first(),
                    language: source.language,
                    title: format!("{} {n}", source.title),
                    text: format!("{} {more}", source.text).trim().to_owned(),
                    themes: source.themes.clone(),
                    submitted_at: now,
                    amended_at: None,
                    extra: Map::new(),
                };
                cards.push(card_row(&card, report)?);
                let kind = EventKind::Board(BoardChange::Known(KnownBoardChange::Card { card }));
                let seq = first + told.len() as u64 + 1;
                told.push(event_row(&Event { seq, subject: report.into(), kind }, now)?);
            }
            let last = first + told.len() as u64;
            let query = self.db.query(TRANSACTION).bind(("from", first)).bind(("to", last));
            let mut query = query.bind(("moved", SEQUENCE_MOVED));
            for name in ["reports", "items", "gone", "submitted", "withdrawn", "operations"] {
                query = query.bind((name, Value::Array(Vec::new())));
            }
            query.bind(("cards", Value::Array(cards))).bind(("events", Value::Array(told))).await?.check()?;
            first = last;
        }
        Ok(())
    }
}
