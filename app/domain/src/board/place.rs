//! Where somebody is on the board, as an address: the view, what is filtered, and what is open. Everything that a
//! person chose is in the query, so that a link, the back button and the language switch lead to the same place.
//!
//! What a query says that this program does not understand is left out; the rest holds.

use crate::board::filter::Filter;
use crate::id::{EditionId, ItemId, MemberId};
use crate::theme::ThemeId;
use form_urlencoded::{Serializer, parse};
use std::str::FromStr;

/// How the items of an edition are laid out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum View {
    /// Cards under each theme.
    #[default]
    Columns,
    /// Themes by members, each cell its count.
    Matrix,
    /// Shares of the themes, and needs beside achievements.
    Charts,
    /// Themes over the editions.
    Trend,
    /// The tour de table: one member's whole report at a time.
    Member,
}

impl View {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 5] = [Self::Columns, Self::Matrix, Self::Charts, Self::Trend, Self::Member];

    /// Its name in an address.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Columns => "columns",
            Self::Matrix => "matrix",
            Self::Charts => "charts",
            Self::Trend => "trend",
            Self::Member => "member",
        }
    }
}

/// In what order the rows of the matrix stand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Sort {
    /// As the tour de table goes.
    #[default]
    Tour,
    /// By name, in the reader's language.
    Name,
    /// Those with most items first.
    Total,
    /// Those with most items under a theme first; none: under no theme.
    Theme(Option<ThemeId>),
}

/// What stands in an address for the items without a theme. No slug looks like it.
pub const NO_THEME: &str = "-";

/// The slug of a theme in an address, or what stands for none.
#[must_use]
pub fn theme_slug(theme: Option<&ThemeId>) -> &str {
    theme.map_or(NO_THEME, ThemeId::as_str)
}

/// A theme of an address; the outer `None` is no theme's name at all.
#[must_use]
pub fn theme_named(slug: &str) -> Option<Option<ThemeId>> {
    if slug == NO_THEME { Some(None) } else { ThemeId::parse(slug).ok().map(Some) }
}

/// A place on the board.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Which edition; the current one when it is not said.
    pub edition: Option<EditionId>,
    /// How it is laid out.
    pub view: View,
    /// Which items are shown.
    pub filter: Filter,
    /// Whose report is shown by [`View::Member`]; the first of the tour when it is not said.
    pub report: Option<MemberId>,
    /// The card that is open.
    pub item: Option<ItemId>,
    /// The order of the matrix.
    pub sort: Sort,
}

impl Place {
    /// Reads a query, with or without its question mark.
    #[must_use]
    pub fn of_query(query: &str) -> Self {
        let mut place = Self::default();
        for (key, value) in parse(query.trim_start_matches('?').as_bytes()) {
            match &*key {
                "edition" => place.edition = value.parse().ok(),
                "view" => place.view = View::ALL.into_iter().find(|view| view.as_str() == value).unwrap_or_default(),
                "report" => place.report = value.parse().ok(),
                "item" => place.item = value.parse().ok(),
                "sort" => place.sort = sort_named(&value),
                _ => place.filter.read(&key, &value),
            }
        }
        place
    }

    /// The query, without its question mark; empty for the board as it opens.
    #[must_use]
    pub fn query(&self) -> String {
        let mut query = Serializer::new(String::new());
        if let Some(edition) = self.edition {
            query.append_pair("edition", &edition.to_string());
        }
        if self.view != View::default() {
            query.append_pair("view", self.view.as_str());
        }
        self.filter.write(&mut |key, value| {
            query.append_pair(key, value);
        });
        if let Some(report) = self.report {
            query.append_pair("report", &report.to_string());
        }
        if let Some(item) = self.item {
            query.append_pair("item", &item.to_string());
        }
        let sort = match &self.sort {
            Sort::Tour => None,
            Sort::Name => Some("name".to_owned()),
            Sort::Total => Some("total".to_owned()),
            Sort::Theme(theme) => Some(format!("theme:{}", theme_slug(theme.as_ref()))),
        };
        if let Some(sort) = sort {
            query.append_pair("sort", &sort);
        }
        // A comma need not be written as three characters; a link that people pass on is read by people.
        query.finish().replace("%2C", ",").replace("%3A", ":")
    }

