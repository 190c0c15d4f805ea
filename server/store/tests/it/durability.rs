//! What was acknowledged is there after a reopen, and on disk a second process is refused.

use crate::support::{Council, Kind, add, new_item, text};

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
