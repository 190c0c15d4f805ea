//! The live boards and drafts: one hub reads the log for the whole process, and every open stream is fed by it.
//!
//! The hub's broadcast is a convenience, the log is the truth: a stream that fell behind the broadcast goes back to
//! the log by its cursor. What happened is put into words once, however many streams send it. Boards and drafts have a
//! broadcast each: a room of a thousand boards is not woken at every pause in somebody's typing.

mod draft;
pub mod frame;
mod reader;
mod session;
mod stream;

pub use draft::DraftFeed;
pub use reader::{Stream, patience};
pub use stream::Feed;

use axum::body::Bytes;
use domain::id::{EditionId, ReportId};
use domain::sync::wire::Seq;
use std::time::Duration;
use store::Store;
use tokio::sync::{broadcast, watch};

/// How long to wait when the database did not answer.
const PAUSE: Duration = Duration::from_millis(250);
/// A board is told where the log is after so many numbers that were not about boards, for the cursor of its heartbeat.
const SILENT: u64 = 100;

/// What the hub says to the streams, in the order of the sequence.
#[derive(Debug, Clone)]
enum Signal {
    /// Something happened on a board.
    Event { edition: EditionId, seq: Seq, frame: Bytes },
    /// A draft changed; what is in it, a stream does not say.
    Draft { report: ReportId, seq: Seq },
    /// Everything up to here has been said.
    Reached(Seq),
}

/// Where streams subscribe. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Hub {
    /// [`Signal::Event`] and [`Signal::Reached`].
    signals: broadcast::Sender<Signal>,
    /// [`Signal::Draft`] and [`Signal::Reached`].
    drafts: broadcast::Sender<Signal>,
}

impl Hub {
    /// Starts the task that reads the log, from where it ends now, until the server stops. Each broadcast keeps
    /// about `behind` signals.
    pub fn start(store: Store, behind: usize, stopping: watch::Receiver<bool>) -> Self {
        let ((signals, _), (drafts, _)) = (broadcast::channel(behind), broadcast::channel(behind));
        let hub = Self { signals, drafts };
        tokio::spawn(hub.clone().run(store, stopping));
        hub
    }

    async fn run(self, store: Store, mut stopping: watch::Receiver<bool>) {
        let mut head = store.watch_head();
        let mut cursor = head.borrow_and_update().seq;
        let mut told = cursor;
        loop {
            tokio::select! {
                _ = stopping.wait_for(|stopping| *stopping) => return,
                changed = head.changed() => if changed.is_err() { return },
            }
            tokio::select! {
                _ = stopping.wait_for(|stopping| *stopping) => return,
                reached = self.tell_after(&store, cursor, &mut told) => cursor = reached,
            }
        }
    }

    /// Says all that the log has after the cursor, and returns where that ends. Does not give up. `told` is where the
    /// boards were last told to be.
    async fn tell_after(&self, store: &Store, mut cursor: Seq, told: &mut Seq) -> Seq {
        loop {
            let page = match store.lately(cursor) {
                Some(page) => page,
                // It fell behind what is in memory.
                None => match store.events_after(cursor, None).await {
                    Ok(mut page) => {
                        // Where a batch begins is not known here, and some streams may have heard the first of these.
                        let mark = store.end();
                        page.events.iter_mut().for_each(|logged| logged.event.mark = Some(mark));
                        page
                    }
                    Err(error) => {
                        crate::error::log("feeding the streams", &error);
                        tokio::time::sleep(PAUSE).await;
                        continue;
                    }
                },
            };
            for logged in &page.events {
                // Whoever subscribes after this reads it from the log.
                if self.signals.receiver_count() == 0 {
                    break;
                }
                let (edition, seq) = (logged.edition, logged.event.seq);
                say(&self.signals, Signal::Event { edition, seq, frame: frame::event(&logged.event) });
            }
            for (report, seq) in &page.drafts {
                say(&self.drafts, Signal::Draft { report: *report, seq: *seq });
            }
            if page.cursor != cursor {
                cursor = page.cursor;
                say(&self.drafts, Signal::Reached(cursor));
            }
            if !page.events.is_empty() || cursor.saturating_sub(*told) >= SILENT {
                *told = cursor;
                say(&self.signals, Signal::Reached(cursor));
            }
            if !page.more {
                return cursor;
            }
        }
    }
}

/// Nobody listening is no fault.
fn say(to: &broadcast::Sender<Signal>, signal: Signal) {
    let _ = to.send(signal);
}
