//! A handle on the engine that can be closed and opened again while the server runs.
//!
//! After a failed write the engine may not be written to any more (see `space`), and only a new one, on a log that was
//! made whole, may. Reads go on until then; while it is opened again they wait.

use super::{CLOSING, DiskOptions, Opened, Space, files, guard::DiskGuard};
use crate::error::StoreError;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;
use tokio::sync::{OwnedRwLockReadGuard, RwLock};

/// The database, for as long as one query needs it. Holding it holds up [`Engine::reopen`].
#[derive(Debug)]
pub struct Handle(OwnedRwLockReadGuard<Option<Opened>, Opened>);

impl Deref for Handle {
    type Target = Surreal<Any>;

    fn deref(&self) -> &Self::Target {
        &self.0.db
    }
}

impl Handle {
    /// The guard of this opening.
    #[must_use]
    pub fn guard(&self) -> &DiskGuard {
        &self.0.guard
    }
}

/// A folder whose engine can be replaced.
#[derive(Debug)]
pub struct Engine {
    url: String,
    folder: PathBuf,
    options: DiskOptions,
    space: Space,
    open: Arc<RwLock<Option<Opened>>>,
}

impl Engine {
    /// Opens the folder of a `surrealkv://` URL.
    ///
    /// # Errors
    /// As for [`super::open`].
    pub async fn open(url: &str, folder: PathBuf, options: DiskOptions) -> Result<Self, StoreError> {
        let opened = super::open(url, &folder, &options).await?;
        let space = Space::new(&folder, options.reserve);
        Ok(Self { url: url.to_owned(), folder, options, space, open: Arc::new(RwLock::new(Some(opened))) })
    }

    /// The room on its disk.
    #[must_use]
    pub const fn space(&self) -> &Space {
        &self.space
    }

    /// The database, once it is open.
    ///
    /// # Errors
    /// [`StoreError::Full`] when it could not be opened again yet.
    pub async fn db(&self) -> Result<Handle, StoreError> {
        let open = Arc::clone(&self.open).read_owned().await;
        let handle = OwnedRwLockReadGuard::try_map(open, Option::as_ref);
        handle.map(Handle).map_err(|_| StoreError::Full(self.space.full()))
    }

    /// Closes the engine and opens it again, when there is room. What it had acknowledged is there; of a commit that
    /// failed, all or nothing is: read the head again before writing.
    ///
    /// # Errors
    /// [`StoreError::Full`] when there is no room yet: the old engine stays open for reading, and this is to be tried
    /// again later. Otherwise as for [`super::open`]; then it is closed, and this may be tried again.
    pub async fn reopen(&self) -> Result<Vec<super::Cut>, StoreError> {
        self.space.measure_log();
        self.space.check()?;
        let mut open = self.open.write().await;
        *open = None;
        files::wait_until_closed(&self.folder, CLOSING).await?;
        let opened = super::open(&self.url, &self.folder, &self.options).await?;
        let cuts = opened.cuts.clone();
        *open = Some(opened);
        Ok(cuts)
    }
}
