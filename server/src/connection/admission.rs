//! Who comes in: so many connections in all, so many of one peer, and beside them a few that may only ask how the
//! server is.

use crate::middleware::limits::Peer;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Files of this process that are no connections: the database's, the log, the control socket.
const OTHER_FILES: usize = 256;
/// More connections than this serve nobody.
const MOST: usize = 16_384;
/// Connections beside the others, in all and of one peer.
const ASIDE: usize = 32;
const ASIDE_OF_ONE: usize = 2;

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
struct Hall {
    inside: Open,
    aside: Open,
    /// Whether it was said that nobody more comes in.
    full: bool,
}

/// Counts connections. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Doorkeeper {
    caps: Caps,
    hall: Arc<Mutex<Hall>>,
}

/// Whether a connection comes in.
#[derive(Debug)]
pub enum Admission {
    /// It does.
    In(Place),
    /// It may only ask how the server is.
    Aside(Place),
    /// It does not.
    No,
}

/// The place of an open connection; free again when it is dropped.
#[derive(Debug)]
pub struct Place {
    doorkeeper: Doorkeeper,
    peer: Option<Peer>,
    aside: bool,
}

impl Doorkeeper {
    /// Nobody is in.
    #[must_use]
    pub fn new(caps: Caps) -> Self {
        Self { caps, hall: Arc::default() }
    }

    /// Whether a connection of this peer comes in; of none, when a proxy counts them.
    #[must_use]
    pub fn admit(&self, peer: Option<Peer>) -> Admission {
        let mut hall = self.hall();
        if hall.inside.take(self.caps, peer) {
            hall.full = false;
            return Admission::In(self.place(peer, false));
        }
        if !hall.full {
            hall.full = true;
            tracing::warn!(connections = hall.inside.all, ?peer, "no more connections of this peer, or at all");
        }
        let caps = Caps { all: ASIDE, of_one: ASIDE_OF_ONE };
        if hall.aside.take(caps, peer) { Admission::Aside(self.place(peer, true)) } else { Admission::No }
    }

    fn place(&self, peer: Option<Peer>, aside: bool) -> Place {
        Place { doorkeeper: self.clone(), peer, aside }
    }

    fn hall(&self) -> MutexGuard<'_, Hall> {
        self.hall.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut hall = self.doorkeeper.hall();
        let open = if self.aside { &mut hall.aside } else { &mut hall.inside };
        open.give_back(self.peer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;

    fn peer(n: u8) -> Option<Peer> {
        Some(Peer::from(IpAddr::from([10, 0, 0, n])))
    }

    fn inside(doorkeeper: &Doorkeeper, peer: Option<Peer>, tries: usize) -> Vec<Place> {
        let admitted = (0..tries).filter_map(|_| match doorkeeper.admit(peer) {
            Admission::In(place) => Some(place),
            Admission::Aside(_) | Admission::No => None,
        });
        admitted.collect()
    }

    #[test]
    fn a_peer_has_its_share_and_the_others_have_theirs() {
        let doorkeeper = Doorkeeper::new(Caps { all: 10, of_one: 4 });
        let places = inside(&doorkeeper, peer(1), 100);
        assert_eq!(places.len(), 4);
        let others: Vec<_> = [2, 3].iter().map(|n| inside(&doorkeeper, peer(*n), 100)).collect();
        assert_eq!(others.iter().map(Vec::len).collect::<Vec<_>>(), [4, 2], "and all of them together theirs");
        drop(places);
        assert_eq!(inside(&doorkeeper, peer(3), 100).len(), 2, "who leaves makes room");
    }

    #[test]
    fn who_asks_how_the_server_is_finds_a_place_beside_the_others() {
        let doorkeeper = Doorkeeper::new(Caps { all: 3, of_one: 3 });
        let _places = inside(&doorkeeper, peer(1), 3);
        let beside: Vec<_> = (0..5).map(|_| doorkeeper.admit(peer(1))).collect();
        let aside = beside.iter().filter(|admission| matches!(admission, Admission::Aside(_))).count();
        assert_eq!(aside, ASIDE_OF_ONE, "whoever takes all places does not take these too");
        assert!(matches!(doorkeeper.admit(peer(2)), Admission::Aside(_)));
    }

    #[test]
    fn behind_a_proxy_only_all_are_counted() {
        let doorkeeper = Doorkeeper::new(Caps { all: 10, of_one: 4 });
        assert_eq!(inside(&doorkeeper, None, 100).len(), 10);
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
