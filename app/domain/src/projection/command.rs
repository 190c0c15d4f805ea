//! What a presenter asks for, and the answer.

use crate::id::{MemberId, PersonId};
use crate::projection::{Message, PlaceQuery, Projection, Step, Zoom};
use crate::sync::wire::Rev;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What this program can be asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum KnownCommand {
    /// Take the presenter's place; see [`Projection::may_take`].
    Take {},
    /// Give it up. What is on the wall stays.
    Release {},
    /// Offer it to somebody who may present. It changes hands when they take it: the wall is never without a driver.
    Offer {
        /// To whom.
        to: PersonId,
    },
    /// Take the offer back.
    Withdraw {},
    /// Still here. Changes nothing that is shown.
    Sign {},
    /// Go to a place on the board.
    Show {
        /// Where.
        place: PlaceQuery,
        /// How far down.
        step: Step,
    },
    /// Larger or smaller.
    Zoom {
        /// How large.
        percent: Zoom,
    },
    /// Put a message up, or take it down.
    Say {
        /// The message.
        message: Option<Message>,
    },
    /// Say who speaks, and who is next.
    Floor {
        /// Who speaks.
        speaker: Option<MemberId>,
        /// Who is next.
        next: Option<MemberId>,
    },
    /// Start a countdown, in place of one that is there.
    Countdown {
        /// How long.
        seconds: u32,
    },
    /// Hold the countdown.
    Pause {},
    /// Let it run on.
    Resume {},
    /// Take it down.
    Clear {},
}

crate::tagged!(KnownCommand, "kind");

/// A command, understood or not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Value", into = "Value")]
pub enum Command {
    /// Understood.
    Known(KnownCommand),
    /// Of a newer program, or with a value that is out of bounds.
    Unknown(Value),
}

impl From<Value> for Command {
    fn from(value: Value) -> Self {
        crate::json::read(&value).map_or_else(|_| Self::Unknown(value), Self::Known)
    }
}

impl From<Command> for Value {
    fn from(command: Command) -> Self {
        match command {
            Command::Known(known) => crate::json::write(&known),
            Command::Unknown(value) => value,
        }
    }
}

/// What is sent: all of the commands are carried out, or none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProjectionPush {
    /// The revision that the person saw when they pressed. What is shown changes only from there; the presenter's
    /// place changes hands without it.
    pub base_rev: Option<Rev>,
    /// At most [`PROJECTION_COMMANDS`](crate::limits::PROJECTION_COMMANDS), in order.
    pub commands: Vec<Command>,
}
crate::record!(ProjectionPush { base_rev, commands });

/// What is shown now, whatever was asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProjectionAnswer {
    /// The server's clock: countdowns are counted by it.
    pub now: Timestamp,
    /// What is shown.
    pub projection: Projection,
    /// Why nothing that was asked was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refused>,
}
crate::record!(ProjectionAnswer { now, projection, refused });

/// Why a presenter's request was not carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Refused {
    /// What is shown has changed since; it was not meant like this.
    Stale,
    /// Somebody else presents, or nobody does.
    NotPresenting,
    /// Somebody presents, and is there.
    Presenting {
        /// After so many seconds without a sign of them their place is free.
        free_in_seconds: i64,
    },
    /// Nobody of that name may present.
    NoSuchPerson,
    /// A command is unknown, or a value out of bounds.
    Invalid,
}

crate::tagged!(Refused, "reason");

impl Refused {
    /// The HTTP status of each.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::Stale | Self::Presenting { .. } => 409,
            Self::NotPresenting => 403,
            Self::NoSuchPerson | Self::Invalid => 422,
        }
    }
}
