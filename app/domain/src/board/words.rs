//! Words as they are looked up: without accents, without case, and with the endings of number and gender off.
//!
//! A room types «identite» and means "identité", types "service" and means "services". The endings that are taken off
//! are few and the same for both languages, because nobody says in which one they search; what the endings leave is
//! the longer beginning of a word that a person would type anyway. Snowball's stems are of no use here: they are made
//! of accented words, and a search is often typed without.

use std::borrow::Cow;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word<'a> {
    /// Where it starts, in bytes of the text.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// As it is looked up.
    pub folded: Cow<'a, str>,
}

/// The words of a text, each without accents and case. What is elided (the l of l'identité) is no word.
pub fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        loop {
            let (start, _) = rest.find(|(_, c)| is_inner(*c))?;
            while rest.next_if(|(_, c)| is_inner(*c)).is_some() {}
            let (end, elided) = rest.peek().map_or((text.len(), false), |(at, c)| (*at, matches!(c, '\'' | '’')));
            let folded = fold(&text[start..end]);
            let article = elided && (folded.len() == 1 || folded == "qu");
            if !article && !folded.is_empty() {
                return Some(Word { start, end, folded });
            }
        }
    })
}

/// A combining mark belongs to the letter before it.
fn is_inner(c: char) -> bool {
    c.is_alphanumeric() || is_mark(c)
}

const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// A whole text without accents and case.
#[must_use]
pub fn folded(text: &str) -> String {
    fold(text).into_owned()
}

fn fold(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase()) {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' => folded.push('a'),
            'ç' | 'č' => folded.push('c'),
            'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ě' => folded.push('e'),
            'ì' | 'í' | 'î' | 'ï' | 'ī' => folded.push('i'),
            'ñ' => folded.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' => folded.push('o'),
            'š' => folded.push('s'),
            'ù' | 'ú' | 'û' | 'ü' | 'ū' => folded.push('u'),
            'ý' | 'ÿ' => folded.push('y'),
            'ž' => folded.push('z'),
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            // What lower-casing a capital with a dot above leaves.
            c if is_mark(c) => {}
            c => folded.push(c),
        }
    }
    Cow::Owned(folded)
}

/// The letters that must stay when an ending goes.
const STAYS: usize = 3;

/// Endings, and what stands in their place; the first that fits is taken off.
const ENDINGS: [(&str, &str); 13] = [
    ("iennes", "ien"),
    ("ienne", "ien"),
    ("elles", "el"),
    ("elle", "el"),
    ("ies", "y"),
    ("eaux", "eau"),
    ("aux", "al"),
    ("ees", "e"),
    ("ee", "e"),
    ("es", "e"),
    ("ings", "ing"),
    ("s", ""),
    ("x", ""),
];

/// What is left of a folded word without the endings of number and gender.
#[must_use]
pub fn stem(word: &str) -> Cow<'_, str> {
    let keeps_its_end = ["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    if keeps_its_end {
        return Cow::Borrowed(word);
    }
    let ending = ENDINGS.iter().find_map(|(ending, left)| {
        let root = word.strip_suffix(ending).filter(|root| root.len() + left.len() >= STAYS)?;
        Some((root, *left))
    });
    let stem = match ending {
        Some((root, "")) => Cow::Borrowed(root),
        Some((root, left)) => Cow::Owned([root, left].concat()),
        None => Cow::Borrowed(word),
    };
    // The last e is of gender (communautaire has it, local does not): both words with and without it are one.
    match stem.strip_suffix('e') {
        Some(root) if root.len() >= STAYS => Cow::Owned(root.to_owned()),
        _ => stem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Vec<String> {
        words(text).map(|word| word.folded.into_owned()).collect()
    }

    #[test]
    fn words_are_without_accents_case_and_elisions() {
        assert_eq!(of("L’Identité numérique, qu'on l'a DÉJÀ"), ["identite", "numerique", "on", "a", "deja"]);
        assert_eq!(of("Œuvre e\u{301}te\u{301} 5G don't"), ["oeuvre", "ete", "5g", "don", "t"]);
        assert_eq!(of("  ,;  "), [""; 0]);
        assert_eq!(of("«\u{a0}guichet\u{a0}»"), ["guichet"]);
    }

    #[test]
    fn a_word_knows_where_it_stands() {
        let text = "À l’Été";
        let found: Vec<_> = words(text).map(|word| &text[word.start..word.end]).collect();
        assert_eq!(found, ["À", "Été"]);
    }

    #[test]
    fn words_that_differ_in_number_or_gender_have_one_stem() {
        let same = [
            ("service", "services"),
            ("identity", "identities"),
            ("identite", "identites"),
            ("numerique", "numeriques"),
            ("municipal", "municipaux"),
            ("integre", "integrees"),
            ("local", "locale"),
            ("local", "locales"),
            ("reseau", "reseaux"),
            ("citoyen", "citoyens"),
            ("canadien", "canadiennes"),
            ("need", "needs"),
        ];
        for (one, other) in same {
            assert_eq!(stem(one), stem(other), "{one} and {other}");
        }
        for (one, other) in [("access", "acces"), ("need", "news"), ("bus", "bu"), ("as", "a"), ("status", "state")] {
            assert_ne!(stem(one), stem(other), "{one} and {other}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_words_at_their_places(text in "\\PC{0,40}") {
            let mut last = 0;
            for word in words(&text) {
                prop_assert!(word.start >= last && word.end > word.start);
                prop_assert_eq!(folded(&text[word.start..word.end]), word.folded.as_ref());
                prop_assert!(!stem(&word.folded).is_empty());
                last = word.end;
            }
        }
    }
}
