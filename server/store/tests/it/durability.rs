//! What was acknowledged is there after a reopen, and on disk a second process is refused.

use crate::support::{Council, Kind, add, new_item, operation, sign_in, text};

pub async fn an_acknowledged_text_is_there_after_a_reopen(council: Council) {
    let (report, item) = (council.report(), new_item());
    council.take(add(item)).await;
    council.take(text(item, 0, "kept")).await;
    let (instance, head) = (council.store.instance(), council.store.head().await.expect("the sequence"));
    let second = council.database.open().await;
    assert_eq!(second.is_ok(), council.database.kind == Kind::Server, "a folder is one process's at a time");
    drop(second);

    let council = council.reopened().await;
    let store = &council.store;
    assert_eq!((store.instance(), store.head().await.expect("the sequence")), (instance, head));
    let draft = store.draft(report).await.expect("the draft").draft;
    assert_eq!(draft.items[0].text.value, "kept");
}

/// More at once than one question about taken ids asks for.
pub async fn what_was_done_before_a_reopen_is_not_done_again(council: Council) {
    let (report, federal) = (council.report(), council.federal.clone());
    let items: Vec<_> = (0..40).map(|_| new_item()).collect();
    let operations: Vec<_> = items.iter().map(|item| operation(report, add(*item))).collect();
    let first = council.store.push(federal.clone(), operations.clone()).await.expect("answers");
    assert!(first.iter().all(|answer| answer.status == 200));

    let council = council.reopened().await;
    let head = council.store.head().await.expect("the sequence");
    assert_eq!(council.store.push(federal, operations).await.expect("answers"), first);
    let ontario = sign_in(&council.store, "on").await;
    let theirs = council.report_of(&ontario);
    let stolen = items.iter().map(|item| operation(theirs, add(*item))).collect();
    let answers = council.store.push(ontario, stolen).await.expect("answers");
    assert!(answers.iter().all(|answer| answer.status == 403), "an item stays in its report: {answers:?}");
    assert_eq!(council.store.head().await.expect("the sequence"), head, "nothing was written");
}
