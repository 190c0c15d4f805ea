//! How a device keeps a board: whole, as it was last made whole, and what changed since. Reading one long row is many
//! times faster than reading ten thousand, and writing a change touches one short row.
//!
//! | key | row |
//! |---|---|
//! | `<person>/<edition>/base` | the board with its cards, as the text of its JSON |
//! | `<person>/<edition>/head` | the board without its cards, as of all rows together: instance, cursor, time, mark |
//! | `<person>/<edition>/since/<item>` | a card that changed since, as it is now; null when it is gone |
//!
//! Several tabs keep the same board, each as fast as it can. The changes that a tab keeps lead from one cursor to
//! another, and are written only over a head between the two: before it there is a [`Gap`], and the board is kept whole
//! instead; at its end or after, another tab has kept them already. So a tab that is behind may lay an older board down,
//! and a device may refuse a change: the next one finds that it does not follow.
//!
//! Programs before this one kept `board`, without its cards, and a row `card/<item>` for each. They are read until the
//! board is next made whole.

use super::{Applied, Board, Card};
use crate::id::{EditionId, ItemId, PersonId};
use crate::json::{self, Object};
use crate::sync::journal::{Write, owned_by};
use crate::sync::wire::Seq;
use serde_json::Value;
use std::collections::BTreeMap;

/// So many cards may have changed before the board is made whole again.
const MANY: usize = 500;

/// The prefix of the rows of a person's board.
#[must_use]
pub fn root(person: PersonId, edition: EditionId) -> String {
    format!("{}{edition}/", owned_by(person))
}

/// The prefixes of the rows that [`replaced`] has to see: all that make a board but the long one.
#[must_use]
pub fn small_rows(root: &str) -> [String; 3] {
    ["board", "card/", "since/"].map(|name| format!("{root}{name}"))
}

/// The key of the row that [`Changed::writes`] has to see.
#[must_use]
pub fn head(root: &str) -> String {
    format!("{root}head")
}

/// The board that some rows make; none when they make none.
#[must_use]
pub fn read(root: &str, rows: &Object) -> Option<Board> {
    let base = rows.get(&format!("{root}base")).and_then(Value::as_str);
    let mut board = base.and_then(|text| serde_json::from_str::<Board>(text).ok()).or_else(|| by_cards(root, rows))?;
    let Some(head) = head_of(root, rows).filter(|head| head.instance == board.instance) else { return Some(board) };
    for (item, card) in changed_cards(root, rows) {
        if card.is_null() {
            board.cards.remove(&item);
        } else if let Ok(card) = json::read::<Card>(card) {
            board.cards.insert(item, card);
        }
    }
    board.advance(head.cursor, head.as_of, head.mark);
    Some(board)
}

/// Whether so much changed that the board is better made whole.
#[must_use]
pub fn is_long(root: &str, rows: &Object) -> bool {
    changed_cards(root, rows).count() > MANY
}

/// A whole board in place of what was there. `rows`: those of [`small_rows`].
#[must_use]
pub fn replaced(root: &str, rows: &Object, board: &Board) -> Vec<Write> {
    let small = small_rows(root);
    let gone = rows.keys().filter(|key| small.iter().any(|prefix| key.starts_with(prefix)));
    let text = serde_json::to_string(board).expect("a board is JSON");
    let whole = [Write::put(format!("{root}base"), text.into()), Write::put(head(root), json::write(&bare(board)))];
    gone.map(|key| Write::remove(key.clone())).chain(whole).collect()
}

/// What some events did to a board.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    root: String,
    from: Seq,
    head: Board,
    cards: Vec<Write>,
}

/// Something before the changes is not on the device: only the whole board brings it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap;

impl Changed {
    /// The prefix of the rows of its board.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.root
    }

    /// The rows to be kept; none when the device has them from another tab, or has another database's. `rows`: the one
    /// at [`head`].
    ///
    /// # Errors
    /// [`Gap`].
    pub fn writes(self, rows: &Object) -> Result<Vec<Write>, Gap> {
        let known = head_of(&self.root, rows).ok_or(Gap)?;
        if known.instance != self.head.instance || known.cursor >= self.head.cursor {
            return Ok(Vec::new());
        }
        if known.cursor < self.from {
            return Err(Gap);
        }
        let head = Write::put(head(&self.root), json::write(&self.head));
        Ok(self.cards.into_iter().chain([head]).collect())
    }
}

