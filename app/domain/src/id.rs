//! Identifiers made where the thing is made, so that a browser with no network can name what it creates.
//!
//! Each is a UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, then random bits, so ids made later sort
//! later. The clock and the randomness are handed in; this crate has neither.

use crate::limits::DEVICE_CHARS;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// Ten random bytes for one id, from the browser's or the server's cryptographic source.
pub type Entropy = [u8; 10];

/// A text that is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct NotAnId;

fn version_7(now: Timestamp, entropy: &Entropy) -> Uuid {
    let millis = u64::try_from(now.millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, entropy).into_uuid()
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        /// In the order of time, as numbers: a browser compares bytes one by one, and a board looks up a hundred
        /// thousand of them.
        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                self.0.as_u128().cmp(&other.0.as_u128())
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl $name {
            /// A new id: `now` gives its place in time, `entropy` makes it unique.
            #[must_use]
            pub fn new(now: Timestamp, entropy: &Entropy) -> Self {
                Self(version_7(now, entropy))
            }

            /// When it was made, by the clock of whoever made it; 1970 for an id that says nothing of it.
            #[must_use]
            pub fn made_at(&self) -> Timestamp {
                let mut millis = [0; 8];
                millis[2..].copy_from_slice(&self.0.as_bytes()[..6]);
                Timestamp::from_millis(i64::from_be_bytes(millis))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Uuid::try_parse(text).map(Self).map_err(|_| NotAnId)
            }
        }
    )*};
}

id! {
    /// A jurisdiction or organization on the council.
    MemberId;
    /// Someone who signs in.
    PersonId;
    /// One meeting cycle.
    EditionId;
    /// One entry in a section of a report.
    ItemId;
    /// One operation of a journal; repeating it does nothing twice.
    OpId;
    /// One installation's database, so that a client notices when another one answers.
    InstanceId;
}

/// A report is named by what it is: the one report of a member for an edition.
///
/// On the wire and in URLs: `<edition>.<member>`. Two devices that start the same report with no network
/// therefore start the same report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReportId {
    /// The edition it answers.
    pub edition: EditionId,
    /// The member whose report it is.
    pub member: MemberId,
}

impl fmt::Display for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.edition, self.member)
    }
}

impl FromStr for ReportId {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let (edition, member) = text.split_once('.').ok_or(NotAnId)?;
        Ok(Self { edition: edition.parse()?, member: member.parse()? })
    }
}

impl TryFrom<String> for ReportId {
    type Error = NotAnId;
    fn try_from(text: String) -> Result<Self, NotAnId> {
        text.parse()
    }
}

impl From<ReportId> for String {
    fn from(id: ReportId) -> Self {
        id.to_string()
    }
}

/// Whether a text can name a device: 1 to [`DEVICE_CHARS`] ASCII letters, digits, `-` and `_`. A browser draws its
/// name at random, once; it says nothing about the machine.
#[must_use]
pub fn names_a_device(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
    (1..=DEVICE_CHARS).contains(&text.len()) && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_ids_sort_later() {
        let early = ItemId::new(Timestamp::from_millis(1_000), &[9; 10]);
        let late = ItemId::new(Timestamp::from_millis(1_001), &[0; 10]);
        assert!(early < late);
        assert_eq!(late.made_at(), Timestamp::from_millis(1_001));
        assert!(early.to_string() < late.to_string());
    }

    #[test]
    fn a_clock_before_1970_still_gives_an_id() {
        let id = ItemId::new(Timestamp::from_millis(-5), &[1; 10]);
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn a_report_is_written_as_edition_and_member() {
        let report = ReportId {
            edition: EditionId::new(Timestamp::from_millis(1), &[1; 10]),
            member: MemberId::new(Timestamp::from_millis(2), &[2; 10]),
        };
        assert_eq!(report.to_string().parse(), Ok(report));
        for bad in ["", ".", "a.b", &report.edition.to_string()] {
            assert_eq!(bad.parse::<ReportId>(), Err(NotAnId), "{bad}");
        }
    }

    #[test]
    fn a_device_is_named_by_a_short_plain_text() {
        for good in ["a", "7f3K_-", &"x".repeat(64)] {
            assert!(names_a_device(good), "{good}");
        }
        for bad in ["", " ", "a b", "é", "a/b", "a\n", &"x".repeat(65)] {
            assert!(!names_a_device(bad), "{bad:?}");
        }
    }
}
