//! A report as it is being written: every field with the revision that the server gave it.
//!
//! | module | holds |
//! |---|---|
//! | [`state`] | a report as the server holds it |
//! | [`decide`](mod@decide), [`apply`](mod@apply) | what an operation does to it, decided now or decided before |
//! | [`audience`] | for whom its events are |
//! | [`submitted`] | what the council has of it, and the hash of its receipt |

pub mod apply;
pub mod audience;
pub mod decide;
pub mod state;
pub mod submitted;

use crate::council::audience::Audience;
use crate::field::{ContactField, ContactValue, FieldValue, ItemValue};
use crate::id::{ItemId, ReportId};
use crate::json::{self, Object};
use crate::language::Language;
use crate::person::Email;
use crate::position::Position;
use crate::section::Section;
use crate::sync::decide::{Decided, Surroundings};
use crate::sync::dispatch::Kind;
use crate::sync::op::Operation;
use crate::sync::subject::Subject;
use crate::sync::wire::{Receipt, Rev, Seq};
use crate::theme::ThemeId;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use std::sync::Arc;

/// Reports as a kind of subject.
#[derive(Debug, Clone, Copy)]
pub struct Reports;

impl Kind for Reports {
    type State = state::ReportState;
    type Event = state::EventKind;
    type Touched = state::Touched;

    fn empty(subject: &Subject) -> Option<state::ReportState> {
        subject.report().map(state::ReportState::empty)
    }

    fn decide(
        state: &mut state::ReportState,
        operation: &Operation,
        around: Surroundings<'_>,
        last: Seq,
    ) -> decide::ReportDecision {
        decide::decide(state, operation, around, last)
    }

    fn apply(state: &mut state::ReportState, decided: Decided<'_>) -> decide::ReportDone {
        apply::apply(state, decided)
    }

    fn audience(subject: &Subject, event: &state::EventKind) -> Audience {
        // An event of no report is not one of ours: nobody hears it.
        let nobody = || Audience::Unknown(String::new());
        subject.report().map_or_else(nobody, |report| event.audience(report))
    }
}

/// A value with the revision it stands at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Versioned<T> {
    /// The value.
    pub value: T,
    /// Its revision.
    pub rev: Rev,
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Versioned<T> {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Self, D::Error> {
        let mut object = Object::deserialize(source)?;
        let mut read = || Ok(Self { value: json::take(&mut object, "value")?, rev: json::take(&mut object, "rev")? });
        read().map_err(|error: serde_json::Error| D::Error::custom(error))
    }
}

impl<T> Versioned<T> {
    /// A value at a revision.
    pub const fn new(value: T, rev: Rev) -> Self {
        Self { value, rev }
    }
}

/// The person whom the council may call about the report.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Contact {
    pub name: Versioned<String>,
    pub email: Versioned<String>,
    pub phone: Versioned<String>,
}
crate::record!(Contact { name, email, phone });

impl Contact {
    /// One of its fields.
    #[must_use]
    pub const fn get(&self, field: ContactField) -> &Versioned<String> {
        match field {
            ContactField::Name => &self.name,
            ContactField::Email => &self.email,
            ContactField::Phone => &self.phone,
        }
    }

    /// Whether the e-mail address is one, or empty.
    #[must_use]
    pub fn has_sane_email(&self) -> bool {
        self.email.value.trim().is_empty() || Email::parse(&self.email.value).is_ok()
    }

    /// Writes one field at a revision.
    pub fn set(&mut self, value: ContactValue, rev: Rev) {
        match value {
            ContactValue::Name(text) => self.name = Versioned::new(text, rev),
            ContactValue::Email(text) => self.email = Versioned::new(text, rev),
            ContactValue::Phone(text) => self.phone = Versioned::new(text, rev),
        }
    }
}

/// One entry in a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the fields are described at `ItemValue`")]
pub struct Item {
    pub id: ItemId,
    pub section: Versioned<Section>,
    pub position: Versioned<Position>,
    pub language: Versioned<Language>,
    pub title: Versioned<String>,
    pub text: Versioned<String>,
    pub themes: Versioned<Vec<ThemeId>>,
    pub deleted: Versioned<bool>,
}
crate::record!(Item { id, section, position, language, title, text, themes, deleted });

