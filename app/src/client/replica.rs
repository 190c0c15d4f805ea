//! The board on the device, so that it opens with no network. What it is kept as: [`domain::board::kept`].

use super::journal::{Journal, JournalError, Rows, Table};
use domain::board::kept::{self, Changed, Gap};
use domain::board::{Applied, Board};
use domain::id::{EditionId, PersonId};
use domain::sync::wire::Seq;

/// The board as it was last seen here.
///
/// # Errors
/// When the browser refuses.
pub async fn read(journal: &Journal, person: PersonId, edition: EditionId) -> Result<Option<Board>, JournalError> {
    let root = kept::root(person, edition);
    // Made of the rows where they are: they are not copied to be looked at.
    let board = |rows: &Rows| {
        let board = kept::read(&root, rows);
        let long = board.as_ref().filter(|_| kept::is_long(&root, rows));
        (long.map(|board| kept::replaced(&root, rows, board)).unwrap_or_default(), board)
    };
    journal.update(Table::Board, std::slice::from_ref(&root), board).await
}

/// Keeps a whole board in place of what was there.
///
/// # Errors
/// When the browser refuses.
pub async fn replace(journal: &Journal, person: PersonId, board: &Board) -> Result<(), JournalError> {
    let root = kept::root(person, board.edition);
    let plan = |rows: &Rows| (kept::replaced(&root, rows, board), ());
    // What the wall shows and whom to call are beside the board, and are not its.
    journal.update(Table::Board, &kept::small_rows(&root), plan).await
}

/// What some events did to the board that stood at a cursor.
#[must_use]
pub fn changes(person: PersonId, board: &Board, from: Seq, applied: &[Applied]) -> Changed {
    kept::changed(&kept::root(person, board.edition), board, from, applied)
}

/// Keeps it; where it does not follow on what the device has, the whole board.
///
/// # Errors
/// When the browser refuses.
pub async fn keep(
    journal: &Journal,
    person: PersonId,
    changed: Changed,
    whole: impl FnOnce() -> Option<Board>,
) -> Result<(), JournalError> {
    let head = kept::head(changed.root());
    let plan = |rows: &Rows| match changed.writes(rows) {
        Ok(writes) => (writes, false),
        Err(Gap) => (Vec::new(), true),
    };
    let gap = journal.update(Table::Board, &[head], plan).await?;
    if gap && let Some(board) = whole() {
        replace(journal, person, &board).await?;
    }
    Ok(())
}
