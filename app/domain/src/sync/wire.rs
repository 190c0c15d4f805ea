//! The messages between a device and the server, version [`PROTOCOL`].
//!
//! `POST /api/operations` takes a [`Push`] and gives a [`PushAnswer`]; `GET /api/reports/{report}` gives a
//! [`DraftAnswer`]. The HTTP status of a push is 200 when every operation was accepted, else that of the first
//! one that was not; the body has the same shape either way. The golden files in `tests/golden` pin every form.
//!
//! Within a version, fields and kinds are only added. A reader keeps what it does not know; a server answers an
//! operation that it does not know with [`Refusal::NotUnderstood`].

use crate::field::{FieldValue, Invalid};
use crate::id::{InstanceId, OpId, PersonId};
use crate::report::{Draft, Missing};
use crate::sync::chain::Mark;
use crate::sync::op::{ContentHash, Operation};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The version of the messages. A server refuses a higher one with 400 and names its own.
pub const PROTOCOL: u32 = 1;

/// A place in the server's sequence; every accepted change has its own, without gaps.
pub type Seq = u64;

/// A field's revision: the sequence number of the change that wrote it. 0: the council has never had it.
pub type Rev = Seq;

/// What a device sends.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Push {
    /// [`PROTOCOL`].
    pub protocol: u32,
    /// Who typed these operations. The server refuses the push when somebody else is signed in.
    pub person: PersonId,
    /// The database that gave the revisions on which the operations are based, as far as the device knows. Another
    /// one takes no change of a field that it has: the same number is another text there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instance: Option<InstanceId>,
    /// Which of the person's devices sends it, by the name that it drew for itself; see
    /// [`crate::id::names_a_device`]. Older programs do not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The newest place of the log that the device has heard of. The operations are taken as those of another database
    /// when it is not of this log. Older programs do not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// In the order in which they were made; at most [`crate::limits::PUSH_OPERATIONS`].
    pub operations: Vec<Operation>,
}
crate::record!(Push { protocol, person, instance or default, device or default, mark or default, operations });

/// What the server answers to a push.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PushAnswer {
    /// [`PROTOCOL`].
    pub protocol: u32,
    /// Which database answered.
    pub instance: InstanceId,
    /// One answer for each operation, in the order of the push.
    pub answers: Vec<Answer>,
    /// The end of the log; older servers do not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// The log is not the one that [`Push::mark`] is of: a folder was copied back by hand, or its tail was lost.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub other_past: bool,
}
crate::record!(PushAnswer { protocol, instance, answers, mark or default, other_past or default });

/// The answer to one operation. An acceptance or a conflict is stored, and the same operation gets it again; a
/// refusal is about the moment (who is signed in, what is open), and the same operation may be taken later.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// Echo.
    pub op_id: OpId,
    /// Echo.
    pub hash: ContentHash,
    /// The status of this operation, as an HTTP status: 200, 403, 404, 409, 410, 422 or 429.
    pub status: u16,
    /// What became of it.
    pub outcome: Outcome,
}
crate::record!(Answer { op_id, hash, status, outcome });

/// What became of an operation, as far as this program understands it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum KnownOutcome {
    /// The council has it. `seq` is the new revision of the field.
    Accepted {
        /// Its place in the sequence.
        seq: Seq,
        /// The server's clock.
        at: Timestamp,
        /// For a submission: the proof.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        receipt: Option<Receipt>,
    },
    /// Somebody else wrote the field since. The council keeps both; nothing was replaced.
    Conflict(Conflict),
    /// Not taken. The device keeps it and says why.
    Refused(Refusal),
}

crate::tagged!(KnownOutcome, "outcome");

/// What became of an operation, understood or kept as it came.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Value", into = "Value")]
pub enum Outcome {
    /// Understood.
    Known(KnownOutcome),
    /// Of a newer server. The operation stays in the journal.
    Unknown(Value),
}

impl From<Value> for Outcome {
    fn from(value: Value) -> Self {
        crate::json::read(&value).map_or_else(|_| Self::Unknown(value), Self::Known)
    }
}

impl From<Outcome> for Value {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Known(known) => crate::json::write(&known),
            Outcome::Unknown(value) => value,
        }
    }
}

impl Outcome {
    /// The HTTP status that says the same.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Known(KnownOutcome::Accepted { .. }) => 200,
            Self::Known(KnownOutcome::Conflict(_)) => 409,
            Self::Known(KnownOutcome::Refused(refusal)) => refusal.status(),
            Self::Unknown(_) => 422,
        }
    }
}

/// Two values for one field, and what both started from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conflict {
    /// The value at the revision that the operation was based on; none when the server has no longer got it.
    pub base: Option<FieldValue>,
    /// The council's value.
    pub theirs: FieldValue,
    /// Its revision.
    pub theirs_rev: Rev,
    /// The operation's value, kept by the server beside the council's.
    pub mine: FieldValue,
}
crate::record!(Conflict { base, theirs, theirs_rev, mine });

/// Why an operation was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Refusal {
    /// The person may not write this report.
    Forbidden,
    /// The edition is not open.
    EditionClosed,
    /// There is no such edition or member here.
    NoSuchReport,
    /// The item is not in this report.
    NoSuchItem,
    /// The report has as many items as it may.
    TooManyItems,
    /// The value breaks a limit.
    Invalid(Invalid),
    /// A theme that is not in the council's list.
    NoSuchTheme,
    /// The same `op_id` came with other content.
    OpIdReused,
    /// The hash is not that of the content.
    HashMismatch,
    /// The submission lacks something.
    Incomplete {
        /// What.
        missing: Vec<Missing>,
    },
    /// There is nothing to withdraw.
    NotSubmitted,
    /// The server does not know this kind of change.
    NotUnderstood,
    /// More was written into the report today than the server takes in a day.
    TooMuchToday,
}

crate::tagged!(Refusal, "reason");

impl Refusal {
    /// The HTTP status that says the same.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Forbidden => 403,
            Self::NoSuchReport | Self::NoSuchItem => 404,
            Self::EditionClosed => 410,
            Self::TooMuchToday => 429,
            Self::TooManyItems
            | Self::Invalid(_)
            | Self::NoSuchTheme
            | Self::OpIdReused
            | Self::HashMismatch
            | Self::Incomplete { .. }
            | Self::NotSubmitted
            | Self::NotUnderstood => 422,
        }
    }
}

/// The proof of a submission, from the server's own bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Receipt {
    /// The submission's place in the sequence.
    pub seq: Seq,
    /// The server's clock.
    pub at: Timestamp,
    /// The hash of what the council has: of the canonical JSON of the submitted contact and cards.
    pub hash: ContentHash,
    /// How many items the council has.
    pub items: usize,
}
crate::record!(Receipt { seq, at, hash, items });

/// What `GET /api/reports/{report}` gives: the draft that the server holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DraftAnswer {
    /// [`PROTOCOL`].
    pub protocol: u32,
    /// Which database answered.
    pub instance: InstanceId,
    /// The sequence when it was read.
    pub seq: Seq,
    /// The draft.
    pub draft: Draft,
    /// The end of the log when it was read; older servers do not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
    /// The log is not the one of the mark that the device asked with: see [`PushAnswer::other_past`].
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub other_past: bool,
}
crate::record!(DraftAnswer { protocol, instance, seq, draft, mark or default, other_past or default });
