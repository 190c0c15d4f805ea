//! Counts connections: so many in all, and so many of one peer. Beyond that, the newest few are served health checks only: a
//! health check asks at once, so an older one has had its time.

use crate::middleware::limits::Peer;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::task::AbortHandle;

/// Files of this process that are no connections: the database's, the log, the control socket.
const OTHER_FILES: usize = 256;
/// More connections than this serve nobody.
const MOST: usize = 16_384;
/// Connections beside the others.
const ASIDE: usize = 32;

/// How many connections there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// In all.
    pub all: usize,
    /// Of one peer.
    pub of_one: usize,
}

impl Caps {
    /// For a process that may open so many files. A peer may have a quarter: a room of people may share one address.
    #[must_use]
    pub fn for_files(files: usize) -> Self {
        let all = files.saturating_sub(OTHER_FILES + ASIDE).clamp(ASIDE, MOST);
        Self { all, of_one: all.div_ceil(4) }
    }
}

/// Open connections of one kind.
#[derive(Debug, Default)]
struct Open {
    all: usize,
    of: HashMap<Peer, usize>,
}

impl Open {
    /// Takes a place, if there is one.
    fn take(&mut self, caps: Caps, peer: Option<Peer>) -> bool {
        let of_peer = peer.and_then(|peer| self.of.get(&peer)).copied().unwrap_or(0);
        if self.all >= caps.all || of_peer >= caps.of_one {
            return false;
        }
        self.all += 1;
        if let Some(peer) = peer {
            *self.of.entry(peer).or_default() += 1;
        }
        true
    }

    fn give_back(&mut self, peer: Option<Peer>) {
        self.all -= 1;
        if let Some(peer) = peer
            && let Some(of_peer) = self.of.get_mut(&peer)
        {
            *of_peer -= 1;
            if *of_peer == 0 {
                self.of.remove(&peer);
            }
        }
    }
}

#[derive(Debug, Default)]
struct Counts {
    inside: Open,
    /// Whether it was said that nobody more comes in.
    full: bool,
}

/// Counts connections. Cheap to clone.
#[derive(Debug, Clone)]
pub struct ConnectionCounter {
    caps: Caps,
    counts: Arc<Mutex<Counts>>,
}

/// The place of an open connection; free again when it is dropped.
#[derive(Debug)]
pub struct Place {
    counter: ConnectionCounter,
    peer: Option<Peer>,
}

impl ConnectionCounter {
    /// Nobody is in.
    #[must_use]
    pub fn new(caps: Caps) -> Self {
        Self { caps, counts: Arc::default() }
    }

    /// A place for a connection of this peer, if there is one; of none, when a proxy counts them.
    #[must_use]
    pub fn admit(&self, peer: Option<Peer>) -> Option<Place> {
        let mut counts = self.counts();
        if counts.inside.take(self.caps, peer) {
            counts.full = false;
            return Some(Place { counter: self.clone(), peer });
        }
        if !counts.full {
            counts.full = true;
            tracing::warn!(connections = counts.inside.all, ?peer, "no more connections of this peer, or at all");
        }
        None
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.counter.counts().inside.give_back(self.peer);
    }
}

/// The tasks of the connections that are served health checks only.
#[derive(Debug, Default)]
pub struct HealthOnly(VecDeque<AbortHandle>);

impl HealthOnly {
    /// One more. When there are too many, the oldest ends: it has had its time.
    pub fn push(&mut self, task: AbortHandle) {
        self.0.retain(|task| !task.is_finished());
        if self.0.len() >= ASIDE
            && let Some(oldest) = self.0.pop_front()
        {
            oldest.abort();
        }
        self.0.push_back(task);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;

    fn peer(n: u8) -> Option<Peer> {
        Some(Peer::from(IpAddr::from([10, 0, 0, n])))
    }

    fn inside(counter: &ConnectionCounter, peer: Option<Peer>, tries: usize) -> Vec<Place> {
        (0..tries).filter_map(|_| counter.admit(peer)).collect()
    }

    #[test]
    fn a_peer_has_its_share_and_the_others_have_theirs() {
        let counter = ConnectionCounter::new(Caps { all: 10, of_one: 4 });
        let places = inside(&counter, peer(1), 100);
        assert_eq!(places.len(), 4);
        let others: Vec<_> = [2, 3].iter().map(|n| inside(&counter, peer(*n), 100)).collect();
        assert_eq!(others.iter().map(Vec::len).collect::<Vec<_>>(), [4, 2], "and all of them together theirs");
        drop(places);
        assert_eq!(inside(&counter, peer(3), 100).len(), 2, "who leaves makes room");
    }

    #[tokio::test]
    async fn beside_the_others_the_newest_are_heard() {
        let mut aside = HealthOnly::default();
        let tasks: Vec<_> = (0..ASIDE + 3).map(|_| tokio::spawn(std::future::pending::<()>())).collect();
        tasks.iter().for_each(|task| aside.push(task.abort_handle()));
        tokio::task::yield_now().await;
        let ended = tasks.iter().map(tokio::task::JoinHandle::is_finished).collect::<Vec<_>>();
        assert_eq!(ended, [vec![true; 3], vec![false; ASIDE]].concat());
    }

    #[test]
    fn behind_a_proxy_only_all_are_counted() {
        let counter = ConnectionCounter::new(Caps { all: 10, of_one: 4 });
        assert_eq!(inside(&counter, None, 100).len(), 10);
    }

    #[test]
    fn there_is_room_for_the_database_under_every_limit_of_files() {
        for files in [1_024, 4_096, 65_536, 1 << 20] {
            let caps = Caps::for_files(files);
            assert!(caps.all + ASIDE + OTHER_FILES <= files && caps.of_one * 4 >= caps.all, "{caps:?}");
        }
        assert_eq!(Caps::for_files(10).all, ASIDE, "however few");
    }
}
