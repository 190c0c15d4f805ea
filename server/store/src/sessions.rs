//! Where sessions are kept, for the session middleware.
//!
//! A browser asks for several things at once, and two of its requests may put off the end of the same session: the
//! database lets one of them win and tells the other to try again. The library passes that on as a failure, and the
//! person would be answered 500; here it is tried again.

use crate::connect::Store;
use crate::keeper::Keeper;
use async_trait::async_trait;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use surrealdb::engine::any::Any;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{ExpiredDeletion, SessionStore};
use tower_sessions_surrealdb_store::SurrealSessionStore;

/// Writes of one session race rarely, and briefly.
const ATTEMPTS: u32 = 8;

/// The sessions' table.
#[derive(Debug, Clone)]
pub struct Sessions {
    table: SurrealSessionStore<Any>,
    keeper: Keeper,
}

impl Store {
    /// The session store, for the session middleware.
    #[must_use]
    pub fn sessions(&self) -> Sessions {
        let table = SurrealSessionStore::new(Arc::clone(&self.db), "session".to_owned());
        Sessions { table, keeper: self.keeper.clone() }
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
        patiently(|| self.table.save(session)).await
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        self.table.load(id).await
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        patiently(|| self.table.delete(id)).await
    }
}

#[async_trait]
impl ExpiredDeletion for Sessions {
    async fn delete_expired(&self) -> Result<()> {
        patiently(|| self.table.delete_expired()).await
    }
}
