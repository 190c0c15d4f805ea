//! The program is killed at random moments while twenty people push: what was acknowledged is there, once, at the
//! place that was told, and the sequence has no holes.
//!
//! `KILLS` says how often (`make soak`: 100), `SEED` when.

mod process;
mod writer;

use crate::support::Server;
use domain::sync::wire::Seq;
use process::Process;
use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::time::Duration;
use store::Store;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use writer::Writer;

/// Two of them write in one report.
const PEOPLE: [&str; 20] = [
    "federal",
    "federal.2",
    "on",
    "qc",
    "ns",
    "nb",
    "mb",
    "bc",
    "pe",
    "sk",
    "ab",
    "nl",
    "nt",
    "yt",
    "nu",
    "guelph",
    "timmins",
    "halton",
    "waterloo",
    "peel",
];
const KILLS: u64 = 8;
const WITHIN_MILLIS: u64 = 400;
const WITHIN_ANSWERS: usize = 60;

/// When the program is killed.
enum Moment {
    /// Whatever it is doing then.
    After(Duration),
    /// When so many answers have come: others of the same commit are still under way.
    AtAnswer(usize),
}

fn told(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(otherwise)
}

/// What happened, to be printed; and to be sure that something did.
#[derive(Debug, Default)]
struct Tally {
    acknowledged: usize,
    /// Pushes that were under way when the server was killed.
    in_flight: usize,
    /// Those of them that the server had committed: the answers were lost.
    committed: usize,
    slowest_start: Duration,
}

/// Does one thing with all writers at once.
async fn all<T: Send + 'static, F>(writers: &mut Vec<Writer>, act: impl Fn(Writer) -> F) -> Vec<T>
where
    F: Future<Output = (Writer, T)> + Send + 'static,
{
    let tasks: JoinSet<_> = writers.drain(..).map(act).collect();
    let (back, results) = tasks.join_all().await.into_iter().unzip();
    *writers = back;
    results
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_every_kill() {
    let (kills, seed) = (told("KILLS", KILLS), told("SEED", 1));
    let mut random = fastrand::Rng::with_seed(seed);
    let mut process = Process::new();
    process.start().await;
    let (mut writers, first) = introduced(process.server).await;
    let mut tally = Tally::default();
    for round in 1..=kills {
        let moment = if round % 2 == 0 {
            Moment::After(Duration::from_millis(random.u64(1..WITHIN_MILLIS)))
        } else {
            Moment::AtAnswer(random.usize(1..WITHIN_ANSWERS))
        };
        write_until_killed(&mut writers, &mut process, moment).await;
        tally.slowest_start = tally.slowest_start.max(process.start().await);
        settle(&mut writers, &mut tally, round == kills).await;
        no_holes(&writers, first).await;
    }
    println!("{kills} kills, seed {seed}, {} people: {tally:?}", writers.len());
    assert!(tally.acknowledged > 0 && tally.in_flight > 0, "it was killed while they wrote: {tally:?}");
    assert!(kills < 50 || tally.committed > 0, "some answers were lost after the commit: {tally:?}");
    process.kill();
    the_log_says_the_same(&process, &writers, first).await;
}

async fn write_until_killed(writers: &mut Vec<Writer>, process: &mut Process, moment: Moment) {
    let (tell, mut answers) = mpsc::unbounded_channel();
    let writing = all(writers, |mut writer| {
        let tell = tell.clone();
        async move {
            writer.write(&tell).await;
            (writer, ())
        }
    });
    let killing = async {
        match moment {
            Moment::After(pause) => tokio::time::sleep(pause).await,
            Moment::AtAnswer(count) => {
                for _ in 0..count {
                    answers.recv().await;
                }
            }
        }
        process.kill();
    };
    tokio::join!(writing, killing);
}

/// All people signed in, with a contact; and the sequence before they wrote.
async fn introduced(server: Server) -> (Vec<Writer>, Seq) {
    let mut writers = Vec::new();
    for name in PEOPLE {
        writers.push(Writer::new(name, server.person(name).await));
    }
    let first = writers[0].head().await;
    for writer in &mut writers {
        writer.introduce().await;
    }
    (writers, first)
}

/// Everybody sends again what was not answered, and then looks whether all is there.
async fn settle(writers: &mut Vec<Writer>, tally: &mut Tally, last: bool) {
    let head = writers[0].head().await;
    let resent = all(writers, move |mut writer| async move {
        let resent = writer.resend(head).await;
        (writer, resent)
    });
    for (in_flight, committed) in resent.await {
        tally.in_flight += usize::from(in_flight);
        tally.committed += usize::from(committed);
    }
    let checked = all(writers, move |mut writer| async move {
        let count = writer.check(last).await;
        (writer, count)
    });
    tally.acknowledged += checked.await.into_iter().sum::<usize>();
}

/// Every place of the sequence is that of one acknowledged operation, or of a card that went to the board with one.
async fn no_holes(writers: &[Writer], first: Seq) {
    let operations: Vec<Seq> = writers.iter().flat_map(|writer| writer.places.clone()).collect();
    let cards = writers[0].board_after(first).await;
    let taken: BTreeSet<Seq> = operations.iter().chain(&cards).copied().collect();
    assert_eq!(taken.len(), operations.len() + cards.len(), "no place is given out twice");
    let all: BTreeSet<Seq> = (first + 1..=writers[0].head().await).collect();
    assert_eq!(taken.symmetric_difference(&all).collect::<Vec<_>>(), [&0; 0], "no hole, and nothing beyond the end");
}

/// The log on the disk, opened without the program: page by page, each report's last change is the last that was
/// acknowledged.
async fn the_log_says_the_same(process: &Process, writers: &[Writer], first: Seq) {
    let store = Store::open(&process.database()).await.expect("what the last kill left");
    let mut cursor = first;
    loop {
        let page = store.events_after(cursor, None).await.expect("a page");
        let mut told = BTreeMap::new();
        for writer in writers {
            let within = writer.places.iter().filter(|place| (cursor + 1..=page.cursor).contains(place));
            if let Some(place) = within.max() {
                let last = told.entry(writer.report()).or_insert(*place);
                *last = (*last).max(*place);
            }
        }
        assert_eq!(page.drafts, told);
        cursor = page.cursor;
        if !page.more {
            return;
        }
    }
}
