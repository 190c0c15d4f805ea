//! Finding cards by their words, in both languages at once.
//!
//! A reader of the log keeps an index of all cards' words in memory (`index`, `reader`): what left a board is not found
//! from the next search on.

mod index;
mod pieces;
mod reader;
mod words;

pub use reader::Words;

use crate::connect::Store;
use crate::error::StoreError;
use domain::board::Card;
use domain::board::found::{Found, Hit};
use domain::id::EditionId;
use domain::language::Language;
use domain::limits::{SEARCH_CHARS, SEARCH_WORDS};
use domain::sync::wire::PROTOCOL;
use index::{Entry, Scores};
use pieces::Sought;
use words::Stems;

/// Cards that are scored, of each field.
const CANDIDATES: usize = 100;
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
        let Scores { mut best, more } = self.words.search(&query.words, edition, CANDIDATES).await?;
        let total = best.len();
        // Of cards that fit as well as each other, the newer one first.
        best.sort_by(|(a, left), (b, right)| right.total_cmp(left).then(b.card.item.cmp(&a.card.item)));
        best.truncate(limit);
        let hits = hits(query, &best);
        Ok(Found { protocol: PROTOCOL, instance: self.instance, total, more, hits })
    }
}

/// The cards as they are shown.
fn hits(query: &SearchQuery, best: &[(Entry, f64)]) -> Vec<Hit> {
    let stems = Language::ALL.map(Stems::of);
    let [english, french] = [&stems[0], &stems[1]].map(|stems| Sought::new(&query.words, stems));
    let hit = |(Entry { edition, card }, score): &(Entry, f64)| {
        let sought = if card.language == Language::En { &english } else { &french };
        let Card { item, member, section, language, .. } = **card;
        let (title, excerpt) = (sought.title(&card.title), sought.excerpt(&card.text));
        Hit { edition: *edition, item, member, section, language, title, excerpt, score: thousandths(*score) }
    };
    best.iter().map(hit).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cast of a number out of range is its end"
)]
fn thousandths(score: f64) -> u32 {
    (score * 1_000.0).round() as u32
}
