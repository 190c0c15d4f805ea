//! The words of every card of every board, in memory: which cards have them, and how well they fit a query. Pure.
//!
//! A card's title and text are one field, its title another that counts double and is found by the beginnings of its
//! words too. Each language has its own fields, because its words are stemmed its own way. Scores are BM25.

use super::words::{Stems, words};
use domain::board::Card;
use domain::id::{EditionId, ItemId};
use domain::language::Language;
use std::collections::HashMap;
use std::sync::Arc;

/// BM25's, as everybody sets them.
const K1: f64 = 1.2;
const B: f64 = 0.75;
/// What a match in a title counts beside one anywhere.
const TITLE: f64 = 2.0;
/// Beginnings of words by which a title is found, in letters.
const BEGINNINGS: std::ops::RangeInclusive<usize> = 3..=15;
/// When more than half of the entries, and at least so many, are of cards that are gone, the index is made anew.
const STALE: usize = 4_096;

type Number = u32;
type Term = u32;

/// A card and its board.
#[derive(Debug, Clone)]
pub struct Entry {
    pub edition: EditionId,
    pub card: Arc<Card>,
}

#[derive(Debug, Default)]
struct Field {
    /// For each term, the cards that have it, ascending, and how often.
    cards: Vec<Vec<(Number, u16)>>,
    /// Terms of each card.
    lengths: HashMap<Number, u32>,
    total: u64,
}

/// One language's words.
struct Lexicon {
    stems: Stems,
    /// Words that were seen, to their stem's number: stemming is slow.
    seen: HashMap<Box<str>, Term>,
    terms: HashMap<Box<str>, Term>,
    title: Field,
    all: Field,
}

/// The index.
pub struct Index {
    languages: [Lexicon; 2],
    entries: Vec<Option<Entry>>,
    numbers: HashMap<ItemId, Number>,
}

/// What a query found: each card with its score; and whether so many fit that only the best were kept.
#[derive(Debug, Default)]
pub struct Scores {
    pub best: Vec<(Entry, f64)>,
    pub more: bool,
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("cards", &self.numbers.len()).finish_non_exhaustive()
    }
}

impl Default for Index {
    fn default() -> Self {
        Self { languages: Language::ALL.map(Lexicon::new), entries: Vec::new(), numbers: HashMap::new() }
    }
}

impl Lexicon {
    fn new(language: Language) -> Self {
        let (seen, terms) = (HashMap::new(), HashMap::new());
        Self { stems: Stems::of(language), seen, terms, title: Field::default(), all: Field::default() }
    }

    fn term(&mut self, word: &str) -> Term {
        if let Some(term) = self.seen.get(word) {
            return *term;
        }
        let stem = self.stems.stem(word).into_boxed_str();
        let next = Term::try_from(self.terms.len()).unwrap_or(Term::MAX);
        let term = *self.terms.entry(stem).or_insert(next);
        self.seen.insert(word.into(), term);
        term
    }

    fn put(&mut self, number: Number, card: &Card) {
        let (mut title, mut all) = (Vec::new(), Vec::new());
        for word in words(&card.title) {
            all.push(self.term(&word.folded));
            let ends = word.folded.char_indices().map(|(at, c)| at + c.len_utf8()).enumerate();
            let beginnings: Vec<usize> =
                ends.filter(|(n, _)| BEGINNINGS.contains(&(n + 1))).map(|(_, end)| end).collect();
            for end in beginnings {
                let term = self.term(&word.folded[..end]);
                title.push(term);
            }
        }
        for word in words(&card.text) {
            all.push(self.term(&word.folded));
        }
        self.title.put(number, title);
        self.all.put(number, all);
    }
}

impl Field {
    fn put(&mut self, number: Number, mut terms: Vec<Term>) {
        let length = u32::try_from(terms.len()).unwrap_or(u32::MAX);
        self.lengths.insert(number, length);
        self.total += u64::from(length);
        terms.sort_unstable();
        for same in terms.chunk_by(|a, b| a == b) {
            let term = same[0] as usize;
            if self.cards.len() <= term {
                self.cards.resize_with(term + 1, Vec::new);
            }
            self.cards[term].push((number, u16::try_from(same.len()).unwrap_or(u16::MAX)));
        }
    }

    fn remove(&mut self, number: Number) {
        if let Some(length) = self.lengths.remove(&number) {
            self.total -= u64::from(length);
        }
    }

