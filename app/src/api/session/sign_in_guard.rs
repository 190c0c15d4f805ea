//! Guards the sign-in: slows repeated failures, recognizes browsers that signed in before, and bounds how many passphrases
//! are hashed at once.
//!
//! An attacker comes from another place than the person. So failures count for an account *and* where they come from, a
//! browser that signed in before has a count of its own, and where there are several processors, one never hashes for
//! strangers.

use super::device::{Device, Devices};
use super::throttle::{Source, Throttle};
use crate::error::AppError;
use domain::person::Email;
use domain::time::Timestamp;
use std::net::IpAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How long an unknown browser waits for a permit before it is answered 429.
const PATIENCE: Duration = Duration::from_secs(2);
/// How long a browser that signed in before waits for one.
const PATIENCE_OF_THE_KNOWN: Duration = Duration::from_secs(15);
/// Strangers that may wait for each one whose passphrase is looked at.
const WAITING: usize = 128;

/// Who asks to be let in, as far as the network and a cookie tell.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The other end: an address, or the network that one house has.
    pub peer: IpAddr,
    /// The browser, when it signed in before.
    pub device: Option<Device>,
}

/// One for the whole process.
#[derive(Debug)]
pub struct SignInGuard {
    /// Which browsers signed in before.
    pub devices: Devices,
    throttle: Throttle,
    /// Passphrases that may be hashed at once, one for each processor.
    turns: Arc<Semaphore>,
    /// Those that strangers may have of them.
    strangers: Arc<Semaphore>,
    /// Strangers that may wait.
    waiting: Arc<Semaphore>,
}

/// An attempt that may be made.
#[derive(Debug)]
pub struct Attempt {
    account: Option<Email>,
    source: Source,
    known: bool,
    /// How long to wait before.
    pub pause: Duration,
}

/// Permits hashing one passphrase. Held until that is done.
#[derive(Debug)]
pub struct HashPermit {
    _turn: OwnedSemaphorePermit,
    _of_strangers: Option<OwnedSemaphorePermit>,
}

impl SignInGuard {
    /// With as many passphrases at once as there are processors.
    #[must_use]
    pub fn new(devices: Devices) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let strangers = processors.saturating_sub(1).max(1);
        let semaphore = |permits| Arc::new(Semaphore::new(permits));
        Self {
            devices,
            throttle: Throttle::default(),
            turns: semaphore(processors),
            strangers: semaphore(strangers),
            waiting: semaphore(WAITING * strangers),
        }
    }

    /// Notes an attempt at an account; one at an address that is none is nobody's.
    ///
    /// # Errors
    /// [`AppError::TooMany`].
    pub fn attempt(&self, account: Option<&Email>, caller: &Caller, now: Timestamp) -> Result<Attempt, AppError> {
        let device = caller.device.as_ref();
        let known = account.is_some_and(|account| device.is_some_and(|device| self.devices.knows(device, account)));
        let source = match device {
            Some(device) if known => Source::Device(device.id.clone()),
            _ => Source::Peer(caller.peer),
        };
        let pause = match account {
            Some(account) => self.throttle.attempt(account, &source, now).map_err(too_many)?,
            None => Duration::ZERO,
        };
        Ok(Attempt { account: account.cloned(), source, known, pause })
    }

    /// The attempt was right.
    pub fn succeeded(&self, attempt: &Attempt) {
        if let Some(account) = &attempt.account {
            self.throttle.succeeded(account, &attempt.source);
        }
    }

    /// The attempt's passphrase was never looked at: it does not count as a failure.
    pub fn withdraw(&self, attempt: &Attempt) {
        if let Some(account) = &attempt.account {
            self.throttle.withdraw(account, &attempt.source);
        }
    }

    /// Waits for a permit to hash a passphrase.
    ///
    /// # Errors
    /// [`AppError::TooMany`] when too many others wait, or for too long.
    pub async fn permit(&self, attempt: &Attempt) -> Result<HashPermit, AppError> {
        let busy = || too_many(PATIENCE.as_secs());
        let within = |patience, semaphore: &Arc<Semaphore>| {
            let permit = Arc::clone(semaphore).acquire_owned();
            async move { tokio::time::timeout(patience, permit).await.ok()?.ok() }
        };
        if attempt.known {
            let turn = within(PATIENCE_OF_THE_KNOWN, &self.turns).await.ok_or_else(busy)?;
            return Ok(HashPermit { _turn: turn, _of_strangers: None });
        }
        let _waiting = Arc::clone(&self.waiting).try_acquire_owned().map_err(|_| busy())?;
        let of_strangers = within(PATIENCE, &self.strangers).await.ok_or_else(busy)?;
        let turn = within(PATIENCE, &self.turns).await.ok_or_else(busy)?;
        Ok(HashPermit { _turn: turn, _of_strangers: Some(of_strangers) })
    }
}

