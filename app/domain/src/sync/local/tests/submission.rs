//! What waits of a submission while nobody answers.

use super::*;

fn submissions(local: &LocalReport) -> usize {
    local.queue.iter().filter(|queued| queued.is_submission()).count()
}

#[test]
fn pressed_twice_with_no_network_one_submission_waits() {
    let (mut local, _) = settled("un");
    local.write(text("un deux"), None, op(1));
    local.change(KnownChange::Submit {}, op(2));
    // The outbox tries, and nobody answers.
    assert_eq!(local.hand_over_if(false).len(), 1, "what was written goes out");
    assert!(local.hand_over_if(false).iter().all(|operation| !operation.is_barrier()));
    local.change(KnownChange::Submit {}, op(3));
    assert_eq!(
        (submissions(&local), local.pending_submission()),
        (1, Some(PendingSubmission { sent: false, changed: false }))
    );
    local.write(text("un deux trois"), None, op(4));
    assert!(local.pending_submission().is_some_and(|pending| pending.changed));
    local.change(KnownChange::Submit {}, op(5));
    assert_eq!(
        (submissions(&local), local.pending_submission()),
        (1, Some(PendingSubmission { sent: false, changed: false }))
    );
    assert!(local.queue.last().is_some_and(Queued::is_submission), "it holds all that was written before it");
}

#[test]
fn a_submission_that_may_have_arrived_is_not_repeated_and_not_taken_back() {
    let (mut local, _) = settled("un");
    local.change(KnownChange::Submit {}, op(1));
    assert!(local.hand_over_if(false).is_empty() && local.waits_for_an_answer());
    assert_eq!(local.hand_over_if(true).len(), 1);
    assert_eq!(local.hand_over_if(false).len(), 1, "the same goes out again");
    local.change(KnownChange::Submit {}, op(2));
    local.take_back_submission();
    assert_eq!(
        (submissions(&local), local.pending_submission()),
        (1, Some(PendingSubmission { sent: true, changed: false }))
    );
    local.write(text("un deux"), None, op(3));
    local.change(KnownChange::Submit {}, op(4));
    assert_eq!(submissions(&local), 2, "what was written since is submitted after it");
}

#[test]
fn a_submission_that_nobody_can_have_is_taken_back_and_the_texts_stay() {
    let (mut local, _) = settled("un");
    local.write(text("un deux"), None, op(1));
    local.change(KnownChange::Submit {}, op(2));
    local.take_back_submission();
    assert_eq!((submissions(&local), local.pending_submission()), (0, None));
    assert_eq!((sets(&local).len(), local.fields[&text("").key()].value.clone()), (1, text("un deux")));
}

#[test]
fn a_withdrawal_before_anything_left_the_device_takes_the_submission_with_it() {
    let (mut local, _) = settled("un");
    local.council.submission = Some(Receipt { seq: 4, at: Timestamp::from_millis(1), hash: receipt_hash(), items: 1 });
    local.write(text("un deux"), None, op(1));
    local.change(KnownChange::Submit {}, op(2));
    local.change(KnownChange::Withdraw {}, op(3));
    assert_eq!((submissions(&local), local.pending_submission()), (0, None), "its words never leave");
    assert!(local.queue.last().is_some_and(|queued| queued.operation.is_barrier()));
    local.change(KnownChange::Submit {}, op(4));
    assert_eq!(
        (submissions(&local), local.queue.iter().filter(|queued| queued.operation.is_barrier()).count()),
        (1, 1)
    );
}

#[test]
fn behind_a_withdrawal_that_may_have_arrived_no_submission_waits() {
    let (mut local, _) = settled("un");
    local.change(KnownChange::Submit {}, op(1));
    let _ = local.hand_over_if(true);
    local.change(KnownChange::Withdraw {}, op(2));
    assert_eq!((submissions(&local), local.pending_submission()), (1, None));
    local.change(KnownChange::Submit {}, op(3));
    assert_eq!(local.pending_submission(), Some(PendingSubmission { sent: false, changed: false }));
}

fn receipt_hash() -> crate::sync::op::ContentHash {
    crate::sync::op::ContentHash::of_value(&serde_json::json!(null))
}
