//! A reader of the log that keeps something made from it (a table, an index, a snapshot), with a cursor of its own.

use crate::sync::chain::{ChainHash, Link, link};
use crate::sync::fault::{self, Fault};
use crate::sync::wire::Seq;

/// How far a reader of the log has come. It is stored with what was made, in one transaction: whoever reads a table is
/// told up to where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The last batch that is taken in; 0 before the first.
    pub batch: u64,
    /// The last place in the sequence that is taken in.
    pub seq: Seq,
    /// The chain after that batch.
    pub hash: ChainHash,
}

/// The batches that follow are not those that this reader needs: one is missing, or they are of another past. What was
/// made is thrown away and made again from the first batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the log does not follow on batch {batch}")]
pub struct NotTheNext {
    /// The last batch of the cursor.
    pub batch: u64,
}

impl Cursor {
    /// Before the first batch.
    pub const START: Self = Self { batch: 0, seq: 0, hash: ChainHash::GENESIS };

    /// Takes in batches: moves the cursor to the end of the last of them. `batches` are each with the chain after it.
    ///
    /// # Errors
    /// When one does not follow on the one before it; the cursor stays.
    pub fn follow<'a>(&mut self, batches: impl IntoIterator<Item = (&'a Link, ChainHash)>) -> Result<(), NotTheNext> {
        let mut after = *self;
        for (batch, hash) in batches {
            let next = batch.batch == after.batch + 1 && link(&after.hash, batch) == hash;
            if !next && !fault::is(Fault::TableBehindCursor) {
                return Err(NotTheNext { batch: self.batch });
            }
            after = Self { batch: batch.batch, seq: after.seq.max(batch.last), hash };
        }
        *self = after;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Timestamp;

    fn log(count: u64) -> Vec<(Link, ChainHash)> {
        let mut hash = ChainHash::GENESIS;
        let mut one = |n: u64| {
            let at = Timestamp::from_millis(7);
            let batch = Link { batch: n, first: 2 * n - 1, last: 2 * n, at, operations: vec![] };
            hash = link(&hash, &batch);
            (batch, hash)
        };
        (1..=count).map(&mut one).collect()
    }

    #[test]
    fn a_reader_takes_the_batches_in_order_and_none_twice() {
        let log = log(4);
        let batches = |range: std::ops::Range<usize>| log[range].iter().map(|(batch, hash)| (batch, *hash));
        let mut cursor = Cursor::START;
        assert_eq!(cursor.follow(batches(0..2)), Ok(()));
        assert_eq!(cursor, Cursor { batch: 2, seq: 4, hash: log[1].1 });
        for wrong in [0..1, 1..2, 3..4] {
            assert_eq!(cursor.follow(batches(wrong)), Err(NotTheNext { batch: 2 }));
        }
        assert_eq!(cursor.follow(batches(2..4)), Ok(()));
        assert_eq!((cursor.batch, cursor.seq), (4, 8));
    }

    #[test]
    fn a_reader_of_another_past_does_not_go_on() {
        let log = log(2);
        let mut cursor = Cursor { hash: log[1].1, ..Cursor::START };
        assert_eq!(cursor.follow(log.iter().map(|(batch, hash)| (batch, *hash))), Err(NotTheNext { batch: 0 }));
        assert_eq!(cursor.batch, 0);
    }
}
