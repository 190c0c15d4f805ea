//! The fields of a report: what can be typed, moved or chosen, each saved, sent and versioned by itself.

use crate::id::ItemId;
use crate::json::{read, write};
use crate::language::Language;
use crate::limits::{CONTACT_CHARS, ITEM_TEXT_CHARS, ITEM_THEMES, ITEM_TITLE_CHARS};
use crate::position::Position;
use crate::section::Section;
use crate::theme::ThemeId;
use serde::de::Error as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::str::FromStr;

/// A field of the contact person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum ContactField {
    Name,
    Email,
    Phone,
}

/// A field of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum ItemField {
    Section,
    Position,
    Language,
    Title,
    Text,
    Themes,
    Deleted,
}

/// Names one field of one report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FieldKey {
    /// Of the contact person.
    Contact(ContactField),
    /// Of an item.
    Item(ItemId, ItemField),
}

impl fmt::Display for FieldKey {
    /// The key's place in the journal: `contact/name`, `item/<id>/title`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Contact(field) => write!(f, "contact/{}", field.as_str()),
            Self::Item(item, field) => write!(f, "item/{item}/{}", field.as_str()),
        }
    }
}

/// A text that does not name a field of a report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a field of a report")]
pub struct NotAField;

impl FromStr for FieldKey {
    type Err = NotAField;

    /// Reads what [`fmt::Display`] writes.
    fn from_str(text: &str) -> Result<Self, NotAField> {
        let parts: Vec<&str> = text.splitn(4, '/').collect();
        match parts[..] {
            ["contact", name] => {
                let field = ContactField::ALL.into_iter().find(|field| field.as_str() == name);
                field.map(Self::Contact).ok_or(NotAField)
            }
            ["item", item, name] => {
                let field = ItemField::ALL.into_iter().find(|field| field.as_str() == name).ok_or(NotAField)?;
                Ok(Self::Item(item.parse().map_err(|_| NotAField)?, field))
            }
            _ => Err(NotAField),
        }
    }
}

impl ContactField {
    /// Each of them, in the form's order.
    pub const ALL: [Self; 3] = [Self::Name, Self::Email, Self::Phone];

    /// The field's name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Phone => "phone",
        }
    }
}

impl ItemField {
    /// Each of them.
    pub const ALL: [Self; 7] =
        [Self::Section, Self::Position, Self::Language, Self::Title, Self::Text, Self::Themes, Self::Deleted];

    /// The field's name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Section => "section",
            Self::Position => "position",
            Self::Language => "language",
            Self::Title => "title",
            Self::Text => "text",
            Self::Themes => "themes",
            Self::Deleted => "deleted",
        }
    }
}

/// A contact field with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum ContactValue {
    Name(String),
    Email(String),
    Phone(String),
}

/// An item field with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemValue {
    /// The section of the form it stands in.
    Section(Section),
    /// Its place in the section.
    Position(Position),
    /// The language that its title and text are written in.
    Language(Language),
    /// Its title, at most [`ITEM_TITLE_CHARS`] characters.
    Title(String),
    /// Its text, at most [`ITEM_TEXT_CHARS`] characters.
    Text(String),
    /// Its themes, in the order they were chosen.
    Themes(Vec<ThemeId>),
    /// The tombstone: `true` hides the item, its other fields stay.
    Deleted(bool),
}

/// A field of a report with its value. On the wire: `{"item":"…","field":"title","value":"…"}`; a contact field
/// has no `item`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "FieldWire", into = "FieldWire")]
pub enum FieldValue {
    /// Of the contact person.
    Contact(ContactValue),
    /// Of an item.
    Item(ItemId, ItemValue),
}

/// A field's value, spelled out as it is on the wire.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FieldWire {
    /// The item, when it is a field of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemId>,
    /// The field's name.
    pub field: String,
    /// Its value, as the field has it.
    pub value: Value,
}
crate::record!(FieldWire { item or default, field, value });

impl TryFrom<FieldWire> for FieldValue {
    type Error = serde_json::Error;

