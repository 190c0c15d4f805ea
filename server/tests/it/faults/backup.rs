//! Backups and restores with the real program: of a running server, under faults, and broken off.

use super::council::{Council, acknowledged, instance, lost};
use crate::tmpfs::Disk;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().expect("a name")).collect();
    names.sort();
    names
}

/// Made while others write; restored elsewhere; what two people wrote since is offered again by their devices.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_a_running_server_and_what_was_written_since_lose_nothing() {
    let mut council = Council::new().await;
    council.start(&[]).await.expect("a start");
    let (on, qc) = (council.server.person("on").await, council.server.person("qc").await);
    let old = instance(&on).await;
    let mut ons = vec![acknowledged(&on, "before the backup").await];
    let file = council.home.join("council.backup");
    let (made, during) = tokio::join!(council.command(&["backup"], &file), async {
        let mut during = Vec::new();
        for count in 0..10 {
            during.push(acknowledged(&on, &format!("meanwhile {count}")).await);
        }
        during
    });
    assert!(made.status.success(), "{made:?}");
    ons.extend(during);
    let qcs = vec![acknowledged(&qc, "after the backup").await];
    assert!(council.command(&["verify"], &file).await.status.success());
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).expect("the file").permissions());
    assert_eq!(mode & 0o777, 0o600);
    let again = council.command(&["backup"], &file).await;
    assert!(!again.status.success() && String::from_utf8_lossy(&again.stderr).contains("there already"), "{again:?}");
    let over = council.command(&["restore"], &file).await;
    assert!(!over.status.success(), "a running database was written over: {over:?}");
    council.end("-KILL");

    // The disk is lost with everything beside the backup.
    fs::remove_dir_all(council.data()).expect("removed");
    fs::remove_file(council.witness()).expect("removed");
    let restored = council.command(&["restore"], &file).await;
    assert!(restored.status.success(), "{restored:?}");
    council.start(&[]).await.expect("a start");
    let (on, qc) = (council.server.person("on").await, council.server.person("qc").await);
    let new = instance(&on).await;
    assert_ne!(old, new, "devices must notice");
    assert_eq!(lost(&on, &ons[..1]).await, 0, "what was before the backup");
    assert_eq!(lost(&qc, &qcs).await, 1, "what was after it is on the device only");
    for (person, sent) in ons.iter().map(|sent| (&on, sent)).chain(qcs.iter().map(|sent| (&qc, sent))) {
        let (status, body) = sent.push(person, Some(old)).await;
        assert_eq!(status, 200, "{body}");
    }
    assert_eq!((lost(&on, &ons).await, lost(&qc, &qcs).await), (0, 0));

    // And with no server: the program opens the database itself.
    council.end("-TERM");
    let second = council.home.join("second.backup");
    let made = council.command(&["backup"], &second).await;
    assert!(made.status.success(), "{made:?}");
    assert!(council.command(&["verify"], &second).await.status.success());
}

