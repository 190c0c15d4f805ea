//! What a place on the board is on the wall: one thing at a time, in parts that the presenter goes through.
//!
//! The wall shows a scene from one of its parts on. It does not scroll: part 3 is at the top of every wall, however
//! large it is and whatever its language. So two walls cannot drift apart.

use crate::board::place::{Place, View};
use crate::board::selection::{Looking, Selection};
use crate::board::standing::Standing;
use crate::board::tally::{Columns, themes_shown};
use crate::board::{Board, Card};
use crate::council::CouncilView;
use crate::id::{ItemId, MemberId};
use crate::member::Member;
use crate::theme::{Theme, ThemeId};
use std::collections::BTreeMap;

/// What the wall shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scene {
    /// Every theme with its count and its first titles; a part is a theme.
    Themes(Vec<Heap>),
    /// The items of one theme; a part is an item.
    Theme(Heap),
    /// Themes by members; a part is a row.
    Matrix,
    /// Shares of the themes, needs beside achievements; a part is a theme, the last those without one.
    Charts,
    /// Themes over the editions; likewise.
    Trend,
    /// A member's whole report; a part is an item.
    Report {
        /// Whose.
        member: MemberId,
        /// In the form's order.
        items: Vec<ItemId>,
    },
    /// An item, whole: its head is always there, a part is one of its text's.
    Item(ItemId),
}

/// A theme and its items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heap {
    /// The theme; none for the items without one.
    pub theme: Option<ThemeId>,
    /// In the order of the tour de table.
    pub items: Vec<ItemId>,
}

/// What is known: the board and the council, with what is made of them once.
#[derive(Debug, Clone)]
pub struct Known {
    /// The board.
    pub board: Board,
    /// The council.
    pub council: CouncilView,
    /// The themes that have a column.
    pub themes: Vec<Theme>,
    members: BTreeMap<MemberId, Member>,
    standing: Standing,
}

impl Known {
    /// Puts the items in the order of the tour de table.
    #[must_use]
    pub fn of(board: Board, council: CouncilView) -> Self {
        let themes = themes_shown(&council.themes, board.cards.values());
        let members: BTreeMap<_, _> = council.members.iter().map(|member| (member.id, member.clone())).collect();
        let standing = Standing::of(&board, &members, Columns::of(&themes));
        Self { board, council, themes, members, standing }
    }

    /// The columns of the themes.
    #[must_use]
    pub const fn columns(&self) -> &Columns {
        self.standing.columns()
    }

    /// A card.
    #[must_use]
    pub fn card(&self, item: ItemId) -> Option<&Card> {
        self.board.cards.get(&item)
    }

    /// A theme.
    #[must_use]
    pub fn theme(&self, id: &ThemeId) -> Option<&Theme> {
        self.themes.iter().find(|theme| theme.id == *id)
    }

    /// Those who have something on the board, as the tour de table goes.
    #[must_use]
    pub fn tour(&self) -> Vec<MemberId> {
        let mut tour: Vec<MemberId> =
            self.standing.facets().iter().map(|facets| self.standing.members()[facets.member]).collect();
        tour.dedup();
        tour
    }

    /// Those who sit at the table and have nothing on the board, in the order of the table. For a municipality its
    /// umbrella sits there.
    #[must_use]
    pub fn without_report(&self) -> Vec<MemberId> {
        let tour = self.tour();
        let mut seats: Vec<&Member> =
            self.members.values().filter(|member| member.parent.is_none() && !tour.contains(&member.id)).collect();
        seats.sort_by_key(|member| (member.position, member.id));
        seats.into_iter().map(|member| member.id).collect()
    }

    /// The selection of a place. What only one person's device knows (when they last looked, and what they searched)
    /// is left out: a wall is everybody's.
    #[must_use]
    pub fn selection(&self, place: &Place) -> Selection {
        let filter = crate::board::filter::Filter { new: false, text: String::new(), ..place.filter.clone() };
        Selection::of(&self.standing, Looking { members: &self.members, filter: &filter, found: None, looked: None })
    }

    /// The themes with their items; the last is for those without one, when there are any.
    #[must_use]
    pub fn heaps(&self, place: &Place) -> Vec<Heap> {
        let ids = self.themes.iter().map(|theme| Some(theme.id.clone())).chain([None]);
        let heaps = ids.zip(self.selection(place).columns).map(|(theme, items)| Heap { theme, items });
        let chosen = &place.filter.themes;
        let heaps = heaps.filter(|heap| chosen.is_empty() || chosen.contains(&heap.theme));
        heaps.filter(|heap| heap.theme.is_some() || !heap.items.is_empty()).collect()
    }

    /// What a place is on the wall.
    #[must_use]
    pub fn scene(&self, place: &Place) -> Scene {
        match place.item {
            Some(item) if self.board.cards.contains_key(&item) => Scene::Item(item),
            _ => self.list(place),
        }
    }

    /// The same with no item open.
    #[must_use]
    pub fn list(&self, place: &Place) -> Scene {
        match place.view {
            View::Columns => self.theme_of(place).map_or_else(|| Scene::Themes(self.heaps(place)), Scene::Theme),
            View::Matrix => Scene::Matrix,
            View::Charts => Scene::Charts,
            View::Trend => Scene::Trend,
            View::Member => {
                let member = place.report.or_else(|| self.tour().first().copied());
                member.map_or(Scene::Themes(Vec::new()), |member| Scene::Report { member, items: self.report(member) })
            }
        }
    }

    /// The one theme that a place is narrowed to.
    fn theme_of(&self, place: &Place) -> Option<Heap> {
        let mut themes = place.filter.themes.iter();
        let (Some(theme), None) = (themes.next(), themes.next()) else { return None };
        let found = self.heaps(place).into_iter().find(|heap| heap.theme == *theme);
        Some(found.unwrap_or_else(|| Heap { theme: theme.clone(), items: Vec::new() }))
    }

    fn report(&self, member: MemberId) -> Vec<ItemId> {
        let theirs = |item: &ItemId| self.card(*item).is_some_and(|card| card.member == member);
        self.standing.items().filter(theirs).collect()
    }

    /// The rows of the matrix, always as the tour de table goes: by name, each language would have its own order.
    #[must_use]
    pub fn rows(&self, place: &Place) -> Vec<MemberId> {
        let items = self.selection(place).items;
        let mut members: Vec<MemberId> =
            items.iter().filter_map(|item| self.card(*item)).map(|card| card.member).collect();
        members.dedup();
        members
    }

    /// How many parts a scene has; at least one.
    #[must_use]
    pub fn parts(&self, scene: &Scene, place: &Place) -> usize {
        let parts = match scene {
            Scene::Themes(heaps) => heaps.len(),
            Scene::Theme(Heap { items, .. }) | Scene::Report { items, .. } => items.len(),
            Scene::Matrix => self.rows(place).len(),
            Scene::Charts | Scene::Trend => self.columns().count(),
            Scene::Item(item) => self.card(*item).map_or(1, |card| super::parts(&card.text).len().max(1)),
        };
        parts.max(1)
    }
}
