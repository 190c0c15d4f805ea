//! What of a board is shown, and in which order: decided once for each change of the board or of the filter, in a pass
//! over all cards, and the same for every view.

use crate::board::filter::Filter;
use crate::board::standing::{Facets, Standing};
use crate::id::{ItemId, MemberId};
use crate::member::Member;
use crate::time::Timestamp;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The items that are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// In the order in which they stand; the best first while words are searched.
    pub items: Vec<ItemId>,
    /// The same under each column of the themes. An item with two themes stands twice.
    pub columns: Vec<Vec<ItemId>>,
    /// How many of them are new since the person last looked.
    pub new: usize,
    /// How many of all items are new, whatever the filter.
    pub new_in_all: usize,
}

/// Cards that have the words of a search, with how well they fit, by their ids.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hits(Vec<(ItemId, u32)>);

impl FromIterator<(ItemId, u32)> for Hits {
    fn from_iter<T: IntoIterator<Item = (ItemId, u32)>>(hits: T) -> Self {
        let mut hits: Vec<(ItemId, u32)> = hits.into_iter().collect();
        hits.sort_unstable();
        Self(hits)
    }
}

impl Hits {
    /// How well a card fits; none when it does not have the words.
    #[must_use]
    pub fn score(&self, item: ItemId) -> Option<u32> {
        let at = self.0.binary_search_by_key(&item, |(item, _)| *item).ok()?;
        Some(self.0[at].1)
    }

    /// The cards, by their ids.
    pub fn items(&self) -> impl Iterator<Item = ItemId> + '_ {
        self.0.iter().map(|(item, _)| *item)
    }
}

/// What a selection is made with.
#[derive(Debug, Clone, Copy)]
pub struct Looking<'a> {
    /// The members by their ids.
    pub members: &'a BTreeMap<MemberId, Member>,
    /// What is left in.
    pub filter: &'a Filter,
    /// Cards that have the words of the search, with how well; none when nothing is searched.
    pub found: Option<&'a Hits>,
    /// When the person last looked, by the server's clock.
    pub looked: Option<Timestamp>,
}

