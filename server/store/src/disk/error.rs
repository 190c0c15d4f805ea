//! What can be wrong with the folder of a database, each with what to do about it.

use std::io;
use std::path::PathBuf;

/// The files of the database cannot be trusted, or cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum DiskError {
    /// Another process, or a store of this one, has it open.
    #[error("the database in {} is in use: stop the other server, or give this one another folder", folder.display())]
    InUse {
        /// The folder of the database.
        folder: PathBuf,
    },
    /// A file of the engine is not what the engine writes.
    #[error("{} is damaged at byte {at}: {what}. Keep a copy of the folder and restore the last backup", file.display())]
    Damaged {
        /// Which.
        file: PathBuf,
        /// Where, in bytes from its start.
        at: u64,
        /// What is wrong there.
        what: &'static str,
    },
    /// The engine panicked while it opened the folder.
    #[error(
        "the database engine gave up on the files in {}: they are damaged. Keep a copy of the folder and restore the last backup",
        folder.display()
    )]
    GaveUp {
        /// The folder of the database.
        folder: PathBuf,
    },
    /// The engine refuses the folder.
    #[error(
        "the database in {} cannot be opened. If its files are damaged, keep a copy of the folder and restore the last backup",
        folder.display()
    )]
    Refused {
        /// The folder of the database.
        folder: PathBuf,
        /// The engine's reason.
        #[source]
        source: Box<surrealdb::Error>,
    },
    /// The engine does not write to the files that a restart would read.
    #[error(transparent)]
    Fault(#[from] DiskFault),
    /// Whoever holds the database did not let go of it.
    #[error("the database in {} is still being closed after {seconds} s", folder.display())]
    StillOpen {
        /// The folder of the database.
        folder: PathBuf,
        /// How long was waited.
        seconds: u64,
    },
    /// The operating system said no.
    #[error("{doing} {}", path.display())]
    File {
        /// What was tried, as in "reading".
        doing: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// The reason.
        #[source]
        source: io::Error,
    },
}

/// For `map_err`: what was tried with which file.
pub fn file(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> DiskError {
    let path = path.into();
    move |source| DiskError::File { doing, path, source }
}

/// The running engine writes into files that a restart would not find: nothing may be acknowledged any more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiskFault {
    /// The log is not where it was: the folder was removed, renamed or unmounted.
    #[error(
        "{} is gone: the folder of the database was removed, renamed or unmounted under the running server. Bring it back and restart",
        log.display()
    )]
    Gone {
        /// The segment of the log that was written last.
        log: PathBuf,
    },
    /// Another file is where the log was.
    #[error(
        "{} is not the file that the running server writes to: it was replaced, or something was mounted over it. Restart the server",
        log.display()
    )]
    Replaced {
        /// The segment of the log.
        log: PathBuf,
    },
    /// A change was committed, and the log did not grow.
    #[error("{} did not grow with a commit: the engine writes elsewhere. Restart the server", log.display())]
    NotWritten {
        /// The segment of the log.
        log: PathBuf,
    },
    /// A write failed half way, and the engine goes on behind it. Opening the folder anew mends it.
    #[error("{} is damaged at byte {at} by a write that failed: what is written behind it would be lost", log.display())]
    Torn {
        /// The segment of the log.
        log: PathBuf,
        /// Where.
        at: u64,
    },
    /// It cannot be looked at.
    #[error("{} cannot be looked at ({kind})", log.display())]
    Unreadable {
        /// The segment of the log.
        log: PathBuf,
        /// Why not.
        kind: io::ErrorKind,
    },
}
