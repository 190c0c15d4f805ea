//! The sessions of a person, as that person sees them: where they are signed in, and since when.

use crate::time::{Date, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Hexadecimal digits of a SHA-256.
const KEY_CHARS: usize = 64;
/// Of a `User-Agent`, no more is looked at.
const AGENT_BYTES: usize = 1_024;

/// Names a session without opening it: the SHA-256 of the cookie's id, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SessionKey(String);

/// A text that names no session.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the key of a session")]
pub struct NotASessionKey;

impl SessionKey {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SessionKey {
    type Err = NotASessionKey;

    fn from_str(text: &str) -> Result<Self, NotASessionKey> {
        Self::try_from(text.to_owned())
    }
}

impl TryFrom<String> for SessionKey {
    type Error = NotASessionKey;

    fn try_from(text: String) -> Result<Self, NotASessionKey> {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() == KEY_CHARS && text.bytes().all(is_digit) { Ok(Self(text)) } else { Err(NotASessionKey) }
    }
}

impl From<SessionKey> for String {
    fn from(key: SessionKey) -> Self {
        key.0
    }
}

impl fmt::Display for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a browser says that it is. Names of products, the same in both languages; none where it does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agent {
    /// `Firefox`, `Chrome`, `Edge`, `Safari`…
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser: Option<String>,
    /// `Windows`, `macOS`, `Android`, `iOS`, `Linux`…
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
}

/// In order: a browser also names those that it wants to be taken for.
const BROWSERS: [(&str, &str); 9] = [
    ("Edg/", "Edge"),
    ("EdgA/", "Edge"),
    ("EdgiOS/", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iPadOS"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

impl Agent {
    /// Of a `User-Agent` header.
    #[must_use]
    pub fn of(header: &str) -> Self {
        let header = header.get(..AGENT_BYTES).unwrap_or(header);
        let first = |names: &[(&str, &str)]| {
            names.iter().find(|(mark, _)| header.contains(mark)).map(|(_, name)| (*name).to_owned())
        };
        let safari = || header.contains("Safari/").then(|| "Safari".to_owned());
        Self { browser: first(&BROWSERS).or_else(safari), system: first(&SYSTEMS) }
    }
}

/// One session of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// Which.
    pub key: SessionKey,
    /// The browser that signed in.
    pub agent: Agent,
    /// When it signed in.
    pub began: Timestamp,
    /// The day of its last request.
    pub seen: Date,
    /// Whether the person said that others use the computer.
    pub shared: bool,
    /// Whether it is the one that asks.
    pub current: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_a_hash_and_nothing_else() {
        assert!("0123456789abcdef".repeat(4).parse::<SessionKey>().is_ok());
        for bad in [String::new(), "A".repeat(64), "0".repeat(63), "0".repeat(65), "é".repeat(32)] {
            assert_eq!(SessionKey::try_from(bad), Err(NotASessionKey));
        }
    }

    #[test]
    fn browsers_are_named_by_what_they_are() {
        const LIKE_GECKO: &str = "AppleWebKit/537.36 (KHTML, like Gecko)";
        let cases = [
            (format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {LIKE_GECKO} Chrome/156.0 Safari/537.36 Edg/156.0"), "Edge", "Windows"),
            (format!("Mozilla/5.0 (X11; Linux x86_64) {LIKE_GECKO} Chrome/156.0 Safari/537.36"), "Chrome", "Linux"),
            (format!("Mozilla/5.0 (Linux; Android 15) {LIKE_GECKO} Chrome/156.0 Mobile Safari/537.36"), "Chrome", "Android"),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(), "Firefox", "macOS"),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1".to_owned(), "Safari", "iOS"),
        ];
        for (header, browser, system) in cases {
            let found = Agent::of(&header);
            assert_eq!((found.browser.as_deref(), found.system.as_deref()), (Some(browser), Some(system)), "{header}");
        }
        assert_eq!(Agent::of("curl/8.0"), Agent::default());
        assert_eq!(Agent::of(&"é".repeat(2_000)), Agent::default());
    }
}
