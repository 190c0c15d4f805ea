//! When to try again: exponential backoff with full jitter.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(1_000);
const LONGEST: Duration = Duration::from_secs(60);

/// How long to wait after `failures` failed attempts in a row (at least 1). `random` is uniform in `0.0..1.0`.
///
/// Half of the exponential step is certain and half is random, so that a room of laptops whose Wi-Fi comes back
/// does not knock all at once, and none knocks at once again. A server's `Retry-After` is a lower bound.
#[must_use]
pub fn delay(failures: u32, random: f64, retry_after: Option<Duration>) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    let step = FIRST.saturating_mul(1 << doublings).min(LONGEST);
    let jittered = step.mul_f64(0.5 + 0.5 * random.clamp(0.0, 1.0));
    jittered.max(retry_after.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_stay_bounded_and_are_spread() {
        let cases =
            [(0, 0.0, 500), (1, 0.0, 500), (1, 1.0, 1_000), (2, 0.0, 1_000), (7, 1.0, 60_000), (u32::MAX, 1.0, 60_000)];
        for (failures, random, millis) in cases {
            assert_eq!(delay(failures, random, None), Duration::from_millis(millis), "{failures} {random}");
        }
        assert_eq!(delay(1, 0.0, Some(Duration::from_secs(9))), Duration::from_secs(9));
    }
}
