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

fn item_of(key: &str) -> Option<ItemId> {
    key.rsplit('/').next()?.parse().ok()
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
    // Made of the rows where they are: ten thousand are not copied to be looked at.
    let board = |rows: &Rows| {
        let mut board = rows.get(&format!("{root}board")).and_then(|json| json::read::<Board>(json).ok())?;
        let cards = rows.iter().filter(|(key, _)| key.contains("/card/"));
        let cards = cards.filter_map(|(_, json)| json::read::<Card>(json).ok());
        board.cards = cards.map(|card| (card.item, card)).collect();
        Some(board)
    };
    journal.update(Table::Board, std::slice::from_ref(&root), |rows| (Vec::new(), board(rows))).await
}

/// Keeps a whole board in place of what was there.
///
/// # Errors
/// When the browser refuses.
pub async fn replace(journal: &Journal, person: PersonId, board: &Board) -> Result<(), JournalError> {
    let root = root(person, board.edition);
    let plan = |rows: &Rows| {
        let gone = rows.keys().filter(|key| item_of(key).is_none_or(|item| !board.cards.contains_key(&item)));
        let gone = gone.map(|key| Write { key: key.clone(), value: None });
        let cards = board.cards.values().map(|c| card(&root, c.item, Some(c)));
        (gone.chain([head(&root, board)]).chain(cards).collect(), ())
    };
    // Only the cards: what the wall shows and whom to call are beside them, and are not the board's.
    journal.update(Table::Board, &[format!("{root}card/")], plan).await
}

/// What some events did to the board, as rows to be kept.
#[must_use]
pub fn changes(person: PersonId, board: &Board, applied: &[Applied]) -> Vec<Write> {
    let root = root(person, board.edition);
    let changed = applied.iter().filter_map(|applied| match applied {
        Applied::New(item) | Applied::Changed(item) | Applied::Removed(item) => Some(*item),
        Applied::Nothing => None,
    });
    let cards = changed.map(|item| card(&root, item, board.cards.get(&item)));
    cards.chain([head(&root, board)]).collect()
}

/// Keeps them.
///
/// # Errors
/// When the browser refuses.
pub async fn keep(journal: &Journal, changes: Vec<Write>) -> Result<(), JournalError> {
    journal.update(Table::Board, &[], |_| (changes, ())).await
}
