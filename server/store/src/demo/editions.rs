//! Three editions around today: two closed, one open and due in three weeks.

use crate::error::StoreError;
use domain::edition::{Edition, EditionDates, EditionState};
use domain::id::EditionId;
use domain::language::Bilingual;
use domain::time::Date;

const MONTHS: [(&str, &str); 12] = [
    ("January", "janvier"),
    ("February", "février"),
    ("March", "mars"),
    ("April", "avril"),
    ("May", "mai"),
    ("June", "juin"),
    ("July", "juillet"),
    ("August", "août"),
    ("September", "septembre"),
    ("October", "octobre"),
    ("November", "novembre"),
    ("December", "décembre"),
];

/// The oldest first, as the report files are numbered.
pub fn editions(today: Date) -> Result<Vec<Edition>, StoreError> {
    [(-240, EditionState::Closed), (-60, EditionState::Closed), (45, EditionState::Open)]
        .into_iter()
        .map(|(days, state)| edition(today.plus_days(days), state))
        .collect()
}

fn edition(meets: Date, state: EditionState) -> Result<Edition, StoreError> {
    let dates = EditionDates::new(meets.plus_days(-75), meets.plus_days(-24), meets, meets.plus_days(30));
    let dates = dates.map_err(|error| StoreError::Inconsistent(error.to_string()))?;
    let text = meets.to_string();
    let (year, month) = (&text[..4], text[5..7].parse::<usize>().unwrap_or(1));
    let (en, fr) = MONTHS[(month - 1).min(11)];
    let name = Bilingual { en: format!("{en} {year}"), fr: format!("{} {year}", capitalised(fr)) };
    Ok(Edition { id: EditionId::new(crate::now(), &crate::entropy()), name, dates, state })
}

/// An edition's name stands alone as a heading.
fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_open_and_named_after_its_meeting() {
        let editions = editions("2026-11-23".parse().expect("a date")).expect("editions");
        let names: Vec<_> = editions.iter().map(|edition| (edition.name.fr.as_str(), edition.is_open())).collect();
        assert_eq!(names, [("Mars 2026", false), ("Septembre 2026", false), ("Janvier 2027", true)]);
    }
}
