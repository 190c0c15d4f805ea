//! When a person last looked at a board, so that what came since can be marked.
//!
//! A look lasts while the board is opened again and again: what was new stays marked over a reload, and over a walk
//! to the coffee machine. After a longer absence, new is what came since the last time the board was seen.

use crate::time::Timestamp;
use serde::Serialize;

/// How long a board may be out of sight, in milliseconds, and still be the same look: half an hour.
pub const SAME_LOOK: i64 = 30 * 60_000;

/// A look at a board, by the server's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Looked {
    /// What came after this is new.
    pub since: Timestamp,
    /// When the board was last in sight.
    pub last: Timestamp,
}
crate::record!(Looked { since, last });

impl Looked {
    /// The board is in sight at `now`; at a first visit nothing is new.
    #[must_use]
    pub fn at(before: Option<Self>, now: Timestamp) -> Self {
        let since = match before {
            None => now,
            Some(before) if now.millis() - before.last.millis() > SAME_LOOK => before.last,
            Some(before) => before.since,
        };
        let last = before.map_or(now, |before| before.last.max(now));
        Self { since, last }
    }

    /// Everything up to `now` has been seen.
    #[must_use]
    pub const fn all(now: Timestamp) -> Self {
        Self { since: now, last: now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_while_nobody_looked_is_new() {
        let at = Timestamp::from_millis;
        let looked = |since, last| Some(Looked { since: at(since), last: at(last) });
        let hour = 2 * SAME_LOOK;
        for (case, before, now, expected) in [
            ("first visit", None, 10, looked(10, 10)),
            ("still looking", looked(5, 10), 20, looked(5, 20)),
            ("a reload", looked(5, 10), 10 + SAME_LOOK, looked(5, 10 + SAME_LOOK)),
            ("back after an hour", looked(5, 10), 10 + hour, looked(10, 10 + hour)),
            ("a server whose clock went back", looked(5, hour), 10, looked(5, hour)),
        ] {
            assert_eq!(Some(Looked::at(before, at(now))), expected, "{case}");
        }
        assert_eq!(Looked::all(at(7)), Looked { since: at(7), last: at(7) });
    }
}
