//! The theme board: what the council sees of an edition, as cards, and the ordered events that keep it live.
//!
//! The server, the stream and the replica in the browser's storage use the same [`Board::apply`].
//!
//! | module | holds |
//! |---|---|
//! | [`place`], [`filter`] | where somebody is on the board, as an address |
//! | [`selection`], [`standing`], [`tally`] | what is shown and in which order; counts for the matrix and the charts |
//! | [`looked`] | what is new to a person |
//! | [`contacts`] | whom to call about a report |
//! | [`words`], [`index`] | looking up words on the device |
//! | [`found`] | what the server found in all editions |
//! | [`events`] | a page of the ordered log |
//! | [`amendments`] | what a card has said before |
//! | [`kept`] | the rows that a device keeps of a board |

pub mod amendments;
pub mod contacts;
pub mod events;
pub mod filter;
pub mod found;
pub mod index;
pub mod kept;
pub mod looked;
pub mod place;
mod reader;
pub mod selection;
pub mod standing;
pub mod tally;
pub mod words;

use crate::id::{EditionId, InstanceId, ItemId, MemberId};
use crate::json::Object;
use crate::language::Language;
use crate::position::Position;
use crate::section::Section;
use crate::sync::chain::{Mark, in_query};
use crate::sync::wire::Seq;
use crate::theme::ThemeId;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use std::collections::BTreeMap;

/// A submitted item.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(remote = "Self")]
pub struct Card {
    /// The item.
    pub item: ItemId,
    /// Whose it is.
    pub member: MemberId,
    /// Where it stands on the form.
    pub section: Section,
    /// Its place in the section.
    pub position: Position,
    /// The language it is written in.
    pub language: Language,
    /// Its title.
    pub title: String,
    /// Its text.
    pub text: String,
    /// Its themes.
    pub themes: Vec<ThemeId>,
    /// When it was first submitted, by the server's clock.
    pub submitted_at: Timestamp,
    /// When it was last amended by a later submission.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amended_at: Option<Timestamp>,
    /// What a newer server sends and this program does not know.
    #[serde(skip)]
    pub extra: Object,
}
crate::keeps_unknown!(@write Card);

/// What happened on the board, as far as this program understands it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum KnownBoardChange {
    /// A card is new, or changed in place.
    Card {
        /// The whole card.
        card: Card,
    },
    /// A card is gone: its item was deleted, or its report withdrawn.
    CardRemoved {
        /// Which.
        item: ItemId,
    },
}

crate::tagged!(KnownBoardChange, "kind");

/// What happened on the board, understood or kept as it came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Value", into = "Value")]
pub enum BoardChange {
    /// Understood.
    Known(KnownBoardChange),
    /// Of a newer server: passed over by the board, but the cursor moves on.
    Unknown(Value),
}

impl From<Value> for BoardChange {
    fn from(value: Value) -> Self {
        crate::json::read(&value).map_or_else(|_| Self::Unknown(value), Self::Known)
    }
}

impl From<BoardChange> for Value {
    fn from(change: BoardChange) -> Self {
        match change {
            BoardChange::Known(known) => crate::json::write(&known),
            BoardChange::Unknown(value) => value,
        }
    }
}

/// One entry of the board's log. On the stream its `seq` is the event's id.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BoardEvent {
    /// Its place in the sequence.
    pub seq: Seq,
    /// The server's clock.
    pub at: Timestamp,
    /// What happened.
    pub change: BoardChange,
    /// A place of the log at or after this event. On the stream the first event of each batch has it, and it is good for
    /// the others; older servers do not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
}
crate::record!(BoardEvent { seq, at, change, mark or default });

/// Every card of an edition, as of a place in the sequence. Also what `GET /api/board/{edition}` gives. Its cards are
/// read as they come: see `reader`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Board {
    /// Which database it is from.
    pub instance: InstanceId,
    /// Which edition.
    pub edition: EditionId,
    /// Everything up to here is in it.
    pub cursor: Seq,
    /// The server's clock at the last word from it.
    pub as_of: Timestamp,
    /// The newest place of the log that the server told of, at or after the cursor: a log that does not hold it is
    /// another past, and only a snapshot leads there. Older servers do not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// The cards.
    #[serde(serialize_with = "in_a_list")]
    pub cards: BTreeMap<ItemId, Card>,
}

/// What an event did to a replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    /// A card arrived.
    New(ItemId),
    /// A card changed in place.
    Changed(ItemId),
    /// A card left.
    Removed(ItemId),
    /// Nothing: seen before, or not understood.
    Nothing,
}

impl Board {
    /// A board with no cards.
    #[must_use]
    pub fn empty(instance: InstanceId, edition: EditionId, cursor: Seq, as_of: Timestamp) -> Self {
        Self { instance, edition, cursor, as_of, mark: None, cards: BTreeMap::new() }
    }

