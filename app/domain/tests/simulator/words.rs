//! What people type. Every word that is typed occurs only once, so that it can be looked for, and be seen twice.

use domain::field::FieldValue;

/// The words of a text that somebody typed.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| word.starts_with('w') && word.len() == 7)
}

/// The words of a value.
pub fn words_of(value: &FieldValue) -> impl Iterator<Item = &str> {
    value.text().into_iter().flat_map(words)
}

/// Makes words.
#[derive(Default)]
pub struct Typist {
    made: u32,
}

impl Typist {
    fn word(&mut self) -> String {
        self.made += 1;
        format!("w{:06}", self.made)
    }

    /// What becomes of a text: `how` chooses where and what. `longest`: bytes of the field.
    pub fn edit(&mut self, text: &str, how: usize, longest: usize) -> String {
        let mut parts: Vec<String> = text.split(' ').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        let at = if parts.is_empty() { 0 } else { (how / 16) % parts.len() };
        let full = text.len() + 24 > longest;
        match how % 16 {
            _ if parts.is_empty() => return format!("{} {}.", self.word(), self.word()),
            0..=3 if !full => parts.push(format!("{} {}.", self.word(), self.word())),
            4..=9 if !full => parts.insert(at, self.word()),
            10 | 11 => parts[at] = self.word(),
            12 if (how / 16).is_multiple_of(12) => parts.clear(),
            // Over the limit: it stays on the device until somebody shortens it.
            13 if (how / 16).is_multiple_of(12) => parts.push("x".repeat(longest)),
            14 => parts[at] = format!("{}\n", parts[at]),
            _ => {
                parts.remove(at);
            }
        }
        parts.join(" ")
    }
}

/// A text that the council can take, without more loss than it must: the filler goes first, then the last words.
pub fn shortened(text: &str, longest: usize) -> String {
    let parts: Vec<&str> = text.split(' ').filter(|part| !part.starts_with("xx")).collect();
    let mut text = parts.join(" ");
    while text.len() > longest {
        let end = text.rfind(' ').unwrap_or(0);
        text.truncate(end);
    }
    text
}

/// A text with all words of the others, none twice.
pub fn with_all(text: &str, others: &[&str]) -> String {
    let mut all = text.trim_end().to_owned();
    for other in others {
        for word in words(other) {
            if !all.contains(word) {
                all.push(' ');
                all.push_str(word);
            }
        }
    }
    all
}
