//! Reading what happened, in the order of the sequence, from which boards and drafts are fed.
//!
//! The log is the truth; notifications are only hints to look at it. A reader keeps a cursor and asks for what comes
//! after it; since numbers are given out inside the transactions that commit them, nothing ever appears behind a cursor.
//! What is near the end is in memory. Further back, a board's events are in their table, where what has left the board
//! is no longer: of that, only the removal is read.

use crate::connect::Store;
use crate::error::StoreError;
use crate::log::{self, Committed};
use crate::rows::rows;
use domain::board::events::EventsPage;
use domain::board::{BoardChange, BoardEvent, KnownBoardChange};
use domain::id::{EditionId, ItemId, ReportId};
use domain::limits::EVENTS_PAGE;
use domain::report::state::EventKind;
use domain::sync::chain::{self, ChainHash};
use domain::sync::wire::{PROTOCOL, Seq};
use domain::time::Timestamp;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// An event of any board.
#[derive(Debug, Clone, PartialEq)]
pub struct LoggedEvent {
    /// The edition whose board it belongs to.
    pub edition: EditionId,
    /// What the board is told.
    pub event: BoardEvent,
}

/// A stretch of the log.
#[derive(Debug, Clone, Default, PartialEq)]
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
    at: Timestamp,
    body: String,
}

impl EventRow {
    fn logged(&self) -> Result<LoggedEvent, StoreError> {
        let change: BoardChange = serde_json::from_str(&self.body)?;
        Ok(LoggedEvent { edition: self.edition, event: BoardEvent { seq: self.seq, at: self.at, change, mark: None } })
    }
}

impl EventsAfter {
    /// The first event of each board in a batch has the batch's mark: a stream begins where a batch ends.
    fn take(&mut self, batch: &Committed, cursor: Seq) {
        let mut marked = BTreeSet::new();
        for event in batch.events.iter().filter(|event| event.seq > cursor) {
            let (seq, at) = (event.seq, batch.at);
            match &event.kind {
                EventKind::Board(change) => {
                    let Some(edition) = event.subject.edition() else { continue };
                    let mark = marked.insert(edition).then_some(batch.mark.of_reader());
                    let event_of = BoardEvent { seq, at, change: change.clone(), mark };
                    self.events.push(LoggedEvent { edition, event: event_of });
                }
                EventKind::Draft | EventKind::Submitted(_) | EventKind::Withdrawn => {
                    let Some(report) = event.subject.report() else { continue };
                    self.drafts.insert(report, seq);
                }
            }
        }
        self.cursor = batch.mark.seq;
    }
}

impl EventsAfter {
    /// The first page of it, as the table of events has it: of a card that is gone by now, only that it is gone.
    fn without_what_left(mut self, cursor: Seq) -> Self {
        let removed = |logged: &LoggedEvent| match &logged.event.change {
            BoardChange::Known(KnownBoardChange::CardRemoved { item }) => Some((*item, logged.event.seq)),
            _ => None,
        };
        let gone: HashMap<ItemId, Seq> = self.events.iter().filter_map(removed).collect();
        let last = self.cursor.min(cursor.saturating_add(EVENTS_PAGE as u64));
        self.events.retain(|logged| match &logged.event.change {
            BoardChange::Known(KnownBoardChange::Card { card }) => {
                logged.event.seq <= last && gone.get(&card.item).is_none_or(|at| *at < logged.event.seq)
            }
            _ => logged.event.seq <= last,
        });
        (self.more, self.cursor) = (last < self.cursor, last);
        self
    }
}

