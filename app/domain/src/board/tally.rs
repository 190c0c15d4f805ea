//! Counting what the board shows: the items under each theme, the matrix of members and themes, the sections, and the
//! editions one after the other.
//!
//! An item with two themes counts under both; totals count each item once. So the numbers of a row may add up to more
//! than its total, and the screen says so.

use crate::board::Card;
use crate::board::place::Sort;
use crate::id::MemberId;
use crate::language::Language;
use crate::member::Member;
use crate::section::Section;
use crate::theme::{Theme, ThemeId, ThemeState};
use std::collections::{BTreeMap, BTreeSet};

/// The themes as columns, in their order, then one for the items without a theme.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    places: BTreeMap<ThemeId, usize>,
}

impl Columns {
    /// The columns of the council's themes.
    #[must_use]
    pub fn of(themes: &[Theme]) -> Self {
        Self { places: themes.iter().enumerate().map(|(place, theme)| (theme.id.clone(), place)).collect() }
    }

    /// How many there are, the last one included.
    #[must_use]
    pub fn count(&self) -> usize {
        self.places.len() + 1
    }

    /// Which of them are among some chosen themes; all, when none is chosen.
    #[must_use]
    pub fn among(&self, chosen: &BTreeSet<Option<ThemeId>>) -> Vec<bool> {
        let mut among = vec![chosen.is_empty(); self.count()];
        let place =
            |theme: &Option<ThemeId>| theme.as_ref().map_or(Some(self.places.len()), |id| self.places.get(id).copied());
        chosen.iter().filter_map(place).for_each(|place| among[place] = true);
        among
    }

    /// Where an item stands. A theme that is not known yet leaves it where those without one are.
    pub fn of_card<'a>(&'a self, card: &'a Card) -> impl Iterator<Item = usize> + 'a {
        let known = card.themes.iter().filter_map(|theme| self.places.get(theme).copied());
        let none = !card.themes.iter().any(|theme| self.places.contains_key(theme));
        known.chain(none.then_some(self.places.len()))
    }
}

/// The themes that have a column: those that can be chosen, and retired ones that an item still carries.
#[must_use]
pub fn themes_shown<'a>(themes: &[Theme], cards: impl IntoIterator<Item = &'a Card>) -> Vec<Theme> {
    let retired: Vec<&ThemeId> =
        themes.iter().filter(|theme| theme.state == ThemeState::Retired).map(|theme| &theme.id).collect();
    let mut carried = vec![false; retired.len()];
    if !retired.is_empty() {
        for theme in cards.into_iter().flat_map(|card| &card.themes) {
            if let Some(place) = retired.iter().position(|retired| *retired == theme) {
                carried[place] = true;
            }
        }
    }
    let is_carried = |theme: &Theme| retired.iter().zip(&carried).any(|(id, carried)| **id == theme.id && *carried);
    themes.iter().filter(|theme| theme.state == ThemeState::Active || is_carried(theme)).cloned().collect()
}

/// How many items stand under each theme, and of which sections.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// For each column, the items of each section in the form's order.
    pub columns: Vec<[u32; 4]>,
    /// Each item once.
    pub items: u32,
}

impl Tally {
    /// Counts.
    #[must_use]
    pub fn of<'a>(columns: &Columns, cards: impl IntoIterator<Item = &'a Card>) -> Self {
        let mut tally = Self { columns: vec![[0; 4]; columns.count()], items: 0 };
        for card in cards {
            tally.items += 1;
            for place in columns.of_card(card) {
                tally.columns[place][card.section as usize] += 1;
            }
        }
        tally
    }

    /// The items under a column, of all sections.
    #[must_use]
    pub fn under(&self, column: usize) -> u32 {
        self.columns.get(column).map_or(0, |sections| sections.iter().sum())
    }

    /// The items of one section under a column.
    #[must_use]
    pub fn of_section(&self, column: usize, section: Section) -> u32 {
        self.columns.get(column).map_or(0, |sections| sections[section as usize])
    }

    /// The largest number under any column: what a chart's longest bar stands for.
    #[must_use]
    pub fn most(&self) -> u32 {
        (0..self.columns.len()).map(|column| self.under(column)).max().unwrap_or(0)
    }
}

/// One member's row of the matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub member: MemberId,
    /// Items under each column.
    pub counts: Vec<u32>,
    /// Each item once.
    pub total: u32,
}

/// Themes by members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matrix {
    /// The members with at least one item.
    pub rows: Vec<Row>,
    /// Items under each column, of all members.
    pub totals: Vec<u32>,
    /// Each item once.
    pub items: u32,
    /// The largest number of any cell.
    pub most: u32,
}

