//! Who is in which report, for the process and not for ever: nothing of it is in the database. Where several server
//! processes share one, each knows of the devices that speak to it.

mod room;

use crate::live::frame;
use axum::body::Bytes;
use domain::id::{PersonId, ReportId};
use domain::sync::presence::Presence;
pub use room::Device;
use room::Room;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

/// How often to look for devices that have given no sign, at most and at least.
const LOOK: (Duration, Duration) = (Duration::from_millis(20), Duration::from_secs(1));

/// The rooms of the process, one for each report that somebody is in or looks at. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Rooms {
    open: Arc<Mutex<HashMap<ReportId, Open>>>,
    /// Durations are counted from here: a clock that jumps sends nobody away.
    started: Instant,
    away: Duration,
}

#[derive(Debug)]
struct Open {
    room: Room,
    /// What the streams say: always the latest, so a slow one skips what is past.
    tell: watch::Sender<Bytes>,
}

impl Open {
    fn new(away: Duration) -> Self {
        Self { room: Room::new(away), tell: watch::Sender::new(frame::presence(&Presence::default())) }
    }

    fn tell_if(&self, changed: bool) {
        if changed {
            self.tell.send_replace(frame::presence(&self.room.presence()));
        }
    }
}

impl Rooms {
    /// Starts the task that sends away who gave no sign, until the server stops.
    pub fn start(away: Duration, stopping: watch::Receiver<bool>) -> Self {
        let rooms = Self { open: Arc::default(), started: Instant::now(), away };
        tokio::spawn(rooms.clone().expire(stopping));
        rooms
    }

    /// A device is in a report.
    pub fn enter(&self, report: ReportId, device: Device) {
        let now = self.started.elapsed();
        let mut open = self.lock();
        let here = open.entry(report).or_insert_with(|| Open::new(self.away));
        let changed = here.room.enter(device, now);
        here.tell_if(changed);
    }

    /// A device has left a report.
    pub fn leave(&self, report: ReportId, person: PersonId, device: &str) {
        if let Some(here) = self.lock().get_mut(&report) {
            let changed = here.room.leave(person, device);
            here.tell_if(changed);
        }
    }

    /// Who is in a report, as the frame that says so: as it is, and then at every change.
    pub fn watch(&self, report: ReportId) -> watch::Receiver<Bytes> {
        self.lock().entry(report).or_insert_with(|| Open::new(self.away)).tell.subscribe()
    }

    async fn expire(self, mut stopping: watch::Receiver<bool>) {
        let mut look = tokio::time::interval((self.away / 4).clamp(LOOK.0, LOOK.1));
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = stopping.wait_for(|stopping| *stopping) => return,
                _ = look.tick() => {}
            }
            let now = self.started.elapsed();
            self.lock().retain(|_, here| {
                let changed = here.room.expire(now);
                here.tell_if(changed);
                !here.room.is_empty() || here.tell.receiver_count() > 0
            });
        }
    }

    /// Nothing panics while it is held, and a list of who is there is never half written.
    fn lock(&self) -> MutexGuard<'_, HashMap<ReportId, Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
