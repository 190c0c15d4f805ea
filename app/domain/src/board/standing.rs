//! The cards of a board in the order in which they stand, each with what a filter asks of it: ten thousand are gone
//! through in a fraction of a frame. To look each of them up on the board, and its member and its themes besides, took
//! most of one.

use crate::board::tally::Columns;
use crate::board::{Board, Card};
use crate::id::{ItemId, MemberId};
use crate::language::Language;
use crate::limits::ITEM_THEMES;
use crate::member::Member;
use crate::section::Section;
use crate::time::Timestamp;
use std::collections::BTreeMap;

/// What a filter asks of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facets {
    /// Which card.
    pub item: ItemId,
    /// When it came to say what it says.
    pub changed_at: Timestamp,
    /// Where it stands on the form.
    pub section: Section,
    /// The language it is written in.
    pub language: Language,
    /// Whose it is: a place in [`Standing::members`].
    pub member: usize,
    columns: [u16; ITEM_THEMES],
    under: u8,
}

impl Facets {
    /// The columns that it stands in.
    pub fn columns(&self) -> impl Iterator<Item = usize> + '_ {
        self.columns[..usize::from(self.under)].iter().map(|column| usize::from(*column))
    }

    fn stand_under(&mut self, card: &Card, columns: &Columns) {
        let places = columns.of_card(card).filter_map(|place| u16::try_from(place).ok());
        self.under = 0;
        for (to, place) in self.columns.iter_mut().zip(places) {
            *to = place;
            self.under += 1;
        }
    }
}

/// The cards in their order.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    facets: Vec<Facets>,
    members: Vec<MemberId>,
    columns: Columns,
}

impl Standing {
    /// As a board stands that is opened: as the tour de table goes, then as the form does.
    #[must_use]
    pub fn of(board: &Board, members: &BTreeMap<MemberId, Member>, columns: Columns) -> Self {
        // Looked up once for each card, and not each time that two are compared.
        let place = |card: &Card| members.get(&card.member).map_or(u32::MAX, |member| member.position);
        let mut cards: Vec<(u32, &Card)> = board.cards.values().map(|card| (place(card), card)).collect();
        cards.sort_by(|(place_a, a), (place_b, b)| {
            (place_a, a.section, &a.position, a.item).cmp(&(place_b, b.section, &b.position, b.item))
        });
        let mut standing = Self { facets: Vec::with_capacity(cards.len()), members: Vec::new(), columns };
        for (_, card) in cards {
            let facets = standing.facets_of(card);
            standing.facets.push(facets);
        }
        standing
    }

    /// What is asked of each, in order.
    #[must_use]
    pub fn facets(&self) -> &[Facets] {
        &self.facets
    }