impl Matrix {
    /// Counts the items of each member under each theme; rows in the order asked for, ties as the tour de table goes.
    #[must_use]
    pub fn of<'a>(
        columns: &Columns,
        members: &[Member],
        cards: impl IntoIterator<Item = &'a Card>,
        sort: &Sort,
        language: Language,
    ) -> Self {
        let places: BTreeMap<MemberId, usize> =
            members.iter().enumerate().map(|(place, member)| (member.id, place)).collect();
        let empty = |member: &Member| Row { member: member.id, counts: vec![0; columns.count()], total: 0 };
        let mut rows: Vec<Row> = members.iter().map(empty).collect();
        let mut totals = vec![0; columns.count()];
        let mut items = 0;
        for card in cards {
            let Some(row) = places.get(&card.member).map(|place| &mut rows[*place]) else { continue };
            items += 1;
            row.total += 1;
            for place in columns.of_card(card) {
                row.counts[place] += 1;
                totals[place] += 1;
            }
        }
        rows.retain(|row| row.total > 0);
        sort_rows(&mut rows, columns, sort, |row| &members[places[&row.member]].short, language);
        let most = rows.iter().flat_map(|row| &row.counts).copied().max().unwrap_or(0);
        Self { rows, totals, items, most }
    }
}

fn sort_rows<'a>(
    rows: &mut [Row],
    columns: &Columns,
    sort: &Sort,
    name: impl Fn(&Row) -> &'a crate::language::Bilingual,
    language: Language,
) {
    match sort {
        Sort::Tour => {}
        Sort::Name => rows.sort_by_cached_key(|row| super::words::folded(name(row).get(language))),
        Sort::Total => rows.sort_by_key(|row| std::cmp::Reverse(row.total)),
        Sort::Theme(theme) => {
            let none = columns.count() - 1;
            let column = theme.as_ref().map_or(Some(none), |theme| columns.places.get(theme).copied());
            let count = |row: &Row| column.map_or(0, |column| row.counts[column]);
            rows.sort_by_key(|row| std::cmp::Reverse(count(row)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::tests::{card, member, theme};
    use crate::member::MemberKind;

    fn themed(n: u8, of: &Member, section: Section, themes: &[&str]) -> Card {
        let themes = themes.iter().map(|slug| ThemeId::parse(slug).expect("a theme")).collect();
        Card { member: of.id, section, themes, ..card(n, "text") }
    }

    fn table() -> (Vec<Theme>, Vec<Member>, Vec<Card>) {
        let themes = vec![theme("identity"), theme("online"), Theme { state: ThemeState::Retired, ..theme("old") }];
        let members = vec![
            member(1, MemberKind::Federal, None),
            member(2, MemberKind::Provincial, Some("QC")),
            member(3, MemberKind::Territorial, Some("NU")),
        ];
        let cards = vec![
            themed(1, &members[0], Section::Achievements, &["identity"]),
            themed(2, &members[1], Section::IssuesAndNeeds, &["identity", "online"]),
            themed(3, &members[1], Section::Priorities, &[]),
            themed(4, &members[1], Section::Priorities, &["of-a-newer-server"]),
        ];
        (themes, members, cards)
    }

    #[test]
    fn an_item_counts_under_each_of_its_themes_and_once_in_the_total() {
        let (themes, members, cards) = table();
        let matrix = Matrix::of(&Columns::of(&themes), &members, &cards, &Sort::Tour, Language::En);
        let rows: Vec<_> = matrix.rows.iter().map(|row| (row.member, row.counts.clone(), row.total)).collect();
        assert_eq!(rows, [(members[0].id, vec![1, 0, 0, 0], 1), (members[1].id, vec![1, 1, 0, 2], 3)]);
        assert_eq!((matrix.totals, matrix.items, matrix.most), (vec![2, 1, 0, 2], 4, 2));
    }

    #[test]
    fn rows_stand_in_the_order_asked_for() {
        let (themes, mut members, cards) = table();
        members[0].short.fr = "Québec".into();
        members[1].short.fr = "Île-du-Prince-Édouard".into();
        let first =
            |sort: Sort| Matrix::of(&Columns::of(&themes), &members, &cards, &sort, Language::Fr).rows[0].member;
        assert_eq!(first(Sort::Tour), members[0].id);
        assert_eq!(first(Sort::Name), members[1].id, "accents do not come after z");
        assert_eq!(first(Sort::Total), members[1].id);
        assert_eq!(first(Sort::Theme(None)), members[1].id);
        assert_eq!(first(Sort::Theme(ThemeId::parse("identity").ok())), members[0].id, "a tie is as the tour goes");
    }

    #[test]
    fn needs_stand_beside_achievements() {
        let (themes, _, cards) = table();
        let tally = Tally::of(&Columns::of(&themes), &cards);
        let identity = (tally.of_section(0, Section::Achievements), tally.of_section(0, Section::IssuesAndNeeds));
        assert_eq!(identity, (1, 1));
        assert_eq!((tally.under(3), tally.items, tally.most()), (2, 4, 2));
    }

    #[test]
    fn a_retired_theme_has_a_column_while_an_item_carries_it() {
        let (themes, members, mut cards) = table();
        assert_eq!(themes_shown(&themes, &cards).len(), 2);
        cards.push(themed(5, &members[0], Section::Priorities, &["old"]));
        assert_eq!(themes_shown(&themes, &cards).len(), 3);
    }
}
