//! Looking up words in the cards that are on the device: as they are typed, in both languages, with no network.
//!
//! Every distinct word of the board is kept once, with the cards it stands in; a search looks through these words and
//! not through the texts, so that ten thousand items take about a millisecond. A card that changed is entered again
//! under a new number, and its old number is passed over.

use crate::board::Card;
use crate::board::selection::Hits;
use crate::board::words::{stem, words};
use crate::id::ItemId;
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

/// What a word in a title weighs beside one in the text.
const IN_TITLE: u32 = 3;
/// What a word weighs that is the one that was typed, beside one with the same stem.
const EXACT: u32 = 4;
const SAME_STEM: u32 = 3;
const BEGINNING: u32 = 2;
/// Cards that share a word with more than this part of the board are not similar because of it: one in so many.
const COMMON: usize = 8;

/// A card's number in the index.
type Number = u32;

#[derive(Debug, Default)]
struct Entry {
    stem: Box<str>,
    /// Cards it stands in, with how much it weighs there.
    cards: Vec<(Number, u8)>,
}

/// The words of a board.
#[derive(Debug, Default)]
pub struct Index {
    words: BTreeMap<Box<str>, Entry>,
    /// Words of the names of whom a card is from. They are found, and make no two cards similar.
    names: BTreeMap<Box<str>, Entry>,
    /// The card of each number; none when it was entered again or is gone.
    cards: Vec<Option<ItemId>>,
    numbers: HashMap<ItemId, Number>,
}

impl Index {
    /// How many cards are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether no card is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// Enters a card, in place of what it said before, with the names of whom it is from, in both languages.
    pub fn put<'a>(&mut self, card: &Card, names: impl IntoIterator<Item = &'a str>) {
        self.remove(card.item);
        let number = Number::try_from(self.cards.len()).unwrap_or(Number::MAX);
        self.cards.push(Some(card.item));
        self.numbers.insert(card.item, number);
        for (text, weight) in [(&card.title, IN_TITLE), (&card.text, 1)] {
            for word in words(text) {
                enter(&mut self.words, &word.folded, number, weight);
            }
        }
        for name in names {
            words(name).for_each(|word| enter(&mut self.names, &word.folded, number, 1));
        }
    }

    /// Takes a card out.
    pub fn remove(&mut self, item: ItemId) {
        if let Some(number) = self.numbers.remove(&item) {
            self.cards[number as usize] = None;
        }
    }

    /// The cards that have every word of a search, with how well; none when nothing is searched. The last word may be
    /// the beginning of one, because it is still being typed.
    #[must_use]
    pub fn search(&self, text: &str) -> Option<Hits> {
        let mut found: Option<HashMap<Number, u32>> = None;
        for asked in asked(text) {
            let here = self.with_word(&asked);
            found = Some(match found {
                None => here,
                Some(mut found) => {
                    found.retain(|number, score| {
                        here.get(number).is_some_and(|more| {
                            *score += more;
                            true
                        })
                    });
                    found
                }
            });
        }
        let found = found?.into_iter();
        Some(found.filter_map(|(number, score)| Some((self.cards[number as usize]?, score))).collect())
    }

    fn with_word(&self, asked: &Asked) -> HashMap<Number, u32> {
        let mut found = HashMap::new();
        for (word, entry) in self.words.iter().chain(&self.names) {
            let Some(weight) = asked.weighs(word, &entry.stem) else { continue };
            for (number, place) in &entry.cards {
                let score: &mut u32 = found.entry(*number).or_default();
                *score = (*score).max(weight * u32::from(*place));
            }
        }
        found
    }

    /// Cards that share the most telling words with this one: rare words tell more. The best first; `take` says which
    /// may be named at all.
    #[must_use]
    pub fn similar(&self, card: &Card, most: usize, take: impl Fn(ItemId) -> bool) -> Vec<(ItemId, u32)> {
        let mut stems: Vec<(String, u32)> = Vec::new();
        for (text, weight) in [(&card.title, 2), (&card.text, 1)] {
            for word in words(text) {
                let stem = stem(&word.folded).into_owned();
                if stem.len() > 3 && !stems.iter().any(|(known, _)| *known == stem) {
                    stems.push((stem, weight));
                }
            }
        }
        let mut scores: HashMap<Number, u32> = HashMap::new();
        for (stem, weight) in stems {
            // A word and its stem begin alike: the others need not be looked at.
            let beginning = &stem[..stem.char_indices().nth(3).map_or(stem.len(), |(at, _)| at)];
            let alike = self
                .words
                .range::<str, _>((Bound::Included(beginning), Bound::Unbounded))
                .take_while(|(word, _)| word.starts_with(beginning));
            let cards: Vec<Number> = alike
                .filter(|(_, entry)| *entry.stem == *stem)
                .flat_map(|(_, entry)| entry.cards.iter().map(|(number, _)| *number))
                .collect();
            if cards.is_empty() || cards.len() * COMMON > self.len().max(4 * COMMON) {
                continue;
            }
            let telling = (self.len() / cards.len()).max(1).ilog2() + 1;
            for number in cards {
                *scores.entry(number).or_default() += weight * telling;
            }
        }
        let named = |(number, score): (Number, u32)| Some((self.cards[number as usize]?, score));
        let mut similar: Vec<(ItemId, u32)> = scores
            .into_iter()
            .filter_map(named)
            .filter(|(item, score)| *score >= ENOUGH && *item != card.item && take(*item))
            .collect();
        similar.sort_by_key(|(item, score)| (std::cmp::Reverse(*score), *item));
        similar.truncate(most);
        similar
    }
}

