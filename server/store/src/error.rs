//! What can go wrong in the store. None of it is for a person's eyes: the server logs it and answers 503 or 500.

use crate::backup::BackupError;
use crate::credentials::Level;
use crate::disk::{DiskError, Full, Loss, says_full};
use surrealdb::IndexedResults;
use surrealdb::types::QueryError;

/// A failure of the database, of its content, or of its opening.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database said no, or did not answer.
    #[error("database: {0}")]
    Database(#[source] Box<surrealdb::Error>),
    /// The database server does not let the user in.
    #[error(
        "the database server did not let {user:?} in: check the name and the password, and that the user is defined at \
         the level \"{level}\""
    )]
    SignIn {
        /// Where the user should be defined.
        level: Level,
        /// Its name.
        user: String,
        /// What the server said.
        source: Box<surrealdb::Error>,
    },
    /// The database server lets only users in, and none was given.
    #[error("the database server asks who this is: give it a user and a password")]
    SignedOut,
    /// A user was given for an embedded database.
    #[error("an embedded database has no users: a user is for ws:// and wss:// only")]
    NoUsers,
    /// There is no room on the disk: nothing was written. Answered 507; goes on by itself.
    #[error(transparent)]
    Full(#[from] Full),
    /// The files of the database cannot be had, or cannot be trusted.
    #[error(transparent)]
    Disk(#[from] DiskError),
    /// Changes that were acknowledged are not in the database.
    #[error(
        "{0}. Restore the newest backup, or put the missing files back. With --accept-loss the server goes on without \
         them, and every device offers again what it holds"
    )]
    Lost(Loss),
    /// A backup is not what it should be, or cannot go where it should.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// A row is not what this program writes.
    #[error("unreadable row: {0}")]
    Row(#[from] serde_json::Error),
    /// The database was migrated by a newer program.
    #[error(
        "the database is at migration {found}, this program knows {known}: start a newer program, or restore the backup made before the upgrade"
    )]
    Newer {
        /// The database's last migration.
        found: u32,
        /// This program's last migration.
        known: u32,
    },
    /// An applied migration is not the one this program holds.
    #[error(
        "migration {number} in the database is not the one this program holds: it was changed after it was applied"
    )]
    MigrationChanged {
        /// Which.
        number: u32,
    },
    /// Another process kept moving the sequence.
    #[error("the sequence kept moving: {attempts} attempts at one batch")]
    Contended {
        /// How often it was tried.
        attempts: u32,
    },
    /// A transaction was not carried out, and the database did not say why.
    #[error("a transaction was not executed")]
    NotExecuted,
    /// The log has a gap, or ends before what the tables were made of.
    #[error("batch {batch} of the log is missing")]
    LogMissing {
        /// Which.
        batch: u64,
    },
    /// The tables did not come to the end of the log in time.
    #[error("the tables are at batch {at}, the log is at {log}")]
    TablesBehind {
        /// Where the tables are.
        at: u64,
        /// Where the log is.
        log: u64,
    },
    /// The index of words did not come to the end of the log in time.
    #[error("the index of words is behind {log} in the log")]
    WordsBehind {
        /// Where the log is.
        log: u64,
    },
    /// The writer task has ended; the server is shutting down.
    #[error("the writer has stopped")]
    Stopped,
    /// The database has no council yet.
    #[error("the database has no council: start once with --demo")]
    NoCouncil,
    /// A passphrase could not be hashed.
    #[error("passphrase hashing: {0}")]
    Passphrase(argon2::password_hash::Error),
    /// The content does not hold together.
    #[error("inconsistent content: {0}")]
    Inconsistent(String),
}

impl From<surrealdb::Error> for StoreError {
    fn from(error: surrealdb::Error) -> Self {
        Self::Database(Box::new(error))
    }
}

/// Whether a transaction lost a race and may be tried again: a typed conflict, or it threw [`MOVED`].
fn is_conflict(error: &surrealdb::Error) -> bool {
    let typed = matches!(error.query_details(), Some(QueryError::TransactionConflict));
    typed || (error.is_thrown() && error.message().contains(MOVED))
}

/// Whether a transaction was committed. `false`: it lost a race, and nothing of it was written.
///
/// # Errors
/// Why it failed. The first error of a transaction is often "not executed": the reason stands at another statement.
pub fn committed(response: &mut IndexedResults) -> Result<bool, StoreError> {
    let errors = response.take_errors();
    if errors.is_empty() {
        return Ok(true);
    }
    if errors.values().any(is_conflict) {
        return Ok(false);
    }
    for (statement, error) in &errors {
        tracing::debug!(statement, %error, "a transaction failed");
    }
    // That the disk is full is said of the COMMIT, by an error of the same kind as "not executed".
    let says = |error: &surrealdb::Error| (says_full(error.message()), !error.is_query());
    let reason = errors.into_values().max_by_key(says).filter(|error| says(error) > (false, false));
    Err(reason.map_or(StoreError::NotExecuted, StoreError::from))
}

/// What a transaction throws when the number that it moves is not the one that was read.
pub const MOVED: &str = "moved_meanwhile";
