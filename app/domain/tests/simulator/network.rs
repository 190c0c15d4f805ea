//! Messages under way. They wait here until a step says what becomes of them: the order is the schedule's.

use domain::id::InstanceId;
use domain::sync::chain::Mark;
use domain::sync::op::ContentHash;
use domain::sync::wire::{Answer, KnownOutcome, Outcome, PROTOCOL, Push, PushAnswer};
use domain::time::Timestamp;

/// What a device asks for.
#[derive(Clone)]
pub enum Ask {
    /// A push, as it goes over the wire.
    Push(String),
    /// The council's draft, with the end of the log as the device knows it.
    Draft(Option<Mark>),
}

/// A request under way.
#[derive(Clone)]
pub struct Request {
    pub device: usize,
    pub id: u64,
    pub ask: Ask,
}

/// An answer under way: the body, or none where the person must sign in.
#[derive(Clone)]
pub struct Reply {
    pub device: usize,
    pub id: u64,
    pub body: Option<String>,
    /// Whether it is the server's own.
    pub genuine: bool,
}

/// All that is under way.
#[derive(Default)]
pub struct Network {
    pub requests: Vec<Request>,
    pub replies: Vec<Reply>,
    next: u64,
}

impl Network {
    /// Puts a request under way.
    pub fn send(&mut self, device: usize, ask: Ask) -> u64 {
        self.next += 1;
        self.requests.push(Request { device, id: self.next, ask });
        self.next
    }

    /// All connections end.
    pub fn cut(&mut self) {
        self.requests.clear();
        self.replies.clear();
    }
}

/// A portal's page, with the status 200.
pub const PORTAL: &str = "<!doctype html><title>Wi-Fi</title><p>Accept the terms";

/// An answer of somebody who has not seen the server: it names the operations, and other contents.
pub fn forged(push: &str, instance: InstanceId) -> String {
    let push: Push = serde_json::from_str(push).expect("a device's push");
    let answer = |operation: domain::sync::op::Operation| {
        let outcome = KnownOutcome::Accepted { seq: 1, at: Timestamp::from_millis(1), receipt: None };
        let hash = ContentHash::of_value(&serde_json::json!(operation.op_id));
        Answer { op_id: operation.op_id, hash, status: 200, outcome: Outcome::Known(outcome) }
    };
    let answers = push.operations.into_iter().map(answer).collect();
    serde_json::to_string(&PushAnswer { protocol: PROTOCOL, instance, answers, mark: None, other_past: false })
        .expect("JSON")
}
