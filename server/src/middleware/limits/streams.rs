//! How many streams of one person are open.

use app::error::AppError;
use domain::id::PersonId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// When to try again: by then a stream of a device that left has ended.
const RETRY_SECONDS: u64 = 30;

/// Open streams, by person.
#[derive(Debug, Clone)]
pub struct Streams {
    most: usize,
    open: Arc<Mutex<HashMap<PersonId, usize>>>,
}

/// The place of one open stream.
#[derive(Debug)]
pub struct StreamPlace {
    person: PersonId,
    streams: Streams,
}

impl Streams {
    /// At most so many for each person.
    pub fn new(most: usize) -> Self {
        Self { most, open: Arc::default() }
    }

    /// A place for one more.
    pub fn take(&self, person: PersonId) -> Result<StreamPlace, AppError> {
        let mut open = self.open();
        let of_person = open.entry(person).or_default();
        if *of_person >= self.most {
            return Err(AppError::TooMany { retry_after_seconds: RETRY_SECONDS });
        }
        *of_person += 1;
        Ok(StreamPlace { person, streams: self.clone() })
    }

    fn open(&self) -> MutexGuard<'_, HashMap<PersonId, usize>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for StreamPlace {
    fn drop(&mut self) {
        let mut open = self.streams.open();
        if let Some(of_person) = open.get_mut(&self.person) {
            *of_person -= 1;
            if *of_person == 0 {
                open.remove(&self.person);
            }
        }
    }
}
