//! People who sign in. What their role lets them do is in [`permit`](crate::council::permit).

use crate::id::{MemberId, PersonId};
use crate::limits::CONTACT_CHARS;
use serde::{Deserialize, Serialize};

/// What a person does at the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Drafts and submits the report of their member; reads the board.
    Member,
    /// Sits on the council: reads the board, and drafts for their own member when they have one.
    Council,
    /// Runs editions, members, themes and invitations; reads the board, never a draft.
    Secretariat,
    /// Reads the board.
    Observer,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Member, Self::Council, Self::Secretariat, Self::Observer];

    /// The name used on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Council => "council",
            Self::Secretariat => "secretariat",
            Self::Observer => "observer",
        }
    }
}

/// A signed-in person, as the server and the device know them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their e-mail address, in lower case.
    pub email: Email,
    /// What they do.
    pub role: Role,
    /// The member they belong to; the secretariat may have none.
    pub member: Option<MemberId>,
}
crate::record!(Identity { person, name, email, role, member });

/// An e-mail address in lower case, checked for shape: the sign-in name, not a delivery promise.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// A text that is not an e-mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct NotAnEmail;

impl Email {
    /// Trims, lowers and checks `text`.
    ///
    /// # Errors
    /// When there is no single `@` with something on both sides, when the host is no name of letters, digits, hyphens and
    /// dots, or when the text is longer than a contact field.
    pub fn parse(text: &str) -> Result<Self, NotAnEmail> {
        let text = text.trim().to_lowercase();
        let (local, host) = text.split_once('@').ok_or(NotAnEmail)?;
        let odd = |c: char| c.is_whitespace() || c.is_control() || c == '@';
        let named = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
        if local.is_empty() || local.contains(odd) || !host.split('.').all(named) || text.len() > CONTACT_CHARS {
            return Err(NotAnEmail);
        }
        Ok(Self(text))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Email {
    type Error = NotAnEmail;
    fn try_from(text: String) -> Result<Self, NotAnEmail> {
        Self::parse(&text)
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_lowered_and_checked() {
        assert_eq!(Email::parse("  On@Demo.Example ").map(String::from).as_deref(), Ok("on@demo.example"));
        for bad in ["", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\u{0}", "a@b?bcc=c", "a@b..c", "a@.b", "a@b/c", "a@b,c"]
        {
            assert_eq!(Email::parse(bad), Err(NotAnEmail), "{bad:?}");
        }
    }
}
