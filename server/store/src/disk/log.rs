//! The log is made whole before the engine sees it.
//!
//! surrealkv 0.21.4 does two things with a torn log that lose what is acknowledged afterwards. What its reader calls
//! corrupt it repairs by renaming a new file over the one that it has open already, and goes on writing into the
//! unlinked one. What its reader does not notice (less than a header, zeros, a first fragment without a last) it leaves
//! where it is and writes behind it; the next start then finds the damage in the middle, and drops all that follows.
//! Neither happens to a log that ends with a whole record: so what is torn is cut off here, in the file itself.

use super::error::{DiskError, file};
use super::files;
use super::follow::Follower;
use super::manifest;
use super::scan::Scan;
use std::fs::{self, File};
use std::io::{self, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// What was cut from the end of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// The segment.
    pub log: PathBuf,
    /// Where it ends now.
    pub at: u64,
    /// How many bytes were behind it.
    pub bytes: u64,
    /// Where those bytes are, when whole records were among them: more than the last write was damaged. Whether
    /// something acknowledged is missing is for the witness to say.
    pub saved: Option<PathBuf>,
}

/// Cuts off what is torn at the end of the log, under the engine's lock. With `accept_loss` also what follows a damage
/// in the middle; it is moved beside the folder, not deleted.
///
/// # Errors
/// [`DiskError::Damaged`] when the manifest is, or a segment that is not the last one.
pub fn mend(folder: &Path, accept_loss: bool) -> Result<Vec<Cut>, DiskError> {
    let first = manifest::read(folder)?.first_segment;
    let numbers = files::segments(folder)?;
    let mut cuts = Vec::new();
    let mut needed = numbers.into_iter().filter(|number| *number >= first).peekable();
    while let Some(number) = needed.next() {
        let log = files::segment(folder, number);
        let scan = Follower::open(&log).and_then(|mut log| log.scan()).map_err(file("reading", &log))?;
        if scan.torn() == 0 {
            continue;
        }
        let last = needed.peek().is_none();
        if !last && !accept_loss {
            return Err(DiskError::Damaged { file: log, at: scan.whole, what: "the log goes on in a later file" });
        }
        cuts.push(cut(folder, log, number, scan)?);
        for later in needed.by_ref() {
            let (log, to) = (files::segment(folder, later), files::beside(folder, &format!("cut-{later}-0")));
            let bytes = fs::metadata(&log).map_err(file("reading", &log))?.len();
            fs::rename(&log, &to).map_err(file("moving", &log))?;
            cuts.push(Cut { log, at: 0, bytes, saved: Some(to) });
        }
    }
    if !cuts.is_empty() {
        sync_folder(&files::wal(folder))?;
    }
    Ok(cuts)
}

fn cut(folder: &Path, log: PathBuf, number: u64, scan: Scan) -> Result<Cut, DiskError> {
    let saved = scan.behind.then(|| files::beside(folder, &format!("cut-{number}-{}", scan.whole)));
    let torn = File::options().read(true).write(true).open(&log);
    let mut torn = torn.map_err(file("opening", &log))?;
    if let Some(to) = &saved {
        let mut save = |to: &Path| {
            torn.seek(SeekFrom::Start(scan.whole))?;
            let mut copy = File::create(to)?;
            io::copy(&mut torn, &mut copy)?;
            copy.sync_all()
        };
        save(to).map_err(file("saving what is cut into", to))?;
    }
    torn.set_len(scan.whole).and_then(|()| torn.sync_all()).map_err(file("cutting", &log))?;
    Ok(Cut { log, at: scan.whole, bytes: scan.torn(), saved })
}

/// Makes what was created, renamed or removed in a folder survive a power cut.
///
/// # Errors
/// When the folder cannot be opened or synced.
pub fn sync_folder(folder: &Path) -> Result<(), DiskError> {
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(file("syncing", folder))
}
