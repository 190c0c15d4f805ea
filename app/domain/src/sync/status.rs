//! What the status line says, from what is true. One function decides, so that no screen says more than is known.

use crate::sync::wire::{Refusal, Seq};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// How the last attempt to reach the server went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Not tried yet.
    #[default]
    Unknown,
    /// The server answered.
    Answered,
    /// No answer, or not the server's: cut, timed out, a portal's page.
    Unreachable,
    /// The server answered that it is in trouble.
    Troubled,
    /// The server answered that it has no room to write; it reads on.
    NoRoom,
    /// The server wants the person to sign in.
    SignedOut,
}

/// What is known on the device about one report.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// Something typed is not in the journal yet.
    pub unsaved: bool,
    /// The last write to the journal failed.
    pub save_failed: bool,
    /// Operations in the queue that nothing holds back.
    pub waiting: usize,
    /// A push is under way.
    pub sending: bool,
    /// The first refusal in the queue.
    pub refused: Option<Refusal>,
    /// Fields with two texts.
    pub conflicts: usize,
    /// Fields whose value cannot be sent.
    pub held: usize,
    /// The last attempt.
    pub reach: Reach,
    /// The newest acceptance this device knows of.
    pub accepted: Option<(Seq, Timestamp)>,
    /// The server has lost a submission of which this device holds the receipt. Said beside the status, until the
    /// report is submitted again.
    pub submission_gone: bool,
}

/// The one thing the status line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// The device could not write. The person must act.
    NotSaved,
    /// Typing is on its way to the journal.
    Saving,
    /// The server refused something.
    Refused(Refusal),
    /// Two texts for some fields.
    Conflict(usize),
    /// Some values cannot be sent as they are.
    Held(usize),
    /// Saved on this device; a push is under way.
    Sending(usize),
    /// Saved on this device; the person must sign in before it goes out.
    SignInToSend(usize),
    /// Saved on this device; the server cannot be reached.
    Offline(usize),
    /// Saved on this device; the server is in trouble, and will be tried again.
    Waiting(usize),
    /// Saved on this device; the server's disk is full, and will be tried again.
    NoRoom(usize),
    /// The server has everything; whether the council sees it is another question.
    Sent(Seq, Timestamp),
    /// Saved on this device, nothing to send.
    Saved,
}

/// The worst true thing, in the order in which a person needs to know it.
#[must_use]
pub fn status(facts: &Facts) -> Status {
    match facts {
        Facts { save_failed: true, .. } => Status::NotSaved,
        Facts { unsaved: true, .. } => Status::Saving,
        Facts { refused: Some(refusal), .. } => Status::Refused(refusal.clone()),
        Facts { conflicts: 1.., .. } => Status::Conflict(facts.conflicts),
        Facts { held: 1.., .. } => Status::Held(facts.held),
        Facts { reach: Reach::SignedOut, .. } => Status::SignInToSend(facts.waiting),
        Facts { sending: true, waiting: 1.., .. } => Status::Sending(facts.waiting),
        Facts { reach: Reach::Unreachable, .. } => Status::Offline(facts.waiting),
        Facts { reach: Reach::NoRoom, waiting: 1.., .. } => Status::NoRoom(facts.waiting),
        Facts { waiting: 1.., .. } => Status::Waiting(facts.waiting),
        Facts { accepted: Some((seq, at)), .. } => Status::Sent(*seq, *at),
        _ => Status::Saved,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_the_worst_true_thing() {
        let at = Timestamp::from_millis(7);
        let sent = Facts { accepted: Some((9, at)), reach: Reach::Answered, ..Facts::default() };
        let offline = Facts { reach: Reach::Unreachable, waiting: 2, ..sent.clone() };
        let closed = Facts { refused: Some(Refusal::EditionClosed), ..offline.clone() };
        let cases = [
            ("nothing yet", Facts::default(), Status::Saved),
            ("all sent", sent.clone(), Status::Sent(9, at)),
            ("typing", Facts { unsaved: true, ..sent.clone() }, Status::Saving),
            ("queued", Facts { waiting: 1, ..sent.clone() }, Status::Waiting(1)),
            ("under way", Facts { waiting: 1, sending: true, ..sent.clone() }, Status::Sending(1)),
            ("no network", offline.clone(), Status::Offline(2)),
            ("no network, nothing queued", Facts { waiting: 0, ..offline.clone() }, Status::Offline(0)),
            ("session gone", Facts { reach: Reach::SignedOut, ..offline.clone() }, Status::SignInToSend(2)),
            ("retrying with no network", Facts { sending: true, ..offline.clone() }, Status::Sending(2)),
            ("troubled", Facts { reach: Reach::Troubled, ..offline.clone() }, Status::Waiting(2)),
            ("no room", Facts { reach: Reach::NoRoom, ..offline.clone() }, Status::NoRoom(2)),
            (
                "no room, trying again",
                Facts { reach: Reach::NoRoom, sending: true, ..offline.clone() },
                Status::Sending(2),
            ),
            ("no room, nothing queued", Facts { reach: Reach::NoRoom, ..sent.clone() }, Status::Sent(9, at)),
            ("two texts", Facts { conflicts: 1, ..offline.clone() }, Status::Conflict(1)),
            ("too long", Facts { held: 1, ..offline }, Status::Held(1)),
            ("closed", closed.clone(), Status::Refused(Refusal::EditionClosed)),
            ("disk full beats all", Facts { save_failed: true, unsaved: true, ..closed }, Status::NotSaved),
        ];
        for (name, facts, expected) in cases {
            assert_eq!(status(&facts), expected, "{name}");
        }
    }
}
