//! When a reader of the log begins on what is new: those who write come first.
//!
//! A reader lets changes gather, because what is written over meanwhile is not written, and because a burst (devices that
//! come back to the network together) is acknowledged sooner when nothing is written beside it. Whoever waits for the
//! reader ends the wait.

use crate::log::Mark;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, timeout};

/// How long changes gather.
const GATHER: Duration = Duration::from_millis(500);
/// Changes in that time that are a burst, by the sequence.
const BURST: u64 = 100;
/// A burst has ended when nothing came for so long.
const QUIET: Duration = Duration::from_millis(50);
/// How long the end of a burst is waited for, by a reader that writes.
pub const BURST_ENDS: Duration = Duration::from_secs(2);

/// Waits until there is something to read and it is time to; at most `longest` for the end of a burst. `false`: the writer
/// has ended, and everything was read.
pub async fn next(head: &mut watch::Receiver<Mark>, wanted: &Notify, longest: Duration) -> bool {
    let before = head.borrow().seq;
    tokio::select! {
        () = wanted.notified() => return true,
        changed = head.changed() => if changed.is_err() { return false },
    }
    let mut ended = head.clone();
    tokio::select! {
        () = wanted.notified() => {}
        () = gathered(head, before, longest) => {}
        // Who closes the database does not wait for it.
        () = async { while ended.changed().await.is_ok() {} } => {}
    }
    true
}

async fn gathered(head: &mut watch::Receiver<Mark>, before: u64, longest: Duration) {
    let begun = Instant::now();
    let mut last = begun;
    loop {
        let changes = head.borrow_and_update().seq.saturating_sub(before);
        let Some(wait) = waits(begun.elapsed(), last.elapsed(), changes, longest) else { return };
        match timeout(wait, head.changed()).await {
            Ok(Ok(())) => last = Instant::now(),
            Ok(Err(_)) => return,
            Err(_) => {}
        }
    }
}

/// How long the reader still waits, so long after the first change and the last one, of so many; none when it begins.
fn waits(since_first: Duration, since_last: Duration, changes: u64, longest: Duration) -> Option<Duration> {
    if since_first < GATHER {
        return Some(GATHER - since_first);
    }
    let end = GATHER + longest;
    let goes_on = changes >= BURST && since_last < QUIET && since_first < end;
    goes_on.then(|| (QUIET - since_last).min(end - since_first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::sync::chain::ChainHash;

    #[test]
    fn a_few_changes_are_read_after_a_moment_and_a_burst_when_it_ends() {
        for (since_first, since_last, changes, expected) in [
            (0, 0, 1, Some(500)),
            (499, 0, 1_000, Some(1)),
            (500, 0, 99, None),
            (500, 0, 100, Some(50)),
            (900, 20, 300, Some(30)),
            (900, 50, 300, None),
            // A burst that does not end is not waited for.
            (2_490, 0, 9_000, Some(10)),
            (2_500, 0, 9_000, None),
        ] {
            let (first, last) = (Duration::from_millis(since_first), Duration::from_millis(since_last));
            assert_eq!(
                waits(first, last, changes, BURST_ENDS),
                expected.map(Duration::from_millis),
                "{since_first} {since_last} {changes}"
            );
        }
        assert_eq!(waits(GATHER, Duration::ZERO, 9_000, Duration::ZERO), None, "who only reads waits for no burst");
    }

    #[tokio::test]
    async fn whoever_waits_or_closes_ends_the_wait() {
        let mark = |seq| Mark { batch: seq, seq, hash: ChainHash::GENESIS };
        let (send, mut head) = watch::channel(mark(0));
        let wanted = Notify::new();
        // Ready when it is first asked, and not after a while.
        let mut at_once =
            async || timeout(Duration::ZERO, next(&mut head, &wanted, BURST_ENDS)).await.expect("at once");
        send.send_replace(mark(1));
        wanted.notify_one();
        assert!(at_once().await);
        send.send_replace(mark(2));
        drop(send);
        assert!(at_once().await, "what came last is read");
        assert!(!at_once().await);
    }
}
