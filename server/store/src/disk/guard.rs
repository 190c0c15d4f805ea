//! Whether the engine writes into the files that a restart would read.
//!
//! Asked after each commit and before anything is acknowledged, and now and then by a watcher. A look is one `stat`; only
//! when the log goes on in a new segment is it compared with the open files of this process. After a commit the new
//! part of the log is read as well: after a write that failed half way, whoever made it, the engine takes further
//! commits and puts them behind the damage, where no restart finds them.

use super::error::DiskFault;
use super::files;
use super::follow::Follower;
use std::fs::{self, Metadata};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A file, whatever its name: device and inode.
type Identity = (u64, u64);

fn identity(metadata: &Metadata) -> Identity {
    (metadata.dev(), metadata.ino())
}

/// How long a log may end within a record before that is damage. Other tasks write too, and a long record on a machine
/// that is busy takes its time.
const PATIENCE: Duration = Duration::from_secs(5);
const BETWEEN_LOOKS: Duration = Duration::from_millis(1);

/// Watches the log of one open database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct DiskGuard {
    folder: Arc<Path>,
    seen: Arc<Mutex<Seen>>,
}

/// The segment that is written, as it was found last.
#[derive(Debug)]
struct Seen {
    number: u64,
    log: PathBuf,
    identity: Identity,
    follower: Follower,
    /// The end of the last whole record at the last commit; none since the log went on here, for that commit may be in
    /// the segment before.
    whole: Option<u64>,
}

impl DiskGuard {
    /// Finds the log that the engine has opened in a folder.
    ///
    /// # Errors
    /// When the last segment is not a file that this process has open: the engine has repaired a torn log, and writes
    /// into the file that it has replaced.
    pub fn attach(folder: &Path) -> Result<Self, DiskFault> {
        let numbers = files::segments(folder).ok().and_then(|numbers| numbers.last().copied());
        let number = numbers.ok_or_else(|| DiskFault::Gone { log: files::wal(folder) })?;
        let seen = Seen::find(folder, number)?;
        Ok(Self { folder: folder.into(), seen: Arc::new(Mutex::new(seen)) })
    }

    /// Whether the file behind the log's path is the one that is written.
    ///
    /// # Errors
    /// When it is not: nothing may be acknowledged any more.
    pub fn still_writing(&self) -> Result<(), DiskFault> {
        // Only a commit notes how far the log has come.
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).look(&self.folder).map(drop)
    }

    /// [`DiskGuard::still_writing`], and the log is whole and has grown since the last time. For the one task that
    /// commits, after each commit that wrote something.
    ///
    /// # Errors
    /// As there, and when it did not grow, or stays torn.
    pub async fn committed(&self) -> Result<(), DiskFault> {
        let (began, mut torn) = (Instant::now(), None);
        loop {
            match self.has_grown(torn) {
                Err(DiskFault::Torn { at, .. }) if began.elapsed() < PATIENCE => torn = torn.or(Some(at)),
                other => return other,
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }

    /// One look. `torn` is where the log was torn in an earlier one: what goes on behind that was being written then, and
    /// by whoever came after the commit.
    fn has_grown(&self, torn: Option<u64>) -> Result<(), DiskFault> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if !seen.look(&self.folder)? {
            return Ok(());
        }
        let whole = seen.whole(torn)?;
        if seen.whole.is_none_or(|before| whole > before) {
            seen.whole = Some(whole);
            return Ok(());
        }
        if seen.advance(&self.folder)? { Ok(()) } else { Err(DiskFault::NotWritten { log: seen.log.clone() }) }
    }
}

impl Seen {
    /// One segment, when this process has it open.
    fn find(folder: &Path, number: u64) -> Result<Self, DiskFault> {
        let log = files::segment(folder, number);
        let metadata = fs::metadata(&log).map_err(|error| fault(&log, error.kind()))?;
        let identity = identity(&metadata);
        if is_open_here(identity) == Some(false) {
            return Err(DiskFault::Replaced { log });
        }
        let follower = Follower::open(&log).map_err(|error| fault(&log, error.kind()))?;
        Ok(Self { number, log, identity, follower, whole: None })
    }

