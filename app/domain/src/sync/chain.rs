//! The chain of the log: each batch carries a hash over itself and the batch before it.
//!
//! A reader that comes back with its cursor and the hash it was given there is known to have read this log, and not
//! another past of the same database (a folder copied back by hand, a lost tail); see [`same_past`].
//!
//! The hash covers ids, persons, statuses and the *hashes* of contents, never a text: a text can be erased from the log
//! (withdrawn, compacted, at a person's request) and the chain still holds.

use crate::id::{OpId, PersonId};
use crate::sync::fault::{self, Fault};
use crate::sync::op::ContentHash;
use crate::sync::wire::Seq;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::{self, Write as _};

/// SHA-256 of the log up to and including a batch: 64 characters of lower-case hexadecimal in JSON and as text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ChainHash([u8; 32]);

/// A text that is not a [`ChainHash`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a hash of the chain")]
pub struct NotAChainHash;

impl ChainHash {
    /// What the first batch is linked to: the chain of an empty log.
    pub const GENESIS: Self = Self([0; 32]);
}

impl fmt::Display for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChainHash({self})")
    }
}

impl std::str::FromStr for ChainHash {
    type Err = NotAChainHash;
    fn from_str(text: &str) -> Result<Self, NotAChainHash> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Ok(byte - b'0'),
            b'a'..=b'f' => Ok(byte - b'a' + 10),
            _ => Err(NotAChainHash),
        };
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let pairs: &[[u8; 2]; 32] = pairs.try_into().map_err(|_| NotAChainHash)?;
        if !rest.is_empty() {
            return Err(NotAChainHash);
        }
        let mut bytes = [0; 32];
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for ChainHash {
    type Error = NotAChainHash;
    fn try_from(text: String) -> Result<Self, NotAChainHash> {
        text.parse()
    }
}

impl From<ChainHash> for String {
    fn from(hash: ChainHash) -> Self {
        hash.to_string()
    }
}

/// A place in the sequence, and the chain after the batch that holds it: what a reader comes back with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Mark {
    /// The place.
    pub seq: Seq,
    /// The chain.
    pub hash: ChainHash,
}
crate::record!(Mark { seq, hash });

/// How a reader says which mark it heard last, at the end of a query; nothing when it has heard of none.
#[must_use]
pub fn in_query(mark: Option<Mark>) -> String {
    mark.map_or_else(String::new, |Mark { seq, hash }| format!("&seq={seq}&chain={hash}"))
}

/// What the chain covers of one batch of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The batch's number; batches are numbered from 1 without gaps.
    pub batch: u64,
    /// The first place in the sequence that the batch took.
    pub first: Seq,
    /// The last; `first - 1` when it took none (every operation in it was a conflict).
    pub last: Seq,
    /// The server's clock.
    pub at: Timestamp,
    /// Its operations, in order.
    pub operations: Vec<LinkedOperation>,
}

/// What the chain covers of one operation. Change the content, the author or the answer, and the hash is another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkedOperation {
    /// Its id.
    pub op_id: OpId,
    /// The hash of its subject and change.
    pub hash: ContentHash,
    /// Who sent it.
    pub person: PersonId,
    /// The status of its stored answer: 200 or 409.
    pub status: u16,
    /// The place in the sequence that its answer names; for a conflict the council's revision.
    pub seq: Seq,
}

/// The chain after a batch, from the chain before it.
///
/// SHA-256 of lines of text, each ended by `\n`: `roundtable chain 1`, the previous hash, `batch first last millis`, then
/// for each operation `op_id hash person status seq`. No field can hold a space or an end of line.
#[must_use]
pub fn link(previous: &ChainHash, link: &Link) -> ChainHash {
    let Link { batch, first, last, at, operations } = link;
    let mut text = String::with_capacity(128 + 160 * operations.len());
    let _ = writeln!(text, "roundtable chain 1\n{previous}\n{batch} {first} {last} {}", at.millis());
    for LinkedOperation { op_id, hash, person, status, seq } in operations {
        let _ = writeln!(text, "{op_id} {hash} {person} {status} {seq}");
    }
    ChainHash(Sha256::digest(text.as_bytes()).into())
}

/// What a reader of the log is to be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Past {
    /// It read this log: it goes on from its cursor.
    Same,
    /// It read another log, or a part that is no longer here: it is given a snapshot.
    Other,
}

/// Whether a reader that was at `cursor` with the hash `theirs` read this log.
///
/// `head` is the last place in this log's sequence. `ours` is the chain after the batch that holds `cursor` (`first ≤
/// cursor ≤ last`), also when the reader has read only a part of it; none when that batch is no longer kept. A reader of
/// an older program has no hash: it goes on while its cursor is in the log. A reader at 0 has read nothing.
#[must_use]
pub fn same_past(cursor: Seq, theirs: Option<&ChainHash>, head: Seq, ours: Option<&ChainHash>) -> Past {
    if fault::is(Fault::ChainNotChecked) {
        return Past::Same;
    }
    match (theirs, ours) {
        _ if cursor == 0 => Past::Same,
        _ if cursor > head => Past::Other,
        (None, _) => Past::Same,
        (Some(theirs), Some(ours)) if theirs == ours => Past::Same,
        (Some(_), _) => Past::Other,
    }
}

#[cfg(test)]
mod tests;
