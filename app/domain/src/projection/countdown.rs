//! A countdown on the wall. All screens count to one instant of the server's clock, so they show the same.

use crate::limits::COUNTDOWN_SECONDS;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// A countdown, running or held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Countdown {
    /// It runs.
    Running {
        /// When it ends, by the server's clock.
        ends: Timestamp,
    },
    /// It is held.
    Paused {
        /// What is left, in milliseconds.
        left_ms: i64,
    },
}

crate::tagged!(Countdown, "state");

/// What a countdown says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeLeft {
    /// Whole hours.
    pub hours: i64,
    /// Minutes of the hour.
    pub minutes: i64,
    /// Seconds of the minute; a begun second counts whole, so that it ends at nothing and not a second before.
    pub seconds: i64,
}

impl TimeLeft {
    /// Whether the time is up.
    #[must_use]
    pub const fn is_up(self) -> bool {
        self.hours == 0 && self.minutes == 0 && self.seconds == 0
    }
}

impl Countdown {
    /// Starts one, within the limits.
    pub(super) fn of_seconds(seconds: u32, now: Timestamp) -> Option<Self> {
        let millis = i64::from(seconds) * 1_000;
        (1..=COUNTDOWN_SECONDS)
            .contains(&seconds)
            .then(|| Self::Running { ends: Timestamp::from_millis(now.millis() + millis) })
    }

    /// What is left, in milliseconds, by the server's clock; nothing when the time is up.
    #[must_use]
    pub fn left_ms(self, now: Timestamp) -> i64 {
        match self {
            Self::Running { ends } => (ends.millis() - now.millis()).max(0),
            Self::Paused { left_ms } => left_ms.max(0),
        }
    }

    /// What is left, as it is shown.
    #[must_use]
    pub fn time_left(self, now: Timestamp) -> TimeLeft {
        let seconds = (self.left_ms(now) + 999) / 1_000;
        TimeLeft { hours: seconds / 3_600, minutes: seconds / 60 % 60, seconds: seconds % 60 }
    }

    /// Holds it where it is.
    #[must_use]
    pub fn paused(self, now: Timestamp) -> Self {
        Self::Paused { left_ms: self.left_ms(now) }
    }

    /// Lets it run on.
    #[must_use]
    pub fn resumed(self, now: Timestamp) -> Self {
        match self {
            running @ Self::Running { .. } => running,
            Self::Paused { left_ms } => Self::Running { ends: Timestamp::from_millis(now.millis() + left_ms.max(0)) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    fn shown(countdown: Countdown, now: i64) -> (i64, i64, i64) {
        let TimeLeft { hours, minutes, seconds } = countdown.time_left(at(now));
        (hours, minutes, seconds)
    }

    #[test]
    fn it_counts_to_an_instant_and_a_begun_second_is_whole() {
        let countdown = Countdown::of_seconds(3_661, at(500)).expect("within the limits");
        let cases =
            [(500, (1, 1, 1)), (501, (1, 1, 1)), (1_500, (1, 1, 0)), (3_661_499, (0, 0, 1)), (3_661_500, (0, 0, 0))];
        for (now, expected) in cases {
            assert_eq!(shown(countdown, now), expected, "at {now}");
        }
        assert!(!countdown.time_left(at(3_661_499)).is_up());
        assert!(countdown.time_left(at(9_000_000)).is_up(), "and stays there");
    }

    #[test]
    fn held_and_let_go_it_loses_nothing() {
        let countdown = Countdown::of_seconds(60, at(0)).expect("within the limits").paused(at(20_000));
        assert_eq!(countdown, Countdown::Paused { left_ms: 40_000 });
        assert_eq!(countdown.paused(at(30_000)), countdown);
        let again = countdown.resumed(at(100_000));
        assert_eq!(again, Countdown::Running { ends: at(140_000) });
        assert_eq!(again.resumed(at(110_000)), again);
    }

    #[test]
    fn only_a_length_that_a_meeting_has() {
        assert_eq!(Countdown::of_seconds(0, at(0)), None);
        assert_eq!(Countdown::of_seconds(COUNTDOWN_SECONDS + 1, at(0)), None);
        assert!(Countdown::of_seconds(COUNTDOWN_SECONDS, at(0)).is_some());
    }
}
