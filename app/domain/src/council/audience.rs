//! Who may be given an event or an item. Asked by [`permit::hears`](super::permit::hears), and by nothing else.

use crate::id::MemberId;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Those for whom something is. Its form, on the wire and in the database, is a string.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Audience {
    /// `everybody`: whoever is signed in.
    Everybody,
    /// `council`: the council and the secretariat.
    Council,
    /// `member:<id>`: the people of a member who draft its report.
    Member(MemberId),
    /// `secretariat`: the secretariat, in confidence.
    Secretariat,
    /// Of a newer program, kept as it is written. Nobody hears it: what is not understood is not given out.
    Unknown(String),
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everybody => f.write_str("everybody"),
            Self::Council => f.write_str("council"),
            Self::Member(member) => write!(f, "member:{member}"),
            Self::Secretariat => f.write_str("secretariat"),
            Self::Unknown(text) => f.write_str(text),
        }
    }
}

impl From<String> for Audience {
    fn from(text: String) -> Self {
        match text.as_str() {
            "everybody" => Self::Everybody,
            "council" => Self::Council,
            "secretariat" => Self::Secretariat,
            // Only as it is written here, so that one audience never has two forms.
            _ => match text.strip_prefix("member:").and_then(|id| id.parse().ok()).map(Self::Member) {
                Some(member) if member.to_string() == text => member,
                _ => Self::Unknown(text),
            },
        }
    }
}

impl From<Audience> for String {
    fn from(audience: Audience) -> Self {
        audience.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    #[test]
    fn its_form_is_stable_and_what_is_unknown_is_kept() {
        let member = MemberId::new(Timestamp::from_millis(1_474_000_000_000), &[7; 10]);
        let id = "0157313f-1400-7707-8707-070707070707";
        let upper = format!("member:{}", id.to_uppercase());
        let cases = [
            ("everybody".to_owned(), Audience::Everybody),
            ("council".to_owned(), Audience::Council),
            (format!("member:{id}"), Audience::Member(member)),
            ("secretariat".to_owned(), Audience::Secretariat),
            ("ministers:2031".to_owned(), Audience::Unknown("ministers:2031".to_owned())),
            (String::new(), Audience::Unknown(String::new())),
            ("Everybody".to_owned(), Audience::Unknown("Everybody".to_owned())),
            ("member:".to_owned(), Audience::Unknown("member:".to_owned())),
            (upper.clone(), Audience::Unknown(upper)),
        ];
        for (text, audience) in cases {
            assert_eq!(Audience::from(text.clone()), audience);
            assert_eq!(audience.to_string(), text);
            let json = serde_json::to_string(&audience).expect("JSON");
            assert_eq!(json, format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<Audience>(&json).expect("an audience"), audience);
        }
    }
}
