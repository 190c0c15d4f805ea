//! Server-sent events, as a browser reads them.

use crate::support::Somebody;
use domain::board::{BoardChange, BoardEvent, KnownBoardChange};
use domain::id::ItemId;
use domain::sync::wire::Seq;
use reqwest::Response;
use serde_json::Value;
use std::time::{Duration, Instant};
use tokio::time::timeout;

/// How long a test waits for what comes at once.
pub const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Debug)]
pub struct Frame {
    pub event: String,
    pub id: Option<Seq>,
    pub data: Value,
}

impl Frame {
    pub fn parse(text: &str) -> Self {
        let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        Self {
            event: field("event").expect("a name").to_owned(),
            id: field("id").map(|id| id.parse().expect("a number")),
            data: serde_json::from_str(field("data").expect("data")).expect("JSON"),
        }
    }

    pub fn card(&self) -> Option<ItemId> {
        let event: BoardEvent = serde_json::from_value(self.data.clone()).ok()?;
        assert_eq!(self.id, Some(event.seq));
        match event.change {
            BoardChange::Known(KnownBoardChange::Card { card }) => Some(card.item),
            _ => None,
        }
    }
}

pub struct Stream {
    response: Response,
    read: Vec<u8>,
}

impl Stream {
    /// A stream at a path, from `Last-Event-ID` if there is one.
    pub async fn at(somebody: &Somebody, path: &str, last: Option<Seq>) -> Self {
        let mut request = somebody.get(path).header("accept-encoding", "br");
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.expect("a stream");
        assert_eq!(response.status(), 200);
        let headers = response.headers();
        assert_eq!(headers["content-type"], "text/event-stream");
        assert_eq!(
            (&headers["cache-control"], &headers["x-accel-buffering"]),
            (&"no-store".parse().expect("a value"), &"no".parse().expect("a value"))
        );
        assert!(!headers.contains_key("content-encoding"));
        Self { response, read: Vec::new() }
    }

    pub async fn next(&mut self) -> Option<Frame> {
        loop {
            if let Some(end) = self.read.windows(2).position(|pair| pair == b"\n\n") {
                let frame: Vec<u8> = self.read.drain(..end + 2).collect();
                return Some(Frame::parse(std::str::from_utf8(&frame).expect("text")));
            }
            let chunk = timeout(PATIENCE, self.response.chunk()).await.expect("something in time");
            self.read.extend_from_slice(&chunk.ok()??);
        }
    }

    pub async fn until(&mut self, wanted: impl Fn(&Frame) -> bool) -> Vec<Frame> {
        let mut seen = Vec::new();
        let start = Instant::now();
        loop {
            assert!(start.elapsed() < 3 * PATIENCE, "not in time; the last: {:?}", seen.last());
            let frame = self.next().await.expect("the stream goes on");
            let found = wanted(&frame);
            seen.push(frame);
            if found {
                return seen;
            }
        }
    }
}
