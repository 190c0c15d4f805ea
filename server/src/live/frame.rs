//! The frames of the event stream, as the HTML standard has them. JSON holds no bare line ends, so one `data` line
//! is enough.

use axum::body::Bytes;
use domain::board::BoardEvent;
use domain::id::InstanceId;
use domain::projection::Projection;
use domain::sync::chain::Mark;
use domain::sync::presence::{DraftChanged, Presence};
use domain::sync::wire::Seq;
use serde_json::json;

/// `event: board`, with the sequence for its id.
pub fn event(event: &BoardEvent) -> Bytes {
    let data = serde_json::to_string(event).expect("a board event is made of strings and numbers");
    Bytes::from(format!("event: board\nid: {}\ndata: {data}\n\n", event.seq))
}

/// `event: heartbeat`: the stream is alive, and everything up to the cursor has been sent. Named, because a browser
/// does not show comments to a page. Its id lets a browser that reconnects ask from there. `mark`: a place of the log at
/// or after the cursor.
pub fn heartbeat(instance: InstanceId, cursor: Seq, mark: Option<Mark>) -> Bytes {
    let mut data = json!({ "cursor": cursor, "at": store::now(), "instance": instance });
    if let Some(mark) = mark {
        data["mark"] = json!(mark);
    }
    Bytes::from(format!("event: heartbeat\nid: {cursor}\ndata: {data}\n\n"))
}

/// `event: draft`: the draft is another one since this place in the sequence.
pub fn draft(seq: Seq) -> Bytes {
    named("draft", &DraftChanged { seq })
}

/// `event: presence`: who is in the report now.
pub fn presence(presence: &Presence) -> Bytes {
    named("presence", presence)
}

/// `event: projection`: what the wall shows now.
pub fn projection(projection: &Projection) -> Bytes {
    named("projection", projection)
}

fn named(event: &str, data: &impl serde::Serialize) -> Bytes {
    let data = serde_json::to_string(data).expect("made of strings and numbers");
    Bytes::from(format!("event: {event}\ndata: {data}\n\n"))
}
