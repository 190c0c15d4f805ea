//! The pages of the board's log.

use crate::board::BoardEvent;
use crate::id::InstanceId;
use crate::sync::chain::Mark;
use crate::sync::wire::Seq;
use serde::Serialize;

/// What `GET /api/board/{edition}/events` gives: one page of the ordered log.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventsPage {
    /// [`PROTOCOL`](crate::sync::wire::PROTOCOL).
    pub protocol: u32,
    /// Which database answered.
    pub instance: InstanceId,
    /// The board's events after the cursor asked for, in order.
    pub events: Vec<BoardEvent>,
    /// Where to go on from; everything up to here has been looked at. Before the cursor asked for: this log is not the one
    /// that the reader has read, and it needs a snapshot.
    pub cursor: Seq,
    /// Whether more is waiting.
    pub more: bool,
    /// The end of the log when it was read; older servers do not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mark: Option<Mark>,
}
crate::record!(EventsPage { protocol, instance, events, cursor, more, mark or default });