    fn try_from(FieldWire { item, field, value }: FieldWire) -> Result<Self, serde_json::Error> {
        let value = &value;
        Ok(match (item, field.as_str()) {
            (Some(item), "section") => Self::Item(item, ItemValue::Section(read(value)?)),
            (Some(item), "position") => Self::Item(item, ItemValue::Position(read(value)?)),
            (Some(item), "language") => Self::Item(item, ItemValue::Language(read(value)?)),
            (Some(item), "title") => Self::Item(item, ItemValue::Title(read(value)?)),
            (Some(item), "text") => Self::Item(item, ItemValue::Text(read(value)?)),
            (Some(item), "themes") => Self::Item(item, ItemValue::Themes(read(value)?)),
            (Some(item), "deleted") => Self::Item(item, ItemValue::Deleted(read(value)?)),
            (None, "name") => Self::Contact(ContactValue::Name(read(value)?)),
            (None, "email") => Self::Contact(ContactValue::Email(read(value)?)),
            (None, "phone") => Self::Contact(ContactValue::Phone(read(value)?)),
            _ => return Err(serde_json::Error::custom("an item's field names its item; a contact field names none")),
        })
    }
}

impl From<FieldValue> for FieldWire {
    fn from(value: FieldValue) -> Self {
        match value {
            FieldValue::Item(item, value) => Self {
                item: Some(item),
                field: value.field().as_str().to_owned(),
                value: match value {
                    ItemValue::Section(value) => write(&value),
                    ItemValue::Position(value) => write(&value),
                    ItemValue::Language(value) => write(&value),
                    ItemValue::Title(text) | ItemValue::Text(text) => Value::String(text),
                    ItemValue::Themes(value) => write(&value),
                    ItemValue::Deleted(value) => Value::Bool(value),
                },
            },
            FieldValue::Contact(value) => Self {
                item: None,
                field: value.field().as_str().to_owned(),
                value: Value::String(value.text().to_owned()),
            },
        }
    }
}

/// Why a value cannot go to the council as it is. The text stays on the device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Invalid {
    /// More characters than the limit.
    #[error("{chars} characters, at most {limit} are accepted")]
    TooLong {
        /// Characters in the text.
        chars: usize,
        /// Characters accepted.
        limit: usize,
    },
    /// More themes than an item can carry.
    #[error("more than {limit} themes")]
    TooManyThemes {
        /// Themes accepted.
        limit: usize,
    },
    /// The same theme twice.
    #[error("a theme is named twice")]
    ThemeTwice,
    /// A character that no keyboard writes and no document can carry (NUL and its like).
    #[error("the text holds a control character")]
    ControlCharacter,
}

crate::tagged!(Invalid, "invalid");

fn check_text(text: &str, limit: usize) -> Result<(), Invalid> {
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Invalid::ControlCharacter);
    }
    let chars = text.chars().count();
    if chars > limit { Err(Invalid::TooLong { chars, limit }) } else { Ok(()) }
}

impl ContactValue {
    /// Which field it is.
    #[must_use]
    pub const fn field(&self) -> ContactField {
        match self {
            Self::Name(_) => ContactField::Name,
            Self::Email(_) => ContactField::Email,
            Self::Phone(_) => ContactField::Phone,
        }
    }

    /// Its text.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Name(text) | Self::Email(text) | Self::Phone(text) => text,
        }
    }
}

impl ItemValue {
    /// Which field it is.
    #[must_use]
    pub const fn field(&self) -> ItemField {
        match self {
            Self::Section(_) => ItemField::Section,
            Self::Position(_) => ItemField::Position,
            Self::Language(_) => ItemField::Language,
            Self::Title(_) => ItemField::Title,
            Self::Text(_) => ItemField::Text,
            Self::Themes(_) => ItemField::Themes,
            Self::Deleted(_) => ItemField::Deleted,
        }
    }
}

impl FieldValue {
    /// Which field it is.
    #[must_use]
    pub const fn key(&self) -> FieldKey {
        match self {
            Self::Contact(value) => FieldKey::Contact(value.field()),
            Self::Item(item, value) => FieldKey::Item(*item, value.field()),
        }
    }

