//! Security events: lines of the log under the target `security`, for whoever watches the installation.
//!
//! Each says what was tried, how it ended, who it was and from where; nothing that was typed, and no cookie. Who is not
//! known is the account that was asked for, under a name that only this server can make.

use domain::id::PersonId;
use std::net::IpAddr;

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// Wrong, or not allowed.
    Refused,
    /// Too often, or too much at once.
    Throttled,
}

impl Outcome {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Throttled => "throttled",
        }
    }
}

/// What was tried, how it ended, and from where.
#[derive(Debug, Clone, Copy)]
pub struct Event {
    /// What: `sign_in`, `sign_out`, or an action of the table of permits.
    pub name: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// The other end.
    pub peer: IpAddr,
}

impl Event {
    /// Of somebody signed in.
    pub fn of_person(self, person: PersonId) {
        let Self { name, outcome, peer } = self;
        match outcome {
            Outcome::Done => {
                tracing::info!(target: "security", event = name, outcome = outcome.as_str(), %person, %peer, "security");
            }
            Outcome::Refused | Outcome::Throttled => {
                tracing::warn!(target: "security", event = name, outcome = outcome.as_str(), %person, %peer, "security");
            }
        }
    }

    /// Of an account, by its [pseudonym](crate::api::session::device::Devices::pseudonym).
    pub fn of_account(self, account: &str) {
        let Self { name, outcome, peer } = self;
        tracing::warn!(target: "security", event = name, outcome = outcome.as_str(), account, %peer, "security");
    }

    /// Of somebody who is not signed in.
    pub fn of_nobody(self) {
        let Self { name, outcome, peer } = self;
        tracing::warn!(target: "security", event = name, outcome = outcome.as_str(), %peer, "security");
    }
}
