//! Where an item stands among the others of its section.

use fractional_index::FractionalIndex;
use serde::{Deserialize, Serialize};

/// A place between two places, so that moving one item writes one field. Written as a hexadecimal string.
///
/// Two people may choose the same place with no network: items of one place are ordered by their id, which is
/// the same on every device.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Position(FractionalIndex);

/// A text that is not a position.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a position")]
pub struct NotAPosition;

/// Longest position accepted, in hexadecimal characters: far more moves than a section of 200 items sees.
const LONGEST: usize = 400;

impl Position {
    /// The place of the first item of an empty section.
    #[must_use]
    pub fn first() -> Self {
        Self(FractionalIndex::default())
    }

    /// A place after `before` and before `after`; where the two leave no room (they are equal, or in the wrong
    /// order), a place right after `before`.
    #[must_use]
    pub fn between(before: Option<&Self>, after: Option<&Self>) -> Self {
        let index = FractionalIndex::new(before.map(|p| &p.0), after.map(|p| &p.0));
        index.map_or_else(|| before.map_or_else(Self::first, |p| Self(FractionalIndex::new_after(&p.0))), Self)
    }
}

impl TryFrom<String> for Position {
    type Error = NotAPosition;
    fn try_from(text: String) -> Result<Self, NotAPosition> {
        // The library cuts the text at every second byte, which panics within a character.
        if text.len() > LONGEST || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NotAPosition);
        }
        FractionalIndex::from_string(&text).map(Self).map_err(|_| NotAPosition)
    }
}

impl From<Position> for String {
    fn from(position: Position) -> Self {
        position.0.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hostile_positions_are_refused() {
        for bad in ["", "zz", "8", "é", "\u{202e}", "8\u{202e}", "€80", "+80", " 80", &"ab".repeat(300)] {
            assert!(Position::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn equal_neighbours_still_give_a_place() {
        let p = Position::first();
        assert!(Position::between(Some(&p), Some(&p)) > p);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "([0-9a-fA-F +-]|\\PC){0,9}(80)?") {
            if let Ok(place) = Position::try_from(text.clone()) {
                prop_assert_eq!(String::from(place.clone()), text.to_lowercase());
                prop_assert!(Position::between(Some(&place), None) > place);
                prop_assert!(Position::between(None, Some(&place)) < place);
            }
        }

        #[test]
        fn a_place_between_two_stays_between_them(moves in prop::collection::vec(any::<prop::sample::Index>(), 1..80)) {
            let mut places: Vec<Position> = Vec::new();
            for at in moves {
                let at = at.index(places.len() + 1);
                let before = at.checked_sub(1).and_then(|i| places.get(i));
                let place = Position::between(before, places.get(at));
                places.insert(at, place);
            }
            prop_assert!(places.windows(2).all(|pair| pair[0] < pair[1]));
            for place in places {
                let text = String::from(place.clone());
                prop_assert_eq!(Position::try_from(text), Ok(place));
            }
        }
    }
}
