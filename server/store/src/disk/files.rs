//! The files of a surrealkv folder: their names, their lock, and who may read them.

use super::error::{DiskError, file};
use std::fs::{self, DirBuilder, File, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;
/// How often a lock is tried while another holds it.
const TRY_EVERY: Duration = Duration::from_millis(10);

/// The folder that a `surrealkv://` URL names; none for another engine.
#[must_use]
pub fn folder_of(url: &str) -> Option<PathBuf> {
    let path = url.strip_prefix("surrealkv://")?;
    let path = path.split_once('?').map_or(path, |(path, _)| path);
    std::path::absolute(path).ok()
}

/// A file beside the folder: `data.witness` for `data`. Beside and not inside, so that it outlives the folder.
#[must_use]
pub fn beside(folder: &Path, ending: &str) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(ending);
    folder.with_file_name(name)
}

/// The log's folder.
#[must_use]
pub fn wal(folder: &Path) -> PathBuf {
    folder.join("wal")
}

/// One segment of the log.
#[must_use]
pub fn segment(folder: &Path, number: u64) -> PathBuf {
    wal(folder).join(format!("{number:020}.wal"))
}

/// The manifest: which tables there are, and which segments are needed.
#[must_use]
pub fn manifest(folder: &Path) -> PathBuf {
    folder.join("manifest").join(format!("{:020}.manifest", 0))
}

/// One table.
#[must_use]
pub fn table(folder: &Path, number: u64) -> PathBuf {
    folder.join("sstables").join(format!("{number:020}.sst"))
}

/// The numbers of the log's segments, in order; none when there is no log yet.
///
/// # Errors
/// When the folder cannot be read.
pub fn segments(folder: &Path) -> Result<Vec<u64>, DiskError> {
    let wal = wal(folder);
    let entries = match fs::read_dir(&wal) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(file("reading", wal)(error)),
    };
    let mut numbers = Vec::new();
    for entry in entries {
        let name = entry.map_err(file("reading", &wal))?.file_name();
        let number = name.to_str().and_then(|name| name.strip_suffix(".wal")?.parse::<u64>().ok());
        numbers.extend(number);
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// Makes the folder for its owner alone, and takes what is there from everybody else: folders 0700, files 0600.
///
/// The engine sets the mode of its log's folder at each start, so this is done before and after it opens.
///
/// # Errors
/// When the folder cannot be made, or belongs to another user.
pub fn make_private(folder: &Path) -> Result<(), DiskError> {
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder).map_err(file("making", folder))?;
    fs::set_permissions(folder, fs::Permissions::from_mode(FOLDER_MODE))
        .map_err(file("changing the mode of", folder))?;
    for entry in fs::read_dir(folder).map_err(file("reading", folder))? {
        let entry = entry.map_err(file("reading", folder))?;
        let (path, kind) = (entry.path(), entry.file_type().map_err(file("reading", folder))?);
        if kind.is_dir() {
            make_private(&path)?;
        } else if kind.is_file() {
            match fs::set_permissions(&path, fs::Permissions::from_mode(FILE_MODE)) {
                // The engine removes what it no longer needs.
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(file("changing the mode of", path)(error));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// The engine's own lock.
#[derive(Debug)]
pub struct Lock(File);

impl Drop for Lock {
    /// Given back, not only closed: a process that this one has just started has its files too, until it is another
    /// program.
    fn drop(&mut self) {
        if let Err(error) = self.0.unlock() {
            tracing::warn!(%error, "the lock of the database's folder could not be given back");
        }
    }
}

/// Holds the engine's own lock while the files are looked at and mended; the engine takes it afterwards.
///
/// # Errors
/// [`DiskError::InUse`] when another holds it.
pub fn lock(folder: &Path) -> Result<Lock, DiskError> {
    let path = folder.join("LOCK");
    let held = File::options().read(true).write(true).create(true).truncate(false).open(&path);
    let held = held.map_err(file("opening", &path))?;
    match held.try_lock() {
        Ok(()) => Ok(Lock(held)),
        Err(TryLockError::WouldBlock) => Err(DiskError::InUse { folder: folder.to_owned() }),
        Err(TryLockError::Error(error)) => Err(file("locking", path)(error)),
    }
}

/// Waits until the engine has let go of the folder: it closes in the background when its last handle is dropped.
///
/// # Errors
/// [`DiskError::StillOpen`] when it does not within `patience`.
pub async fn wait_until_closed(folder: &Path, patience: Duration) -> Result<(), DiskError> {
    let start = Instant::now();
    loop {
        match lock(folder) {
            Err(DiskError::InUse { .. }) if start.elapsed() < patience => tokio::time::sleep(TRY_EVERY).await,
            Err(DiskError::InUse { folder }) => {
                return Err(DiskError::StillOpen { folder, seconds: patience.as_secs() });
            }
            other => return other.map(drop),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_a_folder() {
        let here = std::env::current_dir().expect("a folder");
        let cases = [
            ("surrealkv://data", Some(here.join("data"))),
            ("surrealkv:///var/lib/data/", Some(PathBuf::from("/var/lib/data"))),
            ("surrealkv://data?sync=never", Some(here.join("data"))),
            ("mem://", None),
            ("ws://localhost:8000", None),
        ];
        for (url, folder) in cases {
            assert_eq!(folder_of(url), folder, "{url}");
        }
        assert_eq!(beside(Path::new("/var/lib/data/"), "witness"), Path::new("/var/lib/data.witness"));
    }
}
