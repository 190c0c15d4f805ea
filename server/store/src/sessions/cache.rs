//! Sessions in memory: each request asks for its own. None where other processes may end one.

use domain::session::SessionKey;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tower_sessions::cookie::time::OffsetDateTime;
use tower_sessions::session::Record;

/// With more of them, the cache is emptied.
const CACHED: usize = 4_096;

/// Sessions as they were read.
#[derive(Debug, Default)]
struct Cached {
    records: HashMap<SessionKey, Record>,
    /// Counts writes. A record that was read before a write is not cached after it.
    writes: u64,
}

/// A [`Store`](crate::Store)'s sessions in memory.
#[derive(Debug, Clone)]
pub struct SessionCache(Option<Arc<Mutex<Cached>>>);

impl SessionCache {
    /// Empty; where the database is `shared` it stays so.
    pub fn new(shared: bool) -> Self {
        Self((!shared).then(Arc::default))
    }

    fn cached(&self) -> Option<MutexGuard<'_, Cached>> {
        Some(self.0.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A session that is here, and how many writes there were.
    pub fn find(&self, key: &SessionKey) -> (Option<Record>, u64) {
        let Some(cached) = self.cached() else { return (None, 0) };
        let going_on = |record: &&Record| record.expiry_date > OffsetDateTime::now_utc();
        (cached.records.get(key).filter(going_on).cloned(), cached.writes)
    }

    /// Caches a session that was read after so many writes.
    pub fn keep(&self, key: SessionKey, record: &Record, writes: u64) {
        let Some(mut cached) = self.cached() else { return };
        if cached.writes != writes {
            return;
        }
        if cached.records.len() >= CACHED {
            cached.records.clear();
        }
        cached.records.insert(key, record.clone());
    }

    /// Sessions were written or ended: after that, they are read anew.
    pub fn forget<'a>(&self, keys: impl IntoIterator<Item = &'a SessionKey>) {
        let Some(mut cached) = self.cached() else { return };
        cached.writes += 1;
        for key in keys {
            cached.records.remove(key);
        }
    }
}