fn enter(entries: &mut BTreeMap<Box<str>, Entry>, word: &str, number: Number, weight: u32) {
    let entry = match entries.get_mut(word) {
        Some(entry) => entry,
        None => {
            let entry = Entry { stem: stem(word).into(), cards: Vec::new() };
            entries.entry(word.into()).or_insert(entry)
        }
    };
    match entry.cards.last_mut() {
        Some((last, _)) if *last == number => {}
        _ => entry.cards.push((number, u8::try_from(weight).unwrap_or(u8::MAX))),
    }
}

/// Below this, what two cards share is chance.
const ENOUGH: u32 = 9;

/// A word of a search.
struct Asked {
    folded: String,
    stem: String,
    /// Whether it may be the beginning of a word.
    unfinished: bool,
}

impl Asked {
    fn weighs(&self, word: &str, stem: &str) -> Option<u32> {
        if *word == *self.folded {
            Some(EXACT)
        } else if *stem == *self.stem {
            Some(SAME_STEM)
        } else if self.unfinished && word.starts_with(&self.folded) {
            Some(BEGINNING)
        } else {
            None
        }
    }
}

fn asked(text: &str) -> Vec<Asked> {
    let ends_in_a_word = text.chars().next_back().is_some_and(char::is_alphanumeric);
    let mut asked: Vec<Asked> = words(text)
        .map(|word| Asked {
            stem: stem(&word.folded).into_owned(),
            folded: word.folded.into_owned(),
            unfinished: false,
        })
        .collect();
    if let Some(last) = asked.last_mut() {
        last.unfinished = ends_in_a_word;
    }
    asked
}

/// A stretch of a text, and whether it is what was searched.
pub type Piece<'a> = (&'a str, bool);

/// Whether a name has every word of a search, the last of which may be its beginning.
#[must_use]
pub fn names(name: &str, search: &str) -> bool {
    let (name, asked) = (words(name).map(|word| word.folded).collect::<Vec<_>>(), asked(search));
    let has = |asked: &Asked| name.iter().any(|word| asked.weighs(word, &stem(word)).is_some());
    !asked.is_empty() && asked.iter().all(has)
}