/// A council whose server runs, and a folder for what is made of it.
async fn running() -> (Council, tempfile::TempDir, PathBuf) {
    let mut council = Council::new().await;
    council.start(&[]).await.expect("a start");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("council.backup");
    (council, folder, file)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_that_is_broken_off_leaves_nothing_and_the_server_goes_on() {
    let (mut council, folder, file) = running().await;
    let person = council.server.person("on").await;
    let kept = vec![acknowledged(&person, "before").await];
    let (mut broken_off, mut with_part) = (0, 0);
    // The server makes it, for a program that asks and is then ended.
    for (signal, waits) in [("-INT", 0..40), ("-KILL", 0..40)] {
        for wait in waits {
            let mut asking = council.begin(&["backup"], &file);
            tokio::time::sleep(Duration::from_millis(10 * wait)).await;
            with_part += u32::from(names(folder.path()).iter().any(|name| name.ends_with(".part")));
            let made = asking.end(signal);
            // Whoever is not there any more is noticed by the server, a moment later.
            for _ in 0..500 {
                if !names(folder.path()).iter().any(|name| name.ends_with(".part")) {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            let left = names(folder.path());
            assert!(left.is_empty() || left == ["council.backup"], "{signal} after {wait}: {left:?}");
            if left.is_empty() {
                assert!(!made, "{signal} after {wait}: called made");
                broken_off += 1;
            } else {
                // It was made before it was broken off.
                assert!(council.command(&["verify"], &file).await.status.success());
                fs::remove_file(&file).expect("removed");
                break;
            }
        }
    }
    assert!(broken_off > 1 && with_part > 0, "{broken_off} {with_part}: nothing was tried");
    assert!(council.command(&["backup"], &file).await.status.success());
    assert_eq!(lost(&person, &kept).await, 0);
    acknowledged(&person, "after").await;
    council.end("-TERM");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_with_no_server_that_is_broken_off_leaves_nothing_or_what_says_so() {
    let (mut council, folder, file) = running().await;
    council.end("-TERM");
    for (signal, left) in [("-INT", &[][..]), ("-KILL", &["council.backup.part"])] {
        let mut making = council.begin(&["backup"], &file);
        while !folder.path().join("council.backup.part").metadata().is_ok_and(|part| part.len() > 0) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert!(!making.end(signal), "{signal}: it was made before it was broken off");
        assert_eq!(names(folder.path()), left, "{signal}");
    }
    // What a kill leaves is replaced.
    assert!(council.command(&["backup"], &file).await.status.success());
    assert_eq!(names(folder.path()), ["council.backup"]);
    assert!(council.command(&["verify"], &file).await.status.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_backups_to_one_name_one_is_made_and_whole() {
    let (council, folder, file) = running().await;
    assert_eq!(fs::metadata(council.control()).expect("the socket").permissions().mode() & 0o777, 0o600);
    let what: [&str; 1] = ["backup"];
    let all =
        tokio::join!(council.command(&what, &file), council.command(&what, &file), council.command(&what, &file),);
    let all = [all.0, all.1, all.2];
    assert_eq!(all.iter().filter(|made| made.status.success()).count(), 1, "{all:?}");
    for refused in all.iter().filter(|made| !made.status.success()) {
        let said = String::from_utf8_lossy(&refused.stderr);
        assert!(said.contains("is being written") || said.contains("there already"), "{said}");
    }
    assert!(council.command(&["verify"], &file).await.status.success());
    assert_eq!(names(folder.path()), ["council.backup"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_to_a_full_disk_says_so_and_leaves_nothing() {
    let Some(disk) = Disk::mounted(8) else { return };
    let (council, _folder, _) = running().await;
    let person = council.server.person("on").await;
    let file = disk.path().join("council.backup");
    // Full at once, after the first bytes, and after some of it.
    for room in [0, 4_096, 64 << 10] {
        disk.fill(room);
        let made = council.command(&["backup"], &file).await;
        let said = String::from_utf8_lossy(&made.stderr);
        assert!(!made.status.success() && said.contains("No space left"), "{room}: {said}");
        assert_eq!(names(disk.path()), ["filling"], "{room}");
        acknowledged(&person, "the council's own disk has room").await;
        disk.free();
    }
    assert!(council.command(&["backup"], &file).await.status.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restore_that_is_killed_is_never_taken_for_a_council() {
    let (mut council, _folder, file) = running().await;
    let person = council.server.person("on").await;
    let kept = vec![acknowledged(&person, "before the backup").await];
    assert!(council.command(&["backup"], &file).await.status.success());
    council.end("-TERM");
    let anew = |council: &Council| {
        fs::remove_dir_all(council.data()).expect("removed");
        let _ = fs::remove_file(council.witness());
    };
    anew(&council);
    assert!(council.command(&["restore"], &file).await.status.success());
    let whole = council.log_bytes();
    let mut refused = 0;
    for part in [10, 20, 25, 30, 60] {
        anew(&council);
        let mut restoring = council.begin(&["restore"], &file);
        while !council.data().join("wal").exists() || council.log_bytes() < whole * part / 100 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        if restoring.end("-KILL") {
            break;
        }
        match council.start(&[]).await {
            // Nothing of it was written, or all.
            Ok(()) => {
                println!("killed at {part} %: it starts");
                if let Some(person) = council.server.try_person("on").await {
                    assert_eq!(lost(&person, &kept).await, 0, "killed at {part} %: a part of a backup is served");
                }
                council.end("-TERM");
            }
            Err(ended) => {
                assert!(ended.said.contains("broken off"), "killed at {part} %: {}", ended.said);
                let over = council.command(&["restore"], &file).await;
                let said = String::from_utf8_lossy(&over.stderr);
                assert!(!over.status.success() && said.contains("not empty"), "{said}");
                refused += 1;
            }
        }
    }
    println!("{refused} starts refused");
    assert!(refused > 0, "it was never killed in the middle");
    anew(&council);
    assert!(council.command(&["restore"], &file).await.status.success());
    council.start(&[]).await.expect("a start");
    assert_eq!(lost(&council.server.person("on").await, &kept).await, 0);
}
