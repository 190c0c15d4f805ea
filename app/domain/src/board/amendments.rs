//! How a card came to say what it says: `GET /api/board/{edition}/cards/{item}/amendments` gives [`Amendments`].
//!
//! Only what the council was shown is in it, never a draft; and only since the card last came to the board: what a
//! member took back, it does not show again.

use crate::board::Card;
use crate::id::{InstanceId, ItemId};
use crate::language::Language;
use crate::section::Section;
use crate::sync::wire::Seq;
use crate::theme::ThemeId;
use crate::time::Timestamp;
use serde::Serialize;

/// The versions of one card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Amendments {
    /// [`crate::sync::wire::PROTOCOL`].
    pub protocol: u32,
    /// Which database answered.
    pub instance: InstanceId,
    /// Whose versions.
    pub item: ItemId,
    /// The oldest first, as the card is now last; at most [`crate::limits::AMENDMENTS`], the latest ones.
    pub versions: Vec<Amendment>,
    /// Whether there were earlier ones.
    pub more: bool,
}
crate::record!(Amendments { protocol, instance, item, versions, more });

/// What a card said, from one submission to the next that changed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Amendment {
    /// The place in the sequence where the council got it.
    pub seq: Seq,
    /// When, by the server's clock.
    pub at: Timestamp,
    /// Where it stood on the form.
    pub section: Section,
    /// The language it was written in.
    pub language: Language,
    /// Its title.
    pub title: String,
    /// Its text.
    pub text: String,
    /// Its themes.
    pub themes: Vec<ThemeId>,
}
crate::record!(Amendment { seq, at, section, language, title, text, themes });

impl Amendment {
    /// What a card said when it was submitted.
    #[must_use]
    pub fn of(card: Card, seq: Seq, at: Timestamp) -> Self {
        let Card { section, language, title, text, themes, .. } = card;
        Self { seq, at, section, language, title, text, themes }
    }

    /// Whether two versions say the same, whenever they were submitted: a card that only moved was not amended.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        *self == Self { seq: self.seq, at: self.at, ..other.clone() }
    }
}
