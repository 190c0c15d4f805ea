//! A disk that is really full.

use crate::support::tmpfs::Disk;
use std::process::Command;
use store::StoreError;
use store::disk::{DiskFault, DiskOptions, Opened, Space, folder_of, says_full};

fn url(disk: &Disk) -> String {
    format!("surrealkv://{}", disk.path().join("data").display())
}

async fn write(opened: &Opened, name: &str, kilobytes: usize) -> Result<(), surrealdb::Error> {
    let query = opened.db.query("CREATE type::record('row', $id) SET text = $text");
    query.bind(("id", name.to_owned())).bind(("text", "x".repeat(kilobytes << 10))).await?.check().map(drop)
}

async fn read(opened: &Opened) -> Vec<String> {
    let mut rows = opened.db.query("SELECT VALUE record::id(id) FROM row ORDER BY id").await.expect("an answer");
    rows.take(0).expect("rows")
}

/// What the engine says and does when it really runs out of room: the reason for the reserve, and for opening it anew.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_writes_and_is_whole_when_it_is_opened_anew() {
    let Some(disk) = Disk::mounted(24) else { return };
    let url = url(&disk);
    let folder = folder_of(&url).expect("a folder");
    let options = DiskOptions { reserve: 2 << 20, accept_loss: false };
    let open = async || store::disk::open(&url, &folder, &options).await;
    let opened = open().await.expect("a database");
    let space = Space::new(&folder, options.reserve);
    write(&opened, "a", 10).await.expect("room");
    space.check().expect("room");
    disk.fill(20 << 10);
    assert!(space.check().is_err(), "the reserve is gone");

    // Without asking first: the engine's own words.
    let mut refused = Vec::new();
    for (name, kilobytes) in [("b", 1), ("c", 100), ("d", 100), ("e", 1)] {
        if let Err(error) = write(&opened, name, kilobytes).await {
            println!("{name}: {error} ({:?})", error.kind_str());
            assert!(says_full(error.message()), "{name}: {error}");
            refused.push(name);
        }
    }
    assert!(refused.contains(&"c"), "{refused:?}");
    let during = read(&opened).await;
    println!("read while it is full: {during:?}");
    assert!(during.contains(&"a".to_owned()));

    // Once there is room the engine takes commits, behind the one that was half written: a kill would lose them.
    disk.free();
    write(&opened, "x", 1).await.expect("the engine says so");
    let torn = opened.guard.committed().await;
    assert!(matches!(torn, Err(DiskFault::Torn { .. })), "{torn:?}");
    drop(opened);
    super::closed(&folder).await;
    let opened = open().await.expect("room");
    println!("cut: {:?}", opened.cuts);
    let after = read(&opened).await;
    println!("read when it was opened anew: {after:?}");
    assert!(
        after.contains(&"a".to_owned())
            && during.iter().all(|row| after.contains(row) || refused.contains(&row.as_str()))
    );
    write(&opened, "f", 10).await.expect("room");
    opened.guard.committed().await.expect("the log");
    drop(opened);

    // And it is there after another start.
    super::closed(&folder).await;
    let opened = open().await.expect("a database");
    let again = read(&opened).await;
    assert!(again.contains(&"f".to_owned()) && again.len() == after.len() + 1, "{again:?}");
    drop(opened);
    super::closed(&folder).await;

    // Started while it is full, with and without a page left.
    for but in [8_192, 0] {
        disk.fill(but);
        let error = open().await.expect_err("no room");
        assert!(matches!(error, StoreError::Full(_)) && error.to_string().contains("is full"), "{error}");
        disk.free();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unmounted_disk_is_noticed() {
    let Some(disk) = Disk::mounted(64) else { return };
    let url = url(&disk);
    let folder = folder_of(&url).expect("a folder");
    let opened = store::disk::open(&url, &folder, &DiskOptions::default()).await.expect("a database");
    opened.guard.still_writing().expect("the log");
    assert!(Command::new("umount").arg("-l").arg(disk.path()).status().expect("umount").success());
    assert!(matches!(opened.guard.still_writing(), Err(DiskFault::Gone { .. })));
}
