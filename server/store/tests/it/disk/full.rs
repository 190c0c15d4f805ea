//! A disk that is really full: a small tmpfs, mounted by the test. Without the right to mount it says so and ends.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Command;
use store::StoreError;
use store::disk::{DiskFault, DiskOptions, Engine, folder_of, says_full};

/// A disk of a few megabytes, unmounted at the end.
struct Disk {
    root: tempfile::TempDir,
}

impl Disk {
    fn mounted(megabytes: u32) -> Option<Self> {
        let root = tempfile::tempdir().expect("a folder");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"]).arg(root.path());
        if mount.output().is_ok_and(|done| done.status.success()) {
            return Some(Self { root });
        }
        eprintln!("not tried: this user may not mount a disk");
        None
    }

    fn path(&self) -> &Path {
        self.root.path()
    }

    fn url(&self) -> String {
        format!("surrealkv://{}", self.path().join("data").display())
    }

    /// Takes everything but so many bytes.
    fn fill(&self, but: u64) {
        let mut filling = fs::File::create(self.path().join("filling")).expect("a file");
        let mut page = vec![1; 64 << 10];
        while page.len() >= 4_096 {
            while filling.write_all(&page).is_ok() {}
            page.truncate(page.len() / 2);
        }
        let size = filling.metadata().expect("a file").len();
        filling.set_len(size - but).expect("a size");
    }

    fn free(&self) {
        fs::remove_file(self.path().join("filling")).expect("a file");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).output();
    }
}

/// What the engine says and does when it really runs out of room: the reason for the reserve.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_writes_and_goes_on_by_itself() {
    let Some(disk) = Disk::mounted(24) else { return };
    let (url, folder) = (disk.url(), folder_of(&disk.url()).expect("a folder"));
    let options = DiskOptions { reserve: 2 << 20, accept_loss: false };
    let engine = Engine::open(&url, folder.clone(), options.clone()).await.expect("a database");
    let write = async |engine: &Engine, name: &str, kilobytes: usize| {
        let db = engine.db().await.expect("open");
        let query = db.query("CREATE type::record('row', $id) SET text = $text");
        query.bind(("id", name.to_owned())).bind(("text", "x".repeat(kilobytes << 10))).await?.check().map(drop)
    };
    let read = async |engine: &Engine| {
        let db = engine.db().await.expect("open");
        let mut rows = db.query("SELECT VALUE record::id(id) FROM row ORDER BY id").await.expect("an answer");
        rows.take::<Vec<String>>(0).expect("rows")
    };
    write(&engine, "a", 10).await.expect("room");
    engine.space().check().expect("room");
    disk.fill(20 << 10);
    assert!(engine.space().check().is_err(), "the reserve is gone");

    // Without asking first: the engine's own words.
    let mut refused = Vec::new();
    for (name, kilobytes) in [("b", 1), ("c", 100), ("d", 100), ("e", 1)] {
        if let Err(error) = write(&engine, name, kilobytes).await {
            println!("{name}: {error} ({:?})", error.kind_str());
            assert!(says_full(&error), "{name}: {error}");
            refused.push(name);
        }
    }
    assert!(refused.contains(&"c"), "{refused:?}");
    let during = read(&engine).await;
    println!("read while it is full: {during:?}");
    assert!(during.contains(&"a".to_owned()));
    assert!(matches!(engine.reopen().await, Err(StoreError::Full(_))), "not yet");

    // Once there is room the engine takes commits, behind the one that was half written: a kill would lose them.
    disk.free();
    write(&engine, "x", 1).await.expect("the engine says so");
    let torn = engine.db().await.expect("open").guard().committed();
    assert!(matches!(torn, Err(DiskFault::Torn { .. })), "{torn:?}");
    let cuts = engine.reopen().await.expect("room");
    println!("cut: {cuts:?}");
    let after = read(&engine).await;
    println!("read when it was opened again: {after:?}");
    assert!(
        after.contains(&"a".to_owned())
            && during.iter().all(|row| after.contains(row) || refused.contains(&row.as_str()))
    );
    write(&engine, "f", 10).await.expect("room");
    engine.db().await.expect("open").guard().committed().expect("the log");
    drop(engine);

    // And it is there after another start.
    super::closed(&folder).await;
    let engine = Engine::open(&url, folder.clone(), options.clone()).await.expect("a database");
    let again = read(&engine).await;
    assert!(again.contains(&"f".to_owned()) && again.len() == after.len() + 1, "{again:?}");
    drop(engine);
    super::closed(&folder).await;

    // Started while it is full, with and without a page left.
    for but in [8_192, 0] {
        disk.fill(but);
        let error = Engine::open(&url, folder.clone(), options.clone()).await.expect_err("no room");
        assert!(matches!(error, StoreError::Full(_)) && error.to_string().contains("is full"), "{error}");
        disk.free();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unmounted_disk_is_noticed() {
    let Some(disk) = Disk::mounted(64) else { return };
    let folder = folder_of(&disk.url()).expect("a folder");
    let opened = store::disk::open(&disk.url(), &folder, &DiskOptions::default()).await.expect("a database");
    opened.guard.still_writing().expect("the log");
    assert!(Command::new("umount").arg("-l").arg(disk.path()).status().expect("umount").success());
    assert!(matches!(opened.guard.still_writing(), Err(DiskFault::Gone { .. })));
}
