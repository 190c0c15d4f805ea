//! Who else is in a report, and in which field. A courtesy: it is shown, it never keeps anybody from anything, and
//! it is in no database.
//!
//! A device says where it is with `PUT /api/reports/{report}/presence` and a [`PresencePut`], at every change and at
//! least every [`SIGN_SECONDS`]; it is shown until [`AWAY_SECONDS`] after the last sign. The report's stream
//! (`GET /api/reports/{report}/stream`) says who is there with `presence` and a [`Presence`], and that the draft
//! changed with `draft` and a [`DraftChanged`].

use crate::id::PersonId;
use crate::sync::wire::Seq;
use serde::{Deserialize, Serialize};

/// How often a device shows that it is still there, in seconds.
pub const SIGN_SECONDS: u64 = 10;
/// So many seconds after its last sign, a device is no longer shown.
pub const AWAY_SECONDS: u64 = 30;

/// What a device says of itself. Who is signed in on it the server knows by the session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PresencePut {
    /// The name that the device drew for itself; see [`crate::id::names_a_device`].
    pub device: String,
    /// The field that the person is in, as [`crate::field::FieldKey`] is written; none when in no field.
    pub field: Option<String>,
    /// Whether the device has left the report.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub left: bool,
}
crate::record!(PresencePut { device, field or default, left or default });

/// The devices that are in a report: the whole list, each time that it changes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Presence {
    /// In the order of people and their devices; the reader's own are among them.
    pub people: Vec<Present>,
}
crate::record!(Presence { people });

/// A person on a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Present {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// On which device.
    pub device: String,
    /// The field that they are in, as [`crate::field::FieldKey`] is written; perhaps one of a newer program.
    pub field: Option<String>,
}
crate::record!(Present { person, name, device, field });

/// The draft is another one since `seq`, or may be: whoever has read it at `seq` or later has it all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftChanged {
    /// The place in the sequence.
    pub seq: Seq,
}
