//! The two slots of a witness's file, as bytes.
//!
//! A slot is one page, so that no disk writes both at once: a line of JSON with the CRC-32 of what is before it, and
//! spaces.

use crate::disk::verdict::Mark;
use serde::{Deserialize, Serialize};

const SLOT: usize = 4_096;
const SUM_DIGITS: usize = 8;

/// One slot.
pub type Slot = [u8; SLOT];
/// Both.
pub type WholeFile = [u8; 2 * SLOT];

/// What is in a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Counts the writes: the higher is the newer.
    write: u64,
    /// What was noted.
    #[serde(flatten)]
    pub mark: Mark,
}

/// Which slot is written next.
#[derive(Debug)]
pub struct Slots {
    write: u64,
}

impl Slots {
    /// A new file, with the same mark in both slots.
    pub fn begin(mark: &Mark) -> (Self, WholeFile) {
        let mut file = [b' '; 2 * SLOT];
        let mut slots = Self { write: 0 };
        for _ in 0..2 {
            let (at, slot) = slots.next(mark);
            let at = usize::try_from(at).unwrap_or_default();
            file[at..at + SLOT].copy_from_slice(&slot);
        }
        (slots, file)
    }

    /// Where the next write goes, and what it is.
    pub fn next(&mut self, mark: &Mark) -> (u64, Slot) {
        self.write += 1;
        let at = (self.write % 2) * SLOT as u64;
        (at, encode(&Written { write: self.write, mark: mark.clone() }))
    }
}

fn sum(text: &[u8]) -> String {
    format!("{:0SUM_DIGITS$x}", crc32fast::hash(text))
}

fn encode(written: &Written) -> Slot {
    let text = serde_json::to_string(written).expect("numbers and texts are always JSON");
    let line = format!("{text} {}\n", sum(text.as_bytes()));
    let mut slot = [b' '; SLOT];
    slot[..line.len()].copy_from_slice(line.as_bytes());
    slot
}

fn decode(slot: &[u8]) -> Option<Written> {
    let line = slot.split(|byte| *byte == b'\n').next()?;
    let (text, end) = line.split_at_checked(line.len().checked_sub(SUM_DIGITS + 1)?)?;
    let whole = end.strip_prefix(b" ")? == sum(text).as_bytes();
    serde_json::from_slice(text).ok().filter(|_| whole)
}

/// The slot that was written last, of those that are whole.
pub fn newest(file: &[u8]) -> Option<Written> {
    file.chunks(SLOT).filter_map(decode).max_by_key(|written| written.write)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(head: u64) -> Mark {
        let instance = serde_json::from_str("\"01936f6e-0000-7000-8000-000000000000\"").expect("an id");
        Mark { instance, head, batch: head, hash: "ab".repeat(32) }
    }

    #[test]
    fn a_torn_write_leaves_the_one_before() {
        let (mut slots, mut file) = Slots::begin(&mark(1));
        for head in 2..9 {
            let (at, slot) = slots.next(&mark(head));
            let at = usize::try_from(at).expect("a place");
            let length = slot.iter().position(|byte| *byte == b'\n').expect("a line");
            // Another line of the same length is there: each cut between them leaves a mixture.
            for cut in 0..length {
                let mut torn = file;
                torn[at..at + cut].copy_from_slice(&slot[..cut]);
                let found = newest(&torn).expect("a mark").mark.head;
                assert!(found == head - 1 || torn[at..at + SLOT] == slot, "{head} cut at {cut}: {found}");
            }
            let mut zeroed = file;
            zeroed[at..at + SLOT].fill(0);
            assert_eq!(newest(&zeroed).expect("a mark").mark, mark(head - 1));
            file[at..at + SLOT].copy_from_slice(&slot);
            assert_eq!(newest(&file).expect("a mark").mark, mark(head));
        }
    }

    #[test]
    fn what_is_no_slot_is_not_read() {
        for bytes in [&b""[..], b"\n", b" ", b"12345678\n", b"{} 00000000\n", &[0; 9_000]] {
            assert_eq!(newest(bytes), None);
        }
    }
}
