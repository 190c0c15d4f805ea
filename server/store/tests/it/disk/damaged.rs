//! Damage that nobody may paper over, and a folder that goes away: each is a typed error with a sentence.

use super::{Place, open};
use crate::support::{Council, add, new_item, operation};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use store::StoreError;
use store::disk::{DiskError, DiskFault, DiskGuard, DiskOptions, Read, Witness, folder_of};

fn manifest(folder: &Path) -> std::path::PathBuf {
    folder.join("manifest").join(format!("{:020}.manifest", 0))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flipped_byte_in_the_manifest_is_a_sentence() {
    let place = Place::new().await;
    let file = manifest(&place.folder());
    let whole = fs::read(&file).expect("the manifest");
    let mut accepted = Vec::new();
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x80;
        fs::write(&file, &flipped).expect("the manifest");
        match store::disk::open(&place.url(), &place.folder(), &DiskOptions::default()).await {
            Ok(opened) => {
                accepted.push(at);
                drop(opened);
                super::closed(&place.folder()).await;
                fs::write(&file, &whole).expect("the manifest");
            }
            Err(
                error @ StoreError::Disk(
                    DiskError::Damaged { .. } | DiskError::Refused { .. } | DiskError::GaveUp { .. },
                ),
            ) => {
                assert!(error.to_string().contains("restore the last backup"), "{error}");
                super::closed(&place.folder()).await;
            }
            Err(error) => panic!("byte {at}: {error}"),
        }
    }
    // The number of the next table may be higher than it need be, and no segment of a closed log is needed.
    assert!(accepted.iter().all(|at| (2..18).contains(at)), "{accepted:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_that_are_missing_or_torn_in_the_middle_are_refused() {
    let place = Place::new().await;
    let council = Council::open(&place.url()).await;
    council.take(add(new_item())).await;
    let mut killed = place;
    killed.killed();
    // A later segment is there: nothing may be cut out of this one.
    let log = killed.log();
    let next = log.with_file_name(format!(
        "{:020}.wal",
        1 + log.file_stem().and_then(|name| name.to_str()?.parse::<u64>().ok()).expect("a number")
    ));
    fs::copy(&log, &next).expect("a copy");
    let whole = fs::read(&log).expect("the log");
    fs::write(&log, &whole[..whole.len() - 3]).expect("the log");
    let refused = open(&killed.url()).await.expect_err("a hole");
    assert!(matches!(refused, StoreError::Disk(DiskError::Damaged { .. })), "{refused}");
    assert_eq!(fs::read(&log).expect("the log").len(), whole.len() - 3, "nothing was cut");
    // Unless that is wanted: then what follows is set aside.
    let (url, folder) = (killed.url(), killed.folder());
    let options = DiskOptions { accept_loss: true, ..DiskOptions::default() };
    let opened = store::disk::open(&url, &folder, &options).await.expect("a prefix");
    assert_eq!(opened.cuts.len(), 2);
    assert!(opened.cuts[1].saved.as_ref().is_some_and(|saved| saved.exists() && !next.exists()));
    drop(opened);
    super::closed(&folder).await;
    fs::remove_file(manifest(&folder)).expect("the manifest");
    let refused = open(&url).await.expect_err("tables without a manifest");
    assert!(refused.to_string().contains("it is missing, and there are tables"), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_goes_is_noticed_and_the_files_are_private() {
    let place = Place::new().await;
    fs::set_permissions(place.folder(), fs::Permissions::from_mode(0o777)).expect("a mode");
    let council = Council::open(&place.url()).await;
    let folder = folder_of(&place.url()).expect("a folder");
    assert_modes(&folder);
    assert!(matches!(store::Store::open(&place.url()).await, Err(StoreError::Disk(DiskError::InUse { .. }))));
    let guard = DiskGuard::attach(&folder).expect("the log");
    let commit = || council.store.push(council.federal.clone(), vec![operation(council.report(), add(new_item()))]);
    for _ in 0..3 {
        commit().await.expect("an answer");
        assert_eq!((guard.committed().await, guard.still_writing()), (Ok(()), Ok(())));
    }
    let start = std::time::Instant::now();
    for _ in 0..1_000 {
        guard.still_writing().expect("the log");
    }
    println!("one look takes {:?}", start.elapsed() / 1_000);
    let mut looking = std::time::Duration::ZERO;
    for _ in 0..20 {
        commit().await.expect("an answer");
        let start = std::time::Instant::now();
        guard.committed().await.expect("the log");
        looking += start.elapsed();
    }
    println!("after a commit it takes {:?}", looking / 20);
    fs::rename(&folder, folder.with_extension("moved")).expect("a name");
    let _ = commit().await;
    assert!(matches!(guard.committed().await, Err(DiskFault::Gone { .. })));
    // The witness stands beside the folder, and does not go with it.
    assert!(matches!(Witness::read(&Witness::path(&folder)), Ok(Read::Mark(_))));
}

fn assert_modes(folder: &Path) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let mode = entry.metadata().expect("a mode").permissions().mode() & 0o777;
        if entry.file_type().expect("a type").is_dir() {
            assert_eq!(mode, 0o700, "{entry:?}");
            assert_modes(&entry.path());
        } else {
            assert_eq!(mode, 0o600, "{entry:?}");
        }
    }
}
