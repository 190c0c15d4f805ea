//! Themes: the words under which the council sees what its members share.

use crate::language::Bilingual;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A theme's slug, which is its id: lower-case ASCII words joined by hyphens, at most 60 characters.
///
/// A slug never changes; the names in both languages may.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ThemeId(String);

/// A text that is not a slug.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a theme: lower-case letters, digits and hyphens only")]
pub struct NotATheme;

impl ThemeId {
    /// Checks a slug.
    ///
    /// # Errors
    /// When it is empty, too long, or holds anything but `a-z`, `0-9` and single inner hyphens.
    pub fn parse(text: &str) -> Result<Self, NotATheme> {
        let word = |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if text.len() <= 60 && text.split('-').all(word) { Ok(Self(text.to_owned())) } else { Err(NotATheme) }
    }

    /// The slug.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ThemeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for ThemeId {
    type Error = NotATheme;
    fn try_from(text: String) -> Result<Self, NotATheme> {
        Self::parse(&text)
    }
}

impl From<ThemeId> for String {
    fn from(theme: ThemeId) -> Self {
        theme.0
    }
}

/// Which of the style sheet's theme colours a theme wears. A token, not a colour: light, dark, print and the
/// projector each give it their own value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the tokens of the style sheet")]
pub enum ColourToken {
    Spruce,
    Lake,
    Maple,
    Wheat,
    Heather,
    Slate,
}

impl ColourToken {
    /// The token's name in the style sheet, on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Spruce => "spruce",
            Self::Lake => "lake",
            Self::Maple => "maple",
            Self::Wheat => "wheat",
            Self::Heather => "heather",
            Self::Slate => "slate",
        }
    }
}

/// Whether a theme can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThemeState {
    /// Offered on the form.
    Active,
    /// Kept on the items that carry it, not offered any more.
    Retired,
}

impl ThemeState {
    /// The name used on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Retired => "retired",
        }
    }
}

/// A theme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Theme {
    /// Its slug.
    pub id: ThemeId,
    /// Its name in both languages.
    pub name: Bilingual,
    /// What belongs under it, in both languages.
    pub description: Bilingual,
    /// Its place among the themes.
    pub position: u32,
    /// Its colour token.
    pub colour: ColourToken,
    /// Whether it can be chosen.
    pub state: ThemeState,
}
crate::record!(Theme { id, name, description, position, colour, state });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_checked() {
        for good in ["digital-identity", "a", "5g"] {
            assert!(ThemeId::parse(good).is_ok(), "{good}");
        }
        let long = "a".repeat(61);
        for bad in ["", "-", "a-", "-a", "a--b", "Digital", "é", "a b", "a/b", &long] {
            assert_eq!(ThemeId::parse(bad), Err(NotATheme), "{bad}");
        }
    }
}
