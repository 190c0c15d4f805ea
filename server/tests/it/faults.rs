//! Real faults under the real program: torn logs, missing and damaged folders, a folder that goes away, a full disk.

mod backup;
mod copied;
mod council;
mod earlier;
mod exchanges;
mod full;

use council::{Council, Sent, acknowledged, copy, instance, lost};
use std::fs;
use std::time::Duration;

/// How long the witness may be behind, and the watcher may take.
const A_SECOND: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_idle_server_holds_few_files() {
    let mut council = Council::new().await;
    council.start(&[]).await.expect("a start");
    let person = council.server.person("on").await;
    acknowledged(&person, "one").await;
    tokio::time::sleep(A_SECOND).await;
    let open = council.open_files();
    println!("{open} open files");
    assert!(open < 100, "{open} open files");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_the_tables_are_behind_it_starts_and_has_everything() {
    let mut council = Council::new().await;
    let mut kept = Vec::new();
    // Before the tables are written (half a second after the first change), while they are, and after.
    for wait in [0, 150, 300, 450, 600, 1_000] {
        council.start(&[]).await.expect("a start");
        for key in ["on", "qc", "nb"] {
            let person = council.server.person(key).await;
            for count in 0..20 {
                kept.push((key, acknowledged(&person, &format!("{wait} {count}")).await));
            }
        }
        tokio::time::sleep(Duration::from_millis(wait)).await;
        council.end("-KILL");
    }
    council.start(&[]).await.expect("a start");
    for key in ["on", "qc", "nb"] {
        let person = council.server.person(key).await;
        let of_this: Vec<Sent> = kept.extract_if(.., |(of, _)| *of == key).map(|(_, sent)| sent).collect();
        assert_eq!(lost(&person, &of_this).await, 0, "{key}");
    }
}

/// What a power cut leaves of the record that was being written.
#[derive(Debug, Clone, Copy)]
enum Tear {
    Cut(usize),
    Random,
    Zeroed(usize),
}

fn tear(bytes: &mut Vec<u8>, before: usize, tear: Tear) {
    let size = bytes.len();
    match tear {
        Tear::Cut(count) => bytes.truncate(size - count),
        Tear::Random => bytes.truncate(fastrand::usize(before + 1..size)),
        Tear::Zeroed(count) => bytes[size - count..].fill(0),
    }
}

/// Three times: the log torn in a record that nobody was told of, a start, pushes, an end, a start.
async fn three_rounds(kind: Tear, signal: &str) {
    let mut council = Council::new().await;
    let mut kept = Vec::new();
    for round in 0..3 {
        council.start(&[]).await.expect("a start");
        let person = council.server.person("on").await;
        kept.push(acknowledged(&person, "before").await);
        // The witness and the tables have come so far; the next record is the one that is torn.
        tokio::time::sleep(A_SECOND).await;
        let (log, witness) = (council.log(), fs::read(council.witness()).expect("the witness"));
        let before = fs::metadata(&log).expect("the log").len();
        Sent::new(&person, "torn").push(&person, None).await;
        council.end("-KILL");
        let mut bytes = fs::read(&log).expect("the log");
        tear(&mut bytes, usize::try_from(before).expect("a size"), kind);
        fs::write(&log, bytes).expect("the log");
        fs::write(council.witness(), witness).expect("the witness");

        council.start(&[]).await.unwrap_or_else(|ended| panic!("{kind:?}, round {round}: {ended:?}"));
        let person = council.server.person("on").await;
        assert_eq!(lost(&person, &kept).await, 0, "{kind:?}, round {round}: on the torn log");
        for count in 0..5 {
            kept.push(acknowledged(&person, &format!("after {count}")).await);
        }
        council.end(signal);
        council.start(&[]).await.unwrap_or_else(|ended| panic!("{kind:?}, round {round}, again: {ended:?}"));
        let person = council.server.person("on").await;
        assert_eq!(lost(&person, &kept).await, 0, "{kind:?} {signal}, round {round}: acknowledged changes are gone");
        council.end(signal);
    }
}

const TEARS: [Tear; 4] = [Tear::Cut(1), Tear::Cut(7), Tear::Random, Tear::Zeroed(64)];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_torn_log_and_a_kill_lose_nothing_acknowledged() {
    for kind in TEARS {
        three_rounds(kind, "-KILL").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_torn_log_and_a_stop_lose_nothing_acknowledged() {
    for kind in TEARS {
        three_rounds(kind, "-TERM").await;
    }
}

#[derive(Debug, Clone, Copy)]
enum Loss {
    Removed,
    OlderCopy,
    SegmentCut,
    BitsFlipped,
}

/// Refused with a sentence; with `--accept-loss` under a new instance, where two devices offer again what they hold.
async fn refused_then_offered_again(loss: Loss) {
    let mut council = Council::new().await;
    let older = tempfile::tempdir().expect("a folder");
    copy(&council.data(), older.path());
    council.start(&[]).await.expect("a start");
    let (on, qc) = (council.server.person("on").await, council.server.person("qc").await);
    let old = instance(&on).await;
    let (mut ons, mut qcs) = (Vec::new(), Vec::new());
    for count in 0..5 {
        ons.push(acknowledged(&on, &format!("on {count}")).await);
        qcs.push(acknowledged(&qc, &format!("qc {count}")).await);
    }
    tokio::time::sleep(A_SECOND).await;
    council.end("-KILL");
    let mut log = fs::read(council.log()).expect("the log");
    match loss {
        Loss::Removed => fs::remove_dir_all(council.data()).expect("removed"),
        Loss::OlderCopy => {
            fs::remove_dir_all(council.data()).expect("removed");
            fs::create_dir(council.data()).expect("a folder");
            copy(older.path(), &council.data());
        }
        Loss::SegmentCut => {
            log.truncate(log.len() / 2);
            fs::write(council.log(), log).expect("the log");
        }
        Loss::BitsFlipped => {
            let middle = log.len() / 2;
            log[middle..middle + 8].iter_mut().for_each(|byte| *byte ^= 0x10);
            fs::write(council.log(), log).expect("the log");
        }
    }
    let ended = council.start(&[]).await.expect_err("it starts without what it acknowledged");
    println!("{loss:?}: {:?} {}", ended.code, ended.said);
    assert_eq!(ended.code, Some(1), "{loss:?}: {}", ended.said);
    assert!(!ended.said.contains("panicked"), "{loss:?}: {}", ended.said);
    // A damaged log is told by its place; what it lacks is known once it is opened.
    let told = ["missing", "damaged at byte"].iter().any(|words| ended.said.contains(words));
    assert!(told && ["--accept-loss", "backup"].iter().any(|words| ended.said.contains(words)), "{}", ended.said);

    council.start(&["--accept-loss", "--demo"]).await.unwrap_or_else(|ended| panic!("{loss:?}: {ended:?}"));
    let (on, qc) = (council.server.person("on").await, council.server.person("qc").await);
    assert_ne!(instance(&on).await, old, "{loss:?}: the same instance");
    // Another council has other people and reports: nothing that is signed for the old ones fits it.
    if matches!(loss, Loss::Removed) {
        return;
    }
    for (person, sent) in [(&on, &ons), (&qc, &qcs)] {
        for sent in sent {
            let (status, body) = sent.push(person, Some(old)).await;
            assert_eq!(status, 200, "{loss:?}: {body}");
        }
        assert_eq!(lost(person, sent).await, 0, "{loss:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_removed_between_two_starts_is_refused() {
    refused_then_offered_again(Loss::Removed).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_older_copy_is_refused() {
    refused_then_offered_again(Loss::OlderCopy).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_segment_is_refused() {
    refused_then_offered_again(Loss::SegmentCut).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn flipped_bits_are_refused() {
    refused_then_offered_again(Loss::BitsFlipped).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_goes_away_ends_the_acknowledgements() {
    for renamed in [true, false] {
        let mut council = Council::new().await;
        council.start(&[]).await.expect("a start");
        let person = council.server.person("on").await;
        let kept = vec![acknowledged(&person, "before").await];
        if renamed {
            fs::rename(council.data(), council.home.join("elsewhere")).expect("renamed");
        } else {
            fs::remove_dir_all(council.data()).expect("removed");
        }
        tokio::time::sleep(A_SECOND).await;
        let (status, body) = Sent::new(&person, "after").push(&person, None).await;
        assert_eq!((status, body.as_str()), (503, r#"{"error":"unavailable"}"#), "renamed: {renamed}");
        assert_eq!(lost(&person, &kept).await, 0, "renamed: {renamed}: reads go on");
        assert_eq!(council.readiness().await.0, 503, "renamed: {renamed}");
    }
}
