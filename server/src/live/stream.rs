//! One open stream of a board: from the log to where the hub is, then along with it.

use super::reader::{Ended, Reader, Stream, open, patience, send_within};
use super::session::may_follow;
use super::{Hub, Signal, frame};
use crate::middleware::limits::StreamPlace;
use axum::body::Bytes;
use domain::council::permit::{Action, Of};
use domain::id::EditionId;
use domain::sync::wire::Seq;
use std::time::Duration;
use store::Store;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};
use tokio::time::MissedTickBehavior;
use tower_sessions::session::Id;

/// What a stream needs to know.
pub struct Feed {
    /// Where the log is.
    pub store: Store,
    /// Which board.
    pub edition: EditionId,
    /// What the reader has.
    pub cursor: Seq,
    /// It has read another past: it is told the cursor, which is behind what it has, and comes again with a snapshot.
    pub other_past: bool,
    /// The session that it was opened by; looked at again at every heartbeat.
    pub session: Option<Id>,
    /// How often it shows that it is alive.
    pub heartbeat: Duration,
    /// Turns true when the server stops.
    pub stopping: watch::Receiver<bool>,
    /// What the wall shows, as the frame that says so.
    pub wall: watch::Receiver<Bytes>,
}

impl Feed {
    /// Opens the stream, in its place among the person's.
    pub fn open(self, hub: &Hub, place: StreamPlace) -> Stream {
        // Before the log is read, so that nothing falls between the two.
        let signals = hub.signals.subscribe();
        open(self.stopping.clone(), place, |reader| self.run(signals, reader))
    }

    async fn run(mut self, mut signals: broadcast::Receiver<Signal>, reader: Reader) -> Ended {
        if self.other_past {
            let _ = self.beat(&reader).await;
            return Ended;
        }
        let mut heartbeat = tokio::time::interval(self.heartbeat);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        self.wall.mark_changed();
        let mut going = self.fill(&reader).await;
        while going.is_ok() {
            going = tokio::select! {
                biased;
                _ = heartbeat.tick() => self.beat(&reader).await,
                changed = self.wall.changed() => match changed {
                    Ok(()) => self.tell_wall(&reader).await,
                    Err(_) => Err(Ended),
                },
                signal = signals.recv() => match signal {
                    Ok(signal) => self.pass_on(signal, &reader).await,
                    Err(RecvError::Lagged(_)) => self.fill(&reader).await,
                    Err(RecvError::Closed) => Err(Ended),
                },
            };
        }
        Ended
    }

    /// Sends what the log has after the cursor. A cursor beyond the log's end is set back to it: the database is an
    /// older one, and what happens now must not be passed over.
    async fn fill(&mut self, reader: &Reader) -> Result<(), Ended> {
        loop {
            let mut page = self.store.board_events(self.edition, self.cursor).await.map_err(|error| {
                crate::error::log("filling a stream from the log", &error);
                Ended
            })?;
            if let Some(first) = page.events.first_mut() {
                first.mark = page.mark;
            }
            for event in &page.events {
                self.send(reader, frame::event(event)).await?;
            }
            self.cursor = page.cursor;
            if !page.more {
                return Ok(());
            }
        }
    }

    async fn pass_on(&mut self, signal: Signal, reader: &Reader) -> Result<(), Ended> {
        match signal {
            Signal::Event { edition, seq, frame } if edition == self.edition && seq > self.cursor => {
                self.send(reader, frame).await?;
                self.cursor = seq;
            }
            Signal::Event { .. } | Signal::Draft { .. } => {}
            Signal::Reached(seq) => self.cursor = self.cursor.max(seq),
        }
        Ok(())
    }

    async fn tell_wall(&mut self, reader: &Reader) -> Result<(), Ended> {
        let frame = self.wall.borrow_and_update().clone();
        self.send(reader, frame).await
    }

    async fn beat(&self, reader: &Reader) -> Result<(), Ended> {
        may_follow(self.session, &self.store, Action::FollowBoard, Of::Council).await?;
        self.send(reader, frame::heartbeat(self.store.instance(), self.cursor, Some(self.store.end()))).await
    }

    async fn send(&self, reader: &Reader, frame: Bytes) -> Result<(), Ended> {
        send_within(patience(self.heartbeat), reader, frame).await
    }
}
