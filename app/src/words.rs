//! Words that more than one screen uses: the domain's enums in the reader's language.

use crate::i18n::{I18nKeys, Locale};
use domain::language::Language;
use domain::section::Section;
use domain::sync::wire::Refusal;
use leptos_i18n::{I18nContext, t_string};

/// A closure of a view, as one type for all that give the same: a view is compiled once for each type of closure in
/// it, and the browser downloads each.
#[must_use]
pub fn boxed<T>(closure: impl Fn() -> T + Send + Sync + 'static) -> Box<dyn Fn() -> T + Send + Sync> {
    Box::new(closure)
}

/// A text in a view that follows the language switch: `say!(i18n, board.live)`, with values where it has places.
macro_rules! say {
    ($i18n:expr, $($key:tt).+) => { $crate::words::boxed(move || ::leptos_i18n::t_string!($i18n, $($key).+)) };
    ($i18n:expr, $($key:tt).+, $($values:tt)+) => {
        $crate::words::boxed(move || ::leptos_i18n::t_string!($i18n, $($key).+, $($values)+).to_string())
    };
}
pub(crate) use say;

/// The handle to the texts.
pub type Texts = I18nContext<Locale, I18nKeys>;

/// The language of the screen; reading it in a view makes the view follow the language switch.
#[must_use]
pub fn language(i18n: Texts) -> Language {
    match i18n.get_locale() {
        Locale::en => Language::En,
        Locale::fr => Language::Fr,
    }
}

/// The language of the screen at this moment, for handlers and for what is said once.
#[must_use]
pub fn language_now(i18n: Texts) -> Language {
    match i18n.get_locale_untracked() {
        Locale::en => Language::En,
        Locale::fr => Language::Fr,
    }
}

/// The texts' name of a language.
#[must_use]
pub const fn locale(language: Language) -> Locale {
    match language {
        Language::En => Locale::en,
        Language::Fr => Locale::fr,
    }
}

/// A section's title.
#[must_use]
pub fn section_title(i18n: Texts, section: Section) -> &'static str {
    match section {
        Section::Achievements => t_string!(i18n, section.achievements),
        Section::Priorities => t_string!(i18n, section.priorities),
        Section::IssuesAndNeeds => t_string!(i18n, section.issues_and_needs),
        Section::MeetingTopics => t_string!(i18n, section.meeting_topics),
    }
}

/// The guidance beside a section.
#[must_use]
pub fn section_help(i18n: Texts, section: Section) -> &'static str {
    match section {
        Section::Achievements => t_string!(i18n, section.achievements_help),
        Section::Priorities => t_string!(i18n, section.priorities_help),
        Section::IssuesAndNeeds => t_string!(i18n, section.issues_and_needs_help),
        Section::MeetingTopics => t_string!(i18n, section.meeting_topics_help),
    }
}

/// Why the server did not take something, as the end of a sentence.
#[must_use]
pub fn refusal(i18n: Texts, refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Forbidden => t_string!(i18n, refusal.forbidden),
        Refusal::EditionClosed => t_string!(i18n, refusal.closed),
        Refusal::NoSuchReport => t_string!(i18n, refusal.no_report),
        Refusal::NoSuchItem => t_string!(i18n, refusal.no_item),
        Refusal::TooManyItems => t_string!(i18n, refusal.too_many),
        Refusal::Invalid(_) => t_string!(i18n, refusal.invalid),
        Refusal::NoSuchTheme => t_string!(i18n, refusal.no_theme),
        Refusal::Incomplete { .. } => t_string!(i18n, refusal.incomplete),
        Refusal::NotSubmitted => t_string!(i18n, refusal.not_submitted),
        Refusal::OpIdReused | Refusal::HashMismatch | Refusal::NotUnderstood => t_string!(i18n, refusal.technical),
    }
}
