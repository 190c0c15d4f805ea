//! Slows sign-in after repeated failures for one address.

use domain::time::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Failures that cost nothing: people mistype.
const FREE: u32 = 5;
/// The longest wait, in seconds. An address cannot be locked by a stranger for longer.
const LONGEST: u64 = 60;
/// Failures older than this are forgotten.
const FORGET_MILLIS: i64 = 15 * 60 * 1_000;
/// Addresses remembered at once; the oldest go first.
const REMEMBERED: usize = 10_000;

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Timestamp,
}

/// Failed sign-ins by address. In memory: a restart forgets them, and they are about minutes.
#[derive(Debug, Default)]
pub struct Throttle {
    failures: Mutex<HashMap<String, Failures>>,
}

impl Throttle {
    /// Notes an attempt, as failed until [`Throttle::succeeded`] says otherwise, so that many at once do not slip through.
    ///
    /// # Errors
    /// The seconds to wait, when the address has failed too often too recently; the attempt then does not count.
    pub fn attempt(&self, address: &str, now: Timestamp) -> Result<(), u64> {
        let mut failures = self.lock();
        failures.retain(|_, f| now.millis() - f.last.millis() < FORGET_MILLIS);
        if failures.len() >= REMEMBERED
            && let Some(oldest) = failures.iter().min_by_key(|(_, f)| f.last).map(|(address, _)| address.clone())
        {
            failures.remove(&oldest);
        }
        let entry = failures.entry(address.to_owned()).or_insert(Failures { count: 0, last: now });
        if let Some(doublings) = entry.count.checked_sub(FREE) {
            let wait = LONGEST.min(1 << doublings.min(10));
            let waited = u64::try_from((now.millis() - entry.last.millis()) / 1_000).unwrap_or(0);
            if waited < wait {
                return Err(wait - waited);
            }
        }
        *entry = Failures { count: entry.count.saturating_add(1), last: now };
        Ok(())
    }

    /// The last attempt for the address was right.
    pub fn succeeded(&self, address: &str) {
        self.lock().remove(address);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Failures>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    #[test]
    fn repeated_failures_wait_longer_and_longer() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            assert_eq!(throttle.attempt("a", at(0)), Ok(()));
        }
        assert_eq!(throttle.attempt("a", at(0)), Err(1));
        assert_eq!(throttle.attempt("b", at(0)), Ok(()), "nobody else waits");
        assert_eq!(throttle.attempt("a", at(1)), Ok(()));
        assert_eq!(throttle.attempt("a", at(2)), Err(1));
        assert_eq!(throttle.attempt("a", at(3)), Ok(()));
        assert_eq!(throttle.attempt("a", at(3)), Err(4));
        for _ in 0..20 {
            let _ = throttle.attempt("a", at(900));
        }
        assert!(throttle.attempt("a", at(900)).is_err_and(|wait| wait <= LONGEST));
    }

    #[test]
    fn success_and_time_forget() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            assert_eq!(throttle.attempt("a", at(0)), Ok(()));
        }
        throttle.succeeded("a");
        for _ in 0..5 {
            assert_eq!(throttle.attempt("a", at(0)), Ok(()));
        }
        assert_eq!(throttle.attempt("a", at(16 * 60)), Ok(()));
        assert_eq!(throttle.attempt("a", at(16 * 60)), Ok(()));
    }
}
