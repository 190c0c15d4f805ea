//! Prose cut into words, runs of spaces, line ends and marks. The tokens joined are the text.

/// What a character belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Space,
    Line,
    Mark,
}

/// Letters, digits, and whatever is no known mark: combining accents, emoji and their joiners stay with their word.
fn kind(c: char) -> Kind {
    match c {
        '\r' | '\n' => Kind::Line,
        _ if c.is_whitespace() => Kind::Space,
        '\u{200c}' | '\u{200d}' => Kind::Word,
        '«' | '»' | '\u{2000}'..='\u{206f}' | '\u{3001}' | '\u{3002}' => Kind::Mark,
        _ if c.is_ascii() && !c.is_ascii_alphanumeric() => Kind::Mark,
        _ => Kind::Word,
    }
}

/// The tokens of a text: a word, a run of spaces, one line end (`\r\n` is one), or one mark each.
pub fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let (mut start, mut before) = (0, None);
    for (at, c) in text.char_indices() {
        let now = kind(c);
        let joined = match (before, now) {
            (Some(Kind::Word), Kind::Word) | (Some(Kind::Space), Kind::Space) => true,
            (Some(Kind::Line), Kind::Line) => text[start..at] == *"\r" && c == '\n',
            _ => false,
        };
        if !joined && at > 0 {
            tokens.push(&text[start..at]);
            start = at;
        }
        before = Some(now);
    }
    if start < text.len() {
        tokens.push(&text[start..]);
    }
    tokens
}

/// Whether unchanged tokens keep the changes on their two sides apart: a word does, and the end of a sentence.
pub fn parts(unchanged: &[&str]) -> bool {
    unchanged.iter().any(|token| {
        let first = token.chars().next().unwrap_or(' ');
        matches!(first, '.' | '!' | '?' | '\u{2026}') || matches!(kind(first), Kind::Word | Kind::Line)
    })
}