const fn too_many(retry_after_seconds: u64) -> AppError {
    AppError::TooMany { retry_after_seconds }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email(text: &str) -> Email {
        Email::parse(text).expect("an address")
    }

    fn from(last: u8, device: Option<Device>) -> Caller {
        Caller { peer: IpAddr::from([10, 0, 0, last]), device }
    }

    const NOW: Timestamp = Timestamp::from_millis(1_000_000);

    #[test]
    fn a_stranger_locks_nobody_else_out() {
        let guard = SignInGuard::new(Devices::new([7; 32], false));
        let account = email("a@demo.example");
        let mut refused = 0;
        for _ in 0..18 {
            refused += u32::from(guard.attempt(Some(&account), &from(1, None), NOW).is_err());
        }
        assert!(refused > 0, "the stranger waits");
        assert!(guard.attempt(Some(&account), &from(2, None), NOW).is_ok(), "somebody at another address does not");
        let device = guard.devices.signed_in(None, &account, [1; 16]);
        let known = guard.attempt(Some(&account), &from(1, Some(device.clone())), NOW).expect("let through");
        assert!(known.known && known.pause.is_zero(), "nor does a browser that signed in before, at the same address");
        let other = guard.attempt(Some(&email("b@demo.example")), &from(1, Some(device)), NOW).expect("let through");
        assert!(!other.known, "it is known for that account only");
    }

    #[test]
    fn addresses_that_are_none_share_no_count() {
        let guard = SignInGuard::new(Devices::new([7; 32], false));
        for _ in 0..100 {
            assert!(guard.attempt(None, &from(1, None), NOW).is_ok());
        }
    }

    #[tokio::test]
    async fn strangers_leave_a_turn_for_those_who_are_known_and_do_not_pile_up() {
        let guard = Arc::new(SignInGuard::new(Devices::new([7; 32], false)));
        let account = email("a@demo.example");
        let stranger = Arc::new(guard.attempt(None, &from(1, None), NOW).expect("let through"));
        let strangers = guard.strangers.available_permits();
        let mut held = Vec::new();
        for _ in 0..strangers {
            held.push(guard.permit(&stranger).await.expect("a turn"));
        }
        let device = guard.devices.signed_in(None, &account, [1; 16]);
        let known = guard.attempt(Some(&account), &from(1, Some(device)), NOW).expect("let through");
        if guard.turns.available_permits() > 0 {
            drop(guard.permit(&known).await.expect("a turn of those who are known"));
        }
        let waiting: Vec<_> = (0..WAITING * strangers)
            .map(|_| {
                let (guard, stranger) = (Arc::clone(&guard), Arc::clone(&stranger));
                tokio::spawn(async move { guard.permit(&stranger).await.map(drop) })
            })
            .collect();
        tokio::task::yield_now().await;
        while guard.waiting.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let began = std::time::Instant::now();
        assert_eq!(guard.permit(&stranger).await.map(drop), Err(AppError::TooMany { retry_after_seconds: 2 }));
        assert!(began.elapsed() < PATIENCE, "it is told at once");
        drop(held);
        for one in waiting {
            assert_eq!(one.await.expect("no panic"), Ok(()), "who waited gets a turn");
        }
    }
}
