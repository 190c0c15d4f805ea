//! Where a log segment of surrealkv stops being whole. Pure: it is fed blocks.
//!
//! A segment is a row of blocks of 32 KiB. A record is one fragment (`Full`) or several (`First`, `Middle`…, `Last`);
//! each fragment lies in one block, behind a header of seven bytes: CRC-32 over type and payload, length, type, all
//! big-endian. Fewer than seven bytes at the end of a block are padding. (surrealkv 0.21.4, `wal.rs`, `wal/reader.rs`.)

/// The size of a block.
pub const BLOCK: usize = 32 * 1024;
const HEADER: usize = 7;

/// What a segment holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Scan {
    /// The end of the last whole record.
    pub whole: u64,
    /// The size of the segment.
    pub size: u64,
    /// Whether a record begins behind the first damage: then more than the end of the log is damaged.
    pub behind: bool,
}

impl Scan {
    /// How many bytes belong to no whole record.
    #[must_use]
    pub const fn torn(self) -> u64 {
        self.size - self.whole
    }
}

/// What is read at one place of a block.
enum Fragment {
    /// Nothing but zeros up to the end of the block, as far as it was read.
    Zeros,
    /// A part of a record; its length with the header.
    Part(usize, Kind),
    Damaged,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Full,
    First,
    Middle,
    Last,
    /// Not a part of a record, but of the log: how it is compressed.
    Setting,
}

/// Reads a segment block by block, in order; only the last may be shorter than [`BLOCK`].
#[derive(Debug, Clone, Default)]
pub struct Scanner {
    scan: Scan,
    /// Within a record of several fragments.
    open: bool,
    damaged: bool,
}

impl Scanner {
    /// Takes the next block.
    pub fn block(&mut self, block: &[u8]) {
        let start = self.scan.size;
        self.scan.size += block.len() as u64;
        if self.damaged {
            self.scan.behind |= begins_record(block);
            return;
        }
        let mut at = 0;
        while block.len() - at >= HEADER {
            match fragment(&block[at..]) {
                Fragment::Zeros => return,
                Fragment::Part(length, Kind::Setting) => at += length,
                Fragment::Part(length, kind) if self.open == matches!(kind, Kind::Middle | Kind::Last) => {
                    at += length;
                    self.open = matches!(kind, Kind::First | Kind::Middle);
                }
                Fragment::Part(..) | Fragment::Damaged => {
                    self.damaged = true;
                    self.scan.behind = (at..block.len()).any(|at| begins_record(&block[at..]));
                    return;
                }
            }
            if !self.open {
                self.scan.whole = start + at as u64;
            }
        }
        let padding = BLOCK - at < HEADER && block[at..].iter().all(|byte| *byte == 0);
        if padding && !self.open {
            self.scan.whole = self.scan.size;
        }
    }

    /// What was found.
    #[must_use]
    pub const fn done(self) -> Scan {
        self.scan
    }
}

fn fragment(bytes: &[u8]) -> Fragment {
    let Some((header, rest)) = bytes.split_at_checked(HEADER) else { return Fragment::Damaged };
    let length = usize::from(u16::from_be_bytes([header[4], header[5]]));
    let kind = match header[6] {
        // The engine's reader takes them for the rest of the block.
        0 if bytes.iter().all(|byte| *byte == 0) => return Fragment::Zeros,
        1 => Kind::Full,
        2 => Kind::First,
        3 => Kind::Middle,
        4 => Kind::Last,
        9 => Kind::Setting,
        _ => return Fragment::Damaged,
    };
    let Some(payload) = rest.get(..length) else { return Fragment::Damaged };
    let mut crc = crc32fast::Hasher::new();
    crc.update(&header[6..]);
    crc.update(payload);
    if crc.finalize().to_be_bytes() == header[..4] { Fragment::Part(HEADER + length, kind) } else { Fragment::Damaged }
}

