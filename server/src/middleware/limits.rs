//! How much one peer may ask in a short time: generous to people, in the way of floods.

use app::error::AppError;
use axum::extract::ConnectInfo;
use domain::id::PersonId;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use http::request::Parts;
use std::hash::Hash;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;

/// So many seconds' worth of requests may come at once: a device that was long away has much to send.
const SECONDS_AT_ONCE: NonZeroU32 = NonZeroU32::new(4).expect("not zero");

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
    sign_in: DefaultKeyedRateLimiter<Peer>,
    strangers: DefaultKeyedRateLimiter<Peer>,
    people: DefaultKeyedRateLimiter<PersonId>,
}

impl Limits {
    /// With so many attempts to sign in, from one peer, in a minute, and so many requests by one person, or by one
    /// stranger, in a second.
    #[must_use]
    pub fn new(sign_in_per_minute: NonZeroU32, per_second: NonZeroU32) -> Self {
        let generous = Quota::per_second(per_second).allow_burst(per_second.saturating_mul(SECONDS_AT_ONCE));
        Self {
            sign_in: RateLimiter::keyed(Quota::per_minute(sign_in_per_minute)),
            strangers: RateLimiter::keyed(generous),
            people: RateLimiter::keyed(generous),
        }
    }

    /// Counts an attempt to sign in.
    ///
    /// # Errors
    /// [`AppError::TooMany`].
    pub fn sign_in(&self, peer: Peer) -> Result<(), AppError> {
        check(&self.sign_in, &peer)
    }

    /// Counts a request by nobody known.
    ///
    /// # Errors
    /// [`AppError::TooMany`].
    pub fn stranger(&self, peer: Peer) -> Result<(), AppError> {
        check(&self.strangers, &peer)
    }

    /// Counts a request by a signed-in person.
    ///
    /// # Errors
    /// [`AppError::TooMany`].
    pub fn person(&self, person: PersonId) -> Result<(), AppError> {
        check(&self.people, &person)
    }

    /// Forgets who has not asked for a while, so that the counters do not grow for ever.
    pub fn forget(&self) {
        self.sign_in.retain_recent();
        self.strangers.retain_recent();
        self.people.retain_recent();
    }
}

fn check<K: Hash + Eq + Clone>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), AppError> {
    limiter.check_key(key).map_err(|not_until| {
        let wait = not_until.wait_time_from(DefaultClock::default().now());
        AppError::TooMany { retry_after_seconds: wait.as_secs() + 1 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_peer_has_its_own_count() {
        let limits = Limits::new(NonZeroU32::new(2).expect("not zero"), NonZeroU32::MIN);
        let [one, two] = ["10.0.0.1", "10.0.0.2"].map(|text| Peer::from(text.parse::<IpAddr>().expect("an address")));
        assert_eq!(limits.sign_in(one), Ok(()));
        assert_eq!(limits.sign_in(one), Ok(()));
        assert!(matches!(limits.sign_in(one), Err(AppError::TooMany { retry_after_seconds: 1..=31 })));
        assert_eq!(limits.sign_in(two), Ok(()));
        limits.forget();
        assert!(limits.sign_in(one).is_err(), "the recent are remembered");
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