    /// The cards that have all of the terms, with their scores.
    fn scores(&self, terms: &[Term]) -> HashMap<Number, f64> {
        let count = as_float(self.lengths.len());
        let average = (as_float(usize::try_from(self.total).unwrap_or(usize::MAX)) / count.max(1.0)).max(1.0);
        let mut found: Option<HashMap<Number, f64>> = None;
        for term in terms {
            let none = Vec::new();
            let cards = self.cards.get(*term as usize).unwrap_or(&none);
            let here = cards.iter().filter(|(number, _)| self.lengths.contains_key(number));
            let with = as_float(here.clone().count());
            let idf = (1.0 + (count - with + 0.5) / (with + 0.5)).ln();
            let score = |(number, often): &(Number, u16)| {
                let (length, often) = (f64::from(self.lengths[number]), f64::from(*often));
                (*number, idf * often * (K1 + 1.0) / (often + K1 * (1.0 - B + B * length / average)))
            };
            let here = here.map(score);
            found = Some(match found {
                None => here.collect(),
                Some(before) => here.filter_map(|(number, more)| Some((number, before.get(&number)? + more))).collect(),
            });
        }
        found.unwrap_or_default()
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of cards and words are far below 2^52")]
const fn as_float(count: usize) -> f64 {
    count as f64
}

impl Index {
    /// Enters a card, in place of what it said before.
    pub fn put(&mut self, edition: EditionId, card: Arc<Card>) {
        self.remove(card.item);
        let number = Number::try_from(self.entries.len()).unwrap_or(Number::MAX);
        self.languages[place(card.language)].put(number, &card);
        self.numbers.insert(card.item, number);
        self.entries.push(Some(Entry { edition, card }));
        if self.entries.len() > STALE.max(2 * self.numbers.len()) {
            self.renew();
        }
    }

    /// Takes a card out.
    pub fn remove(&mut self, item: ItemId) {
        let Some(number) = self.numbers.remove(&item) else { return };
        let Some(entry) = self.entries.get_mut(number as usize).and_then(Option::take) else { return };
        let lexicon = &mut self.languages[place(entry.card.language)];
        lexicon.title.remove(number);
        lexicon.all.remove(number);
    }

    fn renew(&mut self) {
        let mut new = Self::default();
        for entry in std::mem::take(&mut self.entries).into_iter().flatten() {
            new.put(entry.edition, entry.card);
        }
        *self = new;
    }

    /// The cards that have all the words, of one edition or of all; of each field the best `candidates`. Where a field of
    /// titles has more, texts are not looked at: a word counts most in a title.
    pub fn search(&self, query: &[String], edition: Option<EditionId>, candidates: usize) -> Scores {
        let (mut scores, mut more) = (HashMap::<Number, f64>::new(), false);
        for (field, weight) in
            [((|lexicon| &lexicon.title) as fn(&Lexicon) -> &Field, TITLE), (|lexicon| &lexicon.all, 1.0)]
        {
            for lexicon in &self.languages {
                let terms: Option<Vec<Term>> =
                    query.iter().map(|word| lexicon.terms.get(lexicon.stems.stem(word).as_str()).copied()).collect();
                let Some(terms) = terms else { continue };
                let mut found: Vec<(Number, f64)> = field(lexicon).scores(&terms).into_iter().collect();
                found.retain(|(number, _)| self.is_of(*number, edition));
                if found.len() > candidates {
                    more = true;
                    found.sort_unstable_by(|(a, left), (b, right)| right.total_cmp(left).then(b.cmp(a)));
                    found.truncate(candidates);
                }
                for (number, score) in found {
                    *scores.entry(number).or_default() += weight * score;
                }
            }
            if more {
                break;
            }
        }
        let entry = |(number, score): (Number, f64)| Some((self.entries.get(number as usize)?.clone()?, score));
        Scores { best: scores.into_iter().filter_map(entry).collect(), more }
    }

    fn is_of(&self, number: Number, edition: Option<EditionId>) -> bool {
        let entry = self.entries.get(number as usize).and_then(Option::as_ref);
        entry.is_some_and(|entry| edition.is_none_or(|edition| entry.edition == edition))
    }
}

const fn place(language: Language) -> usize {
    match language {
        Language::En => 0,
        Language::Fr => 1,
    }
}
