//! One open stream of a draft: that it changed, and who is in it. What is in the draft it does not say: a device
//! that hears of a change reads the draft.

use super::reader::{Ended, Reader, Stream, open, patience, send_within};
use super::session::may_follow;
use super::{Hub, Signal, frame};
use crate::middleware::limits::StreamPlace;
use axum::body::Bytes;
use domain::council::permit::{Action, Of};
use domain::id::ReportId;
use domain::sync::wire::Seq;
use std::time::Duration;
use store::Store;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::MissedTickBehavior;
use tower_sessions::session::Id;

/// What a stream of a draft needs to know.
pub struct DraftFeed {
    /// Where the log is.
    pub store: Store,
    /// Which draft.
    pub report: ReportId,
    /// The session that it was opened by; looked at again at every heartbeat.
    pub session: Option<Id>,
    /// How often it shows that it is alive.
    pub heartbeat: Duration,
    /// Turns true when the server stops.
    pub stopping: watch::Receiver<bool>,
    /// Who is in the report, as the frame that says so.
    pub presence: watch::Receiver<Bytes>,
}

impl DraftFeed {
    /// Opens the stream, in its place among the person's.
    pub fn open(self, hub: &Hub, place: StreamPlace) -> Stream {
        // Before the sequence is read, so that no change falls between the two.
        let signals = hub.drafts.subscribe();
        open(self.stopping.clone(), place, |reader| self.run(signals, reader))
    }

    async fn run(mut self, mut signals: broadcast::Receiver<Signal>, reader: Reader) -> Ended {
        let mut heartbeat = tokio::time::interval(self.heartbeat);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        self.presence.mark_changed();
        let Ok(mut cursor) = self.look_again(&reader).await else { return Ended };
        let mut going = Ok(());
        while going.is_ok() {
            going = tokio::select! {
                biased;
                _ = heartbeat.tick() => self.beat(cursor, &reader).await,
                changed = self.presence.changed() => match changed {
                    Ok(()) => self.tell_presence(&reader).await,
                    Err(_) => Err(Ended),
                },
                signal = signals.recv() => match signal {
                    Ok(Signal::Draft { report, seq }) if report == self.report => {
                        self.send(&reader, frame::draft(seq)).await
                    }
                    Ok(Signal::Reached(seq)) => {
                        cursor = cursor.max(seq);
                        Ok(())
                    }
                    Ok(_) => Ok(()),
                    Err(RecvError::Lagged(_)) => self.look_again(&reader).await.map(|seq| cursor = cursor.max(seq)),
                    Err(RecvError::Closed) => Err(Ended),
                },
            };
        }
        Ended
    }

    /// The draft may have changed up to now: before the stream was opened, or while it fell behind.
    async fn look_again(&self, reader: &Reader) -> Result<Seq, Ended> {
        let head = self.store.head().await.map_err(|error| {
            crate::error::log("opening the stream of a draft", &error);
            Ended
        })?;
        self.send(reader, frame::draft(head)).await?;
        Ok(head)
    }

    async fn tell_presence(&mut self, reader: &Reader) -> Result<(), Ended> {
        let frame = self.presence.borrow_and_update().clone();
        self.send(reader, frame).await
    }

    async fn beat(&self, cursor: Seq, reader: &Reader) -> Result<(), Ended> {
        may_follow(self.session, &self.store, Action::FollowDraft, Of::Member(self.report.member)).await?;
        self.send(reader, frame::heartbeat(self.store.instance(), cursor, None)).await
    }

    async fn send(&self, reader: &Reader, frame: Bytes) -> Result<(), Ended> {
        send_within(patience(self.heartbeat), reader, frame).await
    }
}
