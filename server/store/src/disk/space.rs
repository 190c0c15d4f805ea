//! Room on the disk: asked for before a commit, so that the engine does not run out of it.
//!
//! The engine does not survive a full disk. A record that was half written stays in its buffer and in the log, and what
//! is committed afterwards lies behind the damage; a table that could not be written stops all writing until the folder
//! is opened anew. So writing is refused while there is still a reserve, and after an error that says "full" nothing is
//! written until the program has started anew, which it does by itself when there is room.

use super::error::{DiskError, file};
use super::files;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes that must be left when nothing else is said.
pub const RESERVE: u64 = 64 << 20;
const MIB: u64 = 1 << 20;

/// The disk has no room for what is to be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the disk of {} is full: {} MiB are free, {} MiB are needed. Make room; writing then goes on by itself",
    folder.display(), free / MIB, needed.div_ceil(MIB)
)]
pub struct Full {
    /// The folder of the database.
    pub folder: PathBuf,
    /// Bytes that this process may still write.
    pub free: u64,
    /// Bytes that must be free.
    pub needed: u64,
}

/// Measures the disk of one database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Space {
    folder: Arc<Path>,
    reserve: u64,
    /// What the engine may write at once to bring its log into tables.
    log: Arc<AtomicU64>,
}

impl Space {
    /// For a folder, with so many bytes kept free.
    #[must_use]
    pub fn new(folder: &Path, reserve: u64) -> Self {
        let space = Self { folder: folder.into(), reserve, log: Arc::default() };
        space.measure_log();
        space
    }

    /// Notes how long the log is: so much is written once more when it goes into tables, and again when those are
    /// merged. For the watcher, not for each commit.
    pub fn measure_log(&self) {
        let segments = files::segments(&self.folder).unwrap_or_default();
        let size = |number| std::fs::metadata(files::segment(&self.folder, number)).map_or(0, |log| log.len());
        self.log.store(segments.into_iter().map(size).sum(), Ordering::Relaxed);
    }

    /// Whether there is room for another commit. One `statvfs`.
    ///
    /// # Errors
    /// When there is not. A disk that cannot be asked is not taken for full.
    pub fn check(&self) -> Result<(), Full> {
        let needed = self.reserve.saturating_add(self.log.load(Ordering::Relaxed).saturating_mul(2));
        room(&self.folder, needed)
    }

    /// The answer for a commit that failed for want of room.
    #[must_use]
    pub fn full(&self) -> Full {
        let free = free(&self.folder).unwrap_or_default();
        Full { folder: self.folder.to_path_buf(), free, needed: self.reserve.max(MIB) }
    }
}

/// # Errors
/// When fewer bytes are free.
pub fn room(folder: &Path, needed: u64) -> Result<(), Full> {
    match free(folder) {
        Ok(free) if free < needed => Err(Full { folder: folder.to_owned(), free, needed }),
        Ok(_) => Ok(()),
        Err(error) => {
            tracing::debug!(%error, "the disk cannot be asked for its free space");
            Ok(())
        }
    }
}

/// Bytes that this process may still write on the disk of a folder.
fn free(folder: &Path) -> Result<u64, DiskError> {
    let asked = rustix::fs::statvfs(folder).map_err(io::Error::from);
    let disk = asked.map_err(file("asking for the free space of", folder))?;
    // What is set aside for root does not count, also when this is root.
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Whether the engine failed for want of room. It says so in words only: the reason passes through three crates as text,
/// and comes back with each commit until the engine is opened again.
#[must_use]
pub fn says_full(text: &str) -> bool {
    // ENOSPC and EDQUOT, as std writes them.
    ["os error 28)", "os error 122)", "no storage space", "quota exceeded"].iter().any(|word| text.contains(word))
}
