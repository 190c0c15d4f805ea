//! Where the words that were looked for stand: a text in pieces, and a stretch of it around them.

use super::words::{Stems, Word, words};
use domain::board::found::Piece;
use std::ops::Range;

/// Characters of an excerpt, about.
const EXCERPT_CHARS: usize = 240;
/// Characters before the first word of an excerpt that was looked for, about.
const BEFORE: usize = 60;
/// Where a text was cut.
const CUT: &str = "…";
/// A title is found by the beginning of a word from so many letters on, as its analyzer has it.
const BEGINNING: usize = 3;

/// What is looked for in texts of one language.
pub struct Sought<'a> {
    words: &'a [String],
    stems: Vec<String>,
    language: &'a Stems,
}

impl<'a> Sought<'a> {
    /// Folded words.
    pub fn new(words: &'a [String], language: &'a Stems) -> Self {
        Self { words, stems: words.iter().map(|word| language.stem(word)).collect(), language }
    }

    fn is(&self, word: &Word) -> bool {
        self.stems.contains(&self.language.stem(&word.folded))
    }

    fn begins(&self, word: &Word) -> bool {
        self.words.iter().any(|sought| sought.len() >= BEGINNING && word.folded.starts_with(sought.as_str()))
    }

    /// A whole title.
    pub fn title(&self, text: &str) -> Vec<Piece> {
        let hits: Vec<_> = words(text).into_iter().filter(|word| self.is(word) || self.begins(word)).collect();
        pieces(text, 0..text.len(), hits.iter().map(|word| &word.at))
    }

    /// A stretch of a text around the first of the words that were looked for, or its beginning.
    pub fn excerpt(&self, text: &str) -> Vec<Piece> {
        let all = words(text);
        let hits: Vec<_> = all.iter().filter(|word| self.is(word)).map(|word| &word.at).collect();
        let from = hits.first().map_or(0, |first| start(text, &all, first.start));
        let to = end(text, &all, from);
        let mut pieces = pieces(text, from..to, hits.into_iter().filter(|hit| hit.start >= from && hit.end <= to));
        let cut = || Piece { text: CUT.to_owned(), hit: false };
        if from > 0 {
            pieces.insert(0, cut());
        }
        if to < text.len() {
            pieces.push(cut());
        }
        pieces
    }
}

/// The beginning of a word, a little before a place.
fn start(text: &str, all: &[Word], place: usize) -> usize {
    let earliest = text[..place].char_indices().rev().nth(BEFORE).map_or(0, |(at, _)| at);
    if earliest == 0 {
        return 0;
    }
    all.iter().map(|word| word.at.start).find(|at| *at >= earliest).unwrap_or(place).min(place)
}

/// The end of the last word that is still in an excerpt; of a text that is one endless word, a part of it.
fn end(text: &str, all: &[Word], from: usize) -> usize {
    let Some(latest) = text[from..].char_indices().nth(EXCERPT_CHARS).map(|(at, _)| from + at) else {
        return text.len();
    };
    all.iter().map(|word| word.at.end).take_while(|at| *at <= latest).last().filter(|at| *at > from).unwrap_or(latest)
}

fn pieces<'a>(text: &str, within: Range<usize>, hits: impl Iterator<Item = &'a Range<usize>>) -> Vec<Piece> {
    let (mut pieces, mut done) = (Vec::new(), within.start);
    let mut put = |range: Range<usize>, hit| {
        if !range.is_empty() {
            pieces.push(Piece { text: text[range].to_owned(), hit });
        }
    };
    for hit in hits {
        put(done..hit.start, false);
        put(hit.clone(), true);
        done = hit.end;
    }
    put(done..within.end, false);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::language::Language;

    fn shown(pieces: &[Piece]) -> String {
        pieces.iter().map(|Piece { text, hit }| if *hit { format!("[{text}]") } else { text.clone() }).collect()
    }

    fn sought(query: &[&str], look: impl Fn(&Sought<'_>) -> Vec<Piece>) -> String {
        let (words, stems) = (query.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>(), Stems::of(Language::Fr));
        shown(&look(&Sought::new(&words, &stems)))
    }

    #[test]
    fn words_are_marked_whatever_their_accents_and_endings_and_titles_by_their_beginnings() {
        let title = "L’identité numérique : 🍁 priorités d’œuvre";
        let cases: [(&[&str], _); 5] = [
            (&["identites", "numerique"], "L’[identité] [numérique] : 🍁 priorités d’œuvre"),
            (&["prio"], "L’identité numérique : 🍁 [priorités] d’œuvre"),
            (&["oeuvre"], "L’identité numérique : 🍁 priorités d’[œuvre]"),
            (&["nu"], title),
            (&[], title),
        ];
        for (query, expected) in cases {
            assert_eq!(sought(query, |sought| sought.title(title)), expected);
        }
        assert_eq!(sought(&["prio"], |sought| sought.excerpt("Des priorités")), "Des priorités");
    }

    #[test]
    fn an_excerpt_is_cut_between_words_and_says_so() {
        let long = format!("{}le guichet unique. {}", "avant ".repeat(60), "après ".repeat(60));
        let excerpt = sought(&["guichets"], |sought| sought.excerpt(&long));
        assert!(excerpt.starts_with("…avant avant") && excerpt.ends_with("après…"), "{excerpt}");
        assert!(excerpt.contains("le [guichet] unique. après"), "{excerpt}");
        assert!((150..=EXCERPT_CHARS + 10).contains(&excerpt.chars().count()), "{excerpt}");
        assert_eq!(sought(&["guichet"], |sought| sought.excerpt("")), "");
        let endless = "🍁é".repeat(400);
        let excerpt = sought(&["x"], |sought| sought.excerpt(&endless));
        assert!(excerpt.ends_with(CUT) && excerpt.chars().count() <= EXCERPT_CHARS + 1);
        let one_word = "é".repeat(20_000);
        let excerpt = sought(&["x"], |sought| sought.excerpt(&one_word));
        assert_eq!(excerpt.chars().count(), EXCERPT_CHARS + 1);
    }
}
