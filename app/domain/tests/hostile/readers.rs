//! Every reader of the wire and of the rescue file: the test command and the fuzz target (`make fuzz`) run the same.

use domain::board::amendments::Amendments;
use domain::board::events::EventsPage;
use domain::board::found::Found;
use domain::board::{Board, BoardEvent};
use domain::projection::{Projection, ProjectionAnswer, ProjectionPush};
use domain::report::submitted::Submitted;
use domain::rescue::Rescue;
use domain::sync::history::HistoryPage;
use domain::sync::wire::{DraftAnswer, Push, PushAnswer};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt::Debug;

/// What is read is written and read again as the same.
fn stable<T: Serialize + DeserializeOwned + PartialEq + Debug>(bytes: &[u8]) {
    if let Ok(read) = serde_json::from_slice::<T>(bytes) {
        let written = serde_json::to_vec(&read).expect("what was read can be written");
        let again = serde_json::from_slice::<T>(&written).expect("what was written can be read");
        assert_eq!(again, read);
    }
}

/// None panics, whatever the bytes.
pub fn every_reader(bytes: &[u8]) {
    stable::<Push>(bytes);
    stable::<PushAnswer>(bytes);
    stable::<DraftAnswer>(bytes);
    stable::<EventsPage>(bytes);
    stable::<BoardEvent>(bytes);
    stable::<Board>(bytes);
    stable::<Amendments>(bytes);
    stable::<Found>(bytes);
    stable::<HistoryPage>(bytes);
    stable::<Submitted>(bytes);
    stable::<Projection>(bytes);
    stable::<ProjectionPush>(bytes);
    stable::<ProjectionAnswer>(bytes);
    let _ = Rescue::parse(&String::from_utf8_lossy(bytes));
}
