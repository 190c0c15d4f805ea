//! The board of one edition, as everybody reads it.

use crate::log::Committed;
use domain::board::{Board, BoardChange, Card, KnownBoardChange};
use domain::id::{EditionId, InstanceId, ItemId};
use domain::report::state::EventKind;
use domain::sync::chain::Mark;
use domain::sync::wire::Seq;
use domain::time::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The cards of an edition, kept as the batches come.
#[derive(Debug)]
pub struct BoardMemory {
    edition: EditionId,
    cards: Mutex<Cards>,
}

#[derive(Debug, Clone, Default)]
struct Cards {
    by_item: BTreeMap<ItemId, Arc<Card>>,
    version: u64,
}

/// The cards of a board at one moment; cheap to take.
#[derive(Debug)]
pub struct BoardSnapshot {
    edition: EditionId,
    cards: Vec<Arc<Card>>,
    /// Everything up to here is in it.
    mark: Mark,
    /// Counts the changes of this board in this process: two snapshots with the same number have the same cards.
    pub version: u64,
}

/// As [`Board`] is written.
#[derive(Serialize)]
struct Wire<'a> {
    instance: InstanceId,
    edition: EditionId,
    cursor: Seq,
    as_of: Timestamp,
    mark: Mark,
    cards: Vec<&'a Card>,
}

impl BoardMemory {
    pub fn new(edition: EditionId, cards: Vec<Card>) -> Self {
        let by_item = cards.into_iter().map(|card| (card.item, Arc::new(card))).collect();
        Self { edition, cards: Mutex::new(Cards { by_item, version: 1 }) }
    }

    /// What happened on this board in a batch.
    pub fn follow(&self, batch: &Committed) {
        let of_this = batch.board_events().filter(|event| event.subject.edition() == Some(self.edition));
        let mut cards = None;
        for event in of_this {
            let EventKind::Board(BoardChange::Known(change)) = &event.kind else { continue };
            let cards = cards.get_or_insert_with(|| self.lock());
            cards.version += 1;
            match change {
                KnownBoardChange::Card { card } => drop(cards.by_item.insert(card.item, Arc::new(card.clone()))),
                KnownBoardChange::CardRemoved { item } => drop(cards.by_item.remove(item)),
            }
        }
    }

    /// Its cards now, at the end of the log; no batch is taken in meanwhile.
    pub fn snapshot(&self, mark: Mark) -> BoardSnapshot {
        let cards = self.lock();
        let (version, cards) = (cards.version, cards.by_item.values().map(Arc::clone).collect());
        BoardSnapshot { edition: self.edition, cards, mark, version }
    }

    /// Nothing panics while it is held.
    fn lock(&self) -> MutexGuard<'_, Cards> {
        self.cards.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BoardSnapshot {
    /// As a board, with what the device is told beside the cards.
    #[must_use]
    pub fn board(&self, instance: InstanceId, as_of: Timestamp) -> Board {
        let mut board = Board::empty(instance, self.edition, self.mark.seq, as_of);
        board.mark = Some(self.mark);
        board.cards = self.cards.iter().map(|card| (card.item, Card::clone(card))).collect();
        board
    }

    /// The same as JSON, without copying the cards.
    ///
    /// # Errors
    /// Never, for what the domain writes.
    pub fn json(&self, instance: InstanceId, as_of: Timestamp) -> Result<Vec<u8>, serde_json::Error> {
        let cards = self.cards.iter().map(|card| &**card).collect();
        let (edition, mark) = (self.edition, self.mark);
        serde_json::to_vec(&Wire { instance, edition, cursor: mark.seq, as_of, mark, cards })
    }
}
