//! Which items of the board are shown. Within one choice any of its values will do; all choices must hold.

use crate::board::Card;
use crate::board::place::{list, theme_named, theme_slug};
use crate::id::MemberId;
use crate::language::Language;
use crate::member::{Member, MemberKind};
use crate::section::Section;
use crate::theme::ThemeId;
use crate::time::Timestamp;
use std::collections::BTreeSet;

/// What a person chose to see. Empty choices leave everything in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Sections of the form.
    pub sections: BTreeSet<Section>,
    /// Themes; none stands for the items without one.
    pub themes: BTreeSet<Option<ThemeId>>,
    /// Kinds of members.
    pub kinds: BTreeSet<MemberKind>,
    /// Members.
    pub members: BTreeSet<MemberId>,
    /// Provinces and territories, as postal codes of two letters.
    pub provinces: BTreeSet<String>,
    /// The language that the item is written in.
    pub language: Option<Language>,
    /// Only what came, or was amended, since the person last looked.
    pub new: bool,
    /// Words that the item has. They are looked up in the [`super::index::Index`], not here.
    pub text: String,
}

const KINDS: [MemberKind; 5] =
    [MemberKind::Federal, MemberKind::Provincial, MemberKind::Territorial, MemberKind::Umbrella, MemberKind::Municipal];

impl Filter {
    /// Whether everything is left in.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// How many choices narrow what is shown, the words of the search included.
    #[must_use]
    pub fn choices(&self) -> usize {
        let lists = [
            self.sections.len(),
            self.themes.len(),
            self.kinds.len(),
            self.members.len(),
            self.provinces.len(),
            usize::from(self.language.is_some()),
            usize::from(self.new),
            usize::from(!self.text.trim().is_empty()),
        ];
        lists.iter().sum()
    }

    /// Whether an item is in, apart from the words that were searched. `looked` is when the person last looked, by
    /// the server's clock: at their first visit nothing is new.
    #[must_use]
    pub fn takes(&self, card: &Card, member: Option<&Member>, looked: Option<Timestamp>) -> bool {
        (self.sections.is_empty() || self.sections.contains(&card.section))
            && (self.themes.is_empty() || self.takes_themes(card))
            && self.takes_member(card.member, member)
            && self.language.is_none_or(|language| card.language == language)
            && (!self.new || card.is_newer_than(looked))
    }

    /// Whether a member's items may be in.
    #[must_use]
    pub fn takes_member(&self, id: MemberId, member: Option<&Member>) -> bool {
        let province = member.and_then(|member| member.province.as_ref());
        (self.kinds.is_empty() || member.is_some_and(|member| self.kinds.contains(&member.kind)))
            && (self.members.is_empty() || self.members.contains(&id))
            && (self.provinces.is_empty() || province.is_some_and(|province| self.provinces.contains(province)))
    }

    fn takes_themes(&self, card: &Card) -> bool {
        let any = self.themes.iter().flatten().any(|theme| card.themes.contains(theme));
        any || (card.themes.is_empty() && self.themes.contains(&None))
    }

    /// Reads one pair of an address.
    pub(super) fn read(&mut self, key: &str, value: &str) {
        match key {
            "section" => {
                let named = |name: &str| Section::ALL.into_iter().find(|section| section.as_str() == name);
                self.sections.extend(value.split(',').filter_map(named));
            }
            "theme" => self.themes.extend(value.split(',').filter_map(theme_named)),
            "kind" => {
                let named = |name: &str| KINDS.into_iter().find(|kind| kind.as_str() == name);
                self.kinds.extend(value.split(',').filter_map(named));
            }
            "member" => self.members.extend(list::<MemberId>(value)),
            "province" => {
                let is_code = |code: &&str| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
                self.provinces.extend(value.split(',').filter(is_code).map(str::to_owned));
            }
            "language" => self.language = Language::ALL.into_iter().find(|language| language.code() == value),
            "new" => self.new = value == "1",
            "q" => value.clone_into(&mut self.text),
            _ => {}
        }
    }