/// What some events did to a board that stood at the cursor `from` before them.
#[must_use]
pub fn changed(root: &str, board: &Board, from: Seq, applied: &[Applied]) -> Changed {
    let items = applied.iter().filter_map(|applied| match applied {
        Applied::New(item) | Applied::Changed(item) | Applied::Removed(item) => Some(item),
        Applied::Nothing => None,
    });
    let card = |item: &ItemId| board.cards.get(item).map_or(Value::Null, json::write);
    let cards = items.map(|item| Write::put(format!("{root}since/{item}"), card(item)));
    Changed { root: root.to_owned(), from, head: bare(board), cards: cards.collect() }
}

fn bare(board: &Board) -> Board {
    Board { cards: BTreeMap::new(), ..*board }
}

fn head_of(root: &str, rows: &Object) -> Option<Board> {
    rows.get(&head(root)).and_then(|head| json::read(head).ok())
}

fn changed_cards<'a>(root: &str, rows: &'a Object) -> impl Iterator<Item = (ItemId, &'a Value)> {
    let prefix = format!("{root}since/");
    rows.iter().filter_map(move |(key, card)| Some((key.strip_prefix(&prefix)?.parse().ok()?, card)))
}

/// What programs before this one kept.
fn by_cards(root: &str, rows: &Object) -> Option<Board> {
    let mut board = rows.get(&format!("{root}board")).and_then(|head| json::read::<Board>(head).ok())?;
    let prefix = format!("{root}card/");
    let cards = rows.iter().filter(|(key, _)| key.starts_with(&prefix));
    let cards = cards.filter_map(|(_, card)| json::read::<Card>(card).ok());
    board.cards = cards.map(|card| (card.item, card)).collect();
    Some(board)
}

#[cfg(test)]
mod tests {
    use super::super::tests::card;
    use super::*;
    use crate::id::InstanceId;
    use crate::sync::chain::{ChainHash, Mark};
    use crate::time::Timestamp;
    use proptest::prelude::*;

    fn at(n: u64) -> Timestamp {
        Timestamp::from_millis(i64::try_from(n).expect("small"))
    }

    fn board(instance: u8, cursor: u64, cards: &[(u8, &str)]) -> Board {
        let edition = EditionId::new(at(1), &[1; 10]);
        let mut board = Board::empty(InstanceId::new(at(1), &[instance; 10]), edition, cursor, at(cursor));
        board.cards = cards.iter().map(|(n, text)| card(*n, text)).map(|card| (card.item, card)).collect();
        board
    }

    fn mark(seq: u64) -> Mark {
        Mark { seq, hash: ChainHash::GENESIS }
    }

    fn write(rows: &mut Object, writes: Vec<Write>) {
        for write in writes {
            match write.value {
                Some(value) => drop(rows.insert(write.key, value)),
                None => drop(rows.remove(&write.key)),
            }
        }
    }

    const ROOT: &str = "person/edition/";

    /// What a tab does that has heard of a change, which made this board of the one at the cursor before.
    fn keep(rows: &mut Object, board: &Board, applied: Applied) {
        let changed = changed(ROOT, board, board.cursor - 1, &[applied]);
        let writes = changed.writes(rows).unwrap_or_else(|Gap| replaced(ROOT, rows, board));
        write(rows, writes);
    }

    #[test]
    fn rows_of_the_program_before_are_read_and_go_with_the_next_change() {
        let old = board(1, 5, &[(1, "one"), (2, "two")]);
        let mut rows = Object::new();
        let bare = Board { cards: BTreeMap::new(), ..old };
        rows.insert(format!("{ROOT}board"), json::write(&bare));
        rows.insert(format!("{ROOT}projection"), Value::Null);
        for card in old.cards.values() {
            rows.insert(format!("{ROOT}card/{}", card.item), json::write(card));
        }
        assert_eq!(read(ROOT, &rows), Some(old.clone()));

        let mut now = old;
        let gone = card(1, "one").item;
        now.cards.remove(&gone);
        now.advance(6, at(6), None);
        keep(&mut rows, &now, Applied::Removed(gone));
        assert_eq!(read(ROOT, &rows), Some(now));
        assert_eq!(
            rows.keys().collect::<Vec<_>>(),
            ["base", "head", "projection"].map(|name| format!("{ROOT}{name}")).iter().collect::<Vec<_>>()
        );
    }

