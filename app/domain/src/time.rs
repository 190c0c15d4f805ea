//! Instants and civil dates.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An instant: milliseconds since 1970-01-01T00:00:00Z. The server's clock, unless a field says otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From Unix milliseconds.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Unix milliseconds.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }
}

/// A day in the council's calendar, written `2026-03-04` as ISO 8601 and Canadian usage have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date(::time::Date);

/// A text that is not a day of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a date of the form 2026-03-04")]
pub struct NotADate;

impl Date {
    /// Whole days from `earlier` to `self`; negative when `self` is the earlier.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i32 {
        self.0.to_julian_day() - earlier.0.to_julian_day()
    }

    /// The same day moved by `days`, or the day itself at the end of the calendar.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        let day = self.0.to_julian_day().saturating_add(days);
        Self(::time::Date::from_julian_day(day).unwrap_or(self.0))
    }

    /// Year, month from 1, day of the month.
    #[must_use]
    pub fn parts(self) -> (u32, u8, u8) {
        let (year, month, day) = self.0.to_calendar_date();
        (u32::try_from(year).unwrap_or(0), u8::from(month), day)
    }

    /// The UTC day of an instant.
    #[must_use]
    pub fn of(instant: Timestamp) -> Self {
        const UNIX_EPOCH_JULIAN_DAY: i64 = 2_440_588;
        let day = UNIX_EPOCH_JULIAN_DAY + instant.millis().div_euclid(86_400_000);
        let day = i32::try_from(day).ok().and_then(|day| ::time::Date::from_julian_day(day).ok());
        Self(day.unwrap_or(::time::Date::MIN))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.0.to_calendar_date();
        write!(f, "{year:04}-{:02}-{day:02}", u8::from(month))
    }
}

impl FromStr for Date {
    type Err = NotADate;
    fn from_str(text: &str) -> Result<Self, NotADate> {
        let mut parts = text.splitn(3, '-');
        let mut part = |len: usize| {
            let digits = parts.next().filter(|p| p.len() == len && p.bytes().all(|b| b.is_ascii_digit()));
            digits.and_then(|p| p.parse::<u16>().ok()).ok_or(NotADate)
        };
        let (year, month, day) = (part(4)?, part(2)?, part(2)?);
        let month = u8::try_from(month).ok().and_then(|m| ::time::Month::try_from(m).ok()).ok_or(NotADate)?;
        let day = u8::try_from(day).map_err(|_| NotADate)?;
        ::time::Date::from_calendar_date(i32::from(year), month, day).map(Self).map_err(|_| NotADate)
    }
}

impl TryFrom<String> for Date {
    type Error = NotADate;
    fn try_from(text: String) -> Result<Self, NotADate> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_checked_and_written_back() {
        for good in ["2026-03-04", "2024-02-29", "0001-01-01"] {
            assert_eq!(good.parse::<Date>().map(|d| d.to_string()).as_deref(), Ok(good));
        }
        for bad in ["2026-02-30", "2026-3-4", "2026-13-01", "20260304", "", "2026-03-04T00:00", "+026-03-04"] {
            assert_eq!(bad.parse::<Date>(), Err(NotADate), "{bad}");
        }
    }

    #[test]
    fn days_are_counted_over_month_ends_and_from_instants() {
        let day = |text: &str| text.parse::<Date>().expect("a date");
        assert_eq!(day("2026-03-01").days_since(day("2026-02-27")), 2);
        assert_eq!(day("2026-02-27").plus_days(2), day("2026-03-01"));
        assert_eq!(Date::of(Timestamp::from_millis(0)), day("1970-01-01"));
        assert_eq!(Date::of(Timestamp::from_millis(-1)), day("1969-12-31"));
        assert_eq!(day("2024-02-29").parts(), (2024, 2, 29));
        assert_eq!(Date::of(Timestamp::from_millis(1_795_392_000_000)), day("2026-11-23"));
    }
}
