//! The board on the device: kept card by card, so that it opens with no network.
//!
//! | key | row |
//! |---|---|
//! | `<person>/<edition>/board` | the board without its cards: instance, cursor, time |
//! | `<person>/<edition>/card/<item>` | a card |
//! | `<person>/<edition>/projection` | what the wall shows; see [`super::wall`] |

use super::journal::{Journal, JournalError, Rows, Table};
use domain::board::{Applied, Board, Card};
use domain::id::{EditionId, ItemId, PersonId};
use domain::json::{self, write};
use domain::sync::journal::{Write, owned_by};
use std::collections::BTreeMap;

fn root(person: PersonId, edition: EditionId) -> String {
    format!("{}{edition}/", owned_by(person))
}

fn head(root: &str, board: &Board) -> Write {
    let bare = Board { cards: BTreeMap::new(), ..*board };
    Write { key: format!("{root}board"), value: Some(write(&bare)) }
}

fn card(root: &str, item: ItemId, card: Option<&Card>) -> Write {
    Write { key: format!("{root}card/{item}"), value: card.map(write) }
}

/// The board as it was last seen here.
///
/// # Errors
/// When the browser refuses.
pub async fn read(journal: &Journal, person: PersonId, edition: EditionId) -> Result<Option<Board>, JournalError> {
    let root = root(person, edition);
    let rows = journal.read(Table::Board, &root).await?;
    let board = rows.get(&format!("{root}board")).and_then(|json| json::read::<Board>(json).ok());
    Ok(board.map(|mut board| {
        let cards = rows.iter().filter(|(key, _)| key.contains("/card/"));
        let cards = cards.filter_map(|(_, json)| json::read::<Card>(json).ok());
        board.cards = cards.map(|card| (card.item, card)).collect();
        board
    }))
}

/// Keeps a whole board in place of what was there.
///
/// # Errors
/// When the browser refuses.
pub async fn replace(journal: &Journal, person: PersonId, board: &Board) -> Result<(), JournalError> {
    let root = root(person, board.edition);
    let plan = |rows: &Rows| {
        let board_rows = rows.keys().filter(|key| !key.ends_with(super::wall::ROW));
        let gone = board_rows.map(|key| Write { key: key.clone(), value: None });
        let cards = board.cards.values().map(|c| card(&root, c.item, Some(c)));
        (gone.chain([head(&root, board)]).chain(cards).collect(), ())
    };
    journal.update(Table::Board, std::slice::from_ref(&root), plan).await
}

/// Keeps what some events did to the board.
///
/// # Errors
/// When the browser refuses.
pub async fn keep(journal: &Journal, person: PersonId, board: &Board, applied: &[Applied]) -> Result<(), JournalError> {
    let root = root(person, board.edition);
    let changed = applied.iter().filter_map(|applied| match applied {
        Applied::New(item) | Applied::Changed(item) | Applied::Removed(item) => Some(*item),
        Applied::Nothing => None,
    });
    let cards = changed.map(|item| card(&root, item, board.cards.get(&item)));
    let writes = cards.chain([head(&root, board)]).collect();
    journal.update(Table::Board, &[], |_| (writes, ())).await
}