    /// Whether the segment is the same file as before; false when a later one is written by now.
    fn look(&mut self, folder: &Path) -> Result<bool, DiskFault> {
        match fs::metadata(&self.log) {
            Ok(metadata) if identity(&metadata) == self.identity => Ok(true),
            Ok(_) => Err(DiskFault::Replaced { log: self.log.clone() }),
            // Its content is in a table: the log has gone on before it was removed.
            Err(error) if error.kind() == ErrorKind::NotFound && self.advance(folder)? => Ok(false),
            Err(error) => Err(fault(&self.log, error.kind())),
        }
    }

    /// The end of the last whole record, when nothing lies behind it, or it lies behind `torn`.
    fn whole(&mut self, torn: Option<u64>) -> Result<u64, DiskFault> {
        let scan = self.follower.scan().map_err(|error| fault(&self.log, error.kind()))?;
        if scan.torn() == 0 || torn.is_some_and(|torn| scan.whole > torn) {
            return Ok(scan.whole);
        }
        Err(DiskFault::Torn { log: self.log.clone(), at: scan.whole })
    }

    /// Goes on to the last segment, if there is a later one; what was written to the old one last is looked at before.
    fn advance(&mut self, folder: &Path) -> Result<bool, DiskFault> {
        let last = files::segments(folder).ok().and_then(|numbers| numbers.last().copied());
        let Some(later) = last.filter(|last| *last > self.number) else { return Ok(false) };
        self.whole(None)?;
        *self = Self::find(folder, later)?;
        Ok(true)
    }
}

fn fault(log: &Path, kind: ErrorKind) -> DiskFault {
    let log = log.to_owned();
    match kind {
        ErrorKind::NotFound | ErrorKind::NotADirectory => DiskFault::Gone { log },
        kind => DiskFault::Unreadable { log, kind },
    }
}