    #[test]
    fn changes_of_another_database_are_not_laid_over_a_board() {
        let mut rows = Object::new();
        let theirs = board(2, 9, &[(1, "theirs")]);
        let change = changed(ROOT, &theirs, 8, &[Applied::New(card(1, "").item)]);
        assert_eq!(change.writes(&rows), Err(Gap), "changes are no board");
        let ours = board(1, 5, &[(1, "ours")]);
        let writes = replaced(ROOT, &rows, &ours);
        write(&mut rows, writes);
        keep(&mut rows, &theirs, Applied::Changed(card(1, "").item));
        assert_eq!(read(ROOT, &rows), Some(ours));
    }

    #[test]
    fn a_change_that_a_slower_tab_kept_is_not_laid_over_a_newer_board() {
        let mut rows = Object::new();
        let newer = board(1, 40, &[(1, "new")]);
        write(&mut rows, replaced(ROOT, &Object::new(), &newer));
        let older = board(1, 39, &[(1, "old")]);
        keep(&mut rows, &older, Applied::Changed(card(1, "").item));
        assert_eq!(read(ROOT, &rows), Some(newer));
        // Nor later, with what came after it.
        let newest = board(1, 41, &[(1, "new"), (2, "later")]);
        keep(&mut rows, &newest, Applied::New(card(2, "").item));
        assert_eq!(read(ROOT, &rows), Some(newest));
    }

    #[test]
    fn a_change_that_the_device_lost_comes_with_the_next_one() {
        let older = board(1, 39, &[(1, "old")]);
        let newest = board(1, 41, &[(1, "new"), (2, "later")]);
        let mut rows = Object::new();
        // The change at 40 was refused, or was kept and a slower tab laid its whole board over it.
        for lost in [false, true] {
            if lost {
                keep(&mut rows, &board(1, 40, &[(1, "new")]), Applied::Changed(card(1, "").item));
            }
            let writes = replaced(ROOT, &rows, &older);
            write(&mut rows, writes);
            assert_eq!(read(ROOT, &rows), Some(older.clone()));
            keep(&mut rows, &newest, Applied::New(card(2, "").item));
            assert_eq!(read(ROOT, &rows), Some(newest.clone()));
        }
    }

    #[test]
    fn a_board_with_many_changes_is_better_made_whole() {
        let mut rows = Object::new();
        let mut whole = board(1, 0, &[]);
        write(&mut rows, replaced(ROOT, &Object::new(), &whole));
        for n in 0..=MANY {
            assert!(!is_long(ROOT, &rows), "{n}");
            let item = ItemId::new(at(n as u64), &[1; 10]);
            whole.advance(n as u64 + 1, at(n as u64 + 1), None);
            keep(&mut rows, &whole, Applied::Removed(item));
        }
        assert!(is_long(ROOT, &rows));
    }

    proptest! {
        /// Whatever arrives, whenever the board is made whole, however late another tab keeps the same or lays an older
        /// board down, and whatever the device refuses: the rows are the board as it was at their cursor, and after a
        /// change that was kept, as it is.
        #[test]
        fn the_rows_are_the_board(acts in proptest::collection::vec((0..6_u8, "[a-c]{0,2}", 0..7_u8), 0..40)) {
            let (mut now, mut rows) = (board(1, 0, &[]), Object::new());
            // The board at each cursor.
            let mut history = vec![now.clone()];
            // What a slower tab has not kept yet.
            let mut behind: Vec<(Board, Applied)> = Vec::new();
            write(&mut rows, replaced(ROOT, &Object::new(), &now));
            for (step, (n, text, act)) in (1_usize..).zip(acts) {
                let given = card(n, &text);
                let (item, known) = (given.item, now.cards.contains_key(&given.item));
                let applied = if act == 0 {
                    now.cards.remove(&item);
                    Applied::Removed(item)
                } else {
                    now.cards.insert(item, given);
                    if known { Applied::Changed(item) } else { Applied::New(item) }
                };
                now.advance(step as u64, at(step as u64), Some(mark(step as u64)));
                history.push(now.clone());
                behind.push((now.clone(), applied));
                let refused = act == 6;
                if !refused {
                    keep(&mut rows, &now, applied);
                    prop_assert_eq!(read(ROOT, &rows), Some(now.clone()));
                }
                match act {
                    3 => {
                        let writes = replaced(ROOT, &rows, &now);
                        write(&mut rows, writes);
                    }
                    4 => behind.drain(..).for_each(|(board, applied)| keep(&mut rows, &board, applied)),
                    5 => {
                        let writes = replaced(ROOT, &rows, &history[step / 2]);
                        write(&mut rows, writes);
                    }
                    _ => {}
                }
                let read = read(ROOT, &rows).expect("a board was kept");
                prop_assert_eq!(&read, &history[usize::try_from(read.cursor).expect("small")]);
            }
        }
    }
}
