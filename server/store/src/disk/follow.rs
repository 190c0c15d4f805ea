//! Follows a segment while it grows: only what is new is read, from the start of its block.

use super::scan::{BLOCK, Scan, Scanner};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// A segment that is read as far as it is written.
#[derive(Debug)]
pub struct Follower {
    log: File,
    /// The blocks that are full.
    full: Scanner,
}

impl Follower {
    /// From the start of a segment.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(log: &Path) -> io::Result<Self> {
        Ok(Self { log: File::open(log)?, full: Scanner::default() })
    }

    /// What is there by now.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn scan(&mut self) -> io::Result<Scan> {
        let mut block = vec![0; BLOCK];
        loop {
            let start = self.full.clone().done().size;
            let mut filled = 0;
            while filled < BLOCK {
                match self.log.read_at(&mut block[filled..], start + filled as u64)? {
                    0 => break,
                    count => filled += count,
                }
            }
            if filled < BLOCK {
                let mut last = self.full.clone();
                last.block(&block[..filled]);
                return Ok(last.done());
            }
            self.full.block(&block);
        }
    }
}
