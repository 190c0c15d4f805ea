//! What the walls show, for every open stream of the process: always the latest, so a slow one skips what is past.
//!
//! The database is the truth. Where several server processes share one, what the others wrote is looked for.

use crate::live::frame;
use axum::body::Bytes;
use domain::id::EditionId;
use domain::projection::Projection;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use store::{Store, StoreError};
use tokio::sync::watch;
use tokio::time::MissedTickBehavior;

/// How often to look for what other processes wrote to the same database: a wall follows within 300 ms.
const LOOK: Duration = Duration::from_millis(150);
/// How often to let go of the editions that nobody looks at.
const TIDY: Duration = Duration::from_secs(60);

/// The walls of the process, one for each edition that somebody looks at. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Walls(Arc<Mutex<HashMap<EditionId, Wall>>>);

#[derive(Debug)]
struct Wall {
    shown: Projection,
    tell: watch::Sender<Bytes>,
}

impl Wall {
    fn new(shown: Projection) -> Self {
        Self { tell: watch::Sender::new(frame::projection(&shown)), shown }
    }

    /// Two requests may overtake each other on their way here.
    fn show(&mut self, projection: Projection) {
        if projection.is_newer_than(&self.shown) {
            self.tell.send_replace(frame::projection(&projection));
            self.shown = projection;
        }
    }
}

impl Walls {
    /// Starts the tasks that look for others' changes and tidy up, until the server stops.
    pub fn start(store: Store, stopping: watch::Receiver<bool>) -> Self {
        let walls = Self::default();
        tokio::spawn(walls.clone().run(store, stopping));
        walls
    }

    /// Something is shown, as the database has it.
    pub fn show(&self, edition: EditionId, projection: Projection) {
        if let Some(wall) = self.lock().get_mut(&edition) {
            wall.show(projection);
        }
    }

    /// What is shown of an edition, as the frame that says so: as it is, and then at every change.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn watch(&self, store: &Store, edition: EditionId) -> Result<watch::Receiver<Bytes>, StoreError> {
        // First somebody listens, then it is read: a change between the two is heard of.
        let receiver = {
            let mut walls = self.lock();
            let wall = walls.entry(edition).or_insert_with(|| Wall::new(Projection::default()));
            wall.tell.subscribe()
        };
        self.show(edition, store.projection(edition).await?);
        Ok(receiver)
    }

    async fn run(self, store: Store, mut stopping: watch::Receiver<bool>) {
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut tidy = tokio::time::interval(TIDY);
        loop {
            tokio::select! {
                _ = stopping.wait_for(|stopping| *stopping) => return,
                _ = tidy.tick() => self.lock().retain(|_, wall| wall.tell.receiver_count() > 0),
                _ = look.tick(), if store.is_remote() => {}
            }
            if store.is_remote() {
                self.look(&store).await;
            }
        }
    }

    /// What other processes wrote. When the database does not answer now, the next look will tell.
    async fn look(&self, store: &Store) {
        let watched: Vec<EditionId> = {
            let walls = self.lock();
            walls.iter().filter(|(_, wall)| wall.tell.receiver_count() > 0).map(|(edition, _)| *edition).collect()
        };
        if watched.is_empty() {
            return;
        }
        match store.projections(&watched).await {
            Ok(found) => found.into_iter().for_each(|(edition, projection)| self.show(edition, projection)),
            Err(error) => crate::error::log("looking for what other servers project", &error),
        }
    }

    /// Nothing panics while it is held, and a wall is never half written.
    fn lock(&self) -> MutexGuard<'_, HashMap<EditionId, Wall>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::time::Timestamp;

    fn of(rev: u64) -> Projection {
        Projection { rev, at: Timestamp::from_millis(i64::try_from(rev).expect("small")), ..Projection::default() }
    }

    #[test]
    fn a_late_word_of_what_is_past_moves_no_wall_back() {
        let mut wall = Wall::new(of(0));
        let mut receiver = wall.tell.subscribe();
        wall.show(of(7));
        assert!(receiver.has_changed().expect("open"));
        assert_eq!(*receiver.borrow_and_update(), frame::projection(&of(7)));
        for rev in [6, 7] {
            wall.show(of(rev));
            assert!(!receiver.has_changed().expect("open"), "{rev}");
        }
    }
}
