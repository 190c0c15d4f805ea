//! Many at once on a database on disk: readers are not refused while somebody writes, nor are two writes of a session.

use crate::support::{Council, add, new_item};
use std::sync::Arc;
use tower_sessions::SessionStore;
use tower_sessions::cookie::time::{Duration, OffsetDateTime};
use tower_sessions::session::{Id, Record};

async fn on_disk() -> (tempfile::TempDir, Arc<Council>) {
    let folder = tempfile::tempdir().expect("a folder");
    let council = Council::open(&format!("surrealkv://{}", folder.path().join("db").display())).await;
    (folder, Arc::new(council))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_are_never_refused_while_somebody_writes() {
    let (_folder, council) = on_disk().await;
    let readers = (0..4).map(|_| {
        let council = Arc::clone(&council);
        tokio::spawn(async move {
            for _ in 0..30 {
                council.board().await;
                let answer = council.store.draft(council.report()).await.expect("the draft");
                let newest = answer.draft.items.iter().map(|item| item.section.rev).max().unwrap_or_default();
                assert!(newest <= answer.seq, "a draft is not newer than the sequence read with it");
            }
        })
    });
    let readers: Vec<_> = readers.collect();
    for _ in 0..60 {
        council.take(add(new_item())).await;
    }
    for reader in readers {
        reader.await.expect("no reader fails");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn requests_at_once_may_put_off_the_end_of_one_session() {
    let (_folder, council) = on_disk().await;
    let expiry_date = OffsetDateTime::now_utc() + Duration::days(1);
    let record = Record { id: Id::default(), data: Default::default(), expiry_date };
    for _ in 0..20 {
        let saves = (0..4).map(|_| {
            let (sessions, record) = (council.store.sessions(), record.clone());
            tokio::spawn(async move { sessions.save(&record).await })
        });
        for save in saves.collect::<Vec<_>>() {
            save.await.expect("no panic").expect("saved");
        }
    }
}
