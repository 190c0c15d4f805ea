//! Whether surrealkv's manifest is what surrealkv writes.
//!
//! It has no checksum, and the engine takes a flipped count for true: it then asks for gigabytes and the process
//! aborts, which no one can catch. So it is read here first.

use super::error::{DiskError, file};
use super::files;
use std::io::ErrorKind;
use std::path::Path;

const VERSION: u16 = 1;

/// What is needed of it. (surrealkv 0.21.4, `levels.rs`: big-endian; version, next table, first segment needed, last
/// sequence; then levels of tables, then snapshots.)
#[derive(Debug, PartialEq, Eq, Default)]
pub struct Manifest {
    /// Older segments of the log are in tables.
    pub first_segment: u64,
    /// The numbers of all tables.
    pub tables: Vec<u64>,
}

/// Reads and checks the manifest; one that says nothing when there is none yet.
///
/// # Errors
/// [`DiskError::Damaged`] when it is not whole, or names a table that is not there.
pub fn read(folder: &Path) -> Result<Manifest, DiskError> {
    let path = files::manifest(folder);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return without(folder),
        Err(error) => return Err(file("reading", path)(error)),
    };
    let damaged = |(at, what)| DiskError::Damaged { file: path.clone(), at, what };
    let manifest = parse(&bytes).map_err(damaged)?;
    for table in &manifest.tables {
        let table = files::table(folder, *table);
        if !table.exists() {
            return Err(DiskError::Damaged { file: path, at: 0, what: "it names a table that is not there" });
        }
    }
    Ok(manifest)
}

/// Without a manifest the engine would begin a new database, and delete the tables of the old one.
fn without(folder: &Path) -> Result<Manifest, DiskError> {
    let tables = std::fs::read_dir(folder.join("sstables"));
    if tables.is_ok_and(|mut tables| tables.next().is_some()) {
        let file = files::manifest(folder);
        return Err(DiskError::Damaged { file, at: 0, what: "it is missing, and there are tables" });
    }
    Ok(Manifest::default())
}

type Damage = (u64, &'static str);

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn take(&mut self, count: usize) -> Result<&[u8], Damage> {
        let at = self.at;
        let taken = self.bytes.get(at..).and_then(|rest| rest.get(..count)).ok_or((at as u64, "it ends too early"))?;
        self.at += count;
        Ok(taken)
    }

    fn number(&mut self, bytes: usize) -> Result<u64, Damage> {
        Ok(self.take(bytes)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }
}

fn parse(bytes: &[u8]) -> Result<Manifest, Damage> {
    let mut reader = Reader { bytes, at: 0 };
    if reader.number(2)? != u64::from(VERSION) {
        return Err((0, "its version is unknown"));
    }
    let (next_table, first_segment, _) = (reader.number(8)?, reader.number(8)?, reader.number(8)?);
    let mut tables = Vec::new();
    for _ in 0..reader.number(1)? {
        for _ in 0..reader.number(4)? {
            let at = reader.at as u64;
            let table = reader.number(8)?;
            if table >= next_table {
                return Err((at, "a table is numbered beyond the next one"));
            }
            tables.push(table);
        }
    }
    for _ in 0..reader.number(4)? {
        let length = usize::try_from(reader.number(4)?).unwrap_or(usize::MAX);
        reader.take(length)?;
    }
    if reader.at < bytes.len() {
        return Err((reader.at as u64, "there is more than it says"));
    }
    Ok(Manifest { first_segment, tables })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(next: u64, tables: &[u64]) -> Vec<u8> {
        let mut bytes =
            [&VERSION.to_be_bytes()[..], &next.to_be_bytes(), &3_u64.to_be_bytes(), &99_u64.to_be_bytes()].concat();
        bytes.push(2);
        bytes.extend(u32::try_from(tables.len()).expect("few").to_be_bytes());
        tables.iter().for_each(|table| bytes.extend(table.to_be_bytes()));
        bytes.extend([0; 4]);
        bytes.extend([0, 0, 0, 1, 0, 0, 0, 24]);
        bytes.extend([5; 24]);
        bytes
    }

    #[test]
    fn only_a_whole_manifest_is_read() {
        let good = written(9, &[4, 8]);
        assert_eq!(parse(&good), Ok(Manifest { first_segment: 3, tables: vec![4, 8] }));
        assert_eq!(parse(&written(8, &[4, 8])), Err((39, "a table is numbered beyond the next one")));
        for cut in 0..good.len() {
            assert!(parse(&good[..cut]).is_err(), "cut at {cut}");
        }
        // The counts: whatever is flipped in them does not fit the length.
        for at in [26, 27, 28, 29, 30, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58] {
            for bit in 0..8 {
                let mut flipped = good.clone();
                flipped[at] ^= 1 << bit;
                assert!(parse(&flipped).is_err(), "bit {bit} of byte {at}");
            }
        }
    }
}