    /// Writes the pairs of an address.
    pub(super) fn write(&self, pair: &mut dyn FnMut(&str, &str)) {
        let mut list = |key: &str, values: Vec<String>| {
            if !values.is_empty() {
                pair(key, &values.join(","));
            }
        };
        list("section", self.sections.iter().map(|section| section.as_str().to_owned()).collect());
        list("theme", self.themes.iter().map(|theme| theme_slug(theme.as_ref()).to_owned()).collect());
        list("kind", self.kinds.iter().map(|kind| kind.as_str().to_owned()).collect());
        list("member", self.members.iter().map(MemberId::to_string).collect());
        list("province", self.provinces.iter().cloned().collect());
        list("language", self.language.iter().map(|language| language.code().to_owned()).collect());
        list("new", self.new.then(|| "1".to_owned()).into_iter().collect());
        if !self.text.is_empty() {
            pair("q", &self.text);
        }
    }
}

impl Card {
    /// When its words last changed for the council.
    #[must_use]
    pub fn changed_at(&self) -> Timestamp {
        self.amended_at.unwrap_or(self.submitted_at)
    }

    /// Whether it came or was amended after somebody last looked; at a first visit nothing is new.
    #[must_use]
    pub fn is_newer_than(&self, looked: Option<Timestamp>) -> bool {
        looked.is_some_and(|looked| self.changed_at() > looked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::board::tests::{card, member};

    #[test]
    fn any_value_of_a_choice_will_do_and_all_choices_must_hold() {
        let (nunavut, mut item) = (member(1, MemberKind::Territorial, Some("NU")), card(1, "text"));
        item.member = nunavut.id;
        item.themes = vec![ThemeId::parse("online-services").expect("a theme")];
        let takes = |change: &dyn Fn(&mut Filter)| {
            let mut filter = Filter::default();
            change(&mut filter);
            filter.takes(&item, Some(&nunavut), Some(Timestamp::from_millis(0)))
        };
        assert!(takes(&|_| {}));
        assert!(takes(&|f| f.sections.extend([Section::Achievements, Section::Priorities])));
        assert!(!takes(&|f| f.sections.extend([Section::Achievements])));
        assert!(takes(&|f| f.themes.extend([None, ThemeId::parse("online-services").ok()])));
        assert!(!takes(&|f| f.themes.extend([None])));
        assert!(takes(&|f| f.kinds.extend([MemberKind::Territorial])));
        assert!(!takes(&|f| f.kinds.extend([MemberKind::Federal])));
        assert!(takes(&|f| f.provinces.extend(["NU".to_owned()])));
        assert!(!takes(&|f| f.provinces.extend(["QC".to_owned()])));
        assert!(takes(&|f| f.members.extend([nunavut.id])));
        assert!(!takes(&|f| f.language = Some(Language::En)));
        assert!(takes(&|f| f.new = true));
        assert!(!takes(&|f| {
            f.kinds.extend([MemberKind::Territorial]);
            f.language = Some(Language::En);
        }));
    }

    #[test]
    fn new_is_what_changed_since_the_last_look_and_nothing_at_a_first_visit() {
        let mut item = card(5, "text");
        assert!(item.is_newer_than(Some(Timestamp::from_millis(4))));
        assert!(!item.is_newer_than(Some(Timestamp::from_millis(5))));
        assert!(!item.is_newer_than(None));
        item.amended_at = Some(Timestamp::from_millis(9));
        assert!(item.is_newer_than(Some(Timestamp::from_millis(5))));
    }

    #[test]
    fn an_item_of_a_member_that_is_not_known_is_in_unless_something_about_the_member_is_asked() {
        let item = card(1, "text");
        assert!(Filter::default().takes(&item, None, None));
        let asks = Filter { kinds: [MemberKind::Federal].into(), ..Filter::default() };
        assert!(!asks.takes(&item, None, None));
    }
}
