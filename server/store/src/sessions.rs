//! Where sessions are kept, for the session middleware.
//!
//! A browser asks for several things at once, and two of its requests may put off the end of the same session: the
//! database lets one of them win and tells the other to try again. The library passes that on as a failure, and the
//! person would be answered 500; here it is tried again.
//!
//! Each request asks for its session. Where no other process writes to the database, they are cached.

use crate::connect::Store;
use crate::keeper::Keeper;
use async_trait::async_trait;
use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use surrealdb::engine::any::Any;
use tower_sessions::cookie::time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{ExpiredDeletion, SessionStore};
use tower_sessions_surrealdb_store::SurrealSessionStore;

/// Writes of one session race rarely, and briefly.
const ATTEMPTS: u32 = 8;

/// Sessions that are cached; with more, the cache is emptied.
const CACHED: usize = 4_096;

/// Sessions as they were read.
#[derive(Debug, Default)]
struct Cached {
    records: HashMap<Id, Record>,
    /// Counts writes. A record that was read before a write is not cached after it.
    writes: u64,
}

/// A [`Store`]'s sessions in memory; none where other processes may end one.
#[derive(Debug, Clone)]
pub struct SessionCache(Option<Arc<Mutex<Cached>>>);

impl SessionCache {
    /// None so far.
    pub fn new(shared: bool) -> Self {
        Self((!shared).then(Arc::default))
    }

    fn cached(&self) -> Option<MutexGuard<'_, Cached>> {
        Some(self.0.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A session that is here, and how many writes there were.
    fn find(&self, id: &Id) -> (Option<Record>, u64) {
        let Some(cached) = self.cached() else { return (None, 0) };
        let going_on = |record: &&Record| record.expiry_date > OffsetDateTime::now_utc();
        (cached.records.get(id).filter(going_on).cloned(), cached.writes)
    }

    /// Caches a session that was read after so many writes.
    fn keep(&self, record: &Record, writes: u64) {
        let Some(mut cached) = self.cached() else { return };
        if cached.writes != writes {
            return;
        }
        if cached.records.len() >= CACHED {
            cached.records.clear();
        }
        cached.records.insert(record.id, record.clone());
    }

    /// A session was written or ended: after that, it is read anew.
    fn forget(&self, id: &Id) {
        let Some(mut cached) = self.cached() else { return };
        cached.writes += 1;
        cached.records.remove(id);
    }
}

/// The sessions' table.
#[derive(Debug, Clone)]
pub struct Sessions {
    table: SurrealSessionStore<Any>,
    keeper: Keeper,
    cache: SessionCache,
}

impl Store {
    /// The session store, for the session middleware.
    #[must_use]
    pub fn sessions(&self) -> Sessions {
        let table = SurrealSessionStore::new(Arc::clone(&self.db), "session".to_owned());
        Sessions { table, keeper: self.keeper.clone(), cache: self.session_cache.clone() }
    }
}

/// Tries again when the database lost a race. It says so in words only, by the time the library passes it on.
async fn patiently<F: Future<Output = Result<()>>>(mut write: impl FnMut() -> F) -> Result<()> {
    for attempt in 1..ATTEMPTS {
        match write().await {
            Err(Error::Backend(reason)) if reason.contains("conflict") => {
                tokio::time::sleep(Duration::from_millis(u64::from(attempt))).await;
            }
            other => return other,
        }
    }
    write().await
}

/// Runs on a task of its own: a client that closes its connection between the commit and the cache must not leave a session
/// in the cache that has ended.
async fn to_its_end(write: impl Future<Output = Result<()>> + Send + 'static) -> Result<()> {
    tokio::spawn(write).await.map_err(|error| Error::Backend(error.to_string()))?
}

impl Sessions {
    /// A full disk takes no session either: one that is half written would damage the log of all.
    fn room(&self) -> Result<()> {
        self.keeper.may_write().map_err(|error| Error::Backend(error.to_string()))
    }

    fn written<T>(&self, result: Result<T>) -> Result<T> {
        if let Err(Error::Backend(reason)) = &result {
            self.keeper.failed_saying(reason);
        }
        result
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, session: &mut Record) -> Result<()> {
        self.room()?;
        self.written(self.table.create(session).await)
    }

    async fn save(&self, session: &Record) -> Result<()> {
        self.room()?;
        let (sessions, session) = (self.clone(), session.clone());
        to_its_end(async move {
            let saved = sessions.written(patiently(|| sessions.table.save(&session)).await);
            sessions.cache.forget(&session.id);
            saved
        })
        .await
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let (found, writes) = self.cache.find(id);
        if found.is_some() {
            return Ok(found);
        }
        let found = self.table.load(id).await?;
        if let Some(record) = &found {
            self.cache.keep(record, writes);
        }
        Ok(found)
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let (sessions, id) = (self.clone(), *id);
        to_its_end(async move {
            let deleted = sessions.written(patiently(|| sessions.table.delete(&id)).await);
            sessions.cache.forget(&id);
            deleted
        })
        .await
    }
}

#[async_trait]
impl ExpiredDeletion for Sessions {
    async fn delete_expired(&self) -> Result<()> {
        patiently(|| self.table.delete_expired()).await
    }
}
