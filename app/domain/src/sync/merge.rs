//! Merging two people's changes of one field, when that can be done without losing or doubling a word.
//!
//! Prose is cut into words, spaces and marks. The changes of either side are found against the text that both
//! started from; they merge when an unchanged word, or the end of a sentence, stands between any two of them.
//! Anything else is left to a person: [`merge`] says `None`, and the field keeps both texts.
//!
//! The comparison is that of imara-diff, which gives up early on texts that have little in common, with no clock, and
//! adds 12 KB to the browser's program (similar: 43 KB, and its limit is a clock's).

mod caret;
mod combine;
mod compare;
mod tokens;

use crate::field::{FieldValue, ItemValue};
use crate::limits::ITEM_TEXT_CHARS;
use crate::sync::fault::{self, Fault};
pub use caret::carry;
pub use combine::combine;
pub use compare::{Piece, compare};
use imara_diff::{Algorithm, Diff, Interner, Token};
use std::collections::BTreeSet;
use std::ops::Range;
use tokens::{parts, tokens};

/// Bytes of a text that is still looked at: a full field of four-byte characters, and as much again, typed over the
/// limit. The diff gives up early on hostile texts; this bounds the rest.
const LONGEST: usize = 8 * ITEM_TEXT_CHARS;

/// Tokens of two texts that are compared: two full fields of prose have fewer; texts of single letters have more, and
/// are what makes a comparison slow.
const MOST_TOKENS: usize = 16_000;

/// Characters of a word that tells where it is from: the same long word inserted by both sides at different places
/// may be one sentence that both moved or pasted, and would be doubled.
const TELLING: usize = 5;

/// One side's change: tokens of the base, and what stands in their place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change<'a> {
    base: Range<usize>,
    new: Vec<&'a str>,
}

/// The text with both sides' changes, when they are apart from each other. The order of the sides does not matter.
///
/// Changes that are the same on both sides are made once. `None`: the changes touch, or both sides insert at one
/// place, or a sentence would be doubled, or the result is longer than [`ITEM_TEXT_CHARS`].
#[must_use]
pub fn merge(base: &str, mine: &str, theirs: &str) -> Option<String> {
    if fault::is(Fault::Concatenate) {
        return Some(format!("{mine} {theirs}"));
    }
    if mine == theirs || theirs == base {
        return Some(mine.to_owned());
    }
    if mine == base {
        return Some(theirs.to_owned());
    }
    if [base, mine, theirs].iter().any(|text| text.len() > LONGEST) {
        return None;
    }
    let base = tokens(base);
    let [mine, theirs] = [mine, theirs].map(tokens);
    if base.len() + mine.len().max(theirs.len()) > MOST_TOKENS {
        return None;
    }
    let plan = interleave(&base, changes(&base, &mine), changes(&base, &theirs))?;
    if doubles(&base, &plan) {
        return None;
    }
    let merged = carry_out(&base, &plan);
    (merged.chars().count() <= ITEM_TEXT_CHARS).then_some(merged)
}

/// Three values of one field merged: prose by words, themes as sets, anything else when only one side changed it.
/// A value that the council could not take is given only when it is one side's own.
#[must_use]
pub fn merge_values(base: &FieldValue, mine: &FieldValue, theirs: &FieldValue) -> Option<FieldValue> {
    if mine == theirs || theirs == base {
        return Some(mine.clone());
    }
    if mine == base {
        return Some(theirs.clone());
    }
    let merged = match (base, mine, theirs) {
        (
            FieldValue::Item(item, ItemValue::Themes(base)),
            FieldValue::Item(_, ItemValue::Themes(mine)),
            FieldValue::Item(_, ItemValue::Themes(theirs)),
        ) => FieldValue::Item(*item, ItemValue::Themes(merge_sets(base, mine, theirs))),
        _ => theirs.with_text(merge(base.text()?, mine.text()?, theirs.text()?)?),
    };
    merged.check().is_ok().then_some(merged)
}

/// Both sides' additions and removals: what they have first, in their order, then what I added.
#[must_use]
pub fn merge_sets<T: Clone + PartialEq>(base: &[T], mine: &[T], theirs: &[T]) -> Vec<T> {
    let kept = theirs.iter().filter(|entry| mine.contains(entry) || !base.contains(entry));
    let added = mine.iter().filter(|entry| !base.contains(entry) && !theirs.contains(entry));
    kept.chain(added).cloned().collect()
}

