//! Two texts that do not merge, as one for a person to edit.

use super::{Change, LONGEST, MOST_TOKENS, changes, holds};
use crate::sync::merge::tokens::{parts, tokens};
use std::iter::Peekable;
use std::ops::Range;
use std::vec::IntoIter;

/// Both texts in one: changes that are apart from each other are made; where they touch, mine stand before theirs.
/// `between` stands between two whole texts, when nothing tells what both started from.
#[must_use]
pub fn combine(base: &str, mine: &str, theirs: &str, between: &str) -> String {
    let words = [base, mine, theirs].map(tokens);
    let [base_words, my_words, their_words] = &words;
    let too_long = [base, mine, theirs].iter().any(|text| text.len() > LONGEST)
        || base_words.len() + my_words.len().max(their_words.len()) > MOST_TOKENS;
    if base.trim().is_empty() || too_long {
        return beside(mine, theirs, between);
    }
    let mut combined = String::new();
    let mut at = 0;
    for Touching { range, mine, theirs } in touching(base_words, my_words, their_words) {
        combined.push_str(&base_words[at..range.start].concat());
        let side = |changes: &[Change<'_>]| carried_out(base_words, &range, changes);
        combined.push_str(&match (mine.is_empty(), theirs.is_empty()) {
            (_, true) => side(&mine),
            (true, false) => side(&theirs),
            (false, false) => beside(&side(&mine), &side(&theirs), " "),
        });
        at = range.end;
    }
    combined.push_str(&base_words[at..].concat());
    combined
}

/// One after the other, unless one holds every word of the other.
fn beside(mine: &str, theirs: &str, between: &str) -> String {
    if holds(mine, theirs) {
        return mine.to_owned();
    }
    if holds(theirs, mine) {
        return theirs.to_owned();
    }
    let apart = mine.ends_with(char::is_whitespace) || theirs.starts_with(char::is_whitespace);
    [mine, if apart { "" } else { between }, theirs].concat()
}

/// Changes of either side with no unchanged word between them.
struct Touching<'a> {
    range: Range<usize>,
    mine: Vec<Change<'a>>,
    theirs: Vec<Change<'a>>,
}

fn touching<'a>(base: &[&str], mine: &[&'a str], theirs: &[&'a str]) -> Vec<Touching<'a>> {
    let [mut mine, mut theirs] = [mine, theirs].map(|after| changes(base, after).into_iter().peekable());
    let mut all = Vec::new();
    while let Some(from) = mine.peek().into_iter().chain(theirs.peek()).map(|change| change.base.start).min() {
        let mut group = Touching { range: from..from, mine: Vec::new(), theirs: Vec::new() };
        while take(base, &mut group.range, &mut mine, &mut group.mine)
            || take(base, &mut group.range, &mut theirs, &mut group.theirs)
        {}
        all.push(group);
    }
    all
}

/// Takes a side's next change when it touches the range, which grows by it.
fn take<'a>(
    base: &[&str],
    range: &mut Range<usize>,
    side: &mut Peekable<IntoIter<Change<'a>>>,
    taken: &mut Vec<Change<'a>>,
) -> bool {
    let touches = |change: &Change<'_>| change.base.start <= range.end || !parts(&base[range.end..change.base.start]);
    let Some(change) = side.next_if(touches) else { return false };
    range.end = range.end.max(change.base.end);
    taken.push(change);
    true
}

fn carried_out(base: &[&str], range: &Range<usize>, changes: &[Change<'_>]) -> String {
    let mut text = String::new();
    let mut at = range.start;
    for change in changes {
        text.push_str(&base[at..change.base.start].concat());
        text.push_str(&change.new.concat());
        at = change.base.end;
    }
    text.push_str(&base[at..range.end].concat());
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::merge::merge;
    use proptest::prelude::*;

    #[test]
    fn what_touches_stands_side_by_side_and_the_rest_is_merged() {
        let base = "One counter. Open on Mondays. Staffed by two.";
        let mine = "One counter in town. Open on Tuesdays. Staffed by two.";
        let theirs = "One counter. Open on Fridays. Staffed by three.";
        assert_eq!(
            combine(base, mine, theirs, "\n\n"),
            "One counter in town. Open on Tuesdays Fridays. Staffed by three."
        );
    }

    #[test]
    fn a_space_at_the_end_is_no_word_that_could_be_left_out() {
        assert_eq!(combine("", "c.", "c ", " "), "c.");
    }

    #[test]
    fn whole_texts_are_kept_apart_when_nothing_tells_what_they_started_from() {
        assert_eq!(combine("", "Mine.", "Theirs.", "\n\n"), "Mine.\n\nTheirs.");
        assert_eq!(combine("", "Mine", "Mine, and theirs", " / "), "Mine, and theirs");
        assert_eq!(combine("", "", "Theirs", " / "), "Theirs");
    }

    proptest! {
        #[test]
        fn what_merges_by_itself_is_combined_the_same(
            base in "([a-c]{1,2}[ .]){1,10}", mine in "([a-d]{1,2}[ .]){0,10}", theirs in "([a-e]{1,2}[ .]){0,10}",
        ) {
            if let Some(merged) = merge(&base, &mine, &theirs) {
                prop_assert_eq!(combine(&base, &mine, &theirs, " "), merged);
            }
        }

        #[test]
        fn no_new_word_is_left_out(
            base in "([a-c]{1,2}[ .]){0,10}", mine in "([a-d]{1,2}[ .]){0,10}", theirs in "([a-e]{1,2}[ .]){0,10}",
        ) {
            let combined = combine(&base, &mine, &theirs, " ");
            let words = tokens(&combined);
            // White space is no word: one text may hold every word of the other without its last space.
            let written = |token: &&str| !token.trim().is_empty();
            for word in tokens(&mine).into_iter().chain(tokens(&theirs)).filter(written) {
                prop_assert!(tokens(&base).contains(&word) || words.contains(&word), "{word:?} is not in {combined:?}");
            }
        }
    }
}
