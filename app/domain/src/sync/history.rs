//! The history of one field: `GET /api/reports/{report}/history?field=<key>&before=<place>` gives a [`HistoryPage`],
//! newest first.
//!
//! Every text that a device was told the council has is in it: the accepted versions, and the texts that a conflict
//! kept beside the head.

use crate::field::FieldValue;
use crate::id::{InstanceId, PersonId};
use crate::sync::op::ContentHash;
use crate::sync::wire::{Rev, Seq};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// One page of a field's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HistoryPage {
    /// [`crate::sync::wire::PROTOCOL`].
    pub protocol: u32,
    /// Which database answered.
    pub instance: InstanceId,
    /// At most [`crate::limits::HISTORY_PAGE`] versions, the newest first.
    pub versions: Vec<Version>,
    /// Whether there are older ones.
    pub more: bool,
    /// What to ask for as `before` to get them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Before>,
}
crate::record!(HistoryPage { protocol, instance, versions, more, next or default });

/// What somebody wrote in a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Version {
    /// Its revision; none for a text that a conflict kept, which never was the council's.
    pub seq: Option<Seq>,
    /// When the council got it, by the server's clock.
    pub at: Timestamp,
    /// Who wrote it.
    pub person: PersonId,
    /// Their name; empty when the person was removed.
    pub name: String,
    /// On which of their devices, when it said.
    pub device: Option<String>,
    /// The revision that it was written on.
    pub base_rev: Rev,
    /// The field and what was written in it.
    pub value: FieldValue,
    /// Of the operation that brought it, as its answer echoed it.
    pub hash: ContentHash,
}
crate::record!(Version { seq, at, person, name, device, base_rev, value, hash });

/// A place in a field's history, where the next page begins.
///
/// On the wire `<seq>`, for the versions before a place in the sequence; or `<seq>.<n>`, as
/// [`HistoryPage::next`] has it, for those up to a place without the newest `n`. Several texts that conflicts kept
/// stand at one place, and a page may end between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Before {
    /// The last place that is looked at.
    pub upto: Seq,
    /// So many of the newest from there are passed over.
    pub skip: u64,
}

/// A text that is no place in a history.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a place in a history")]
pub struct NotAPlace;

impl Before {
    /// All of the history.
    pub const END: Self = Self { upto: Seq::MAX, skip: 0 };

    /// Where the page after one goes on that began here and whose versions stand at `places`, newest first.
    #[must_use]
    pub fn after(self, places: &[Seq]) -> Self {
        let Some(upto) = places.last().copied() else { return self };
        let skipped = if upto == self.upto { self.skip } else { 0 };
        let here = places.iter().filter(|place| **place == upto).count();
        Self { upto, skip: skipped.saturating_add(here as u64) }
    }
}

impl fmt::Display for Before {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.upto, self.skip)
    }
}

impl FromStr for Before {
    type Err = NotAPlace;
    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let number = |text: &str| text.parse::<u64>().map_err(|_| NotAPlace);
        match text.split_once('.') {
            Some((upto, skip)) => Ok(Self { upto: number(upto)?, skip: number(skip)? }),
            None => Ok(Self { upto: number(text)?.saturating_sub(1), skip: 0 }),
        }
    }
}

impl TryFrom<String> for Before {
    type Error = NotAPlace;
    fn try_from(text: String) -> Result<Self, NotAPlace> {
        text.parse()
    }
}

impl From<Before> for String {
    fn from(before: Before) -> Self {
        before.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A page of a history as the store gives it: up to a place, without the newest few.
    fn page(history: &[Seq], from: Before, size: usize) -> Vec<Seq> {
        let skip = usize::try_from(from.skip).expect("few");
        history.iter().copied().filter(|place| *place <= from.upto).skip(skip).take(size).collect()
    }

    #[test]
    fn pages_meet_without_a_gap_or_a_repetition_wherever_they_end() {
        let history = [9, 9, 9, 9, 9, 8, 5, 5, 5, 2, 2, 1];
        for size in 1..=history.len() + 1 {
            let (mut from, mut seen) = (Before::END, Vec::new());
            loop {
                let places = page(&history, from, size);
                if places.is_empty() {
                    break;
                }
                from = from.after(&places);
                seen.extend(places);
            }
            assert_eq!(seen, history, "pages of {size}");
        }
    }

    #[test]
    fn a_place_is_a_number_or_what_a_page_said() {
        assert_eq!("7".parse(), Ok(Before { upto: 6, skip: 0 }));
        assert_eq!("0".parse(), Ok(Before { upto: 0, skip: 0 }));
        assert_eq!("7.2".parse(), Ok(Before { upto: 7, skip: 2 }));
        assert_eq!(Before { upto: 7, skip: 2 }.to_string(), "7.2");
        for bad in ["", ".", "7.", ".2", "-1", "x", "7.2.3", "18446744073709551616"] {
            assert_eq!(bad.parse::<Before>(), Err(NotAPlace), "{bad}");
        }
    }
}
