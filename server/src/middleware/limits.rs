//! How much one peer or one person may ask in a short time: generous to people, in the way of floods.
//!
//! A request of a person costs what its route says, in units; whoever is not signed in has a count for their network. A
//! stream costs one unit, and one person has at most so many open.

mod streams;

pub use streams::StreamPlace;

use app::api::session::sign_in_guard::Caller;
use app::api::session::throttle::Source;
use app::error::AppError;
use axum::extract::ConnectInfo;
use domain::id::PersonId;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use http::request::Parts;
use std::hash::Hash;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use streams::Streams;

/// So many seconds' worth of requests may come at once: a device that was long away has much to send.
const SECONDS_AT_ONCE: NonZeroU32 = NonZeroU32::new(4).expect("not zero");
/// Files and documents of the program, for each request of the API: they are many and small, a room of people may share
/// one address, and all open the page at once.
const FILES: NonZeroU32 = NonZeroU32::new(6).expect("not zero");
const SECONDS_OF_FILES_AT_ONCE: NonZeroU32 = NonZeroU32::new(15).expect("not zero");

/// Who is at the other end of a connection: an IPv4 address, or an IPv6 network, of which one house has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Peer(IpAddr);

impl Peer {
    /// The peer of a request: of the connection, or as the proxy before this server says.
    #[must_use]
    pub fn of(parts: &Parts, behind_proxy: bool) -> Self {
        let connected = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
        let told = behind_proxy.then(|| forwarded_for(parts)).flatten();
        Self::from(told.or(connected).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED)))
    }

    /// Its address, or the first one of its network.
    #[must_use]
    pub const fn address(self) -> IpAddr {
        self.0
    }
}

impl From<IpAddr> for Peer {
    fn from(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(v6) => Self(IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64)))),
            v4 @ IpAddr::V4(_) => Self(v4),
        }
    }
}

