//! Editions: one meeting cycle each.

use crate::id::EditionId;
use crate::language::Bilingual;
use crate::time::Date;
use serde::{Deserialize, Serialize};

/// Where an edition is in its life. The secretariat moves it; a date alone never closes a report under a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditionState {
    /// Announced; nothing can be drafted yet.
    Planned,
    /// Members draft and submit.
    Open,
    /// The record stands.
    Closed,
}

impl EditionState {
    /// The name used on the wire and in the database.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// The four dates of a cycle, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawDates")]
pub struct EditionDates {
    /// Drafting opens.
    pub opens: Date,
    /// Reports are due.
    pub due: Date,
    /// The council meets.
    pub meets: Date,
    /// The record closes.
    pub closes: Date,
}

struct RawDates {
    opens: Date,
    due: Date,
    meets: Date,
    closes: Date,
}
crate::record!(RawDates { opens, due, meets, closes });

/// The dates of an edition are not in order.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an edition opens, is due, meets and closes, in that order")]
pub struct DatesOutOfOrder;

impl EditionDates {
    /// Checks that each date is no earlier than the one before it.
    ///
    /// # Errors
    /// When they are not in order.
    pub fn new(opens: Date, due: Date, meets: Date, closes: Date) -> Result<Self, DatesOutOfOrder> {
        if opens <= due && due <= meets && meets <= closes {
            Ok(Self { opens, due, meets, closes })
        } else {
            Err(DatesOutOfOrder)
        }
    }
}

impl TryFrom<RawDates> for EditionDates {
    type Error = DatesOutOfOrder;
    fn try_from(raw: RawDates) -> Result<Self, DatesOutOfOrder> {
        Self::new(raw.opens, raw.due, raw.meets, raw.closes)
    }
}

/// One meeting cycle, for example "September 2016".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "EditionWire", into = "EditionWire")]
pub struct Edition {
    /// Its id.
    pub id: EditionId,
    /// Its name in both languages.
    pub name: Bilingual,
    /// Its dates.
    pub dates: EditionDates,
    /// Where it stands.
    pub state: EditionState,
}

/// The dates stand beside the rest on the wire.
#[derive(Serialize)]
struct EditionWire {
    id: EditionId,
    name: Bilingual,
    opens: Date,
    due: Date,
    meets: Date,
    closes: Date,
    state: EditionState,
}
crate::record!(EditionWire { id, name, opens, due, meets, closes, state });

impl TryFrom<EditionWire> for Edition {
    type Error = DatesOutOfOrder;
    fn try_from(
        EditionWire { id, name, opens, due, meets, closes, state }: EditionWire,
    ) -> Result<Self, DatesOutOfOrder> {
        Ok(Self { id, name, dates: EditionDates::new(opens, due, meets, closes)?, state })
    }
}

impl From<Edition> for EditionWire {
    fn from(Edition { id, name, dates, state }: Edition) -> Self {
        let EditionDates { opens, due, meets, closes } = dates;
        Self { id, name, opens, due, meets, closes, state }
    }
}

impl Edition {
    /// Whether members may draft and submit.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state == EditionState::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_come_in_order() {
        let day = |n: i32| "2026-01-01".parse::<Date>().expect("a date").plus_days(n);
        assert!(EditionDates::new(day(0), day(1), day(2), day(3)).is_ok());
        assert!(EditionDates::new(day(0), day(0), day(0), day(0)).is_ok());
        assert_eq!(EditionDates::new(day(2), day(1), day(3), day(4)), Err(DatesOutOfOrder));
        assert_eq!(EditionDates::new(day(0), day(5), day(3), day(6)), Err(DatesOutOfOrder));
    }
}