impl Selection {
    /// Selects from the cards as they stand.
    #[must_use]
    pub fn of(standing: &Standing, looking: Looking<'_>) -> Self {
        let Looking { members, filter, found, looked } = looking;
        let of_member = |id: &MemberId| filter.takes_member(*id, members.get(id));
        let of_members: Vec<bool> = standing.members().iter().map(of_member).collect();
        // Whoever chose a theme sees that one, and not what else its items stand under.
        let among = standing.columns().among(&filter.themes);
        let mut selection = Self { columns: vec![Vec::new(); among.len()], ..Self::default() };
        let mut taken: Vec<(u32, &Facets)> = Vec::new();
        for facets in standing.facets() {
            let new = looked.is_some_and(|looked| facets.changed_at > looked);
            selection.new_in_all += usize::from(new);
            let score = found.map(|found| found.score(facets.item));
            let takes = score != Some(None)
                && of_members[facets.member]
                && (filter.sections.is_empty() || filter.sections.contains(&facets.section))
                && facets.columns().any(|column| among[column])
                && filter.language.is_none_or(|language| facets.language == language)
                && (!filter.new || new);
            if takes {
                selection.new += usize::from(new);
                taken.push((score.flatten().unwrap_or_default(), facets));
            }
        }
        if found.is_some() {
            // Of cards that fit as well as each other, the one that stands first.
            taken.sort_by_key(|(score, _)| Reverse(*score));
        }
        for (_, facets) in taken {
            selection.items.push(facets.item);
            for column in facets.columns().filter(|column| among[*column]) {
                selection.columns[column].push(facets.item);
            }
        }
        selection
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::index::Index;
    use crate::board::tally::Columns;
    use crate::board::tests::{board, card, member, theme};
    use crate::board::{Board, Card};
    use crate::member::MemberKind;
    use crate::section::Section;
    use crate::theme::ThemeId;

    fn table() -> (Board, BTreeMap<MemberId, Member>, Columns) {
        let members = [member(1, MemberKind::Provincial, Some("QC")), member(2, MemberKind::Federal, None)];
        let mut board = board();
        for (n, of, section, themes) in [
            (1, 1, Section::Priorities, vec!["online"]),
            (2, 0, Section::Priorities, vec!["online", "identity"]),
            (3, 0, Section::Achievements, vec![]),
        ] {
            let themes = themes.into_iter().map(|slug| ThemeId::parse(slug).expect("a theme")).collect();
            let card = Card { member: members[of].id, section, themes, ..card(n, "a counter") };
            board.cards.insert(card.item, card);
        }
        let columns = Columns::of(&[theme("identity"), theme("online")]);
        (board, members.into_iter().map(|member| (member.id, member)).collect(), columns)
    }

    fn standing(board: &Board, members: &BTreeMap<MemberId, Member>, columns: Columns) -> Standing {
        Standing::of(board, members, columns)
    }

    fn numbers(items: &[ItemId]) -> Vec<i64> {
        items.iter().map(|item| item.made_at().millis()).collect()
    }

    #[test]
    fn cards_stand_as_the_tour_goes_and_then_as_the_form_does() {
        let (board, members, columns) = table();
        assert_eq!(numbers(&standing(&board, &members, columns).items().collect::<Vec<_>>()), [3, 2, 1]);
    }

    #[test]
    fn an_item_stands_under_each_of_its_themes_and_is_counted_once() {
        let (board, members, columns) = table();
        let looking = Looking { members: &members, filter: &Filter::default(), found: None, looked: None };
        let selection = Selection::of(&standing(&board, &members, columns.clone()), looking);
        assert_eq!(numbers(&selection.items), [3, 2, 1]);
        let under: Vec<_> = selection.columns.iter().map(|items| numbers(items)).collect();
        assert_eq!(under, [vec![2], vec![2, 1], vec![3]]);
        assert_eq!((selection.new, selection.new_in_all), (0, 0));
    }

    #[test]
    fn whoever_chose_a_theme_sees_that_one_and_not_what_else_its_items_stand_under() {
        let (board, members, columns) = table();
        let under = |themes: &[Option<&str>]| {
            let named = |slug: &&str| ThemeId::parse(slug).expect("a theme");
            let themes = themes.iter().map(|slug| slug.as_ref().map(named)).collect();
            let filter = Filter { themes, ..Filter::default() };
            let looking = Looking { members: &members, filter: &filter, found: None, looked: None };
            let selection = Selection::of(&standing(&board, &members, columns.clone()), looking);
            selection.columns.iter().map(|items| numbers(items)).collect::<Vec<_>>()
        };
        assert_eq!(under(&[Some("online")]), [vec![], vec![2, 1], vec![]]);
        assert_eq!(under(&[Some("identity"), None]), [vec![2], vec![], vec![3]]);
        assert!(under(&[Some("newer")]).concat().is_empty());
    }

    #[test]
    fn what_is_searched_comes_best_first_and_the_new_ones_are_counted() {
        let (mut board, members, columns) = table();
        let best = board.cards.values_mut().find(|card| card.item.made_at().millis() == 1).expect("the first");
        best.title = "Counter".into();
        let mut index = Index::default();
        board.cards.values().for_each(|card| index.put(card, []));
        let found = index.search("counter");
        let filter = Filter { sections: [Section::Priorities].into(), text: "counter".into(), ..Filter::default() };
        let looked = Some(Timestamp::from_millis(1));
        let looking = Looking { members: &members, filter: &filter, found: found.as_ref(), looked };
        let selection = Selection::of(&standing(&board, &members, columns.clone()), looking);
        assert_eq!(numbers(&selection.items), [1, 2]);
        assert_eq!((selection.new, selection.new_in_all), (1, 2));
    }
}
