//! One item's signals.

use domain::field::ItemValue;
use domain::id::ItemId;
use domain::language::Language;
use domain::position::Position;
use domain::report::{Item, Versioned};
use domain::section::Section;
use domain::theme::ThemeId;
use leptos::prelude::*;

/// An item's fields on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ItemState {
    /// Which item.
    pub id: ItemId,
    /// Its section.
    pub section: RwSignal<Section>,
    /// Its place.
    pub position: RwSignal<Position>,
    /// The language it is written in.
    pub language: RwSignal<Language>,
    /// Its title.
    pub title: RwSignal<String>,
    /// Its text.
    pub text: RwSignal<String>,
    /// Its themes.
    pub themes: RwSignal<Vec<ThemeId>>,
    /// Whether it is deleted.
    pub deleted: RwSignal<bool>,
}

impl ItemState {
    /// Empty fields of an item, as the first screen of it.
    #[must_use]
    pub fn new(id: ItemId) -> Self {
        Self {
            id,
            section: RwSignal::new(Section::Achievements),
            position: RwSignal::new(Position::first()),
            language: RwSignal::new(Language::En),
            title: RwSignal::new(String::new()),
            text: RwSignal::new(String::new()),
            themes: RwSignal::new(Vec::new()),
            deleted: RwSignal::new(false),
        }
    }

    /// Shows a field's value.
    pub fn show(&self, value: &ItemValue) {
        match value {
            ItemValue::Section(value) => put(self.section, *value),
            ItemValue::Position(value) => put(self.position, value.clone()),
            ItemValue::Language(value) => put(self.language, *value),
            ItemValue::Title(value) => put(self.title, value.clone()),
            ItemValue::Text(value) => put(self.text, value.clone()),
            ItemValue::Themes(value) => put(self.themes, value.clone()),
            ItemValue::Deleted(value) => put(self.deleted, *value),
        }
    }

    /// The item as the domain's rules look at it.
    #[must_use]
    pub fn snapshot(&self) -> Item {
        let mut item = Item::new(self.id, self.section.get(), self.position.get(), self.language.get(), 0);
        item.title = Versioned::new(self.title.get(), 0);
        item.text = Versioned::new(self.text.get(), 0);
        item.deleted = Versioned::new(self.deleted.get(), 0);
        item
    }
}

/// Sets a signal only when it says something new, so that a caret in the field stays where it is.
pub fn put<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|now| *now != value) {
        signal.set(value);
    }
}
