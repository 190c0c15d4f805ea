//! Dates and times as Canadian public servants write them: 2026-03-04; 14:30 in English, 14 h 30 in French.

use crate::words::{Texts, text};
use domain::language::Language;
use domain::time::{Date, Timestamp};

fn local(at: Timestamp) -> js_sys::Date {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are exact in a double")]
    js_sys::Date::new(&(at.millis() as f64).into())
}

/// The device's own day of an instant.
#[must_use]
pub fn date(at: Timestamp) -> String {
    let day = local(at);
    format!("{:04}-{:02}-{:02}", day.get_full_year(), day.get_month() + 1, day.get_date())
}

/// The device's own time of an instant.
#[must_use]
pub fn time(at: Timestamp, language: Language) -> String {
    let day = local(at);
    match language {
        Language::En => format!("{:02}:{:02}", day.get_hours(), day.get_minutes()),
        Language::Fr => format!("{:02}\u{a0}h\u{a0}{:02}", day.get_hours(), day.get_minutes()),
    }
}

/// How long ago something was, in the largest unit that fits.
#[must_use]
pub fn ago(i18n: Texts, at: Timestamp, now: Timestamp) -> String {
    let minutes = (now.millis() - at.millis()).max(0) / 60_000;
    match (minutes / 1_440, minutes / 60, minutes) {
        (0, 0, 0) => text!(i18n, ago.now).to_owned(),
        (0, 0, minutes) => text!(i18n, ago.minutes, n = minutes).to_string(),
        (0, hours, _) => text!(i18n, ago.hours, n = hours).to_string(),
        (days, _, _) => text!(i18n, ago.days, n = days).to_string(),
    }
}

/// Today, on the device.
#[must_use]
pub fn today() -> Option<Date> {
    date(super::device::now()).parse().ok()
}