    /// The cards in order.
    pub fn items(&self) -> impl Iterator<Item = ItemId> + '_ {
        self.facets.iter().map(|facets| facets.item)
    }

    /// The members that have a card.
    #[must_use]
    pub fn members(&self) -> &[MemberId] {
        &self.members
    }

    /// The columns that the cards stand in.
    #[must_use]
    pub const fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Puts a card where it stands already, as it is now, or else last. Gives whether it is new.
    pub fn put(&mut self, card: &Card) -> bool {
        let facets = self.facets_of(card);
        let known = self.facets.iter_mut().find(|known| known.item == card.item);
        match known {
            Some(known) => *known = facets,
            None => {
                self.facets.push(facets);
                return true;
            }
        }
        false
    }

    /// Takes a card out.
    pub fn remove(&mut self, item: ItemId) {
        self.facets.retain(|facets| facets.item != item);
    }

    /// Lets the cards stand under the council's themes as they are now.
    pub fn stand_under(&mut self, columns: &Columns, board: &Board) {
        if self.columns != *columns {
            for facets in &mut self.facets {
                if let Some(card) = board.cards.get(&facets.item) {
                    facets.stand_under(card, columns);
                }
            }
            self.columns = columns.clone();
        }
    }

    fn facets_of(&mut self, card: &Card) -> Facets {
        // Those who stand together are from one member: the last is looked at first.
        let known = self.members.iter().rposition(|member| *member == card.member);
        let member = known.unwrap_or_else(|| {
            self.members.push(card.member);
            self.members.len() - 1
        });
        let Card { item, section, language, .. } = *card;
        let changed_at = card.changed_at();
        let mut facets = Facets { item, changed_at, section, language, member, columns: [0; ITEM_THEMES], under: 0 };
        facets.stand_under(card, &self.columns);
        facets
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::filter::Filter;
    use crate::board::selection::{Looking, Selection};
    use crate::board::tests::{board, card, member, theme};
    use crate::member::MemberKind;
    use crate::theme::{Theme, ThemeId};
    use proptest::prelude::*;

    const SLUGS: [&str; 3] = ["identity", "online", "rural"];

    fn themes() -> Vec<Theme> {
        SLUGS.map(theme).into()
    }

    fn table() -> BTreeMap<MemberId, Member> {
        let members = [
            member(1, MemberKind::Provincial, Some("QC")),
            member(2, MemberKind::Federal, None),
            member(3, MemberKind::Municipal, Some("QC")),
        ];
        members.into_iter().map(|member| (member.id, member)).collect()
    }

    fn slug(n: usize) -> ThemeId {
        ThemeId::parse(SLUGS[n]).expect("a theme")
    }

    prop_compose! {
        fn cards()(drawn in proptest::collection::vec((0..3_usize, 0..4_usize, 0..2_usize, proptest::collection::btree_set(0..3_usize, 0..3), proptest::option::of(0..90_i64)), 0..12)) -> Vec<Card> {
            let members: Vec<MemberId> = table().into_keys().collect();
            (1..).zip(drawn).map(|(n, (of, section, language, themes, amended))| Card {
                member: members[of],
                section: Section::ALL[section],
                language: Language::ALL[language],
                themes: themes.into_iter().map(slug).collect(),
                amended_at: amended.map(Timestamp::from_millis),
                ..card(n, "words")
            }).collect()
        }
    }

    prop_compose! {
        fn filters()(sections in proptest::collection::btree_set(0..4_usize, 0..3), themes in proptest::collection::btree_set(proptest::option::of(0..3_usize), 0..3), kinds in proptest::collection::btree_set(0..3_usize, 0..2), members in proptest::collection::btree_set(0..3_usize, 0..3), province in any::<bool>(), language in proptest::option::of(0..2_usize), new in any::<bool>()) -> Filter {
            let ids: Vec<MemberId> = table().into_keys().collect();
            let known = [MemberKind::Provincial, MemberKind::Federal, MemberKind::Municipal];
            Filter {
                sections: sections.into_iter().map(|n| Section::ALL[n]).collect(),
                themes: themes.into_iter().map(|theme| theme.map(slug)).collect(),
                kinds: kinds.into_iter().map(|n| known[n]).collect(),
                members: members.into_iter().map(|n| ids[n]).collect(),
                provinces: province.then(|| "QC".to_owned()).into_iter().collect(),
                language: language.map(|n| Language::ALL[n]),
                new,
                ..Filter::default()
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_selected_by_facets_is_what_the_filter_takes_of_the_cards(cards in cards(), filter in filters(), looked in proptest::option::of((0..90_i64).prop_map(Timestamp::from_millis))) {
            let mut board = board();
            board.cards = cards.into_iter().map(|card| (card.item, card)).collect();
            let (members, columns) = (table(), Columns::of(&themes()));
            let standing = Standing::of(&board, &members, columns.clone());
            let selection = Selection::of(&standing, Looking { members: &members, filter: &filter, found: None, looked });
            let wanted: Vec<ItemId> = standing.items().filter(|item| {
                let card = &board.cards[item];
                filter.takes(card, members.get(&card.member), looked)
            }).collect();
            let among = columns.among(&filter.themes);
            for (column, items) in selection.columns.iter().enumerate() {
                let under = |item: &&ItemId| among[column] && columns.of_card(&board.cards[*item]).any(|place| place == column);
                prop_assert_eq!(items, &wanted.iter().filter(under).copied().collect::<Vec<_>>());
            }
            prop_assert_eq!(selection.items, wanted);
        }

        #[test]
        fn put_one_after_the_other_they_are_what_they_are_at_once(cards in cards(), again in cards(), gone in 0..12_usize) {
            let (members, columns) = (table(), Columns::of(&themes()));
            let mut board = board();
            let mut standing = Standing::of(&board, &members, Columns::of(&[]));
            standing.stand_under(&columns, &board);
            for card in cards.iter().chain(&again) {
                prop_assert_eq!(standing.put(card), board.cards.insert(card.item, card.clone()).is_none());
            }
            if let Some(card) = cards.get(gone) {
                standing.remove(card.item);
                board.cards.remove(&card.item);
            }
            let whole = Standing::of(&board, &members, columns);
            let facets = |standing: &Standing| {
                let mut all: Vec<_> = standing.facets().iter().map(|facets| (facets.item, standing.members()[facets.member], facets.section, facets.language, facets.changed_at, facets.columns().collect::<Vec<_>>())).collect();
                all.sort();
                all
            };
            prop_assert_eq!(facets(&standing), facets(&whole));
        }
    }
}
