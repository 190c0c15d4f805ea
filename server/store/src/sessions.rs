//! Where sessions are kept, for the session middleware.
//!
//! A browser asks for several things at once, and two of its requests may put off the end of the same session: the
//! database lets one of them win and tells the other to try again. The library passes that on as a failure, and the
//! person would be answered 500; here it is tried again.
//!
//! Each request asks for its session. Where no other process writes to the database, those that were read lately are kept
//! in memory.

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

/// Sessions that are kept in memory; with more, all are forgotten.
const KEPT: usize = 4_096;

/// Sessions as they were read lately.
#[derive(Debug, Default)]
struct Lately {
    records: HashMap<Id, Record>,
    /// How many were written or ended: what was read before is not kept after.
    written: u64,
}

/// What a [`Store`] remembers of sessions; nothing where other processes may end one.
#[derive(Debug, Clone)]
pub struct RecentSessions(Option<Arc<Mutex<Lately>>>);

impl RecentSessions {
    /// None so far.
    pub fn new(shared: bool) -> Self {
        Self((!shared).then(Arc::default))
    }

    fn lately(&self) -> Option<MutexGuard<'_, Lately>> {
        Some(self.0.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A session that is here, and how many were written so far.
    fn find(&self, id: &Id) -> (Option<Record>, u64) {
        let Some(lately) = self.lately() else { return (None, 0) };
        let going_on = |record: &&Record| record.expiry_date > OffsetDateTime::now_utc();
        (lately.records.get(id).filter(going_on).cloned(), lately.written)
    }

    /// Keeps a session that was read when so many were written.
    fn keep(&self, record: &Record, written: u64) {
        let Some(mut lately) = self.lately() else { return };
        if lately.written != written {
            return;
        }
        if lately.records.len() >= KEPT {
            lately.records.clear();
        }
        lately.records.insert(record.id, record.clone());
    }

    /// A session was written or ended: after that, it is read anew.
    fn forget(&self, id: &Id) {
        let Some(mut lately) = self.lately() else { return };
        lately.written += 1;
        lately.records.remove(id);
    }
}

/// The sessions' table.
#[derive(Debug, Clone)]
pub struct Sessions {
    table: SurrealSessionStore<Any>,
    keeper: Keeper,
    recent: RecentSessions,
}

impl Store {
    /// The session store, for the session middleware.
    #[must_use]
    pub fn sessions(&self) -> Sessions {
        let table = SurrealSessionStore::new(Arc::clone(&self.db), "session".to_owned());
        Sessions { table, keeper: self.keeper.clone(), recent: self.recent_sessions.clone() }
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

impl Sessions {
    /// A full disk takes no session either: one that is half written would damage the log of all.
    fn room(&self) -> Result<()> {
        self.keeper.may_write().map_err(|error| Error::Backend(error.to_string()))
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, session: &mut Record) -> Result<()> {
        self.room()?;
        self.table.create(session).await
    }

    async fn save(&self, session: &Record) -> Result<()> {
        self.room()?;
        let saved = patiently(|| self.table.save(session)).await;
        self.recent.forget(&session.id);
        saved
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let (found, written) = self.recent.find(id);
        if found.is_some() {
            return Ok(found);
        }
        let found = self.table.load(id).await?;
        if let Some(record) = &found {
            self.recent.keep(record, written);
        }
        Ok(found)
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let deleted = patiently(|| self.table.delete(id)).await;
        self.recent.forget(id);
        deleted
    }
}

#[async_trait]
impl ExpiredDeletion for Sessions {
    async fn delete_expired(&self) -> Result<()> {
        patiently(|| self.table.delete_expired()).await
    }
}
