//! The file: one JSON value to a line, all of it compressed, and a digest of everything before as the last line.

use super::{BackupError, Damage, Manifest, at};
use crate::log::Record;
use brotli::enc::BrotliEncoderParams;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::{self, File, Metadata, OpenOptions, TryLockError};
use std::io::{BufRead, BufReader, BufWriter, ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Quality and window of the compression: texts come to a quarter, at tens of megabytes a second.
const QUALITY: u32 = 5;
const WINDOW: u32 = 22;
const BUFFER: usize = 64 << 10;
/// Bytes of a line, at most: a batch has some megabytes, and a file of a stranger must not fill the memory.
const LINE: u64 = 256 << 20;
/// For whoever runs the server, and nobody else.
const MODE: u32 = 0o600;

/// One line of a backup, in this order: the manifest, the tables, the batches, the end.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    /// What follows.
    Manifest(Manifest),
    /// A table that does not follow from the log.
    Table {
        /// Its name.
        table: String,
        /// Its rows, links as the ids that they lead to.
        rows: Vec<Value>,
    },
    /// A batch of the log.
    Batch(Record),
    /// The SHA-256 of all lines before, in hexadecimal.
    End(String),
}

/// A file that is not finished: taken away again unless it got its name. Only while it is held: behind it, somebody else may
/// begin one.
struct Part(Option<PathBuf>);

impl Drop for Part {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // Where it cannot be removed, its name says what it is.
            let _ = fs::remove_file(path);
        }
    }
}

/// Writes a new file, which is held until it has its name. Dropped before, it leaves nothing behind.
pub struct Writer {
    path: PathBuf,
    digest: Sha256,
    // Before what holds the file: fields are dropped in this order.
    part: Part,
    out: brotli::CompressorWriter<BufWriter<File>>,
}

/// A file that is on the disk, under the name of one that is not finished.
pub struct Written {
    path: PathBuf,
    part: Part,
    _held: File,
}

impl Writer {
    /// Begins a file. One of the same name that was left behind is replaced; one that is being written is not.
    pub fn create(path: &Path) -> Result<Self, BackupError> {
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).mode(MODE).open(path).map_err(at(path))?;
        match file.try_lock() {
            // Or it got its name since it was opened: what is made is never written over.
            Ok(()) if !is_at(&file, path) => return Err(BackupError::UnderWay(path.to_owned())),
            Ok(()) => file.set_len(0).map_err(at(path))?,
            // A share without locks is still a place for a backup.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {
                file.set_len(0).map_err(at(path))?;
            }
            Err(TryLockError::WouldBlock) => return Err(BackupError::UnderWay(path.to_owned())),
            Err(TryLockError::Error(error)) => return Err(at(path)(error)),
        }
        let parameters =
            BrotliEncoderParams { quality: QUALITY.cast_signed(), lgwin: WINDOW.cast_signed(), ..Default::default() };
        let out = brotli::CompressorWriter::with_params(BufWriter::new(file), BUFFER, &parameters);
        Ok(Self { path: path.to_owned(), digest: Sha256::new(), part: Part(Some(path.to_owned())), out })
    }

    /// Adds lines.
    pub fn lines(mut self, lines: &[Line]) -> Result<Self, BackupError> {
        for line in lines {
            self.line(line)?;
        }
        Ok(self)
    }

    fn line(&mut self, line: &Line) -> Result<(), BackupError> {
        let path = &self.path;
        let mut text = serde_json::to_vec(line).map_err(|error| at(path)(error.into()))?;
        text.push(b'\n');
        self.digest.update(&text);
        self.out.write_all(&text).map_err(at(path))
    }

    /// Ends the file, and has it on the disk.
    pub fn finish(mut self) -> Result<Written, BackupError> {
        let end = Line::End(hex(self.digest.clone()));
        self.line(&end)?;
        // Dropped in the opposite order.
        let Self { mut out, part, path, .. } = self;
        // The compressor's own end does not tell of errors; flushing does.
        out.flush().map_err(at(&path))?;
        let file = out.into_inner().into_inner().map_err(|error| at(&path)(error.into_error()))?;
        file.sync_all().map_err(at(&path))?;
        Ok(Written { path, part, _held: file })
    }
}

impl Written {
    /// Where it is now.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it its name, which is on the disk then.
    pub fn name(mut self, name: &Path) -> Result<(), BackupError> {
        if name.exists() {
            return Err(BackupError::Exists(name.to_owned()));
        }
        fs::rename(&self.path, name).map_err(at(name))?;
        self.part.0 = None;
        let folder = name.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))
    }
}

/// Whether a file is the one that a path leads to.
fn is_at(file: &File, path: &Path) -> bool {
    let same = |here: Metadata, there: Metadata| (here.dev(), here.ino()) == (there.dev(), there.ino());
    file.metadata().and_then(|here| Ok(same(here, fs::metadata(path)?))).unwrap_or(false)
}

fn hex(digest: Sha256) -> String {
    digest.finalize().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Reads a file, up to its end and no further.
pub struct Reader {
    path: PathBuf,
    digest: Sha256,
    lines: BufReader<brotli::Decompressor<File>>,
    count: u64,
}

impl Reader {
    /// Opens a file and reads its manifest.
    pub fn open(path: &Path) -> Result<(Self, Manifest), BackupError> {
        let file = File::open(path).map_err(at(path))?;
        let lines = BufReader::with_capacity(BUFFER, brotli::Decompressor::new(file, BUFFER));
        let mut reader = Self { path: path.to_owned(), digest: Sha256::new(), lines, count: 0 };
        let first = reader.next().map_err(|error| match error {
            BackupError::Damaged { .. } => reader.damaged(Damage::Beginning),
            other => other,
        })?;
        match first {
            Some(Line::Manifest(manifest)) if manifest.backup > super::FORM => Err(BackupError::Newer),
            Some(Line::Manifest(manifest)) => Ok((reader, manifest)),
            _ => Err(reader.damaged(Damage::Beginning)),
        }
    }

    /// The next line; none at the end, which was held against the digest.
    pub fn next(&mut self) -> Result<Option<Line>, BackupError> {
        let before = self.digest.clone();
        let mut text = Vec::new();
        self.count += 1;
        let read = (&mut self.lines).take(LINE).read_until(b'\n', &mut text).map_err(|error| match error.kind() {
            ErrorKind::InvalidData | ErrorKind::UnexpectedEof => self.damaged(Damage::Line(self.count)),
            _ => at(&self.path)(error),
        })?;
        if read == 0 {
            return Err(self.damaged(Damage::Cut));
        }
        self.digest.update(&text);
        match serde_json::from_slice(&text).map_err(|_| self.damaged(Damage::Line(self.count)))? {
            Line::End(digest) if digest == hex(before) => match self.lines.read(&mut [0]) {
                Ok(0) => Ok(None),
                _ => Err(self.damaged(Damage::Cut)),
            },
            Line::End(_) => Err(self.damaged(Damage::Digest)),
            line => Ok(Some(line)),
        }
    }

    /// An error of this file.
    pub fn damaged(&self, fault: Damage) -> BackupError {
        BackupError::Damaged { path: self.path.clone(), fault }
    }
}
