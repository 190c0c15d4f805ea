//! Two texts, marked by word: what both say, what only the older says, what only the newer says.

use super::changes;
use super::tokens::tokens;

/// A stretch of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// In both.
    Same(String),
    /// Only in the older.
    Removed(String),
    /// Only in the newer.
    Added(String),
}

/// The two texts as one, in order: without what is removed it is `new`, without what is added it is `old`.
#[must_use]
pub fn compare(old: &str, new: &str) -> Vec<Piece> {
    let (before, after) = (tokens(old), tokens(new));
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut put = |piece: fn(String) -> Piece, words: &[&str]| {
        if !words.is_empty() {
            pieces.push(piece(words.concat()));
        }
    };
    for change in changes(&before, &after) {
        put(Piece::Same, &before[at..change.base.start]);
        put(Piece::Removed, &before[change.base.clone()]);
        put(Piece::Added, &change.new);
        at = change.base.end;
    }
    put(Piece::Same, &before[at..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_are_marked_and_not_letters() {
        let pieces = compare("One service, one number.", "One service, two numbers.");
        let removed: Vec<&Piece> = pieces.iter().filter(|piece| matches!(piece, Piece::Removed(_))).collect();
        assert!(removed.iter().all(|piece| !matches!(piece, Piece::Removed(text) if text == "s")), "{pieces:?}");
        assert_eq!(pieces.first(), Some(&Piece::Same("One service, ".into())));
        assert_eq!(compare("", ""), []);
    }

    proptest! {
        #[test]
        fn both_texts_are_in_it(old in "([a-c]{1,2}[ .,]){0,12}", new in "([a-c]{1,2}[ .,]){0,12}") {
            let pieces = compare(&old, &new);
            let joined = |with: fn(&Piece) -> Option<&str>| pieces.iter().filter_map(with).collect::<String>();
            let without_added = joined(|piece| match piece {
                Piece::Same(text) | Piece::Removed(text) => Some(text),
                Piece::Added(_) => None,
            });
            let without_removed = joined(|piece| match piece {
                Piece::Same(text) | Piece::Added(text) => Some(text),
                Piece::Removed(_) => None,
            });
            prop_assert_eq!(without_added, old);
            prop_assert_eq!(without_removed, new);
        }
    }
}
