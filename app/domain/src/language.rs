//! The two official languages, and texts that exist in both.

use serde::{Deserialize, Serialize};
use std::fmt;

/// An official language of Canada. Its code is the BCP 47 tag that goes into `lang`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// français.
    Fr,
}

impl Language {
    /// A count, its thousands apart.
    #[must_use]
    pub fn number(self, count: usize) -> String {
        let apart = match self {
            Self::En => ',',
            Self::Fr => '\u{a0}',
        };
        if count < 1_000 {
            count.to_string()
        } else {
            format!("{}{apart}{:03}", self.number(count / 1_000), count % 1_000)
        }
    }

    /// Whether a count takes the singular: one in English, none too in French.
    #[must_use]
    pub const fn is_one(self, count: usize) -> bool {
        match self {
            Self::En => count == 1,
            Self::Fr => count < 2,
        }
    }

    /// Both, in the order of the language switch.
    pub const ALL: [Self; 2] = [Self::En, Self::Fr];

    /// The BCP 47 tag, for `lang` attributes and the first segment of a path.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }

    /// The language of a tag such as `fr` or `fr-CA`.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| primary.eq_ignore_ascii_case(language.code()))
    }

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::En => Self::Fr,
            Self::Fr => Self::En,
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A text that the council keeps in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Bilingual {
    /// The English text.
    pub en: String,
    /// Le texte français.
    pub fr: String,
}
crate::record!(Bilingual { en, fr });

impl Bilingual {
    /// The text in one language.
    #[must_use]
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::En => &self.en,
            Language::Fr => &self.fr,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let cases = [
            (0, "0", "0"),
            (999, "999", "999"),
            (20_000, "20,000", "20\u{a0}000"),
            (1_000_001, "1,000,001", "1\u{a0}000\u{a0}001"),
        ];
        for (count, english, french) in cases {
            assert_eq!([Language::En.number(count), Language::Fr.number(count)], [english, french]);
        }
    }

    #[test]
    fn none_is_singular_in_french_only() {
        let one = |language: Language| [0, 1, 2, 21].map(|count| language.is_one(count));
        assert_eq!(one(Language::En), [false, true, false, false]);
        assert_eq!(one(Language::Fr), [true, true, false, false]);
    }

    #[test]
    fn tags_with_regions_are_understood() {
        assert_eq!(Language::from_tag("fr-CA"), Some(Language::Fr));
        assert_eq!(Language::from_tag("EN"), Some(Language::En));
        assert_eq!(Language::from_tag("frp"), None);
        assert_eq!(Language::from_tag(""), None);
    }
}
