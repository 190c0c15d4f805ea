//! What one report takes in a day.

use crate::support::{Council, Database, Kind, add, contact, new_item, operation, sign_in, text, title};
use domain::field::{FieldValue, ItemValue};
use domain::sync::op::KnownChange;
use domain::sync::wire::{KnownOutcome, Refusal};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_that_took_all_of_a_day_still_leaves_the_board_and_another_takes_more() {
    let council = Council::on(Database::with_demo(Kind::Memory).await).await;
    let item = new_item();
    for change in contact().into_iter().chain([add(item), title(item, "Guichet")]) {
        council.take(change).await;
    }
    let long = |n: usize| text(item, 0, &format!("{n} {}", "é".repeat(19_000)));
    let mut refused = None;
    for round in 0..40 {
        let operations = (0..100).map(|n| operation(council.report(), long(100 * round + n))).collect();
        let outcomes = council.push(operations).await;
        refused = outcomes.into_iter().find(|outcome| matches!(outcome, KnownOutcome::Refused(_)));
        if refused.is_some() {
            break;
        }
    }
    assert_eq!(refused, Some(KnownOutcome::Refused(Refusal::TooMuchToday)));
    let more = council.take(add(new_item())).await;
    assert_eq!(more, KnownOutcome::Refused(Refusal::TooMuchToday), "it grows no more");
    for change in [
        KnownChange::Submit {},
        KnownChange::Set { base_rev: 0, value: FieldValue::Item(item, ItemValue::Deleted(true)) },
        KnownChange::Withdraw {},
    ] {
        let outcome = council.take(change).await;
        assert!(matches!(outcome, KnownOutcome::Accepted { .. }), "{outcome:?}");
    }
    let ontario = sign_in(&council.store, "on").await;
    let theirs = operation(council.report_of(&ontario), add(new_item()));
    let answers = council.store.push(ontario, vec![theirs]).await.expect("answers");
    assert_eq!(answers[0].status, 200);
}
