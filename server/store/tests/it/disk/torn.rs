//! Logs torn as a power cut tears them: what is acknowledged afterwards is there after the next start.

use super::Place;
use crate::support::{Council, add, new_item};
use domain::id::ItemId;
use store::Store;

/// How the end of the log is torn.
#[derive(Debug, Clone, Copy)]
enum Tear {
    /// Bytes cut from its end; 0: a random part of the last record.
    Cut(usize),
    /// Of the last record so many bytes are left: fewer than a header go unnoticed by the engine.
    Left(usize),
    /// The last bytes are zeros.
    Zeroed(usize),
    /// Zeros behind what was written: the file was made longer, its bytes did not come.
    Longer(usize),
    /// The last bytes are others.
    Noise(usize),
}

/// How the store ends.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    Dropped,
    Killed,
}

const TEARS: [Tear; 7] =
    [Tear::Cut(1), Tear::Cut(7), Tear::Cut(0), Tear::Left(6), Tear::Zeroed(300), Tear::Longer(4_000), Tear::Noise(20)];
/// After a clean end the log is empty but for what was written since, so the ways to tear it differ less.
const TEARS_OF_A_CLOSED_LOG: [Tear; 2] = [Tear::Cut(7), Tear::Longer(4_000)];

async fn take(store: &Store, council: &Council) -> ItemId {
    let item = new_item();
    let operation = crate::support::operation(council.report(), add(item));
    store.push(council.federal.clone(), vec![operation]).await.expect("an answer");
    item
}

async fn items(store: &Store, council: &Council) -> Vec<ItemId> {
    let draft = store.draft(council.report()).await.expect("the draft").draft;
    draft.items.iter().map(|item| item.id).collect()
}

fn tear(place: &Place, tear: Tear, before: usize) {
    place.tear(|bytes| {
        let size = bytes.len();
        match tear {
            Tear::Cut(0) => bytes.truncate(size - at_random(size - before)),
            Tear::Cut(count) => bytes.truncate(size - count),
            Tear::Left(count) => bytes.truncate(before + count),
            Tear::Zeroed(count) => bytes[size - count..].fill(0),
            Tear::Longer(count) => bytes.resize(size + count, 0),
            Tear::Noise(count) => bytes[size - count..].iter_mut().for_each(|byte| *byte ^= 0x5a),
        }
    });
}

/// Within the last record.
fn at_random(length: usize) -> usize {
    1 + usize::from(store::entropy()[0]) * 256 % (length - 1)
}

fn log_size(place: &Place) -> usize {
    usize::try_from(std::fs::metadata(place.log()).expect("the log").len()).expect("a size")
}

/// Three times in a row the log is torn and the store opened on it; then it takes changes, and ends.
async fn three_times(kind: Tear, end: End) -> Result<(), String> {
    let mut place = Place::new().await;
    let council = Council::open(&place.url()).await;
    let mut store = council.store.clone();
    let mut kept = Vec::new();
    for round in 0..3 {
        for _ in 0..3 {
            kept.push(take(&store, &council).await);
        }
        let before = log_size(&place);
        let last = take(&store, &council).await;
        place.killed();
        tear(&place, kind, before);
        drop(store);
        store = place.open().await.map_err(|error| format!("round {round}: {error}"))?;
        // The change at the torn end may be gone: by a power cut it was not acknowledged, or the disk lied.
        let found = items(&store, &council).await;
        let lost = kept.iter().filter(|item| !found.contains(item)).count();
        if lost > 0 {
            return Err(format!("round {round}: {lost} of {} are gone at the start", kept.len()));
        }
        if found.contains(&last) {
            kept.push(last);
        }
        for _ in 0..5 {
            kept.push(take(&store, &council).await);
        }
        match end {
            End::Killed => place.killed(),
            End::Dropped => {}
        }
        drop(store);
        store = place.open().await.map_err(|error| format!("round {round}, again: {error}"))?;
        let found = items(&store, &council).await;
        let lost = kept.iter().filter(|item| !found.contains(item)).count();
        if lost > 0 {
            return Err(format!("round {round}: {lost} of {} acknowledged changes are gone", kept.len()));
        }
    }
    Ok(())
}

async fn every_tear(tears: &[Tear], end: End) {
    let mut wrong = Vec::new();
    for kind in tears {
        if let Err(reason) = three_times(*kind, end).await {
            wrong.push(format!("{kind:?}: {reason}"));
        }
    }
    assert!(wrong.is_empty(), "{end:?}: {} of {}:\n{}", wrong.len(), tears.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_torn_log_and_a_kill_lose_nothing_that_was_acknowledged_afterwards() {
    every_tear(&TEARS, End::Killed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_torn_log_and_a_clean_end_lose_nothing_that_was_acknowledged_afterwards() {
    every_tear(&TEARS_OF_A_CLOSED_LOG, End::Dropped).await;
}