/// Whether a record begins here. One of no bytes is none: the engine writes none.
fn begins_record(bytes: &[u8]) -> bool {
    matches!(fragment(bytes), Fragment::Part(length, Kind::Full | Kind::First) if length > HEADER)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(kind: u8, payload: &[u8]) -> Vec<u8> {
        let mut crc = crc32fast::Hasher::new();
        crc.update(&[kind]);
        crc.update(payload);
        let length = u16::try_from(payload.len()).expect("a fragment");
        [&crc.finalize().to_be_bytes(), &length.to_be_bytes()[..], &[kind], payload].concat()
    }

    fn scan(bytes: &[u8]) -> Scan {
        let mut scanner = Scanner::default();
        bytes.chunks(BLOCK).for_each(|block| scanner.block(block));
        scanner.done()
    }

    /// A first block that a record fills but for so many bytes.
    fn filled(but: usize) -> Vec<u8> {
        part(1, &vec![7; BLOCK - HEADER - but])
    }

    #[test]
    fn the_end_of_the_last_whole_record_is_found() {
        let one = part(1, b"one");
        let two = part(1, b"two, longer");
        let both = [one.clone(), two.clone()].concat();
        let first = part(2, &vec![1; BLOCK - HEADER]);
        let long = [first.clone(), part(3, &vec![2; BLOCK - HEADER]), part(4, b"end")].concat();
        let mut flipped = both.clone();
        flipped[HEADER] ^= 1;
        let mut end_flipped = both.clone();
        end_flipped[one.len() + HEADER] ^= 1;
        let (ones, all) = (one.len(), both.len());
        // A name, a segment, the end of its last whole record, whether a record begins behind the damage.
        let cases: Vec<(&str, Vec<u8>, usize, bool)> = vec![
            ("empty", vec![], 0, false),
            ("two records", both.clone(), all, false),
            ("cut by one byte", both[..all - 1].to_vec(), ones, false),
            ("a header and a byte", both[..ones + HEADER + 1].to_vec(), ones, false),
            ("a header", both[..ones + HEADER].to_vec(), ones, false),
            ("less than a header", both[..ones + HEADER - 1].to_vec(), ones, false),
            ("one byte of a header", both[..=ones].to_vec(), ones, false),
            ("a flipped byte in the last record", end_flipped, ones, false),
            ("a flipped byte in the first of two", flipped, 0, true),
            ("zeros behind", [both.clone(), vec![0; 100]].concat(), all, false),
            ("few zeros behind", [both.clone(), vec![0; 3]].concat(), all, false),
            (
                "zeros up to the block's end, then a record",
                [one.clone(), vec![0; BLOCK - ones], two.clone()].concat(),
                BLOCK + two.len(),
                false,
            ),
            ("zeros, then a record in the same block", [one.clone(), vec![0; 9], two.clone()].concat(), ones, true),
            ("a block filled", filled(0), BLOCK, false),
            ("a block filled but for what may be padding", filled(6), BLOCK - 6, false),
            ("padding", [filled(6), vec![0; 6], one.clone()].concat(), BLOCK + ones, false),
            ("padding, begun", [filled(6), vec![0; 2]].concat(), BLOCK - 4, false),
            ("a setting", [part(9, &[1]), one.clone()].concat(), ones + HEADER + 1, false),
            ("three fragments", long.clone(), long.len(), false),
            ("the last fragment is missing", long[..2 * BLOCK].to_vec(), 0, false),
            ("only a first fragment", first.clone(), 0, false),
            ("a first fragment, then a whole record", [first.clone(), one.clone()].concat(), 0, true),
            ("a last fragment without a first", part(4, b"end"), 0, false),
            ("the first fragment flipped", [vec![9; BLOCK], long[BLOCK..].to_vec()].concat(), 0, false),
            ("a record in a later block", [vec![9; BLOCK], one.clone()].concat(), 0, true),
        ];
        for (name, bytes, whole, behind) in cases {
            let size = bytes.len() as u64;
            assert_eq!(scan(&bytes), Scan { whole: whole as u64, size, behind }, "{name}");
        }
    }
}
