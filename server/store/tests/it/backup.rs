//! A backup is whole or refused, and what is restored is what was acknowledged.

use crate::support::{Council, Database, Kind, add, contact, new_item, operation, sign_in, text, title};
use domain::sync::op::KnownChange;
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use store::StoreError;
use store::backup::{self, BackupError, Damage, Manifest, Restored};
use tempfile::TempDir;

async fn made(council: &Council, folder: &TempDir) -> (std::path::PathBuf, Manifest) {
    let file = folder.path().join("council.backup");
    let manifest = council.store.back_up(&file, |_| {}).await.expect("a backup");
    (file, manifest)
}

async fn restored(database: &Database, file: &Path) -> Result<Restored, StoreError> {
    backup::restore(&database.url, file, &database.options, |_| {}).await
}

pub async fn what_is_restored_is_what_was_acknowledged(council: Council) {
    let (report, item) = (council.report(), new_item());
    let adding = operation(report, add(item));
    let first = council.store.push(council.federal.clone(), vec![adding.clone()]).await.expect("answers");
    // A second operation that adds the same item is accepted, and the item is taken once.
    council.take(add(item)).await;
    for change in contact() {
        council.take(change).await;
    }
    council.take(title(item, "Guichet unique")).await;
    council.take(text(item, 0, "first")).await;
    council.take(KnownChange::Submit {}).await;
    let rev = council.rev(item, |item| item.text.rev).await;
    council.take(text(item, rev, "second, not submitted")).await;

    let folder = tempfile::tempdir().expect("a folder");
    let (file, manifest) = made(&council, &folder).await;
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing is left beside it");
    assert_eq!(backup::verify(&file).expect("a whole backup"), manifest);

    // What is in memory is gone with its store.
    let kind = if council.database.kind == Kind::Memory { Kind::Disk } else { council.database.kind };
    let database = Database::empty(kind).await;
    let Restored { instance, .. } = restored(&database, &file).await.expect("restored");
    let store = database.reopen().await;
    assert_eq!(store.instance(), instance);
    assert_ne!(instance, council.store.instance(), "devices must notice");
    assert_eq!(store.end(), council.store.end(), "the sequence and the chain go on where they were");
    let federal = sign_in(&store, "federal").await;
    assert_eq!(federal, council.federal);
    let (before, after) = (council.store.draft(report).await, store.draft(report).await);
    assert_eq!(after.expect("the draft").draft, before.expect("the draft").draft);
    let (before, after) = (council.board().await, store.board(report.edition).await.expect("the board"));
    assert_eq!(after.cards, before.cards);
    let (mut before, after) = (council.view.clone(), store.council_view(federal).await.expect("the council"));
    before.council.instance = instance;
    assert_eq!(after, before);
    let again = store.push(council.federal.clone(), vec![adding]).await.expect("answers");
    assert_eq!(again, first, "what was done before the backup is not done twice");
    drop(store);

    // Nothing is written over, neither a file nor a database.
    let error = council.store.back_up(&file, |_| {}).await.expect_err("the file is there");
    assert!(matches!(error, StoreError::Backup(BackupError::Exists(_))), "{error}");
    let mut over = restored(&database, &file).await;
    while matches!(over, Err(StoreError::Disk(_))) {
        over = restored(&database, &file).await;
    }
    assert!(matches!(over, Err(StoreError::Backup(BackupError::NotEmpty))), "{over:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_backup_is_refused_and_nothing_is_written() {
    let (council, item) = (Council::new().await, new_item());
    council.take(add(item)).await;
    council.take(text(item, 0, "what was written")).await;
    let folder = tempfile::tempdir().expect("a folder");
    let (file, _) = made(&council, &folder).await;
    let whole = fs::read(&file).expect("the file");
    let damaged = folder.path().join("damaged.backup");
    let url = format!("surrealkv://{}", folder.path().join("restored").display());
    let mut tried: Vec<Vec<u8>> =
        [0, 1, 100, whole.len() / 2, whole.len() - 1].map(|size| whole[..size].to_vec()).into();
    for place in (0..whole.len()).step_by(whole.len() / 40) {
        let mut flipped = whole.clone();
        flipped[place] ^= 0x10;
        tried.push(flipped);
    }
    for (count, bytes) in tried.into_iter().enumerate() {
        fs::write(&damaged, bytes).expect("a file");
        let error = backup::verify(&damaged).expect_err("a damaged file was taken");
        assert!(matches!(error, BackupError::Damaged { .. } | BackupError::Newer), "{count}: {error}");
    }
    let database = Database::at(&url);
    assert!(restored(&database, &damaged).await.is_err());
    assert!(!folder.path().join("restored").exists(), "nothing was begun");

    // Written anew with all its digests, but with another text in it.
    let mut lines = Vec::new();
    std::io::Read::read_to_end(&mut brotli::Decompressor::new(&*fs::read(&file).expect("the file"), 4096), &mut lines)
        .expect("lines");
    let lines = String::from_utf8(lines).expect("text").replace("what was written", "what was wished!");
    let body = lines.rsplit_once("{\"end\"").expect("an end").0;
    let digest: String = sha2::Digest::finalize(<sha2::Sha256 as sha2::Digest>::new_with_prefix(body))
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let mut packed = Vec::new();
    let anew = format!("{body}{{\"end\":\"{digest}\"}}\n");
    brotli::BrotliCompress(&mut anew.as_bytes(), &mut packed, &brotli::enc::BrotliEncoderParams::default())
        .expect("packed");
    fs::write(&file, packed).expect("a file");
    let error = backup::verify(&file).expect_err("a text was changed");
    assert!(matches!(error, BackupError::Damaged { fault: Damage::Text(_), .. }), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_is_broken_off_leaves_nothing() {
    let council = Council::new().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("council.backup");
    let seen = Mutex::new(false);
    let mut working = Box::pin(council.store.back_up(&file, |_| *seen.lock().expect("a flag") = true));
    // As far as its first word, and no further.
    while !*seen.lock().expect("a flag") {
        tokio::select! {
            made = &mut working => panic!("it was made: {made:?}"),
            () = tokio::task::yield_now() => {}
        }
    }
    assert!(folder.path().join("council.backup.part").exists());
    drop(working);
    // What is being written to it at this moment is written first.
    while fs::read_dir(folder.path()).expect("a folder").count() > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}
