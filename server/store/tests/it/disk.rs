//! On disk, with real faults on the real engine: logs torn in several ways, a full disk, flipped bytes, a folder that
//! goes away under a running store.
//!
//! A database that is killed leaves its files as they are. Here that is a copy of its folder, taken while it runs: each
//! acknowledged commit has been synced by then, so the copy holds what a SIGKILL would leave.

mod damaged;
mod full;
mod torn;

use crate::support::Council;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::{Store, StoreError};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// A folder for databases, and the database that is opened now.
pub struct Place {
    root: TempDir,
    count: u32,
}

/// A closed database with the demonstration in it, made once: loading it takes longer than a test.
static LOADED: OnceCell<TempDir> = OnceCell::const_new();

async fn loaded() -> PathBuf {
    let folder = LOADED.get_or_init(|| async {
        let root = tempfile::tempdir().expect("a folder");
        let url = format!("surrealkv://{}", root.path().join("data").display());
        drop(Council::open(&url).await);
        drop(open(&url).await.expect("what was closed"));
        closed(&root.path().join("data")).await;
        root
    });
    folder.await.path().join("data")
}

/// Waits until the engine has let go of a folder.
pub async fn closed(folder: &Path) {
    let lock = fs::File::open(folder.join("LOCK")).expect("a lock");
    while lock.try_lock().is_err() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
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

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}
