//! What stands between a commit and its acknowledgement on an embedded database: room on the disk before, the files
//! behind it afterwards, and the witness beside the folder. A database elsewhere, or in memory, has none of it.

use crate::disk::{
    self, DiskError, DiskFault, DiskGuard, Full, Loss, Read, Space, Verdict, Witness, says_full, verdict,
};
use crate::error::StoreError;
use crate::log::{self, Mark};
use domain::id::InstanceId;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

/// Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Keeper(Option<Arc<Disk>>);

#[derive(Debug)]
struct Disk {
    folder: PathBuf,
    guard: DiskGuard,
    space: Space,
    witness: Mutex<Option<(InstanceId, Witness)>>,
    /// Nothing may be written until the database was opened anew.
    stopped: Mutex<Option<Stopped>>,
}

/// Why nothing may be written any more.
#[derive(Debug, Clone)]
enum Stopped {
    Fault(DiskFault),
    /// A write failed half way for want of room.
    Full(Full),
}

impl From<Stopped> for StoreError {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Fault(fault) => DiskError::from(fault).into(),
            Stopped::Full(full) => full.into(),
        }
    }
}

fn mark(instance: InstanceId, mark: Mark) -> disk::Mark {
    disk::Mark { instance, head: mark.seq, batch: mark.batch, hash: mark.hash.to_string() }
}

impl Keeper {
    /// Of a folder that was opened; none of anything else.
    pub fn new(folder: Option<&Path>, guard: Option<DiskGuard>, reserve: u64) -> Self {
        let disk = folder.zip(guard).map(|(folder, guard)| Disk {
            folder: folder.to_owned(),
            guard,
            space: Space::new(folder, reserve),
            witness: Mutex::default(),
            stopped: Mutex::default(),
        });
        Self(disk.map(Arc::new))
    }

    /// Holds a database that was just opened against its witness. Nothing is written.
    ///
    /// # Errors
    /// When the witness or the database cannot be read.
    pub async fn lost(&self, db: &Surreal<Any>) -> Result<Option<Loss>, StoreError> {
        let Some(disk) = &self.0 else { return Ok(None) };
        let path = Witness::path(&disk.folder);
        let seen = match Witness::read(&path)? {
            Read::Nothing => return Ok(None),
            Read::Unreadable => {
                tracing::warn!(path = %path.display(), "the witness cannot be read; a new one is begun");
                return Ok(None);
            }
            Read::Mark(seen) => seen,
        };
        let found = match crate::council::instance(db).await? {
            Some(instance) => Some(mark(instance, log::head(db).await?)),
            None => None,
        };
        let at = if found.is_some() { log::mark_at(db, seen.batch).await? } else { None };
        match verdict(Some(&seen), found.as_ref(), |_| at.map(|at| at.hash.to_string())) {
            Verdict::Whole => Ok(None),
            Verdict::Lost(loss) => Ok(Some(loss)),
        }
    }

    /// Begins to witness, from where the log ends now.
    ///
    /// # Errors
    /// When the witness cannot be written.
    pub fn begin(&mut self, instance: InstanceId, head: Mark) -> Result<(), StoreError> {
        let Some(disk) = &self.0 else { return Ok(()) };
        let witness = Witness::start(&Witness::path(&disk.folder), &mark(instance, head))?;
        *disk.witness.lock().unwrap_or_else(PoisonError::into_inner) = Some((instance, witness));
        Ok(())
    }

    /// Whether something may be written now.
    ///
    /// # Errors
    /// When there is no room, or the files are not what they were.
    pub fn may_write(&self) -> Result<(), StoreError> {
        let Some(disk) = &self.0 else { return Ok(()) };
        if let Some(stopped) = disk.stopped().clone() {
            return Err(stopped.into());
        }
        Ok(disk.space.check()?)
    }

    /// A write: only where something may be written, and one that runs out of room stops all others.
    ///
    /// # Errors
    /// As for [`Keeper::may_write`], and the write's own.
    pub async fn write<T>(&self, write: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        self.may_write()?;
        write.await.map_err(|error| self.failed(error))
    }

    /// A batch was committed: whether it is where a restart will find it. Only then it is witnessed and acknowledged.
    ///
    /// # Errors
    /// When it is not; nothing more is written then.
    pub async fn committed(&self, head: Mark) -> Result<(), StoreError> {
        let Some(disk) = &self.0 else { return Ok(()) };
        disk.guard.committed().await.map_err(|fault| disk.stop(Stopped::Fault(fault)))?;
        if let Some((instance, witness)) = &*disk.witness.lock().unwrap_or_else(PoisonError::into_inner) {
            witness.note(mark(*instance, head));
        }
        Ok(())
    }

    /// A write failed. One that ran out of room half way leaves a log that must not be written to any more.
    pub fn failed(&self, error: StoreError) -> StoreError {
        match (&self.0, &error) {
            (Some(disk), StoreError::Database(reason)) if says_full(reason.message()) => {
                disk.stop(Stopped::Full(disk.space.full()))
            }
            _ => error,
        }
    }

    /// Whether the database is to be opened anew: a write ended half way, and there is room again. What lies behind it in the
    /// log was not acknowledged.
    pub fn wants_reopening(&self) -> bool {
        let Some(disk) = &self.0 else { return false };
        let half_way = matches!(&*disk.stopped(), Some(Stopped::Full(_) | Stopped::Fault(DiskFault::Torn { .. })));
        half_way && disk.space.check().is_ok()
    }

    /// A look from outside of any commit.
    pub fn look(&self) {
        let Some(disk) = &self.0 else { return };
        disk.space.measure_log();
        if let Err(fault) = disk.guard.still_writing() {
            let _ = disk.stop(Stopped::Fault(fault));
        }
    }
}

impl Disk {
    fn stopped(&self) -> std::sync::MutexGuard<'_, Option<Stopped>> {
        self.stopped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first reason stays.
    fn stop(&self, why: Stopped) -> StoreError {
        let mut stopped = self.stopped();
        if stopped.is_none() {
            tracing::error!(?why, "nothing is written any more until the database is opened anew");
        }
        stopped.get_or_insert(why).clone().into()
    }
}
