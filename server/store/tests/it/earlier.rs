//! A database that the release before the log has written: brought along, with everything that was in it.
//!
//! `fixtures/release-1.tar.gz` is the folder of that program's own demonstration after some pushes of the federal member:
//! a contact, an item with a text, another text for it, a third on the first one's revision (a conflict), a submission.

use crate::support::{Council, Database, seq, text};
use domain::field::{FieldKey, ItemField};
use domain::report::submitted::Submitted;
use domain::sync::history::Before;
use std::process::Command;
use std::time::Duration;
use store::Store;

const HEAD: u64 = 1_939;
const CARDS: usize = 91;

fn unpacked() -> tempfile::TempDir {
    let root = tempfile::tempdir().expect("a folder");
    let folder = root.path().join("data");
    std::fs::create_dir(&folder).expect("a folder");
    let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/release-1.tar.gz");
    let unpacking = Command::new("tar").args(["-xzf", fixture, "-C"]).arg(&folder).status().expect("tar");
    assert!(unpacking.success());
    root
}

async fn opened(root: &tempfile::TempDir) -> Council {
    let url = format!("surrealkv://{}", root.path().join("data").display());
    let mut opened = Store::open(&url).await;
    for _ in 0..100 {
        if opened.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        opened = Store::open(&url).await;
    }
    let store = opened.expect("the database of the earlier release");
    Council::of(store, Database::at(&url)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_earlier_release_wrote_is_brought_along_whole() {
    let root = unpacked();
    let council = opened(&root).await;
    let report = council.report();
    assert_eq!(council.store.head().await.expect("the sequence"), HEAD);
    let draft = council.store.draft(report).await.expect("the draft");
    assert_eq!((draft.seq, draft.draft.items.len()), (HEAD, 1));
    let item = &draft.draft.items[0];
    assert_eq!((item.title.value.as_str(), item.text.value.as_str()), ("Guichet", "le leur"));
    let submitted: Submitted = council.store.submitted(report).await.expect("what the council has");
    assert_eq!(submitted.receipt.as_ref().map(|receipt| receipt.seq), Some(HEAD));
    assert_eq!(submitted.hash(), submitted.receipt.as_ref().map(|receipt| receipt.hash.clone()));
    let history = council.store.history(report, FieldKey::Item(item.id, ItemField::Text), Before::END).await;
    let versions: Vec<_> = history.expect("the history").versions;
    let texts: Vec<_> = versions.iter().map(|version| (version.seq.is_some(), version.value.text())).collect();
    assert_eq!(texts, [(false, Some("le mien")), (true, Some("le leur")), (true, Some("la base"))]);
    assert!(versions.windows(2).all(|two| two[0].at > two[1].at), "each has its own time");
    assert_eq!(council.board().await.cards.len(), CARDS);
    let end = council.store.end();

    // It goes on from there, and the next start finds the log as it is.
    let base = item.text.rev;
    assert_eq!(seq(&council.take(text(item.id, base, "la suite")).await), HEAD + 1);
    assert!(council.store.knows(&end).await.expect("an answer"), "the chain goes on from what was brought along");
    let after = council.store.end();
    drop(council);
    let council = opened(&root).await;
    assert_eq!(council.store.end(), after);
    let draft = council.store.draft(report).await.expect("the draft").draft;
    assert_eq!(draft.items[0].text.value, "la suite");
}