    /// The address of a place: a path, with the query when there is one.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        match self.query() {
            query if query.is_empty() => path.to_owned(),
            query => format!("{path}?{query}"),
        }
    }
}

fn sort_named(name: &str) -> Sort {
    match (name, name.strip_prefix("theme:").and_then(theme_named)) {
        ("name", _) => Sort::Name,
        ("total", _) => Sort::Total,
        (_, Some(theme)) => Sort::Theme(theme),
        _ => Sort::Tour,
    }
}

/// The values of a list in an address; those that cannot be read are left out.
pub(super) fn list<T: FromStr + Ord>(value: &str) -> impl Iterator<Item = T> {
    value.split(',').filter_map(|value| value.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;
    use crate::member::MemberKind;
    use crate::section::Section;
    use crate::time::Timestamp;
    use proptest::prelude::*;

    #[test]
    fn the_board_as_it_opens_has_no_query() {
        assert_eq!(Place::default().query(), "");
        assert_eq!(Place::of_query(""), Place::default());
        assert_eq!(Place::default().address("/fr/tableau"), "/fr/tableau");
    }

    #[test]
    fn a_place_is_an_address_that_people_can_read() {
        let mut place = Place { view: View::Matrix, sort: Sort::Theme(None), ..Place::default() };
        place.filter.sections.extend([Section::Priorities, Section::Achievements]);
        place.filter.themes.extend([None, ThemeId::parse("digital-identity").ok()]);
        place.filter.kinds.insert(MemberKind::Territorial);
        place.filter.provinces.insert("NU".into());
        place.filter.language = Some(Language::Fr);
        place.filter.new = true;
        place.filter.text = "guichet & identité".into();
        let query = place.query();
        assert_eq!(
            query,
            "view=matrix&section=achievements,priorities&theme=-,digital-identity&kind=territorial&province=NU\
             &language=fr&new=1&q=guichet+%26+identit%C3%A9&sort=theme:-"
        );
        assert_eq!(Place::of_query(&format!("?{query}")), place);
    }

    #[test]
    fn links_of_the_first_release_lead_where_they_led() {
        let place = Place::of_query("?section=issues_and_needs");
        assert_eq!(place.filter.sections, [Section::IssuesAndNeeds].into());
    }

    #[test]
    fn what_is_not_understood_is_left_out() {
        let place =
            Place::of_query("view=globe&theme=Not+A+Theme,online-services&item=7&sort=luck&x=y&section=a,,priorities");
        let mut expected = Place::default();
        expected.filter.themes.insert(ThemeId::parse("online-services").ok());
        expected.filter.sections.insert(Section::Priorities);
        assert_eq!(place, expected);
    }

    proptest! {
        #[test]
        fn every_place_survives_its_address(
            view in 0_usize..5, text in ".{0,30}", n in any::<[u8; 10]>(), item in any::<bool>(), sort in 0_usize..5,
        ) {
            let at = Timestamp::from_millis(7);
            let sorts = [Sort::Tour, Sort::Name, Sort::Total, Sort::Theme(None), Sort::Theme(ThemeId::parse("a-b").ok())];
            let mut place = Place {
                edition: Some(EditionId::new(at, &n)),
                view: View::ALL[view],
                report: Some(MemberId::new(at, &n)),
                item: item.then(|| ItemId::new(at, &n)),
                sort: sorts[sort].clone(),
                ..Place::default()
            };
            place.filter.members.insert(MemberId::new(at, &n));
            place.filter.text = text;
            prop_assert_eq!(Place::of_query(&place.query()), place);
        }

        #[test]
        fn any_query_is_read(query in ".{0,80}") {
            let place = Place::of_query(&query);
            prop_assert_eq!(Place::of_query(&place.query()), place);
        }
    }
}
