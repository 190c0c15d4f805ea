//! The words of a text as they are searched: runs of letters or of digits, in lower case, without accents, and their
//! stems. Accents are folded before words are stemmed: the French stemmer cuts "identité" and "identite" at different
//! places, and whoever types without accents looks for the same word. French is stemmed twice, because "réglées" without
//! its accents loses two endings one after the other.

use deunicode::deunicode;
use domain::language::Language;
use rust_stemmers::{Algorithm, Stemmer};
use std::ops::Range;

/// A word, and where in the text it stands, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub at: Range<usize>,
    pub folded: String,
}

/// What says nothing, in either language, folded: a query needs no card to have it. Nor a single letter: most are what
/// is left of an article before an apostrophe.
const EMPTY: [&str; 58] = [
    "the", "of", "and", "or", "to", "in", "for", "on", "with", "by", "at", "an", "is", "are", "be", "it", "its", "as",
    "this", "that", "from", "our", "we", "le", "la", "les", "un", "une", "des", "du", "de", "et", "ou", "en", "au",
    "aux", "dans", "par", "pour", "sur", "avec", "ce", "ces", "cette", "est", "sont", "que", "qui", "se", "sa", "son",
    "ses", "leur", "leurs", "nos", "notre", "nous", "qu",
];

/// All words of a text, in order.
pub fn words(text: &str) -> Vec<Word> {
    #[derive(PartialEq, Clone, Copy)]
    enum Class {
        Letters,
        Digits,
        Between,
    }
    let class_of = |c: char| match c {
        c if c.is_alphabetic() => Class::Letters,
        c if c.is_numeric() => Class::Digits,
        _ => Class::Between,
    };
    let mut found = Vec::new();
    let (mut start, mut class) = (0, Class::Between);
    let ends = std::iter::once((text.len(), Class::Between));
    for (at, next) in text.char_indices().map(|(at, c)| (at, class_of(c))).chain(ends) {
        if next == class && at < text.len() {
            continue;
        }
        if class != Class::Between {
            found.push(Word { at: start..at, folded: deunicode(&text[start..at].to_lowercase()) });
        }
        (start, class) = (at, next);
    }
    found
}

/// What a query looks for: its words, folded, once each, without the empty ones unless there are no others.
pub fn wanted(query: &str, most: usize) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for word in words(query) {
        if !all.contains(&word.folded) && !word.folded.trim().is_empty() {
            all.push(word.folded);
        }
    }
    let says_nothing = |word: &String| {
        EMPTY.contains(&word.as_str()) || (word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic()))
    };
    if !all.iter().all(says_nothing) {
        all.retain(|word| !says_nothing(word));
    }
    all.truncate(most);
    all
}

/// Stems of one language.
pub struct Stems {
    stemmer: Stemmer,
    times: usize,
}

impl Stems {
    pub fn of(language: Language) -> Self {
        let (algorithm, times) = match language {
            Language::En => (Algorithm::English, 1),
            Language::Fr => (Algorithm::French, 2),
        };
        Self { stemmer: Stemmer::create(algorithm), times }
    }

    /// The stem of a folded word.
    pub fn stem(&self, folded: &str) -> String {
        (0..self.times).fold(folded.to_owned(), |word, _| self.stemmer.stem(&word.to_lowercase()).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_its_words() {
        assert_eq!(wanted("L’identité, l'identite NUMÉRIQUE !", 9), ["identite", "numerique"]);
        assert_eq!(wanted("les services en ligne", 9), ["services", "ligne"]);
        assert_eq!(wanted("of the", 9), ["of", "the"], "there is nothing else");
        assert_eq!(wanted("e-mail covid19", 9), ["mail", "covid", "19"]);
        assert_eq!(wanted("un deux trois quatre", 2), ["deux", "trois"]);
        for nothing in ["", " \u{a0} ", "'; -- «»", "!?…"] {
            assert_eq!(wanted(nothing, 9), [""; 0], "{nothing}");
        }
    }
}