/// Whether `longer` holds every word of `shorter`, in the same order: nothing is lost when it takes its place.
#[must_use]
pub fn covers(longer: &FieldValue, shorter: &FieldValue) -> bool {
    match (longer, shorter) {
        (FieldValue::Item(_, ItemValue::Themes(longer)), FieldValue::Item(_, ItemValue::Themes(shorter))) => {
            shorter.iter().all(|theme| longer.contains(theme))
        }
        _ => match (longer.text(), shorter.text()) {
            (Some(longer), Some(shorter)) => holds(longer, shorter),
            _ => longer == shorter,
        },
    }
}

fn holds(longer: &str, shorter: &str) -> bool {
    let mut words = tokens(longer).into_iter().filter(|token| !token.trim().is_empty());
    tokens(shorter).iter().filter(|token| !token.trim().is_empty()).all(|word| words.any(|w| w == *word))
}

/// What `after` changes of `base`, in order. Changes with no unchanged word between them are one change.
fn changes<'a>(base: &[&str], after: &[&'a str]) -> Vec<Change<'a>> {
    let mut interner = Interner::new(base.len() + after.len());
    let old: Vec<Token> = base.iter().map(|token| interner.intern(*token)).collect();
    let new: Vec<Token> = after.iter().map(|token| interner.intern(*token)).collect();
    let mut diff = Diff::default();
    diff.compute_with(Algorithm::Myers, &old, &new, interner.num_tokens());
    let mut changes: Vec<(Range<usize>, Range<usize>)> = Vec::new();
    for hunk in diff.hunks() {
        let (old, new) = (usize_range(&hunk.before), usize_range(&hunk.after));
        match changes.last_mut() {
            Some(last) if !parts(&base[last.0.end..old.start]) => {
                *last = (last.0.start..old.end, last.1.start..new.end)
            }
            _ => changes.push((old, new)),
        }
    }
    changes.into_iter().map(|(old, new)| Change { base: old, new: after[new].to_vec() }).collect()
}

fn usize_range(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

/// A change, and whether both sides made it.
type Planned<'a> = (Change<'a>, Side);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Mine,
    Theirs,
    Both,
}

/// Both sides' changes in one order, when all are apart or the same.
fn interleave<'a>(base: &[&str], mine: Vec<Change<'a>>, theirs: Vec<Change<'a>>) -> Option<Vec<Planned<'a>>> {
    let mut plan: Vec<Planned<'a>> = Vec::with_capacity(mine.len() + theirs.len());
    let (mut mine, mut theirs) = (mine.into_iter().peekable(), theirs.into_iter().peekable());
    loop {
        let next = match (mine.peek(), theirs.peek()) {
            (None, None) => return Some(plan),
            (Some(m), Some(t)) if m == t => {
                theirs.next();
                (mine.next()?, Side::Both)
            }
            (Some(m), Some(t)) if (t.base.start, t.base.end) < (m.base.start, m.base.end) => {
                (theirs.next()?, Side::Theirs)
            }
            (None, Some(_)) => (theirs.next()?, Side::Theirs),
            (Some(_), _) => (mine.next()?, Side::Mine),
        };
        if let Some((last, side)) = plan.last() {
            let apart = next.0.base.start >= last.base.end && parts(&base[last.base.end..next.0.base.start]);
            if *side != next.1 && !apart {
                return None;
            }
        }
        plan.push(next);
    }
}

/// Whether a telling word would come from both sides at different places, and from nowhere else.
fn doubles(base: &[&str], plan: &[Planned<'_>]) -> bool {
    let telling = |side: Side| -> BTreeSet<&str> {
        let of = plan.iter().filter(|(_, by)| *by == side);
        of.flat_map(|(change, _)| change.new.iter().copied()).filter(|word| word.chars().count() >= TELLING).collect()
    };
    let [mine, theirs, both] = [Side::Mine, Side::Theirs, Side::Both].map(telling);
    let mut shared: BTreeSet<&str> = mine.intersection(&theirs).copied().collect();
    shared.extend(both.iter().filter(|word| mine.contains(*word) || theirs.contains(*word)));
    shared.retain(|word| !word.trim().is_empty());
    if shared.is_empty() {
        return false;
    }
    let mut at = 0;
    for (change, _) in plan {
        for kept in &base[at..change.base.start] {
            shared.remove(kept);
        }
        at = change.base.end;
    }
    for kept in &base[at..] {
        shared.remove(kept);
    }
    !shared.is_empty()
}

fn carry_out(base: &[&str], plan: &[Planned<'_>]) -> String {
    let mut merged = String::new();
    let mut at = 0;
    for (change, _) in plan {
        merged.extend(base[at..change.base.start].iter().copied());
        merged.extend(change.new.iter().copied());
        at = change.base.end;
    }
    merged.extend(base[at..].iter().copied());
    merged
}

#[cfg(test)]
mod tests;
