//! A database that the release before the log has written, under a server that is killed while it brings it along.

use super::council::Council;
use crate::support::Person;
use domain::board::Board;
use domain::field::{FieldKey, ItemField};
use domain::sync::history::HistoryPage;
use domain::sync::wire::DraftAnswer;
use serde::de::DeserializeOwned;
use std::time::Duration;

/// What `store/tests/fixtures/release-1.tar.gz` holds; see the store's test of it.
const HEAD: u64 = 1_939;
const CARDS: usize = 91;

async fn get<T: DeserializeOwned>(person: &Person, path: &str) -> T {
    person.get(path).send().await.expect("an answer").json().await.expect("JSON")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_it_brings_an_older_database_along_it_begins_again() {
    let mut council = Council::of_earlier_release();
    // A little longer each time, so that the kills come at many places and the last attempt has time enough.
    let (mut patience, mut kills) = (Duration::from_millis(200), 0);
    while tokio::time::timeout(patience, council.start(&[])).await.map(|started| started.expect("a start")).is_err() {
        council.end("-KILL");
        kills += 1;
        patience = patience * 5 / 4;
    }
    println!("killed {kills} times");
    assert!(kills > 2, "killed {kills} times");

    let person = council.server.person("federal").await;
    let draft: DraftAnswer = get(&person, &person.of_report("")).await;
    assert_eq!((draft.seq, draft.draft.items.len()), (HEAD, 1));
    let board: Board = get(&person, &format!("/api/board/{}", person.edition())).await;
    assert_eq!(board.cards.len(), CARDS);
    let key = FieldKey::Item(draft.draft.items[0].id, ItemField::Text);
    let page: HistoryPage = get(&person, &person.of_report(&format!("/history?field={key}"))).await;
    let texts: Vec<_> = page.versions.iter().map(|version| version.value.text()).collect();
    assert_eq!(texts, [Some("le mien"), Some("le leur"), Some("la base")]);
}