/// Whether this process has a file open; none where the system does not tell (only Linux has `/proc`).
fn is_open_here(wanted: Identity) -> Option<bool> {
    let mut open = fs::read_dir("/proc/self/fd").ok()?;
    // Through the link, which leads to the file even when it has no name any more.
    Some(
        open.any(|entry| {
            entry.and_then(|entry| fs::metadata(entry.path())).is_ok_and(|file| identity(&file) == wanted)
        }),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::io::Write;

    struct Log {
        root: tempfile::TempDir,
        segments: Vec<File>,
    }

    impl Log {
        fn new() -> Self {
            let mut log = Self { root: tempfile::tempdir().expect("a folder"), segments: Vec::new() };
            fs::create_dir_all(files::wal(&log.folder())).expect("a folder");
            log.rotate();
            log
        }

        fn folder(&self) -> PathBuf {
            self.root.path().join("data")
        }

        fn path(&self) -> PathBuf {
            files::segment(&self.folder(), self.segments.len() as u64)
        }

        fn rotate(&mut self) {
            self.segments
                .push(File::create(files::segment(&self.folder(), self.segments.len() as u64 + 1)).expect("a file"));
        }

        fn commit(&mut self) {
            self.write(&record());
        }

        fn write(&mut self, bytes: &[u8]) {
            self.segments.last_mut().expect("a segment").write_all(bytes).expect("a write");
        }
    }

    fn record() -> Vec<u8> {
        [&crc32fast::hash(b"\x01record").to_be_bytes()[..], b"\0\x06\x01record"].concat()
    }

    #[test]
    fn a_log_that_is_written_where_it_is() {
        let mut log = Log::new();
        let guard = DiskGuard::attach(&log.folder()).expect("the log");
        for _ in 0..3 {
            log.commit();
            assert_eq!((guard.still_writing(), guard.has_grown(None)), (Ok(()), Ok(())));
        }
        // The log goes on; the old segment stays for a while, then goes.
        let old = log.path();
        log.rotate();
        assert_eq!((guard.still_writing(), guard.has_grown(None)), (Ok(()), Ok(())));
        log.commit();
        assert_eq!(guard.has_grown(None), Ok(()));
        fs::remove_file(old).expect("the old segment");
        log.commit();
        assert_eq!((guard.still_writing(), guard.has_grown(None)), (Ok(()), Ok(())));
        let old = log.path();
        log.rotate();
        log.commit();
        fs::remove_file(old).expect("the old segment");
        assert_eq!((guard.still_writing(), guard.has_grown(None)), (Ok(()), Ok(())));
        assert_eq!(guard.has_grown(None), Err(DiskFault::NotWritten { log: log.path() }));
    }

    #[tokio::test]
    async fn a_write_of_somebody_else_that_is_under_way_is_no_damage() {
        let mut log = Log::new();
        let guard = DiskGuard::attach(&log.folder()).expect("the log");
        let (half, rest) =
            record().split_at_checked(7).map(|(half, rest)| (half.to_vec(), rest.to_vec())).expect("two");
        log.commit();
        log.write(&half);
        // Long after the first looks; and then the next one is under way.
        let others = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(200));
            log.write(&[rest, half].concat());
            log
        });
        assert_eq!(guard.committed().await, Ok(()));
        drop(others.join());
    }

    #[test]
    fn a_log_with_a_write_that_failed() {
        let mut log = Log::new();
        let guard = DiskGuard::attach(&log.folder()).expect("the log");
        log.commit();
        assert_eq!(guard.has_grown(None), Ok(()));
        log.write(b"half");
        log.commit();
        let torn: Result<(), _> = Err(DiskFault::Torn { log: log.path(), at: 13 });
        assert_eq!((guard.still_writing(), guard.has_grown(None)), (Ok(()), torn.clone()));
        log.rotate();
        log.commit();
        assert_eq!(guard.has_grown(None), torn);
    }

    #[test]
    fn a_log_that_is_not_there_any_more() {
        type Fault = fn(&mut Log);
        let cases: [(&str, Fault, bool); 5] = [
            ("the folder is removed", |log| fs::remove_dir_all(log.folder()).expect("the folder"), true),
            (
                "the folder is renamed",
                |log| fs::rename(log.folder(), log.root.path().join("other")).expect("a name"),
                true,
            ),
            ("the log is removed", |log| fs::remove_file(log.path()).expect("the log"), true),
            (
                "the log is repaired by a new file",
                |log| {
                    let new = log.root.path().join("repaired");
                    fs::copy(log.path(), &new).expect("a copy");
                    fs::rename(new, log.path()).expect("a name");
                },
                false,
            ),
            (
                "the log goes on in a file of another process",
                |log| {
                    let next = files::segment(&log.folder(), log.segments.len() as u64 + 1);
                    fs::rename(log.path(), next.with_extension("old")).expect("a name");
                    fs::write(next, "record").expect("a file");
                },
                false,
            ),
        ];
        for (name, break_it, gone) in cases {
            let mut log = Log::new();
            let guard = DiskGuard::attach(&log.folder()).expect("the log");
            break_it(&mut log);
            log.commit();
            let (watched, committed) = (guard.still_writing(), guard.has_grown(None));
            assert_eq!(watched, committed, "{name}");
            assert_eq!(matches!(watched, Err(DiskFault::Gone { .. })), gone, "{name}: {watched:?}");
            assert_eq!(matches!(watched, Err(DiskFault::Replaced { .. })), !gone, "{name}: {watched:?}");
        }
    }

    #[test]
    fn a_file_that_was_repaired_under_the_engine_is_found_at_the_start() {
        let log = Log::new();
        let new = log.root.path().join("repaired");
        fs::copy(log.path(), &new).expect("a copy");
        fs::rename(new, log.path()).expect("a name");
        assert_eq!(DiskGuard::attach(&log.folder()).err(), Some(DiskFault::Replaced { log: log.path() }));
    }
}
