//! Slows sign-in after repeated failures.
//!
//! They count for an account and where they come from: whoever fails waits, and nobody else. Failures from many places
//! at once slow an account down for all who are not known, by a pause; they refuse nobody.

use domain::person::Email;
use domain::time::Timestamp;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Failures that cost nothing: people mistype.
const FREE: u32 = 5;
/// The longest wait, in seconds.
const LONGEST: u64 = 60;
/// Failures older than this are forgotten.
const FORGET_MILLIS: i64 = 15 * 60 * 1_000;
/// Counts remembered at once; the oldest go first.
const REMEMBERED: usize = 10_000;
/// Failures of an account, from everywhere, that cost nobody else anything.
const FREE_OF_ALL: u32 = 10;
/// What each further one adds to the pause, and the longest pause.
const STEP: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Where an attempt comes from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Source {
    /// An address of the network.
    Peer(IpAddr),
    /// A browser that signed in to the account before.
    Device(String),
}

/// What is counted: the failures of an account, from one place or from everywhere but browsers that are known.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Count {
    account: Email,
    source: Option<Source>,
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Timestamp,
}

/// Failed sign-ins. In memory: a restart forgets them, and they are about minutes.
#[derive(Debug, Default)]
pub struct Throttle {
    failures: Mutex<HashMap<Count, Failures>>,
}

impl Throttle {
    /// Notes an attempt, as failed until [`Throttle::succeeded`] says otherwise, so that many at once do not slip through.
    /// Returns how long to pause before it is looked at.
    ///
    /// # Errors
    /// The seconds to wait, when the account has failed too often too recently from there; the attempt then does not count.
    pub fn attempt(&self, account: &Email, source: &Source, now: Timestamp) -> Result<Duration, u64> {
        let mut failures = self.lock();
        failures.retain(|_, f| now.millis() - f.last.millis() < FORGET_MILLIS);
        let of_source = Count { account: account.clone(), source: Some(source.clone()) };
        let before = failures.get(&of_source).copied().unwrap_or(Failures { count: 0, last: now });
        if let Some(doublings) = before.count.checked_sub(FREE) {
            let wait = LONGEST.min(1 << doublings.min(10));
            let waited = u64::try_from((now.millis() - before.last.millis()) / 1_000).unwrap_or(0);
            if waited < wait {
                return Err(wait - waited);
            }
        }
        note(&mut failures, of_source, now);
        if matches!(source, Source::Device(_)) {
            return Ok(Duration::ZERO);
        }
        let of_all = note(&mut failures, Count { account: account.clone(), source: None }, now);
        Ok((STEP * of_all.saturating_sub(FREE_OF_ALL)).min(LONGEST_PAUSE))
    }

    /// The last attempt from there was right: what failed there before is forgotten. What others failed at is not.
    pub fn succeeded(&self, account: &Email, source: &Source) {
        self.withdraw(account, source);
        self.lock().remove(&Count { account: account.clone(), source: Some(source.clone()) });
    }

    /// The last attempt from there was not looked at: it does not count. The failures before it do, or whoever keeps the
    /// server busy would have them forgotten.
    pub fn withdraw(&self, account: &Email, source: &Source) {
        let mut failures = self.lock();
        let of_all = matches!(source, Source::Peer(_)).then_some(None);
        for source in std::iter::once(Some(source.clone())).chain(of_all) {
            if let Some(failures) = failures.get_mut(&Count { account: account.clone(), source }) {
                failures.count = failures.count.saturating_sub(1);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Count, Failures>> {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One failure more; says how many there are.
fn note(failures: &mut HashMap<Count, Failures>, count: Count, now: Timestamp) -> u32 {
    if failures.len() >= REMEMBERED
        && !failures.contains_key(&count)
        && let Some(oldest) = failures.iter().min_by_key(|(_, f)| f.last).map(|(count, _)| count.clone())
    {
        failures.remove(&oldest);
    }
    let entry = failures.entry(count).or_insert(Failures { count: 0, last: now });
    *entry = Failures { count: entry.count.saturating_add(1), last: now };
    entry.count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn account(name: &str) -> Email {
        Email::parse(&format!("{name}@demo.example")).expect("an address")
    }

    const HERE: Source = Source::Peer(IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1)));

    fn attempt(throttle: &Throttle, name: &str, seconds: i64) -> Result<(), u64> {
        throttle.attempt(&account(name), &HERE, at(seconds)).map(drop)
    }

    #[test]
    fn repeated_failures_wait_longer_and_longer() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            assert_eq!(attempt(&throttle, "a", 0), Ok(()));
        }
        assert_eq!(attempt(&throttle, "a", 0), Err(1));
        assert_eq!(attempt(&throttle, "b", 0), Ok(()), "no other account waits");
        assert_eq!(attempt(&throttle, "a", 1), Ok(()));
        assert_eq!(attempt(&throttle, "a", 2), Err(1));
        assert_eq!(attempt(&throttle, "a", 3), Ok(()));
        assert_eq!(attempt(&throttle, "a", 3), Err(4));
        for _ in 0..20 {
            let _ = attempt(&throttle, "a", 900);
        }
        assert!(attempt(&throttle, "a", 900).is_err_and(|wait| wait <= LONGEST));
    }

    #[test]
    fn success_and_time_forget() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            assert_eq!(attempt(&throttle, "a", 0), Ok(()));
        }
        throttle.succeeded(&account("a"), &HERE);
        for _ in 0..5 {
            assert_eq!(attempt(&throttle, "a", 0), Ok(()));
        }
        assert_eq!(attempt(&throttle, "a", 16 * 60), Ok(()));
        assert_eq!(attempt(&throttle, "a", 16 * 60), Ok(()));
    }

    #[test]
    fn an_attempt_that_was_not_looked_at_takes_no_failure_with_it() {
        let throttle = Throttle::default();
        for _ in 0..4 {
            assert_eq!(attempt(&throttle, "a", 0), Ok(()));
        }
        for _ in 0..20 {
            assert_eq!(attempt(&throttle, "a", 0), Ok(()), "being told that the server is busy is no failure");
            throttle.withdraw(&account("a"), &HERE);
        }
        assert_eq!(attempt(&throttle, "a", 0), Ok(()));
        assert_eq!(attempt(&throttle, "a", 0), Err(1), "the five failures still count");
    }

    #[test]
    fn failures_from_many_places_slow_and_refuse_nobody() {
        let throttle = Throttle::default();
        let peer = |n: u8| Source::Peer(IpAddr::from([10, 1, 0, n]));
        let mut last = Duration::ZERO;
        for n in 0..60 {
            let pause = throttle.attempt(&account("a"), &peer(n), at(0)).expect("nobody is refused");
            assert!(pause >= last && pause <= LONGEST_PAUSE);
            last = pause;
        }
        assert_eq!(last, LONGEST_PAUSE);
        let known = Source::Device("0".repeat(32));
        assert_eq!(throttle.attempt(&account("a"), &known, at(0)), Ok(Duration::ZERO));
        assert_eq!(throttle.attempt(&account("b"), &peer(0), at(0)), Ok(Duration::ZERO), "no other account waits");
        throttle.succeeded(&account("a"), &peer(1));
        assert_eq!(throttle.attempt(&account("a"), &peer(2), at(0)), Ok(LONGEST_PAUSE), "one success changes little");
    }
}