    /// The words in it, when it holds words.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Contact(value) => Some(value.text()),
            Self::Item(_, ItemValue::Title(text) | ItemValue::Text(text)) => Some(text),
            Self::Item(..) => None,
        }
    }

    /// The same field with other words, when it holds words.
    #[must_use]
    pub fn with_text(&self, text: String) -> Self {
        match self {
            Self::Contact(ContactValue::Name(_)) => Self::Contact(ContactValue::Name(text)),
            Self::Contact(ContactValue::Email(_)) => Self::Contact(ContactValue::Email(text)),
            Self::Contact(ContactValue::Phone(_)) => Self::Contact(ContactValue::Phone(text)),
            Self::Item(item, ItemValue::Title(_)) => Self::Item(*item, ItemValue::Title(text)),
            Self::Item(item, ItemValue::Text(_)) => Self::Item(*item, ItemValue::Text(text)),
            Self::Item(..) => self.clone(),
        }
    }

    /// Whether two people who change it at once must both be heard. Where an item stands, and whether it is
    /// deleted, is settled by the server's order: no word is lost by it.
    #[must_use]
    pub const fn conflicts(&self) -> bool {
        !matches!(self, Self::Item(_, ItemValue::Section(_) | ItemValue::Position(_) | ItemValue::Deleted(_)))
    }

    /// Whether the council can take the value.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self) -> Result<(), Invalid> {
        match self {
            Self::Contact(value) => check_text(value.text(), CONTACT_CHARS),
            Self::Item(_, ItemValue::Title(text)) => check_text(text, ITEM_TITLE_CHARS),
            Self::Item(_, ItemValue::Text(text)) => check_text(text, ITEM_TEXT_CHARS),
            Self::Item(_, ItemValue::Themes(themes)) => check_themes(themes),
            Self::Item(..) => Ok(()),
        }
    }
}

fn check_themes(themes: &[ThemeId]) -> Result<(), Invalid> {
    if themes.len() > ITEM_THEMES {
        return Err(Invalid::TooManyThemes { limit: ITEM_THEMES });
    }
    let twice = themes.iter().enumerate().any(|(i, theme)| themes[..i].contains(theme));
    if twice { Err(Invalid::ThemeTwice) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    fn item(value: ItemValue) -> FieldValue {
        FieldValue::Item(ItemId::new(Timestamp::from_millis(1), &[1; 10]), value)
    }

    #[test]
    fn limits_count_characters_and_not_bytes() {
        assert_eq!(item(ItemValue::Text("é".repeat(ITEM_TEXT_CHARS))).check(), Ok(()));
        let too_long = Invalid::TooLong { chars: ITEM_TEXT_CHARS + 1, limit: ITEM_TEXT_CHARS };
        assert_eq!(item(ItemValue::Text("é".repeat(ITEM_TEXT_CHARS + 1))).check(), Err(too_long));
        let too_long = Invalid::TooLong { chars: 201, limit: 200 };
        assert_eq!(item(ItemValue::Title("a".repeat(201))).check(), Err(too_long));
    }

    #[test]
    fn lines_and_tabs_are_text_and_nul_is_not() {
        assert_eq!(item(ItemValue::Text("a\r\n\tb\u{a0}: c".into())).check(), Ok(()));
        assert_eq!(item(ItemValue::Text("a\u{0}".into())).check(), Err(Invalid::ControlCharacter));
        let phone = FieldValue::Contact(ContactValue::Phone("\u{1b}[2J".into()));
        assert_eq!(phone.check(), Err(Invalid::ControlCharacter));
    }

    #[test]
    fn themes_are_bounded_and_distinct() {
        let theme = |n: usize| ThemeId::parse(&format!("t{n}")).expect("a slug");
        assert_eq!(item(ItemValue::Themes((0..ITEM_THEMES).map(theme).collect())).check(), Ok(()));
        let many = item(ItemValue::Themes((0..=ITEM_THEMES).map(theme).collect()));
        assert_eq!(many.check(), Err(Invalid::TooManyThemes { limit: ITEM_THEMES }));
        assert_eq!(item(ItemValue::Themes(vec![theme(1), theme(1)])).check(), Err(Invalid::ThemeTwice));
    }

    #[test]
    fn a_key_is_read_back_as_it_is_written() {
        let item = ItemId::new(Timestamp::from_millis(1), &[1; 10]);
        let keys = ContactField::ALL.into_iter().map(FieldKey::Contact);
        for key in keys.chain(ItemField::ALL.into_iter().map(|field| FieldKey::Item(item, field))) {
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        let odd =
            ["", "contact", "contact/", "contact/fax", "item/x/text", "item//text", "Contact/name", "contact/name/"];
        let item = [format!("item/{item}"), format!("item/{item}/name"), format!("item/{item}/text/x")];
        for odd in odd.into_iter().map(str::to_owned).chain(item) {
            assert_eq!(odd.parse::<FieldKey>(), Err(NotAField), "{odd}");
        }
    }
}
