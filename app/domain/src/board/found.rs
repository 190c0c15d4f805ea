//! What a search finds: `GET /api/search?q=&edition=&limit=` gives [`Found`], for anybody signed in.
//!
//! A query finds words of both languages, whatever their accents, in any form that has the same stem; and while it is
//! typed, the titles in which words begin so. All its words must be in a card, but for those that say nothing (`les`,
//! `of`, the `l` of `l'identité`).

use crate::id::{EditionId, InstanceId, ItemId, MemberId};
use crate::language::Language;
use crate::section::Section;
use serde::Serialize;

/// The cards that a query finds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// [`crate::sync::wire::PROTOCOL`].
    pub protocol: u32,
    /// Which database answered.
    pub instance: InstanceId,
    /// How many cards were found, those beyond the limit too.
    pub total: usize,
    /// Whether so many have the words that not all were looked at: then `total` is the least that there are.
    pub more: bool,
    /// The best first; as many as were asked for, at most [`crate::limits::SEARCH_HITS`].
    pub hits: Vec<Hit>,
}
crate::record!(Found { protocol, instance, total, more, hits });

/// A card that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// On which board.
    pub edition: EditionId,
    /// The card.
    pub item: ItemId,
    /// Whose it is.
    pub member: MemberId,
    /// Where it stands on the form.
    pub section: Section,
    /// The language it is written in.
    pub language: Language,
    /// Its whole title, in pieces.
    pub title: Vec<Piece>,
    /// A stretch of its text around the words, in pieces; `…` stands where it was cut.
    pub excerpt: Vec<Piece>,
    /// How well it fits, in thousandths; only the order of scores means anything.
    pub score: u32,
}
crate::record!(Hit { edition, item, member, section, language, title, excerpt, score });

/// A piece of a text: the pieces together are the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    /// The words, as they were written.
    pub text: String,
    /// Whether this is what was looked for.
    pub hit: bool,
}
crate::record!(Piece { text, hit });
