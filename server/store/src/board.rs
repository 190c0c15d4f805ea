//! Reading the board: every card of an edition, as of a place in the sequence.

use crate::connect::Store;
use crate::error::StoreError;
use crate::memory::BoardSnapshot;
use crate::tables;
use domain::board::Board;
use domain::id::EditionId;

/// How often the tables are read again when they were behind what this process has let go of.
const ATTEMPTS: u32 = 12;

impl Store {
    /// All cards of an edition and the sequence that they stand at, so that the events after the cursor are exactly
    /// what is missing.
    ///
    /// # Errors
    /// When the database does not answer, or holds what this program does not write.
    pub async fn board(&self, edition: EditionId) -> Result<Board, StoreError> {
        Ok(self.board_snapshot(edition).await?.board(self.instance, crate::now()))
    }

    /// The same, cheap to take, to be written as JSON.
    ///
    /// # Errors
    /// As for [`Store::board`].
    pub async fn board_snapshot(&self, edition: EditionId) -> Result<BoardSnapshot, StoreError> {
        self.follow().await?;
        for _ in 0..ATTEMPTS {
            if let Some(found) = self.memory.board(edition) {
                return Ok(found);
            }
            let (cards, batch) = tables::board(&self.db, edition).await?;
            if let Some(found) = self.memory.take_in_board(edition, cards, batch) {
                return Ok(found);
            }
            self.follow().await?;
        }
        Err(StoreError::Contended { attempts: ATTEMPTS })
    }
}
