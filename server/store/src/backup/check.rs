//! Reading a backup, and holding it against itself: every batch against the chain, every text against its hash.

use super::file::{Line, Reader};
use super::{BackupError, Damage, Manifest};
use crate::log::{Done, Mark, Record, chained};
use std::path::Path;

/// Holds a batch against the one before it; the end of the log with it.
pub fn follows(before: Mark, batch: &Record) -> Result<Mark, Damage> {
    let number = batch.batch;
    let replayed = batch.clone().replayed().map_err(|_| Damage::Chain(number))?;
    let mark = chained(before, replayed.at, replayed.mark.seq, &replayed.done);
    if mark != replayed.mark || replayed.before != before.seq {
        return Err(Damage::Chain(number));
    }
    if replayed.done.iter().all(is_as_acknowledged) { Ok(mark) } else { Err(Damage::Text(number)) }
}

/// A text that was let go has its hash only.
fn is_as_acknowledged(done: &Done) -> bool {
    done.operation.is_erased() || done.operation.is_whole()
}

/// Reads a backup to its end and gives each line to `take`, after it was held against what came before.
pub fn read(
    path: &Path,
    mut take: impl FnMut(&Manifest, Line) -> Result<(), BackupError>,
) -> Result<Manifest, BackupError> {
    let (mut reader, manifest) = Reader::open(path)?;
    let mut end = Mark::EMPTY;
    while let Some(line) = reader.next()? {
        match &line {
            Line::Batch(batch) => end = follows(end, batch).map_err(|fault| reader.damaged(fault))?,
            Line::Table { .. } if end == Mark::EMPTY => {}
            _ => return Err(reader.damaged(Damage::Manifest)),
        }
        take(&manifest, line)?;
    }
    let said = Mark { batch: manifest.batch, seq: manifest.seq, hash: manifest.hash };
    if end == said { Ok(manifest) } else { Err(reader.damaged(Damage::Manifest)) }
}

/// Whether a file is a whole backup, and of what.
///
/// # Errors
/// When it cannot be read, is damaged, or was made by a newer program.
pub fn verify(path: &Path) -> Result<Manifest, BackupError> {
    read(path, |_, _| Ok(()))
}