impl Item {
    /// A new, empty item: where it stands and its language are at `rev`, nothing else has ever been written.
    #[must_use]
    pub fn new(id: ItemId, section: Section, position: Position, language: Language, rev: Rev) -> Self {
        Self {
            id,
            section: Versioned::new(section, rev),
            position: Versioned::new(position, rev),
            language: Versioned::new(language, rev),
            title: Versioned::default(),
            text: Versioned::default(),
            themes: Versioned::default(),
            deleted: Versioned::default(),
        }
    }

    /// Writes one field at a revision.
    pub fn set(&mut self, value: ItemValue, rev: Rev) {
        match value {
            ItemValue::Section(value) => self.section = Versioned { value, rev },
            ItemValue::Position(value) => self.position = Versioned { value, rev },
            ItemValue::Language(value) => self.language = Versioned { value, rev },
            ItemValue::Title(value) => self.title = Versioned { value, rev },
            ItemValue::Text(value) => self.text = Versioned { value, rev },
            ItemValue::Themes(value) => self.themes = Versioned { value, rev },
            ItemValue::Deleted(value) => self.deleted = Versioned { value, rev },
        }
    }

    /// The present value of the field that `like` names, with its revision.
    #[must_use]
    pub fn get_like(&self, like: &ItemValue) -> (ItemValue, Rev) {
        match like {
            ItemValue::Section(_) => (ItemValue::Section(self.section.value), self.section.rev),
            ItemValue::Position(_) => (ItemValue::Position(self.position.value.clone()), self.position.rev),
            ItemValue::Language(_) => (ItemValue::Language(self.language.value), self.language.rev),
            ItemValue::Title(_) => (ItemValue::Title(self.title.value.clone()), self.title.rev),
            ItemValue::Text(_) => (ItemValue::Text(self.text.value.clone()), self.text.rev),
            ItemValue::Themes(_) => (ItemValue::Themes(self.themes.value.clone()), self.themes.rev),
            ItemValue::Deleted(_) => (ItemValue::Deleted(self.deleted.value), self.deleted.rev),
        }
    }

    /// Every field with its revision.
    pub fn values(&self) -> impl Iterator<Item = (FieldValue, Rev)> + '_ {
        let values = [
            (ItemValue::Section(self.section.value), self.section.rev),
            (ItemValue::Position(self.position.value.clone()), self.position.rev),
            (ItemValue::Language(self.language.value), self.language.rev),
            (ItemValue::Title(self.title.value.clone()), self.title.rev),
            (ItemValue::Text(self.text.value.clone()), self.text.rev),
            (ItemValue::Themes(self.themes.value.clone()), self.themes.rev),
            (ItemValue::Deleted(self.deleted.value), self.deleted.rev),
        ];
        values.into_iter().map(|(value, rev)| (FieldValue::Item(self.id, value), rev))
    }

    /// Whether nobody wrote anything in it: such an item is not an entry, and is not published.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.title.value.trim().is_empty() && self.text.value.trim().is_empty()
    }

    /// Whether it counts: not deleted, and something is written in it.
    #[must_use]
    pub fn counts(&self) -> bool {
        !self.deleted.value && !self.is_blank()
    }
}

/// A report's draft, as the server holds it and as a device starts from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Draft {
    /// Which report.
    pub report: ReportId,
    /// The contact person.
    pub contact: Contact,
    /// All items, deleted ones too (their tombstones travel). Shared: the server copies a report for each batch that changes
    /// it, and most of its items stay.
    pub items: Vec<Arc<Item>>,
    /// The receipt of the submission in force; none before the first and after a withdrawal.
    pub submission: Option<Receipt>,
}
crate::record!(Draft { report, contact, items, submission });

impl Draft {
    /// The report before anyone wrote in it.
    #[must_use]
    pub fn empty(report: ReportId) -> Self {
        Self { report, contact: Contact::default(), items: Vec::new(), submission: None }
    }

