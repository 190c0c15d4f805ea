//! Backups: a copy of the log and of the council's own tables in one compressed file, and the way back.
//!
//! What a backup holds is of one moment: the tables are read in one transaction with the reader's place in the log, and
//! the log up to there only ever loses texts that nobody bases on. A file is called made only after it was read back:
//! [`verify`] recomputes the chain of every batch and the hash of every text. A backup is restored into an empty database
//! under a new instance, so every device offers again what it wrote since.
//!
//! | part | holds |
//! |---|---|
//! | `file` | the file: JSON lines, compressed, with a digest at the end |
//! | `check` | reading one, and holding it against itself |
//! | `council` | the tables that do not follow from the log |
//! | `restore` | bringing one back |
//!
//! Sessions are not in it: after a restore everybody signs in again.

mod check;
mod council;
mod file;
mod restore;

pub use check::verify;
pub(crate) use council::BEGUN;
pub use restore::{Restored, restore};

use crate::connect::Store;
use crate::error::StoreError;
use crate::log;
use crate::rows::row;
use domain::id::InstanceId;
use domain::sync::chain::ChainHash;
use domain::sync::wire::Seq;
use domain::time::Timestamp;
use file::{Line, Writer};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

/// The form of the file. A newer one is refused.
const FORM: u32 = 1;
/// Batches that are read at a time.
const PAGE: u64 = 64;

/// What a backup holds: its first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the file.
    pub backup: u32,
    /// The number of the last migration of the database.
    pub schema: u32,
    /// Which database it was made of.
    pub instance: InstanceId,
    /// When, by the server's clock.
    pub at: Timestamp,
    /// The last batch of the log in it.
    pub batch: u64,
    /// The last place in the sequence in it.
    pub seq: Seq,
    /// The chain after that batch.
    pub hash: ChainHash,
    /// How much there is of what.
    pub counts: Counts,
}

/// How much there is of what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Counts {
    pub members: u64,
    pub people: u64,
    pub editions: u64,
    pub themes: u64,
    pub reports: u64,
    pub items: u64,
    pub cards: u64,
}

/// How far a backup or a restore is, in batches of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Done.
    pub done: u64,
    /// Of so many.
    pub of: u64,
}

/// What can be wrong with a backup, or with where it is to go.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Reading or writing a file failed.
    #[error("{}: {source}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is a file of this name.
    #[error("{} is there already: choose another name, or move it away", .0.display())]
    Exists(PathBuf),
    /// Another backup of this name is under way.
    #[error("a backup is being written to {}: wait until it is made, or choose another name", .0.display())]
    UnderWay(PathBuf),
    /// Whoever asked for it has gone.
    #[error("nobody waits for this backup any more")]
    Left,
    /// Not a backup, or a damaged one.
    #[error("{} is not a whole backup: {fault}. Use another one", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        fault: Damage,
    },
    /// Made by a newer program.
    #[error("this backup was made by a newer program: restore it with that one")]
    Newer,
    /// The database holds something.
    #[error(
        "the database is not empty: a backup is restored into a new folder or a new database, never over another one"
    )]
    NotEmpty,
    /// The database holds half of a backup.
    #[error(
        "a restore into this database was broken off: remove its folder (or the database), and restore again into an \
         empty one"
    )]
    BrokenOff,
    /// What was restored is not what the backup says.
    #[error("what was restored is not what the backup holds: {restored:?} instead of {backup:?}")]
    Differs {
        /// What is in the database.
        restored: Box<Counts>,
        /// What the manifest says.
        backup: Box<Counts>,
    },
}

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// It does not begin with a manifest.
    #[error("it does not begin as one")]
    Beginning,
    /// Its content cannot be read.
    #[error("line {0} cannot be read")]
    Line(u64),
    /// It ends too early.
    #[error("its end is missing")]
    Cut,
    /// A batch is not where the one before it ends.
    #[error("the log in it is broken at batch {0}")]
    Chain(u64),
    /// A text is not the one that was acknowledged.
    #[error("a text in batch {0} is not the one that was acknowledged")]
    Text(u64),
    /// The digest is another.
    #[error("its digest is another")]
    Digest,
    /// The manifest says something else than the content.
    #[error("its content is not what its beginning says")]
    Manifest,
}

/// An error of a file.
fn at(path: &Path) -> impl Fn(io::Error) -> BackupError + '_ {
    move |source| BackupError::File { path: path.to_owned(), source }
}

impl Store {
    /// Writes a backup of everything that was acknowledged when it is called, reads it back, and gives it its name.
    /// Dropped before it has its name, it leaves nothing behind.
    ///
    /// # Errors
    /// When there is a file of this name, the file cannot be written or is not read back as it was written, or the
    /// database does not answer.
    pub async fn back_up(&self, path: &Path, told: impl Fn(Progress) + Send) -> Result<Manifest, StoreError> {
        if path.exists() {
            return Err(BackupError::Exists(path.to_owned()).into());
        }
        self.follow().await?;
        self.tables.reach_at_last().await?;
        let (manifest, tables) = council::read(&self.db).await?;
        let mut name = path.as_os_str().to_owned();
        name.push(".part");
        let begun = Writer::create(Path::new(&name))?;
        let mut lines = vec![Line::Manifest(manifest.clone())];
        lines.extend(tables);
        let mut writer = write(begun, lines).await?;
        let (mut done, of) = (0, manifest.batch);
        while done < of {
            told(Progress { done, of });
            let page = log::records_after(&self.db, done, PAGE.min(of - done)).await?;
            let last = page.last().map(|record| record.batch).ok_or(StoreError::LogMissing { batch: done + 1 })?;
            writer = write(writer, page.into_iter().map(Line::Batch).collect()).await?;
            done = last;
        }
        told(Progress { done, of });
        // Dropped with this future: reading back takes as long as writing, and ends when nobody waits for it any more.
        let waiting = Arc::new(());
        let (waited_for, expected) = (Arc::downgrade(&waiting), manifest.clone());
        let written = blocking(move || {
            let written = writer.finish()?;
            let go_on = |_: &Manifest, _| if waited_for.strong_count() > 0 { Ok(()) } else { Err(BackupError::Left) };
            if check::read(written.path(), go_on)? == expected {
                return Ok(written);
            }
            Err(BackupError::Damaged { path: written.path().to_owned(), fault: Damage::Manifest })
        })
        .await?;
        // A step of its own: a backup that nobody was told of gets no name.
        let name = path.to_owned();
        blocking(move || written.name(&name)).await?;
        drop(waiting);
        Ok(manifest)
    }
}

async fn write(writer: Writer, lines: Vec<Line>) -> Result<Writer, StoreError> {
    blocking(move || writer.lines(&lines)).await
}

/// Compressing and syncing are not for an async thread.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, StoreError> {
    let done = tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Stopped)?;
    Ok(done?)
}

/// How much there is of what in a database.
async fn counts(db: &Surreal<Any>) -> Result<Counts, StoreError> {
    let mut response = db.query(council::COUNTS).await?;
    row::<Counts>(&mut response, 0)?.ok_or(StoreError::NotExecuted)
}
