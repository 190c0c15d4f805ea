//! On disk: what was acknowledged is there after a reopen, and a second process is refused.

use crate::support::{Council, add, new_item, reopen, text};
use store::Store;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_acknowledged_text_is_there_after_a_reopen() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("surrealkv://{}", folder.path().join("db").display());
    let council = Council::open(&url).await;
    let (report, item) = (council.report(), new_item());
    council.take(add(item)).await;
    council.take(text(item, 0, "kept")).await;
    let (instance, head) = (council.store.instance(), council.store.head().await.expect("the sequence"));
    assert!(Store::open(&url).await.is_err(), "one process at a time");
    drop(council);

    let store = reopen(&url).await;
    assert_eq!((store.instance(), store.head().await.expect("the sequence")), (instance, head));
    let draft = store.draft(report).await.expect("the draft").draft;
    assert_eq!(draft.items[0].text.value, "kept");
}