/// A text in pieces: what was searched, and what stands between. Joined they are the text.
#[must_use]
pub fn pieces<'a>(text: &'a str, search: &str) -> Vec<Piece<'a>> {
    let asked = asked(search);
    let mut pieces = Vec::new();
    let mut at = 0;
    if !asked.is_empty() {
        for word in words(text) {
            if asked.iter().any(|asked| asked.weighs(&word.folded, &stem(&word.folded)).is_some()) {
                pieces.extend((word.start > at).then(|| (&text[at..word.start], false)));
                pieces.push((&text[word.start..word.end], true));
                at = word.end;
            }
        }
    }
    pieces.extend((at < text.len()).then(|| (&text[at..], false)));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::tests::card;
    use proptest::prelude::*;

    fn titled(n: u8, title: &str, text: &str) -> Card {
        Card { title: title.into(), ..card(n, text) }
    }

    fn index() -> (Vec<Card>, Index) {
        let cards = vec![
            titled(1, "Identité numérique", "Un portefeuille pour les citoyens des municipalités."),
            titled(2, "Digital identity", "A wallet for municipal services."),
            titled(3, "Guichet unique", "Les services municipaux et l’identité des aînés."),
        ];
        let mut index = Index::default();
        cards.iter().for_each(|card| index.put(card, []));
        (cards, index)
    }

    fn found(index: &Index, text: &str) -> Vec<u8> {
        let hits = index.search(text).expect("a search");
        let mut found: Vec<(ItemId, u32)> = hits.items().map(|item| (item, hits.score(item).expect("a hit"))).collect();
        found.sort_by_key(|(item, score)| (std::cmp::Reverse(*score), *item));
        let number = |(item, _): (ItemId, u32)| u8::try_from(item.made_at().millis()).expect("a small one");
        found.into_iter().map(number).collect()
    }

    #[test]
    fn a_word_is_found_without_accents_in_any_number_and_while_it_is_typed() {
        let (_, index) = index();
        assert_eq!(found(&index, "identite"), [1, 3], "the title weighs more than the text");
        assert_eq!(found(&index, "IDENTITÉS "), [1, 3]);
        assert_eq!(found(&index, "iden"), [1, 2, 3], "of either language while it is typed");
        assert_eq!(found(&index, "iden "), [0; 0], "but not when it is done");
        assert_eq!(found(&index, "municipal "), [2, 3], "municipaux is of municipal");
    }

    #[test]
    fn every_word_must_be_there_and_no_word_is_no_search() {
        let (_, index) = index();
        assert_eq!(found(&index, "identite aines"), [3]);
        assert_eq!(found(&index, "services identite citoyens"), [0; 0]);
        assert_eq!(index.search("  , "), None);
    }

    #[test]
    fn a_card_that_changed_is_found_by_what_it_says_now_and_one_that_is_gone_is_not() {
        let (mut cards, mut index) = index();
        cards[0].title = "Rural broadband".into();
        index.put(&cards[0], []);
        assert_eq!(found(&index, "identite"), [3]);
        assert_eq!(found(&index, "broadband portefeuille"), [1]);
        index.remove(cards[0].item);
        assert_eq!((found(&index, "broadband"), index.len()), (vec![], 2));
    }

    #[test]
    fn similar_cards_share_words_that_few_have() {
        let mut index = Index::default();
        let all: Vec<Card> =
            (10..60).map(|n| titled(n, "Service", &format!("The service number{n} of the council"))).collect();
        let one = titled(1, "Rural broadband", "Fibre for northern communities, with a satellite where there is none.");
        let like = titled(2, "Northern connectivity", "Satellite and fibre for rural communities.");
        all.iter().chain([&one, &like]).for_each(|card| index.put(card, []));
        let similar: Vec<ItemId> = index.similar(&one, 5, |_| true).into_iter().map(|(item, _)| item).collect();
        assert_eq!(similar, [like.item]);
        assert_eq!(index.similar(&one, 5, |item| item != like.item), []);
    }

    #[test]
    fn a_card_is_found_by_the_names_of_whom_it_is_from_too_and_they_make_nothing_similar() {
        let mut index = Index::default();
        let cards = [titled(1, "Rural broadband", "Fibre."), titled(2, "Guichet unique", "Bornes.")];
        for card in &cards {
            index.put(card, ["Nova Scotia", "Nouvelle-Écosse", "Government services"]);
        }
        index.put(&titled(3, "Scotia", "A ship."), ["Ontario"]);
        assert_eq!(found(&index, "nouvelle ecosse "), [1, 2]);
        assert_eq!(found(&index, "service fibre"), [1], "a word of a name and one of the text");
        assert_eq!(found(&index, "scotia"), [3, 1, 2], "its own words weigh more");
        assert_eq!(index.similar(&cards[0], 5, |_| true), []);
        for (search, is) in [("nouv", true), ("ecosse nouvelle", true), ("nova", false), ("nouv ", false), ("", false)]
        {
            assert_eq!(names("Nouvelle-Écosse", search), is, "{search:?}");
        }
    }

    #[test]
    fn what_was_searched_is_marked() {
        assert_eq!(
            pieces("L’identité, et l'Identite des aînés", "identites"),
            [("L’", false), ("identité", true), (", et l'", false), ("Identite", true), (" des aînés", false)]
        );
        assert_eq!(pieces("Nothing", ""), [("Nothing", false)]);
    }

    proptest! {
        #[test]
        fn pieces_joined_are_the_text(text in "\\PC{0,40}", search in "\\PC{0,10}") {
            let joined: String = pieces(&text, &search).into_iter().map(|(piece, _)| piece).collect();
            prop_assert_eq!(joined, text);
        }

        #[test]
        fn a_card_is_found_by_each_of_its_words(text in "[a-zéèœ’' ]{1,60}") {
            let item = titled(1, "", &text);
            let mut index = Index::default();
            index.put(&item, []);
            for word in words(&text) {
                let found = index.search(&text[word.start..word.end]);
                prop_assert!(found.is_none_or(|found| found.score(item.item).is_some()), "{:?}", word);
            }
        }
    }
}
