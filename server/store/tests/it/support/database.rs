//! The kinds of database that the store is used on, and one for each test.

use super::Council;
use super::server::Server;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use store::{Options, Store, StoreError};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// A kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `mem://`.
    Memory,
    /// `surrealkv://`.
    Disk,
    /// `ws://`, with a server of its own.
    Server,
}

/// A database, and what it needs to be there.
pub struct Database {
    pub kind: Kind,
    pub url: String,
    pub options: Options,
    pub server: Option<Server>,
    _folder: Option<TempDir>,
}

impl Database {
    /// One with nothing in it.
    pub async fn empty(kind: Kind) -> Self {
        match kind {
            Kind::Memory => Self::at("mem://"),
            Kind::Disk => Self::in_a_folder(tempfile::tempdir().expect("a folder")),
            Kind::Server => Self::on(Server::start("memory").await, None),
        }
    }

    /// One with the demonstration in it. Where it can be copied, it is: loading it takes longer than a test.
    pub async fn with_demo(kind: Kind) -> Self {
        if kind == Kind::Memory {
            return Self::empty(kind).await;
        }
        let root = tempfile::tempdir().expect("a folder");
        copy(&loaded().await, &root.path().join("db"));
        let database = Self::in_a_folder(root);
        if kind == Kind::Disk { database } else { Self::on(Server::start(&database.url).await, database._folder) }
    }

    /// One that somebody else keeps.
    pub fn at(url: &str) -> Self {
        let kind = if url == "mem://" { Kind::Memory } else { Kind::Disk };
        Self { kind, url: url.to_owned(), options: Options::default(), server: None, _folder: None }
    }

    fn in_a_folder(folder: TempDir) -> Self {
        let url = format!("surrealkv://{}", folder.path().join("db").display());
        Self { _folder: Some(folder), ..Self::at(&url) }
    }

    fn on(server: Server, folder: Option<TempDir>) -> Self {
        let (url, options) = (server.url(), server.options());
        Self { kind: Kind::Server, url, options, server: Some(server), _folder: folder }
    }

    pub async fn open(&self) -> Result<Store, StoreError> {
        Store::open_with(&self.url, &self.options).await
    }

    /// Opens the database again, once the handle before it has let go of its lock.
    pub async fn reopen(&self) -> Store {
        for _ in 0..100 {
            match self.open().await {
                Ok(store) => return store,
                Err(StoreError::Disk(_)) => tokio::time::sleep(Duration::from_millis(20)).await,
                Err(error) => panic!("{error}"),
            }
        }
        panic!("the database stayed locked");
    }
}

/// A closed folder with the demonstration in it, made once.
pub async fn loaded() -> PathBuf {
    static LOADED: OnceCell<TempDir> = OnceCell::const_new();
    let root = LOADED.get_or_init(|| async {
        let root = tempfile::tempdir().expect("a folder");
        let database = Database::at(&format!("surrealkv://{}", root.path().join("data").display()));
        drop(Council::on(database).await.reopened().await);
        closed(&root.path().join("data")).await;
        root
    });
    root.await.path().join("data")
}

/// Waits until the engine has let go of a folder.
pub async fn closed(folder: &Path) {
    let lock = fs::File::open(folder.join("LOCK")).expect("a lock");
    while lock.try_lock().is_err() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // A process that another test has just started has this file too, for a moment.
    lock.unlock().expect("a lock");
}

pub fn copy(from: &Path, to: &Path) {
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