    /// Every field with its revision.
    pub fn values(&self) -> impl Iterator<Item = (FieldValue, Rev)> + '_ {
        let contact = [
            (ContactValue::Name(self.contact.name.value.clone()), self.contact.name.rev),
            (ContactValue::Email(self.contact.email.value.clone()), self.contact.email.rev),
            (ContactValue::Phone(self.contact.phone.value.clone()), self.contact.phone.rev),
        ];
        let contact = contact.into_iter().map(|(value, rev)| (FieldValue::Contact(value), rev));
        contact.chain(self.items.iter().flat_map(|item| item.values()))
    }
}

/// What a report still lacks before it can be submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Missing {
    /// The contact person's name.
    ContactName,
    /// The contact person's e-mail address or telephone number.
    ContactWay,
    /// An e-mail address in place of what stands there.
    ContactEmail,
    /// Any item at all.
    Items,
    /// The title of an item that has a text.
    Title {
        /// Which item.
        item: ItemId,
    },
}

crate::tagged!(Missing, "missing");

/// What the report still lacks, in the order of the form. Empty: it can be submitted.
///
/// A section may stay empty: the council's own form is often sent with one.
#[must_use]
pub fn missing<'a>(contact: &Contact, items: impl IntoIterator<Item = &'a Item>) -> Vec<Missing> {
    let mut list = Vec::new();
    if contact.name.value.trim().is_empty() {
        list.push(Missing::ContactName);
    }
    if contact.email.value.trim().is_empty() && contact.phone.value.trim().is_empty() {
        list.push(Missing::ContactWay);
    }
    if !contact.has_sane_email() {
        list.push(Missing::ContactEmail);
    }
    let mut any = false;
    for item in items.into_iter().filter(|item| item.counts()) {
        any = true;
        if item.title.value.trim().is_empty() {
            list.push(Missing::Title { item: item.id });
        }
    }
    if !any {
        list.push(Missing::Items);
    }
    list
}

/// Words in a text, as a word processor counts them: runs between white space that hold a letter or a digit.
#[must_use]
pub fn word_count(text: &str) -> usize {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    fn item(n: u8, title: &str, text: &str) -> Item {
        let id = ItemId::new(Timestamp::from_millis(i64::from(n)), &[n; 10]);
        let mut item = Item::new(id, Section::Priorities, Position::first(), Language::En, 1);
        item.set(ItemValue::Title(title.into()), 2);
        item.set(ItemValue::Text(text.into()), 3);
        item
    }

    #[test]
    fn what_is_missing_is_named_in_the_forms_order() {
        let mut contact = Contact::default();
        assert_eq!(missing(&contact, &[]), [Missing::ContactName, Missing::ContactWay, Missing::Items]);

        contact.set(ContactValue::Name("A".into()), 1);
        contact.set(ContactValue::Phone("555-0100".into()), 2);
        let untitled = item(1, " ", "text");
        assert_eq!(missing(&contact, [&untitled]), [Missing::Title { item: untitled.id }]);

        for (address, sane) in
            [("josee arobase exemple", false), (" a@demo.example ", true), ("a@b?bcc=c@d", false), (" ", true)]
        {
            contact.set(ContactValue::Email(address.into()), 3);
            let lacking = missing(&contact, [&item(5, "t", "")]);
            assert_eq!(lacking, if sane { vec![] } else { vec![Missing::ContactEmail] }, "{address}");
        }

        let mut deleted = item(2, "t", "x");
        deleted.set(ItemValue::Deleted(true), 4);
        assert_eq!(missing(&contact, [&deleted, &item(3, "", " ")]), [Missing::Items]);
        assert_eq!(missing(&contact, [&item(4, "t", "")]), []);
    }

    #[test]
    fn words_are_counted_as_people_count_them() {
        let cases = [("", 0), ("  ", 0), ("un deux", 2), ("l’accueil : « 3 » — fin", 3), ("a\n\nb", 2), ("12 000", 2)];
        for (text, words) in cases {
            assert_eq!(word_count(text), words, "{text:?}");
        }
    }

    #[test]
    fn a_field_is_read_back_as_it_was_set() {
        let mut item = item(1, "a", "b");
        for (n, value) in [ItemValue::Deleted(true), ItemValue::Language(Language::Fr)].into_iter().enumerate() {
            let rev = 10 + n as u64;
            item.set(value.clone(), rev);
            assert_eq!(item.get_like(&value), (value, rev));
        }
        assert_eq!(item.values().count(), 7);
    }
}
