//! A database folder that keeps its word: opened whole, watched while it is open, witnessed from outside.
//!
//! | module | holds |
//! |---|---|
//! | `scan`, `log` | where a torn log ends, and cutting it there before the engine sees it |
//! | `manifest` | the engine's list of files, which has no checksum |
//! | `guard`, `follow` | whether the engine writes into the files that a restart would read, and whole |
//! | `space` | room on the disk, asked for before a commit |
//! | `witness`, `verdict` | how far the log had come, in a file beside the folder; what is missing |
//! | `files` | names, lock, permissions |

mod error;
mod files;
mod follow;
mod guard;
mod log;
mod manifest;
mod scan;
mod space;
mod verdict;
mod witness;

pub use error::{DiskError, DiskFault};
pub use files::folder_of;
pub use guard::DiskGuard;
pub use log::Cut;
pub use space::{Full, RESERVE, Space, says_full};
pub use verdict::{Cause, Loss, Mark, Verdict, verdict};
pub use witness::{Read, Witness};

use crate::connect::{DATABASE, NAMESPACE};
use crate::error::StoreError;
use std::future::Future;
use std::path::Path;
use std::time::Duration;
use surrealdb::Surreal;
use surrealdb::engine::any::{self, Any};

/// What the engine needs to open: its lock, its manifest, a segment, and the tables of the log that it replays.
const TO_OPEN: u64 = 4 << 20;
/// How often a folder is opened when the engine repairs its log all the same.
const ATTEMPTS: u32 = 3;
/// How long the engine may take to close: it writes its log into a table.
const CLOSING: Duration = Duration::from_secs(60);

/// How to open a folder.
#[derive(Debug, Clone)]
pub struct DiskOptions {
    /// Bytes kept free on the disk; [`RESERVE`] when nothing else is said.
    pub reserve: u64,
    /// Go on without what follows a damage in the middle of the log.
    pub accept_loss: bool,
}

impl Default for DiskOptions {
    fn default() -> Self {
        Self { reserve: RESERVE, accept_loss: false }
    }
}

/// An open folder.
#[derive(Debug)]
pub struct Opened {
    /// The engine.
    pub db: Surreal<Any>,
    /// Watches its log.
    pub guard: DiskGuard,
    /// What was cut off the log before.
    pub cuts: Vec<Cut>,
}

/// Opens the folder of a `surrealkv://` URL: private, with a log that is whole, and an engine that writes into it.
///
/// # Errors
/// [`StoreError::Full`], or [`StoreError::Disk`] with what is wrong and what to do. Never a panic of the engine.
pub async fn open(url: &str, folder: &Path, options: &DiskOptions) -> Result<Opened, StoreError> {
    let mut cuts = Vec::new();
    let mut attempt = 1;
    loop {
        files::make_private(folder)?;
        space::room(folder, TO_OPEN)?;
        let lock = files::lock(folder)?;
        cuts.extend(log::mend(folder, options.accept_loss)?);
        drop(lock);
        let db = connect(url, folder).await?;
        files::make_private(folder)?;
        match DiskGuard::attach(folder) {
            Ok(guard) => {
                cuts.iter().for_each(report);
                return Ok(Opened { db, guard, cuts });
            }
            Err(fault) if attempt == ATTEMPTS => return Err(DiskError::from(fault).into()),
            Err(fault) => tracing::warn!(%fault, "the engine repaired its log; opening it again"),
        }
        attempt += 1;
        drop(db);
        files::wait_until_closed(folder, CLOSING).await?;
    }
}

fn report(cut: &Cut) {
    let (log, at, bytes) = (cut.log.display(), cut.at, cut.bytes);
    match &cut.saved {
        None => {
            tracing::warn!(%log, at, bytes, "the log had a torn end, which was cut off: a write that nobody was told of")
        }
        Some(saved) => {
            let saved = saved.display();
            tracing::error!(%log, at, bytes, %saved, "the log was damaged before its end; what followed was cut off and saved");
        }
    }
}

async fn connect(url: &str, folder: &Path) -> Result<Surreal<Any>, StoreError> {
    let url = url.to_owned();
    // The names too: an engine that is opened again has to be told them again.
    let connecting = async move {
        let db = any::connect(url).await?;
        db.use_ns(NAMESPACE).use_db(DATABASE).await?;
        Ok::<_, surrealdb::Error>(db)
    };
    match contained(connecting).await {
        None => Err(DiskError::GaveUp { folder: folder.to_owned() }.into()),
        Some(Ok(db)) => Ok(db),
        Some(Err(error)) if says_full(error.message()) => Err(Space::new(folder, TO_OPEN).full().into()),
        Some(Err(error)) => Err(DiskError::Refused { folder: folder.to_owned(), source: Box::new(error) }.into()),
    }
}

/// Runs on a task of its own; none when it panics. For what the engine does with files that may be damaged.
pub async fn contained<T: Send + 'static>(task: impl Future<Output = T> + Send + 'static) -> Option<T> {
    tokio::spawn(task).await.inspect_err(|error| tracing::error!(%error, "the engine panicked")).ok()
}
