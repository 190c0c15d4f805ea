//! A disk that runs full in the middle of a write, under the real program.

use super::council::{Council, Sent, acknowledged, instance, lost};
use crate::tmpfs::Disk;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long the program may take to begin anew.
const ANEW: Duration = Duration::from_secs(60);
/// Each takes some 50 ms; a few are enough.
const TRIES: u64 = 400;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_fills_up_in_the_middle_of_a_write_loses_nothing_and_writing_goes_on_by_itself() {
    let Some(disk) = Disk::mounted(96) else { return };
    let mut council = Council::on(disk.path()).await;
    // Room is asked for before each commit, so it has to go between that and the write: this tries until it does.
    council.start(&["--reserve-mb", "0"]).await.expect("a start");
    let (person, process) = (council.server.person("on").await, council.process());
    let mut kept = vec![acknowledged(&person, "before").await];
    let before = instance(&person).await;
    let (words, disk) = ("\u{1F341}".repeat(20_000), Arc::new(disk));
    let mut tries = 0..TRIES;
    loop {
        let n = tries.next().expect("the disk was never full in the middle of a write");
        let filled = Arc::clone(&disk);
        disk.fill(4 * council.log_bytes());
        let filling = tokio::task::spawn_blocking(move || {
            std::thread::sleep(Duration::from_millis(n % 40));
            filled.fill(0);
        });
        let large = Sent::new(&person, &words);
        let (status, body) = large.push(&person, None).await;
        filling.await.expect("filled");
        // It may also have been the tables' write that ran out of room, after this one.
        match status {
            200 => kept.push(large),
            507 => {}
            _ => panic!("{status} {body} {}", council.said()),
        }
        if council.said().contains("nothing is written any more") {
            break;
        }
        disk.free();
    }
    let large = Sent::new(&person, &words);
    assert_eq!(large.push(&person, None).await.0, 507, "{}", council.said());
    assert_eq!(council.readiness().await.0, 503);
    assert_eq!(lost(&person, &kept).await, 0, "reading goes on");
    assert_eq!(large.push(&person, None).await.0, 507, "it is not tried again behind the damage");

    disk.free();
    let begun = Instant::now();
    while council.server.nobody().get("/readyz").send().await.is_ok_and(|answer| answer.status() != 200)
        || large.try_push(&person).await != Some(200)
    {
        assert!(begun.elapsed() < ANEW, "writing does not go on: {}", council.said());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(council.process(), process, "whoever watches the process sees the same one");
    assert_eq!(instance(&person).await, before, "no other past");
    let after = acknowledged(&person, "after").await;
    council.end("-KILL");
    council.start(&[]).await.expect("a start");
    kept.extend([large, after]);
    assert_eq!(lost(&person, &kept).await, 0);
}
