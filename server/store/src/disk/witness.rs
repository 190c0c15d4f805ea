//! A witness beside the database: how far the log had come, in a file that does not go with the folder.
//!
//! Two slots are written in turn, each with a checksum, and synced; a power cut tears one of them at most, and the
//! other is one write older. It is at most [`EVERY`] and one sync behind the latest note. The database is synced before
//! a mark is noted, so a witness is never ahead of a healthy database.
//!
//! When neither slot can be read, no power cut has done that, and nothing can be said of the database either: whoever
//! opens it warns and begins a new witness, for a broken witness beside a healthy database is no reason to stop.

mod slots;

use super::error::{DiskError, file};
use super::files;
use super::log::sync_folder;
use super::verdict::Mark;
use slots::{Slots, WholeFile};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long after a write the next one waits, to take several notes at once.
const EVERY: Duration = Duration::from_millis(100);

/// Writes down what it is told. Dropping it writes the last note.
#[derive(Debug)]
pub struct Witness {
    shared: Arc<Shared>,
    writer: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    noted: Option<Mark>,
    /// Notes, and how many of them are written.
    notes: u64,
    written: u64,
    failing: Option<ErrorKind>,
    stop: bool,
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a witness's file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// There is none: a new database, or one of a release without a witness.
    Nothing,
    /// It says this.
    Mark(Mark),
    /// It is there and cannot be understood.
    Unreadable,
}

impl Witness {
    /// Where the witness of a folder is.
    #[must_use]
    pub fn path(folder: &Path) -> PathBuf {
        files::beside(folder, "witness")
    }

    /// What was written down last.
    ///
    /// # Errors
    /// When there is a file that cannot be read for another reason than its content.
    pub fn read(path: &Path) -> Result<Read, DiskError> {
        match fs::read(path) {
            Ok(bytes) => Ok(slots::newest(&bytes).map_or(Read::Unreadable, |slot| Read::Mark(slot.mark))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Read::Nothing),
            Err(error) => Err(file("reading", path)(error)),
        }
    }

    /// Begins a witness with a mark, in place of what is there, and a thread that writes down what is noted.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn start(path: &Path, mark: &Mark) -> Result<Self, DiskError> {
        let (slots, first) = Slots::begin(mark);
        let target = create(path, &first)?;
        let shared = Arc::<Shared>::default();
        let task = Writing { path: path.to_owned(), target, slots, shared: Arc::clone(&shared) };
        // A thread of its own: it outlives the runtime, and syncs without holding up a task.
        let writer = std::thread::Builder::new().name("witness".to_owned()).spawn(move || task.run());
        let writer = writer.map_err(file("starting to write", path))?;
        Ok(Self { shared, writer: Some(writer) })
    }

    /// Notes how far the log has come. Does not wait.
    pub fn note(&self, mark: Mark) {
        let mut state = self.shared.state();
        state.noted = Some(mark);
        state.notes += 1;
        self.shared.changed.notify_all();
    }

    /// Why the last note could not be written; none when it was.
    #[must_use]
    pub fn failing(&self) -> Option<ErrorKind> {
        self.shared.state().failing
    }

    /// Waits until what was noted is on the disk, or could not be written.
    pub fn flush(&self) {
        let state = self.shared.state();
        let upto = state.notes;
        let until = self.shared.changed.wait_while(state, |state| state.written < upto);
        drop(until.unwrap_or_else(PoisonError::into_inner));
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        self.shared.state().stop = true;
        self.shared.changed.notify_all();
        if self.writer.take().is_some_and(|writer| writer.join().is_err()) {
            tracing::error!("the witness's thread has panicked");
        }
    }
}

/// Written aside, synced and renamed: a new witness is whole or not there.
fn create(path: &Path, content: &WholeFile) -> Result<File, DiskError> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(".new");
    let aside = PathBuf::from(aside);
    let create = || {
        let mut options = File::options();
        let mut created = options.read(true).write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
        created.write_all(content)?;
        created.sync_all()?;
        fs::rename(&aside, path)?;
        Ok(created)
    };
    let created = create().map_err(file("writing", path))?;
    sync_folder(path.parent().unwrap_or(Path::new("/")))?;
    Ok(created)
}

struct Writing {
    path: PathBuf,
    target: File,
    slots: Slots,
    shared: Arc<Shared>,
}

impl Writing {
    fn run(mut self) {
        loop {
            let state = self.shared.state();
            let waited = self.shared.changed.wait_while(state, |state| state.noted.is_none() && !state.stop);
            let mut state = waited.unwrap_or_else(PoisonError::into_inner);
            let (noted, upto) = (state.noted.take(), state.notes);
            drop(state);
            let Some(mark) = noted else { return };
            let failing = self.write(&mark).err().map(|error| error.kind());
            let mut state = self.shared.state();
            if let Some(kind) = failing.filter(|kind| state.failing != Some(*kind)) {
                tracing::error!(path = %self.path.display(), %kind, "the witness cannot be written");
            }
            (state.failing, state.written) = (failing, upto);
            self.shared.changed.notify_all();
            // Tried again, unless there is a newer note.
            if failing.is_some() && !state.stop {
                state.noted.get_or_insert(mark);
            }
            let stop = self.shared.changed.wait_timeout_while(state, EVERY, |state| !state.stop);
            drop(stop);
        }
    }

    /// Into the slot that was not written last. The file keeps its size, so its data is all that has to be synced, and
    /// a full disk does not matter.
    fn write(&mut self, mark: &Mark) -> io::Result<()> {
        let (at, slot) = self.slots.next(mark);
        self.target.write_all_at(&slot, at)?;
        self.target.sync_data()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use std::time::Instant;

    fn mark(batch: u64) -> Mark {
        let instance = serde_json::from_str("\"01936f6e-0000-7000-8000-000000000000\"").expect("an id");
        Mark { instance, head: batch * 10, batch, hash: format!("{batch:064x}") }
    }

    #[test]
    fn what_was_noted_is_read_again() {
        let root = tempfile::tempdir().expect("a folder");
        let path = Witness::path(&root.path().join("data"));
        assert_eq!(Witness::read(&path).expect("an answer"), Read::Nothing);
        let witness = Witness::start(&path, &mark(1)).expect("a witness");
        assert_eq!(Witness::read(&path).expect("an answer"), Read::Mark(mark(1)));
        assert_eq!(fs::metadata(&path).expect("the file").permissions().mode() & 0o777, 0o600);
        for batch in 2..1_000 {
            witness.note(mark(batch));
        }
        let start = Instant::now();
        while Witness::read(&path).expect("an answer") != Read::Mark(mark(999)) {
            assert!(start.elapsed() < Duration::from_secs(1), "it is behind");
            std::thread::sleep(Duration::from_millis(5));
        }
        witness.note(mark(1_000));
        witness.note(mark(1_001));
        witness.flush();
        assert_eq!(Witness::read(&path).expect("an answer"), Read::Mark(mark(1_001)));
        witness.note(mark(1_002));
        drop(witness);
        assert_eq!(Witness::read(&path).expect("an answer"), Read::Mark(mark(1_002)));
        fs::write(&path, "nonsense").expect("a write");
        assert_eq!(Witness::read(&path).expect("an answer"), Read::Unreadable);
    }
}
