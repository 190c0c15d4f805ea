//! The ordered log: no gap, no draft in it, pages that meet.

use crate::support::{Council, add, contact, new_item, operation, text, title};
use domain::board::Board;
use domain::sync::op::KnownChange;

async fn submit_items(council: &Council, count: usize) {
    let mut changes: Vec<KnownChange> = contact().into();
    for n in 0..count {
        let item = new_item();
        changes.extend([add(item), title(item, &format!("t{n}"))]);
    }
    changes.push(KnownChange::Submit {});
    let operations: Vec<_> = changes.into_iter().map(|change| operation(council.report(), change)).collect();
    for chunk in operations.chunks(100) {
        council.push(chunk.to_vec()).await;
    }
}

pub async fn a_replica_fed_from_the_log_is_the_board(council: Council) {
    let edition = council.report().edition;
    let mut replica = Board::empty(council.store.instance(), edition, 0, store::now());
    submit_items(&council, 30).await;
    council.take(KnownChange::Withdraw {}).await;
    submit_items(&council, 3).await;
    let mut pages = 0;
    loop {
        let page = council.store.board_events(edition, replica.cursor).await.expect("a page");
        for event in &page.events {
            replica.apply(event);
        }
        replica.advance(page.cursor, store::now(), page.mark);
        pages += 1;
        if !page.more {
            break;
        }
    }
    let board = council.board().await;
    assert!(pages > 1, "the demonstration's log is longer than a page");
    assert_eq!((replica.cards, replica.cursor), (board.cards, board.cursor));
}

pub async fn the_log_says_nothing_of_drafts_and_nothing_of_other_editions(council: Council) {
    let cursor = council.store.head().await.expect("the sequence");
    let item = new_item();
    council.take(add(item)).await;
    council.take(title(item, "a draft")).await;
    council.take(text(item, 0, "of a text")).await;
    let after = council.store.events_after(cursor, None).await.expect("a page");
    assert_eq!((after.events.len(), after.cursor, after.more), (0, cursor + 3, false));

    submit_items(&council, 1).await;
    let closed = council.view.editions.iter().find(|edition| !edition.is_open()).expect("a closed edition");
    let elsewhere = council.store.board_events(closed.id, cursor).await.expect("a page");
    assert!(elsewhere.events.is_empty());
    let here = council.store.board_events(council.report().edition, cursor).await.expect("a page");
    assert_eq!(here.events.len(), 2, "the card of the submission, and that of the draft item");
}

pub async fn a_cursor_ahead_of_the_log_comes_back_to_it(council: Council) {
    let head = council.store.head().await.expect("the sequence");
    let after = council.store.events_after(head + 1_000, None).await.expect("a page");
    assert_eq!((after.events.len(), after.cursor), (0, head), "the database was restored: start from what it has");
}