    /// Applies one event; an event at or before the cursor does nothing, so that a repeated one is harmless.
    pub fn apply(&mut self, event: &BoardEvent) -> Applied {
        if event.seq <= self.cursor {
            return Applied::Nothing;
        }
        self.cursor = event.seq;
        self.as_of = self.as_of.max(event.at);
        self.mark = event.mark.or(self.mark);
        match &event.change {
            BoardChange::Known(KnownBoardChange::Card { card }) => {
                if self.cards.insert(card.item, card.clone()).is_some() {
                    Applied::Changed(card.item)
                } else {
                    Applied::New(card.item)
                }
            }
            BoardChange::Known(KnownBoardChange::CardRemoved { item }) => {
                if self.cards.remove(item).is_some() {
                    Applied::Removed(*item)
                } else {
                    Applied::Nothing
                }
            }
            BoardChange::Unknown(_) => Applied::Nothing,
        }
    }

    /// The server has said that nothing else happened up to `cursor`, and perhaps where the log ended then.
    pub fn advance(&mut self, cursor: Seq, at: Timestamp, mark: Option<Mark>) {
        self.cursor = self.cursor.max(cursor);
        self.as_of = self.as_of.max(at);
        self.mark = mark.or(self.mark);
    }

    /// Where it stands, as the query of a reader of the log.
    #[must_use]
    pub fn after(&self) -> String {
        format!("after={}{}", self.cursor, in_query(self.mark))
    }
}

/// Cards travel as a list; the map's keys are inside them.
fn in_a_list<S: Serializer>(cards: &BTreeMap<ItemId, Card>, serializer: S) -> Result<S::Ok, S::Error> {
    cards.values().collect::<Vec<_>>().serialize(serializer)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::language::Bilingual;
    use crate::member::{Member, MemberKind};
    use crate::theme::{ColourToken, Theme, ThemeState};

    pub(crate) fn member(n: u8, kind: MemberKind, province: Option<&str>) -> Member {
        let name = Bilingual { en: format!("Member {n}"), fr: format!("Membre {n}") };
        let id = MemberId::new(Timestamp::from_millis(i64::from(n)), &[n; 10]);
        let province = province.map(str::to_owned);
        Member { id, kind, parent: None, short: name.clone(), name, province, position: u32::from(n) }
    }

    pub(crate) fn theme(slug: &str) -> Theme {
        let name = Bilingual { en: slug.into(), fr: slug.into() };
        let id = ThemeId::parse(slug).expect("a slug");
        let description = name.clone();
        Theme { id, name, description, position: 0, colour: ColourToken::Lake, state: ThemeState::Active }
    }

    pub(crate) fn card(n: u8, text: &str) -> Card {
        let at = Timestamp::from_millis(i64::from(n));
        Card {
            item: ItemId::new(at, &[n; 10]),
            member: MemberId::new(at, &[1; 10]),
            section: Section::Priorities,
            position: Position::first(),
            language: Language::Fr,
            title: "t".into(),
            text: text.into(),
            themes: vec![],
            submitted_at: at,
            amended_at: None,
            extra: Object::new(),
        }
    }

    fn event(seq: Seq, change: BoardChange) -> BoardEvent {
        BoardEvent { seq, at: Timestamp::from_millis(100), change, mark: None }
    }

    fn put(seq: Seq, n: u8, text: &str) -> BoardEvent {
        event(seq, BoardChange::Known(KnownBoardChange::Card { card: card(n, text) }))
    }

    pub(crate) fn board() -> Board {
        let at = Timestamp::from_millis(1);
        Board::empty(InstanceId::new(at, &[7; 10]), EditionId::new(at, &[8; 10]), 0, at)
    }

    #[test]
    fn a_repeated_or_late_event_changes_nothing() {
        let mut board = board();
        assert_eq!(board.apply(&put(3, 1, "a")), Applied::New(card(1, "").item));
        assert_eq!(board.apply(&put(5, 1, "b")), Applied::Changed(card(1, "").item));
        let before = board.clone();
        assert_eq!(board.apply(&put(3, 1, "a")), Applied::Nothing);
        assert_eq!(board.apply(&put(5, 2, "c")), Applied::Nothing);
        assert_eq!(board, before);
    }

    #[test]
    fn a_removed_card_is_gone_and_an_unknown_event_moves_the_cursor() {
        let mut board = board();
        let item = card(1, "").item;
        board.apply(&put(1, 1, "a"));
        let removed = event(2, BoardChange::Known(KnownBoardChange::CardRemoved { item }));
        assert_eq!(board.apply(&removed), Applied::Removed(item));
        let unknown = event(9, BoardChange::from(serde_json::json!({"kind": "endorsed", "by": "x"})));
        assert_eq!(board.apply(&unknown), Applied::Nothing);
        assert_eq!((board.cursor, board.cards.len()), (9, 0));
    }

    #[test]
    fn a_board_survives_its_own_json_with_fields_it_does_not_know() {
        let mut board = board();
        let mut newer = card(1, "a");
        newer.extra.insert("visibility".into(), "council".into());
        board.apply(&event(1, BoardChange::Known(KnownBoardChange::Card { card: newer })));
        let json = serde_json::to_string(&board).expect("JSON");
        assert!(json.contains("visibility"));
        assert_eq!(serde_json::from_str::<Board>(&json).expect("a board"), board);
    }
}
