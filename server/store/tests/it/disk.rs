//! On disk, with real faults on the real engine: logs torn in several ways, a full disk, flipped bytes, a folder that
//! goes away under a running store.
//!
//! A database that is killed leaves its files as they are. Here that is a copy of its folder, taken while it runs: each
//! acknowledged commit has been synced by then, so the copy holds what a SIGKILL would leave.

mod damaged;
mod full;
mod torn;

pub use crate::support::{closed, copy};

use crate::support::loaded;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;
use store::{Store, StoreError};
use tempfile::TempDir;

/// A folder for databases, and the database that is opened now.
pub struct Place {
    root: TempDir,
    count: u32,
}

impl Place {
    /// With the demonstration in it.
    pub async fn new() -> Self {
        let place = Self { root: tempfile::tempdir().expect("a folder"), count: 0 };
        copy(&loaded().await, &place.folder());
        place
    }

    /// The folder of the database.
    pub fn folder(&self) -> PathBuf {
        self.root.path().join(format!("data-{}", self.count))
    }

    pub fn url(&self) -> String {
        format!("surrealkv://{}", self.folder().display())
    }

    /// Opens it, when the store that was dropped before has let go of it.
    pub async fn open(&self) -> Result<Store, StoreError> {
        open(&self.url()).await
    }

    /// What a SIGKILL would leave is from now on the database; the store on the other folder has no part in it.
    pub fn killed(&mut self) {
        let from = self.folder();
        self.count += 1;
        copy(&from, &self.folder());
    }

    /// The last segment of the log.
    pub fn log(&self) -> PathBuf {
        let folder = fs::read_dir(self.folder().join("wal")).expect("a log");
        let segments = folder.map(|entry| entry.expect("an entry").path()).filter(|path| path.extension().is_some());
        segments.max().expect("a segment")
    }

    /// Changes the bytes of the log's last segment.
    pub fn tear(&self, change: impl FnOnce(&mut Vec<u8>)) {
        let log = self.log();
        let mut bytes = fs::read(&log).expect("the log");
        change(&mut bytes);
        fs::write(&log, bytes).expect("the log");
    }
}

/// Opens a database as soon as its lock is free.
pub async fn open(url: &str) -> Result<Store, StoreError> {
    for _ in 0..500 {
        match Store::open(url).await {
            Err(error) if error.to_string().contains("in use") || error.to_string().contains("already locked") => {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            other => return other,
        }
    }
    panic!("the database stayed locked");
}