/// The last entry: the one that the nearest proxy wrote itself.
fn forwarded_for(parts: &Parts) -> Option<IpAddr> {
    let header = parts.headers.get_all("x-forwarded-for").iter().next_back()?;
    header.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

/// The counters.
pub struct Limits {
    sign_in: DefaultKeyedRateLimiter<Source>,
    strangers: DefaultKeyedRateLimiter<Peer>,
    files: DefaultKeyedRateLimiter<Peer>,
    people: DefaultKeyedRateLimiter<PersonId>,
    /// The units that a person may spend at once: nothing costs more, however few they are.
    most: NonZeroU32,
    streams: Streams,
}

impl Limits {
    /// With so many attempts to sign in, from one place, in a minute, so many units by one person, or by one stranger, in a
    /// second, and so many open streams of one person.
    #[must_use]
    pub fn new(sign_in_per_minute: NonZeroU32, per_second: NonZeroU32, streams: usize) -> Self {
        let most = per_second.saturating_mul(SECONDS_AT_ONCE);
        let generous = Quota::per_second(per_second).allow_burst(most);
        let files = per_second.saturating_mul(FILES);
        let files = Quota::per_second(files).allow_burst(files.saturating_mul(SECONDS_OF_FILES_AT_ONCE));
        Self {
            sign_in: RateLimiter::keyed(Quota::per_minute(sign_in_per_minute)),
            strangers: RateLimiter::keyed(generous),
            files: RateLimiter::keyed(files),
            people: RateLimiter::keyed(generous),
            most,
            streams: Streams::new(streams),
        }
    }

    /// Counts an attempt to sign in: for the browser when it signed in before, else for where it comes from.
    ///
    /// # Errors
    /// [`AppError::TooMany`].
    pub fn sign_in(&self, caller: &Caller) -> Result<(), AppError> {
        let device = caller.device.as_ref().map(|device| Source::Device(device.id.clone()));
        check(&self.sign_in, &device.unwrap_or(Source::Peer(caller.peer)), NonZeroU32::MIN)
    }

    /// Counts a request by nobody known.
    ///
    /// # Errors
    /// [`AppError::TooMany`].
    pub fn stranger(&self, peer: Peer) -> Result<(), AppError> {
        check(&self.strangers, &peer, NonZeroU32::MIN)
    }

    /// Counts a request for a file or a document of the program.
    ///
    /// # Errors
    /// [`AppError::TooMany`].
    pub fn file(&self, peer: Peer) -> Result<(), AppError> {
        check(&self.files, &peer, NonZeroU32::MIN)
    }

    /// Counts a request by a signed-in person, which costs so many units.
    ///
    /// # Errors
    /// [`AppError::TooMany`].
    pub fn person(&self, person: PersonId, cost: NonZeroU32) -> Result<(), AppError> {
        check(&self.people, &person, cost.min(self.most))
    }

    /// A place for one more stream of a person; it is free again when it is dropped.
    ///
    /// # Errors
    /// [`AppError::TooMany`].
    pub fn stream(&self, person: PersonId) -> Result<StreamPlace, AppError> {
        self.streams.take(person)
    }

    /// Forgets who has not asked for a while, so that the counters do not grow for ever.
    pub fn forget(&self) {
        self.sign_in.retain_recent();
        self.strangers.retain_recent();
        self.files.retain_recent();
        self.people.retain_recent();
    }
}

fn check<K: Hash + Eq + Clone>(
    limiter: &DefaultKeyedRateLimiter<K>,
    key: &K,
    cost: NonZeroU32,
) -> Result<(), AppError> {
    let paid = limiter.check_key_n(key, cost).expect("a cost is at most what may be spent at once");
    paid.map_err(|not_until| {
        let wait = not_until.wait_time_from(DefaultClock::default().now());
        AppError::TooMany { retry_after_seconds: wait.as_secs() + 1 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::api::session::device::Devices;
    use domain::person::Email;

    fn number(n: u32) -> NonZeroU32 {
        NonZeroU32::new(n).expect("not zero")
    }

    #[test]
    fn each_place_has_its_own_count_and_a_browser_that_signed_in_before_too() {
        let limits = Limits::new(number(2), NonZeroU32::MIN, 1);
        let [one, two] = [1, 2].map(|n| Caller { peer: IpAddr::from([10, 0, 0, n]), device: None });
        assert_eq!(limits.sign_in(&one), Ok(()));
        assert_eq!(limits.sign_in(&one), Ok(()));
        assert!(matches!(limits.sign_in(&one), Err(AppError::TooMany { retry_after_seconds: 1..=31 })));
        assert_eq!(limits.sign_in(&two), Ok(()));
        limits.forget();
        assert!(limits.sign_in(&one).is_err(), "the recent are remembered");
        let account = Email::parse("a@demo.example").expect("an address");
        let device = Some(Devices::new([1; 32], false).signed_in(None, &account, [1; 16]));
        assert_eq!(limits.sign_in(&Caller { device, ..one }), Ok(()));
    }

    #[test]
    fn what_costs_more_may_come_less_often() {
        let limits = Limits::new(NonZeroU32::MIN, number(10), 1);
        let person = |n| PersonId::new(domain::time::Timestamp::from_millis(1), &[n; 10]);
        let passed = |who, cost| (0..100).filter(|_| limits.person(person(who), number(cost)).is_ok()).count();
        assert_eq!((passed(1, 1), passed(2, 10), passed(3, 5)), (40, 4, 8));
        assert_eq!(passed(4, 1_000), 1, "what costs more than all of it takes all of it");
    }

    #[test]
    fn a_person_has_so_many_streams_and_each_that_ends_makes_room() {
        let limits = Limits::new(NonZeroU32::MIN, NonZeroU32::MIN, 2);
        let [one, two] = [1, 2].map(|n| PersonId::new(domain::time::Timestamp::from_millis(1), &[n; 10]));
        let places = [limits.stream(one).expect("a place"), limits.stream(one).expect("a place")];
        assert!(matches!(limits.stream(one), Err(AppError::TooMany { .. })));
        assert!(limits.stream(two).is_ok());
        drop(places);
        assert!(limits.stream(one).is_ok());
    }

    #[test]
    fn one_house_is_one_peer_and_a_proxy_is_believed_only_when_told_to() {
        let peer = |text: &str| Peer::from(text.parse::<IpAddr>().expect("an address"));
        assert_eq!(peer("2001:db8:1:2:3::4"), peer("2001:db8:1:2:ffff::1"));
        assert_ne!(peer("2001:db8:1:2::1"), peer("2001:db8:1:3::1"));
        assert_eq!(peer("::ffff:10.0.0.1"), peer("10.0.0.1"));
        let request =
            http::Request::builder().header("x-forwarded-for", "1.1.1.1, 10.0.0.9").body(()).expect("a request");
        let (parts, ()) = request.into_parts();
        assert_eq!(Peer::of(&parts, true), peer("10.0.0.9"));
        assert_eq!(Peer::of(&parts, false), peer("0.0.0.0"));
    }
}
