//! Words that more than one screen uses: the domain's enums in the reader's language.

use crate::i18n::Locale;
use domain::field::{ContactField, FieldKey, FieldValue, Invalid, ItemField};
use domain::language::Language;
use domain::section::Section;
use domain::sync::wire::Refusal;
use leptos::prelude::*;

/// A closure of a view, as one type for all that give the same: a view is compiled once for each type of closure in
/// it, and the browser downloads each.
#[must_use]
pub fn boxed<T>(closure: impl Fn() -> T + Send + Sync + 'static) -> Box<dyn Fn() -> T + Send + Sync> {
    Box::new(closure)
}

/// A text in the language of the screen: `text!(i18n, board.live)`, with values where it has places. That each key is
/// there in both languages, with the same places, is checked when this is compiled.
macro_rules! text {
    ($i18n:expr, $($rest:tt)+) => { ::leptos_i18n::td_string!($crate::words::locale($i18n), $($rest)+) };
}
pub(crate) use text;

/// A text in a view that follows the language switch: `say!(i18n, board.live)`, with values where it has places.
macro_rules! say {
    ($i18n:expr, $($key:tt).+) => { $crate::words::boxed(move || $crate::words::text!($i18n, $($key).+)) };
    ($i18n:expr, $($key:tt).+, $($values:tt)+) => {
        $crate::words::boxed(move || $crate::words::text!($i18n, $($key).+, $($values)+).to_string())
    };
}
pub(crate) use say;

/// The handle to the texts: the language of the screen. The library's own context also negotiates languages, keeps a
/// cookie and sets attributes; the address says the language here, and the browser need not download the rest.
#[derive(Debug, Clone, Copy)]
pub struct Texts(RwSignal<Language>);

impl Texts {
    /// Starts in a language, for everything below in the tree.
    pub fn provide(language: Language) {
        provide_context(Self(RwSignal::new(language)));
    }

    /// Changes the language of the whole screen.
    pub fn switch(self, language: Language) {
        if self.0.get_untracked() != language {
            self.0.set(language);
        }
    }
}

/// The texts of the screen.
#[must_use]
pub fn use_texts() -> Texts {
    expect_context::<Texts>()
}

/// The language of the screen; reading it in a view makes the view follow the language switch.
#[must_use]
pub fn language(i18n: Texts) -> Language {
    i18n.0.get()
}

/// The language of the screen at this moment, for handlers and for what is said once.
#[must_use]
pub fn language_now(i18n: Texts) -> Language {
    i18n.0.get_untracked()
}

/// The texts' name of the language of the screen.
#[must_use]
pub fn locale(i18n: Texts) -> Locale {
    match language(i18n) {
        Language::En => Locale::en,
        Language::Fr => Locale::fr,
    }
}

/// A section's title.
#[must_use]
pub fn section_title(i18n: Texts, section: Section) -> &'static str {
    match section {
        Section::Achievements => text!(i18n, section.achievements),
        Section::Priorities => text!(i18n, section.priorities),
        Section::IssuesAndNeeds => text!(i18n, section.issues_and_needs),
        Section::MeetingTopics => text!(i18n, section.meeting_topics),
    }
}

/// The name of a field of the contact person.
#[must_use]
pub fn contact_name(i18n: Texts, field: ContactField) -> &'static str {
    match field {
        ContactField::Name => text!(i18n, outbox.contact_name),
        ContactField::Email => text!(i18n, outbox.contact_email),
        ContactField::Phone => text!(i18n, outbox.contact_phone),
    }
}

/// The name of a field of an item.
#[must_use]
pub fn field_name(i18n: Texts, field: ItemField) -> &'static str {
    match field {
        ItemField::Section => text!(i18n, field.section),
        ItemField::Position => text!(i18n, field.position),
        ItemField::Language => text!(i18n, item.language),
        ItemField::Title => text!(i18n, item.title),
        ItemField::Text => text!(i18n, item.text),
        ItemField::Themes => text!(i18n, field.themes),
        ItemField::Deleted => text!(i18n, field.deleted),
    }
}

/// A field as a person would name it: "Text of “Single number”".
#[must_use]
pub fn name_of(i18n: Texts, key: FieldKey, title: &str) -> String {
    match key {
        FieldKey::Contact(field) => contact_name(i18n, field).to_owned(),
        FieldKey::Item(_, field) => {
            let title = if title.trim().is_empty() { text!(i18n, item.untitled) } else { title };
            text!(i18n, outbox.field_of, field = field_name(i18n, field), title = title).to_string()
        }
    }
}

/// What is wrong with a value, by the same rule as the server's.
#[must_use]
pub fn problem(i18n: Texts, value: &FieldValue) -> Option<String> {
    value.check().err().map(|invalid| match invalid {
        Invalid::TooLong { chars, limit } => text!(i18n, item.too_long, over = chars - limit).to_string(),
        _ => text!(i18n, item.control).to_owned(),
    })
}

/// The guidance beside a section.
#[must_use]
pub fn section_help(i18n: Texts, section: Section) -> &'static str {
    match section {
        Section::Achievements => text!(i18n, section.achievements_help),
        Section::Priorities => text!(i18n, section.priorities_help),
        Section::IssuesAndNeeds => text!(i18n, section.issues_and_needs_help),
        Section::MeetingTopics => text!(i18n, section.meeting_topics_help),
    }
}

/// Why the server did not take something, as the end of a sentence.
#[must_use]
pub fn refusal(i18n: Texts, refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Forbidden => text!(i18n, refusal.forbidden),
        Refusal::EditionClosed => text!(i18n, refusal.closed),
        Refusal::NoSuchReport => text!(i18n, refusal.no_report),
        Refusal::NoSuchItem => text!(i18n, refusal.no_item),
        Refusal::TooManyItems => text!(i18n, refusal.too_many),
        Refusal::Invalid(_) => text!(i18n, refusal.invalid),
        Refusal::NoSuchTheme => text!(i18n, refusal.no_theme),
        Refusal::Incomplete { .. } => text!(i18n, refusal.incomplete),
        Refusal::NotSubmitted => text!(i18n, refusal.not_submitted),
        Refusal::TooMuchToday => text!(i18n, refusal.too_much_today),
        Refusal::OpIdReused | Refusal::HashMismatch | Refusal::NotUnderstood => text!(i18n, refusal.technical),
    }
}
