//! Dates, times and numbers as Canadian public servants write them: December 19, 2026 and 19 décembre 2026 where a person
//! reads, 2026-12-19 in files; 14:30 and 14 h 30; 20,000 and 20 000.

use crate::words::{Texts, text};
use domain::language::Language;
use domain::time::{Date, Timestamp};

fn local(at: Timestamp) -> js_sys::Date {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 are exact in a double")]
    js_sys::Date::new(&(at.millis() as f64).into())
}

const fn locale(language: Language) -> &'static str {
    match language {
        Language::En => "en-CA",
        Language::Fr => "fr-CA",
    }
}

fn in_words(day: &js_sys::Date, language: Language) -> String {
    let options = js_sys::Object::new();
    // It is a plain object: setting a property of it does not fail.
    let _ = js_sys::Reflect::set(&options, &"dateStyle".into(), &"long".into());
    let words = String::from(day.to_locale_date_string(locale(language), &options));
    // The browsers' data have the plain number, for the first day of a month too.
    match words.strip_prefix("1 ") {
        Some(rest) if language == Language::Fr => format!("1er {rest}"),
        _ => words,
    }
}

/// The device's own day of an instant, in words.
#[must_use]
pub fn date(at: Timestamp, language: Language) -> String {
    in_words(&local(at), language)
}

/// A day of the council's calendar, in words.
#[must_use]
pub fn day(date: Date, language: Language) -> String {
    let (year, month, day) = date.parts();
    in_words(&js_sys::Date::new_with_year_month_day(year, i32::from(month) - 1, i32::from(day)), language)
}

/// The device's own day of an instant, for the name of a file.
#[must_use]
pub fn iso(at: Timestamp) -> String {
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
        (1, _, _) => text!(i18n, ago.day).to_owned(),
        (days, _, _) => text!(i18n, ago.days, n = days).to_string(),
    }
}

/// Today, on the device.
#[must_use]
pub fn today() -> Option<Date> {
    iso(super::device::now()).parse().ok()
}
