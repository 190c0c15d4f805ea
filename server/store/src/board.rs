//! Reading the board: every card of an edition, as of a place in the sequence.

use crate::connect::Store;
use crate::drafts::CARD;
use crate::error::StoreError;
use crate::rows::{row, rows};
use domain::board::{Board, Card};
use domain::id::EditionId;
use domain::sync::wire::Seq;

impl Store {
    /// All cards of an edition and the sequence that they stand at, read in one transaction, so that the events
    /// after the cursor are exactly what is missing.
    ///
    /// # Errors
    /// When the database does not answer, or holds what this program does not write.
    pub async fn board(&self, edition: EditionId) -> Result<Board, StoreError> {
        let query = format!(
            "BEGIN;
             SELECT VALUE n FROM sequence:council;
             SELECT {CARD} FROM card WHERE edition = type::record('edition', $edition);
             COMMIT;"
        );
        let mut response = self.db.query(query).bind(("edition", edition.to_string())).await?;
        let cursor = row::<Seq>(&mut response, 1)?.unwrap_or_default();
        let mut board = Board::empty(self.instance, edition, cursor, crate::now());
        board.cards = rows::<Card>(&mut response, 2)?.into_iter().map(|card| (card.item, card)).collect();
        Ok(board)
    }
}
