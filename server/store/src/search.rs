//! Finding cards by their words, in both languages at once.
//!
//! The database finds and scores (`schema/words.surql`). What that costs goes by how many cards have the words, so no
//! more than [`CANDIDATES`] of one index are looked at, and the titles first, where a word counts most: when that many
//! titles have the words, texts are not looked at.

mod pieces;
mod words;

use crate::connect::Store;
use crate::tables::CARD;
use crate::error::StoreError;
use crate::rows::rows;
use domain::board::Card;
use domain::board::found::{Found, Hit};
use domain::id::{EditionId, ItemId};
use domain::language::Language;
use domain::limits::{SEARCH_CHARS, SEARCH_WORDS};
use domain::sync::wire::PROTOCOL;
use pieces::Sought;
use serde::Deserialize;
use std::collections::BTreeMap;
use words::Stems;

/// Cards that are scored, of each index.
const CANDIDATES: usize = 100;
/// The indexes of titles, and those of titles and texts; what a match counts.
const INDEXES: [([&str; 2], f64); 2] = [(["title_en", "title_fr"], 2.0), (["en", "fr"], 1.0)];

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    words: Vec<String>,
}

/// A text without a word in it, or a longer one than anybody types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("nothing to look for")]
pub struct NothingToFind;

impl SearchQuery {
    /// Reads what somebody typed; of many words the first [`SEARCH_WORDS`].
    ///
    /// # Errors
    /// When there is no word in it, or it is longer than [`SEARCH_CHARS`].
    pub fn parse(text: &str) -> Result<Self, NothingToFind> {
        let words = words::wanted(text, SEARCH_WORDS);
        let fits = text.trim().chars().count() <= SEARCH_CHARS;
        if fits && !words.is_empty() { Ok(Self { words }) } else { Err(NothingToFind) }
    }
}

#[derive(Deserialize)]
struct ScoreRow {
    item: ItemId,
    score: f64,
}

#[derive(Deserialize)]
struct PlaceRow {
    item: ItemId,
    edition: EditionId,
}

impl Store {
    /// The cards with these words, of one edition or of all, the best first, at most `limit`.
    ///
    /// # Errors
    /// When the database does not answer, or holds what this program does not write.
    pub async fn search(
        &self,
        query: &SearchQuery,
        edition: Option<EditionId>,
        limit: usize,
    ) -> Result<Found, StoreError> {
        self.follow().await?;
        self.tables.reach().await?;
        let (scores, more) = self.scores(query, edition).await?;
        let total = scores.len();
        let mut best: Vec<(ItemId, f64)> = scores.into_iter().collect();
        // Of cards that fit as well as each other, the newer one first.
        best.sort_by(|(a, left), (b, right)| right.total_cmp(left).then(b.cmp(a)));
        best.truncate(limit);
        let hits = self.hits(query, &best).await?;
        Ok(Found { protocol: PROTOCOL, instance: self.instance, total, more, hits })
    }

    /// How well each card fits; and whether some index has more of them.
    async fn scores(
        &self,
        query: &SearchQuery,
        edition: Option<EditionId>,
    ) -> Result<(BTreeMap<ItemId, f64>, bool), StoreError> {
        let within = if edition.is_some() { "AND edition = type::record('edition', $edition)" } else { "" };
        let (mut scores, mut more) = (BTreeMap::new(), false);
        for (indexes, weight) in INDEXES {
            let select = |index: &str| {
                format!(
                    "SELECT record::id(id) AS item, search::score(0) AS score FROM words
                        WHERE {index} @0@ $words {within} LIMIT $most;"
                )
            };
            let bound = self.db.query(indexes.map(select).concat()).bind(("words", query.words.join(" ")));
            let bound = bound.bind(("most", CANDIDATES + 1)).bind(("edition", edition.map(|id| id.to_string())));
            let mut response = bound.await?;
            for statement in 0..indexes.len() {
                let found = rows::<ScoreRow>(&mut response, statement)?;
                more |= found.len() > CANDIDATES;
                for ScoreRow { item, score } in found.into_iter().take(CANDIDATES) {
                    *scores.entry(item).or_default() += weight * score;
                }
            }
            if more {
                break;
            }
        }
        Ok((scores, more))
    }

    /// The cards as they are shown; one that was withdrawn meanwhile is not.
    async fn hits(&self, query: &SearchQuery, best: &[(ItemId, f64)]) -> Result<Vec<Hit>, StoreError> {
        let ids: Vec<String> = best.iter().map(|(item, _)| item.to_string()).collect();
        let select = format!(
            "LET $cards = $ids.map(|$id| type::record('card', $id));
             SELECT {CARD} FROM $cards;
             SELECT record::id(id) AS item, record::id(edition) AS edition FROM $cards;"
        );
        let mut response = self.db.query(select).bind(("ids", ids)).await?;
        let cards = rows::<Card>(&mut response, 1)?;
        let mut cards: BTreeMap<ItemId, Card> = cards.into_iter().map(|card| (card.item, card)).collect();
        let places = rows::<PlaceRow>(&mut response, 2)?;
        let editions: BTreeMap<ItemId, EditionId> = places.into_iter().map(|row| (row.item, row.edition)).collect();
        let stems = Language::ALL.map(Stems::of);
        let [english, french] = [&stems[0], &stems[1]].map(|stems| Sought::new(&query.words, stems));
        let hit = |(item, score): &(ItemId, f64)| {
            let (card, edition) = (cards.remove(item)?, *editions.get(item)?);
            let sought = if card.language == Language::En { &english } else { &french };
            let Card { item, member, section, language, .. } = card;
            let (title, excerpt) = (sought.title(&card.title), sought.excerpt(&card.text));
            Some(Hit { edition, item, member, section, language, title, excerpt, score: thousandths(*score) })
        };
        Ok(best.iter().filter_map(hit).collect())
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a number out of range is its end"
)]
fn thousandths(score: f64) -> u32 {
    (score * 1_000.0).round() as u32
}
