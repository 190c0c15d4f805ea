//! A text in parts that fit on a wall: whole sentences, a few together. The parts depend on the words alone, so that
//! two walls with one text have the same, whatever their size.

/// A part is closed when it is so long, in characters: some six lines at three times the usual size.
const FULL: usize = 240;
/// A sentence longer than this is cut between words.
const LONGEST: usize = 320;

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// Its words, with the spaces after them.
    pub text: &'a str,
    /// Whether it begins a paragraph.
    pub begins: bool,
}

/// The parts of a text, in order: together they are the text, but for its line ends.
#[must_use]
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let mut begins = true;
        let mut rest = line;
        while !rest.is_empty() {
            let (text, after) = rest.split_at(end_of_part(rest));
            parts.push(Part { text, begins });
            (rest, begins) = (after, false);
        }
    }
    parts
}

/// Where the first part of a line ends, in bytes.
fn end_of_part(line: &str) -> usize {
    let (mut word, mut sentence) = (None, None);
    let (mut last, mut stop) = (' ', false);
    for (count, (at, letter)) in line.char_indices().enumerate() {
        let starts_word = last.is_whitespace() && !letter.is_whitespace() && at > 0;
        if starts_word {
            word = Some(at);
            if stop {
                sentence = Some(at);
            }
            if sentence == Some(at) && count >= FULL {
                return at;
            }
        }
        if !letter.is_whitespace() {
            // A closing quotation mark or bracket belongs to the sentence that it ends.
            stop = matches!(letter, '.' | '!' | '?' | '…' | ';') || (stop && matches!(letter, '»' | '”' | '"' | ')'));
        }
        if count >= LONGEST {
            return sentence.or(word).unwrap_or(at);
        }
        last = letter;
    }
    line.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn short_paragraphs_are_a_part_each_and_empty_lines_are_none() {
        let found = parts("One. Two.\r\n\n  \nThree");
        let expected = [("One. Two.", true), ("Three", true)];
        assert_eq!(found.iter().map(|part| (part.text, part.begins)).collect::<Vec<_>>(), expected);
        assert!(parts("").is_empty());
    }

    #[test]
    fn a_long_paragraph_is_cut_after_sentences() {
        let sentence = format!("{} fin ». ", "mot ".repeat(30).trim());
        let text = sentence.repeat(4);
        let found = parts(&text);
        assert_eq!(found.len(), 2);
        assert!(found[0].text.ends_with("». "), "{}", found[0].text);
        assert!(found[0].begins && !found[1].begins);
    }

    #[test]
    fn a_sentence_without_end_is_cut_between_words_and_a_word_without_end_anywhere() {
        let found = parts(&"mot ".repeat(200)).iter().map(|part| part.text.to_owned()).collect::<Vec<_>>();
        assert!(found.len() > 2 && found.iter().all(|part| part.starts_with("mot")), "{found:?}");
        assert!(parts(&"é".repeat(1_000)).iter().all(|part| part.text.chars().count() <= LONGEST));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_part_is_longer_than_a_wall(text in "[a-zé .!\n»-]{0,1200}") {
            let found = parts(&text);
            let together: String = found.iter().map(|part| part.text).collect();
            let lines: String = text.lines().filter(|line| !line.trim().is_empty()).collect();
            prop_assert_eq!(together, lines);
            prop_assert!(found.iter().all(|part| part.text.chars().count() <= LONGEST + 1 && !part.text.is_empty()));
        }
    }
}
