//! Many at once on one database: readers are not refused while somebody writes, nor are two writes of a session.

use crate::support::{Council, add, new_item};
use std::sync::Arc;
use tower_sessions::SessionStore;
use tower_sessions::cookie::time::{Duration, OffsetDateTime};
use tower_sessions::session::{Id, Record};

pub async fn readers_are_never_refused_while_somebody_writes(council: Council) {
    let council = Arc::new(council);
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

pub async fn requests_at_once_may_put_off_the_end_of_one_session(council: Council) {
    let expiry_date = OffsetDateTime::now_utc() + Duration::days(1);
    let mut record = Record { id: Id::default(), ..crate::sessions::record(expiry_date) };
    council.store.sessions().create(&mut record).await.expect("created");
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
