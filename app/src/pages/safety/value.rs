//! A field and its value as a person reads them.

use crate::client::context::use_client;
use crate::words::{self, Texts, text};
use domain::field::{FieldKey, FieldValue, ItemField, ItemValue};
use domain::language::Language;
use domain::sync::local::LocalReport;
use domain::theme::ThemeId;
use leptos::prelude::*;

/// The value in the language of the screen; a text as it was written.
pub fn in_words(i18n: Texts, value: &FieldValue) -> String {
    let council = use_client().council;
    let theme = |id: &ThemeId| {
        let known = council.with(|council| council.as_ref()?.themes.iter().find(|theme| theme.id == *id).cloned());
        known.map_or_else(|| id.to_string(), |theme| theme.name.get(words::language(i18n)).to_owned())
    };
    match value {
        FieldValue::Item(_, ItemValue::Section(section)) => words::section_title(i18n, *section).to_owned(),
        FieldValue::Item(_, ItemValue::Language(Language::En)) => text!(i18n, item.english).to_owned(),
        FieldValue::Item(_, ItemValue::Language(Language::Fr)) => text!(i18n, item.french).to_owned(),
        FieldValue::Item(_, ItemValue::Themes(themes)) => themes.iter().map(theme).collect::<Vec<_>>().join(", "),
        FieldValue::Item(_, ItemValue::Deleted(true)) => text!(i18n, rescue.deleted).to_owned(),
        FieldValue::Item(_, ItemValue::Deleted(false)) => text!(i18n, rescue.standing).to_owned(),
        FieldValue::Item(_, ItemValue::Position(_)) => text!(i18n, rescue.place).to_owned(),
        value => value.text().unwrap_or_default().to_owned(),
    }
}

/// The title of a field's item, and the language that it is written in.
pub fn about(local: &LocalReport, key: FieldKey) -> (String, Option<&'static str>) {
    let FieldKey::Item(item, _) = key else { return (String::new(), None) };
    let of = |field: ItemField| local.fields.get(&FieldKey::Item(item, field)).map(|field| &field.value);
    let lang = match of(ItemField::Language) {
        Some(FieldValue::Item(_, ItemValue::Language(language))) => Some(language.code()),
        _ => None,
    };
    (of(ItemField::Title).and_then(FieldValue::text).unwrap_or_default().to_owned(), lang)
}
