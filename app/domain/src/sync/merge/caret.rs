//! Where a caret goes when the text under it is replaced by a merged one.

use super::changes;
use super::tokens::tokens;

/// The place in `new` that is `at` in `old`, both in bytes on the border of a character: it stays behind the words that
/// it stood behind. Inside words that are gone it goes to their end.
#[must_use]
pub fn carry(old: &str, new: &str, at: usize) -> usize {
    let (before, after) = (tokens(old), tokens(new));
    let bytes = |tokens: &[&str]| tokens.iter().map(|token| token.len()).sum::<usize>();
    let mut moved = at;
    for change in changes(&before, &after) {
        let (start, end) = (bytes(&before[..change.base.start]), bytes(&before[..change.base.end]));
        let put = bytes(&change.new);
        if end < at || (end == at && start < at) {
            moved = moved + put - (end - start);
        } else if start < at {
            moved = moved - (at - start) + put;
        } else {
            break;
        }
    }
    let moved = moved.min(new.len());
    (moved..=new.len()).find(|place| new.is_char_boundary(*place)).unwrap_or(new.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caret_stays_behind_its_words() {
        let cases = [
            ("One two.", "One two.", 4, 4),
            ("One two. Three.", "Zero. One two. Three.", 8, 14),
            ("One two. Three.", "One two. Three. Four.", 8, 8),
            ("One two. Three.", "One two. Four. Three.", 4, 4),
            ("Été là. Fin.", "Un été là. Fin.", "Été là.".len(), "Un été là.".len()),
            ("", "New", 0, 0),
        ];
        for (old, new, at, expected) in cases {
            assert_eq!(carry(old, new, at), expected, "{old:?} to {new:?} at {at}");
        }
    }

    #[test]
    fn a_caret_is_always_inside_the_text_and_between_characters() {
        for (old, new) in [("a b c d", "é"), ("é è ê", "x"), ("long text here", ""), ("", "é")] {
            for at in (0..=old.len()).filter(|at| old.is_char_boundary(*at)) {
                assert!(new.is_char_boundary(carry(old, new, at)), "{old:?} to {new:?} at {at}");
            }
        }
    }
}