impl Store {
    /// The last number that was given out, by any process.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn head(&self) -> Result<Seq, StoreError> {
        self.follow().await?;
        Ok(self.memory.head().seq)
    }

    /// The end of the log, for a device to come back with; none when it has gone on from `seq` meanwhile.
    pub(crate) fn place(&self, seq: Seq) -> Option<chain::Mark> {
        Some(self.end()).filter(|end| end.seq == seq)
    }

    /// The end of the log as this process knows it.
    #[must_use]
    pub fn end(&self) -> chain::Mark {
        self.memory.head().of_reader()
    }

    /// Everything that happened after `cursor`, of all boards and drafts, as it was; none when that is too long ago to be
    /// in memory.
    #[must_use]
    pub fn lately(&self, cursor: Seq) -> Option<EventsAfter> {
        let batches: Vec<Arc<Committed>> = self.memory.since(cursor)?;
        let mut after = EventsAfter { cursor, ..EventsAfter::default() };
        for batch in batches {
            after.take(&batch, cursor);
        }
        Some(after)
    }

    /// Up to [`EVENTS_PAGE`] numbers of the log after `cursor`, for all boards or one, without what has left a board.
    ///
    /// # Errors
    /// When the database does not answer, or holds what this program does not write.
    pub async fn events_after(&self, cursor: Seq, edition: Option<EditionId>) -> Result<EventsAfter, StoreError> {
        let head = self.head().await?;
        let last = head.min(cursor.saturating_add(EVENTS_PAGE as u64));
        if last <= cursor {
            return Ok(EventsAfter { cursor: cursor.min(head), ..EventsAfter::default() });
        }
        self.tables.reach().await?;
        // The bounds of a range of ids cannot be parameters; they are numbers.
        let first = cursor + 1;
        let query = format!(
            "SELECT record::id(id) AS seq, record::id(edition) AS edition, at, body FROM event:{first}..={last}
            WHERE $edition = NONE OR edition = type::record('edition', $edition)"
        );
        let mut response = self.db.query(query).bind(("edition", edition.map(|id| id.to_string()))).await?;
        let found = rows::<EventRow>(&mut response, 0)?;
        let mut events = found.iter().map(EventRow::logged).collect::<Result<Vec<_>, _>>()?;
        events.sort_by_key(|logged| logged.event.seq);
        let drafts = if edition.is_none() { self.drafts_between(cursor, last).await? } else { BTreeMap::new() };
        Ok(EventsAfter { events, drafts, cursor: last, more: last < head })
    }

    /// The reports that changed after one place in the sequence and up to another.
    async fn drafts_between(&self, after: Seq, upto: Seq) -> Result<BTreeMap<ReportId, Seq>, StoreError> {
        const PAGE: u64 = 64;
        let mut drafts = BTreeMap::<ReportId, Seq>::new();
        let mut batch = log::batch_of(&self.db, self.memory.head().batch, after + 1).await?.saturating_sub(1);
        loop {
            let page = log::batches_after(&self.db, batch, PAGE).await?;
            let Some(last) = page.last().map(|found| found.mark) else { return Ok(drafts) };
            for done in page.iter().flat_map(|found| &found.done) {
                let here = done.answer.status == 200 && (after + 1..=upto).contains(&done.seq);
                if let Some(report) = done.operation.subject.report().filter(|_| here) {
                    let place = drafts.entry(report).or_default();
                    *place = done.seq.max(*place);
                }
            }
            if last.seq >= upto {
                return Ok(drafts);
            }
            batch = last.batch;
        }
    }

    /// The events of one board, as they go over the wire.
    ///
    /// # Errors
    /// As for [`Store::events_after`].
    pub async fn board_events(&self, edition: EditionId, cursor: Seq) -> Result<EventsPage, StoreError> {
        let head = self.head().await?;
        let EventsAfter { events, cursor, more, .. } = match self.lately(cursor).filter(|_| cursor < head) {
            Some(after) => after.without_what_left(cursor),
            None => self.events_after(cursor, Some(edition)).await?,
        };
        let of_this = events.into_iter().filter(|logged| logged.edition == edition);
        // One mark is enough for a page.
        let events = of_this.map(|logged| BoardEvent { mark: None, ..logged.event }).collect();
        let mark = Some(self.end());
        Ok(EventsPage { protocol: PROTOCOL, instance: self.instance, events, cursor, more, mark })
    }

    /// Whether the mark that a device heard last is of another past of the database: a folder was copied back by hand, or
    /// the log has lost its end. One that has heard of none is believed.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_other_past(&self, heard: Option<chain::Mark>) -> Result<bool, StoreError> {
        match heard {
            Some(mark) => Ok(!self.knows(&mark).await?),
            None => Ok(false),
        }
    }

    /// Whether a batch of this log ended at a place in the sequence with this chain: whoever was told so has read this
    /// log, and not another past of the database.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn knows(&self, chain::Mark { seq, hash }: &chain::Mark) -> Result<bool, StoreError> {
        let (seq, chain) = (*seq, hash);
        if seq > self.memory.head().seq {
            // Another process may have told of it.
            self.follow().await?;
        }
        if seq == 0 {
            return Ok(*chain == ChainHash::GENESIS);
        }
        if self.memory.ended(seq, chain) {
            return Ok(true);
        }
        let head = self.memory.head();
        if seq > head.seq {
            return Ok(false);
        }
        let mut batch = log::batch_of(&self.db, head.batch, seq).await?;
        // Batches of conflicts alone end where the one before them did.
        while let Some(mark) = log::mark_at(&self.db, batch).await?.filter(|mark| mark.seq == seq) {
            if mark.hash == *chain {
                return Ok(true);
            }
            batch += 1;
        }
        Ok(false)
    }
}
