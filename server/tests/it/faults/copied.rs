//! A data folder that was copied back by hand, with its witness: the same instance gives out the same numbers again, for
//! other cards. Readers of a board that were there before are told so by the chain.

use super::council::{Council, copy};
use crate::sse::Stream;
use crate::support::Person;
use domain::board::Board;
use domain::board::events::EventsPage;
use domain::id::ItemId;
use domain::sync::chain::in_query;
use domain::sync::wire::Seq;
use serde::de::DeserializeOwned;
use std::fs;

async fn get<T: DeserializeOwned>(reader: &Person, rest: &str) -> T {
    let path = format!("/api/board/{}{rest}", reader.edition());
    reader.get(&path).send().await.expect("an answer").json().await.expect("JSON")
}

/// The cursor of the first heartbeat of a stream.
async fn told(reader: &Person, query: &str, last: Option<Seq>) -> Seq {
    let path = format!("/api/board/{}/stream?{query}", reader.edition());
    let mut stream = Stream::at(reader, &path, last).await;
    let seen = stream.until(|frame| frame.event == "heartbeat").await;
    seen.last().expect("a heartbeat").data["cursor"].as_u64().expect("a cursor")
}

/// A council whose folder was copied back, what a reader had of its board before, and a card that is gone since.
async fn copied_back() -> (Council, Board, ItemId) {
    let mut council = Council::new().await;
    let older = tempfile::tempdir().expect("a folder");
    copy(&council.home, older.path());
    council.start(&[]).await.expect("a start");
    let member = council.server.person("on").await;
    let ghost = member.publish("before the folder was copied back").await;
    let before: Board = get(&council.server.person("observer").await, "").await;
    assert!(before.cards.contains_key(&ghost));
    council.end("-TERM");

    fs::remove_dir_all(council.data()).expect("removed");
    fs::remove_file(council.witness()).expect("removed");
    copy(older.path(), &council.home);
    council.start(&[]).await.expect("a start");
    let member = council.server.person("on").await;
    let reader = council.server.person("observer").await;
    for count in 0.. {
        let now: Board = get(&reader, "").await;
        if now.cursor > before.cursor {
            assert_eq!(now.instance, before.instance);
            assert!(!now.cards.contains_key(&ghost));
            break;
        }
        member.publish(&format!("after it {count}")).await;
    }
    (council, before, ghost)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_of_a_folder_that_was_copied_back_is_given_a_snapshot() {
    let (mut council, before, ghost) = copied_back().await;
    // Of the running server, and of one that has no batch in memory yet.
    for again in [false, true] {
        if again {
            council.end("-TERM");
            council.start(&[]).await.expect("a start");
        }
        let reader = council.server.person("observer").await;
        let page: EventsPage = get(&reader, &format!("/events?{}", before.after())).await;
        assert_eq!((page.instance, page.cursor, page.events.len(), page.more), (before.instance, 0, 0, false));
        assert_eq!(told(&reader, &before.after(), None).await, 0);
        let elsewhere = format!("after=0{}", in_query(before.mark));
        assert_eq!(told(&reader, &elsewhere, Some(before.cursor)).await, 0, "a browser that came back by itself");

        let now: Board = get(&reader, "").await;
        assert!(!now.cards.contains_key(&ghost));
        let page: EventsPage = get(&reader, &format!("/events?{}", now.after())).await;
        assert_eq!((page.cursor, page.mark), (now.cursor, now.mark));
        assert_eq!(told(&reader, &now.after(), None).await, now.cursor);
        let nothing: EventsPage = get(&reader, &elsewhere.replacen("after=0", "/events?after=0", 1)).await;
        assert!(nothing.cursor > 0, "whoever has read nothing has not read another past");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_has_no_mark_goes_on_from_its_cursor() {
    let (council, before, _) = copied_back().await;
    let reader = council.server.person("observer").await;
    let old = Board { mark: None, ..before };
    let page: EventsPage = get(&reader, &format!("/events?{}", old.after())).await;
    assert!(page.cursor > old.cursor && !page.events.is_empty(), "{page:?}");
    assert!(told(&reader, &old.after(), None).await > old.cursor);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_comes_back_to_the_log_that_it_read_goes_on() {
    let mut council = Council::new().await;
    council.start(&[]).await.expect("a start");
    let before: Board = get(&council.server.person("observer").await, "").await;
    council.server.person("on").await.publish("meanwhile").await;
    for signal in ["-TERM", "-KILL"] {
        council.end(signal);
        council.start(&[]).await.expect("a start");
        let reader = council.server.person("observer").await;
        let page: EventsPage = get(&reader, &format!("/events?{}", before.after())).await;
        assert!(page.cursor > before.cursor && page.events.len() == 1, "{page:?}");
        assert!(told(&reader, &before.after(), None).await > before.cursor);
    }
}
