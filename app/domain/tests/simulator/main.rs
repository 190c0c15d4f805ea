//! The simulator: several devices and a server, all running the real core, over everything that can go wrong between
//! them. Deterministic: a seed is a schedule, and a schedule always runs the same.
//!
//! | module | what |
//! |---|---|
//! | [`schedule`] | from a seed, what happens in which order; making a failing one shorter |
//! | [`world`] | carries a schedule out |
//! | [`device`] | a browser: its journal, its tabs, its outbox |
//! | [`network`] | messages under way, and what becomes of them |
//! | [`server`] | the store's writer, in memory: answers by id, history, backups |
//! | [`log`] | the chained batches, and a table that is made from them |
//! | [`board`] | screens that follow the log with a cursor and a mark |
//! | [`marks`], [`marker`] | the second kind of subject, and its queue on a device |
//! | [`subjects`] | the dispatch table of both kinds |
//! | [`people`] | what people do on their screens |
//! | [`words`] | what people type: words that occur only once, so that each can be looked for |
//! | [`checks`] | what must be true, always and in the end |
//! | [`finish`] | the faults stop, and everything comes to rest |
//!
//! `SEEDS` says how many seeds run (10,000), `FIRST` the first of them (0); with `TRACE`, a failing
//! schedule is told step by step.

mod board;
mod checks;
mod device;
mod finish;
mod log;
mod marker;
mod marks;
mod network;
mod people;
mod schedule;
mod server;
mod subjects;
mod words;
mod world;

use domain::sync::fault::{self, Fault};
use schedule::Schedule;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use world::{Broken, World};

/// How many seeds a fault may need until it is seen.
const FAULT_SEEDS: u64 = 3_000;

/// Seeds that found a mistake in the core once, and what it was.
const KNOWN_SEEDS: &[(u64, &str)] = &[
    (3, "a refused withdrawal held back the next one, and with it everything typed since"),
    (4, "a submission went out together with a change that was then answered with a conflict"),
    (6, "a refused submission kept a device from hearing of a colleague's"),
    (157, "a change based on a revision of an emptied database was taken by the next, over other words"),
    (1_307, "choosing a text that had been replaced meanwhile chose its replacement"),
    (3_456, "a text too long to send, beside another tab's, was replaced by the council's"),
    (3_785, "a text that the server had lost, one side of a choice, was replaced by the council's"),
    (10_546, "what was queued before a text grew too long went to a restored server over other words"),
    (45_993, "choosing the text that the server had lost did not send it"),
    (147_302, "clearing the field beside a text that the server had lost dropped that text"),
    (146_946, "a field of an item that was queued to be added was not offered to the second new database"),
];

/// The same, of the more eventful schedules.
const KNOWN_EVENTFUL_SEEDS: &[(u64, &str)] = &[
    (
        15_473,
        "a shared computer erased the item of words that were not sent, and a restored server could not get it again",
    ),
    (29_125, "a choice about an item went before the submission that the item itself came after"),
];

/// The same, of the schedules with both kinds of subject.
const KNOWN_SEEDS_TOGETHER: &[(u64, &str)] =
    &[(28_572, "a mark that was refused for a moment and tried again undid the one that was asked after it")];

fn run(schedule: &Schedule) -> Result<(), Broken> {
    catch_unwind(AssertUnwindSafe(|| World::new(schedule).live(&schedule.steps)))
        .unwrap_or_else(|_| Err(Broken::new("no_panic", "the core panicked")))
}

/// The first seed of the range that fails, if one does.
fn first_failure(seeds: std::ops::Range<u64>, fault: Option<Fault>, threads: usize) -> Option<(u64, Broken)> {
    let next = AtomicU64::new(seeds.start);
    let found: Mutex<Option<(u64, Broken)>> = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                fault::set(fault);
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end || found.lock().expect("no thread panics").is_some() {
                        return;
                    }
                    if let Err(broken) = run(&Schedule::together(seed)) {
                        let mut found = found.lock().expect("no thread panics");
                        if found.as_ref().is_none_or(|(before, _)| seed < *before) {
                            *found = Some((seed, broken));
                        }
                    }
                }
            });
        }
    });
    found.into_inner().expect("no thread panics")
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn from_env(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn told(seed: u64, schedule: Schedule, broken: &Broken) -> String {
    let schedule = schedule::shrunk(schedule, broken.check, |schedule| run(schedule).err());
    let broken = run(&schedule).err().unwrap_or_else(|| broken.clone());
    if std::env::var_os("TRACE").is_some() {
        let mut world = World::new(&schedule);
        world.traced = true;
        let _ = world.live(&schedule.steps);
    }
    format!("seed {seed} breaks {}: {}\n{schedule}", broken.check, broken.detail)
}

#[test]
fn every_seed_keeps_every_promise() {
    let (first, count) = (from_env("FIRST", 0), from_env("SEEDS", 10_000));
    let start = Instant::now();
    if let Some((seed, broken)) = first_failure(first..first + count, None, threads()) {
        panic!("{}", told(seed, Schedule::together(seed), &broken));
    }
    let took = start.elapsed().as_secs_f64();
    println!("{count} seeds in {took:.1} s, {:.0} a second", count as f64 / took);
}

#[test]
fn known_seeds_keep_every_promise() {
    let plain = KNOWN_SEEDS.iter().map(|(seed, what)| (*seed, what, Schedule::of(*seed)));
    let eventful = KNOWN_EVENTFUL_SEEDS.iter().map(|(seed, what)| (*seed, what, Schedule::eventful(*seed)));
    let together = KNOWN_SEEDS_TOGETHER.iter().map(|(seed, what)| (*seed, what, Schedule::together(*seed)));
    for (seed, what, schedule) in plain.chain(eventful).chain(together) {
        if let Err(broken) = run(&schedule) {
            panic!("{what}\n{}", told(seed, schedule, &broken));
        }
    }
}

/// A check that cannot fail proves nothing: each fault of the core is seen.
#[test]
fn every_fault_is_seen() {
    let mut missed = Vec::new();
    for fault in Fault::ALL {
        match first_failure(0..FAULT_SEEDS, Some(fault), threads()) {
            Some((seed, broken)) => println!("{fault:?} is seen at seed {seed} by {}", broken.check),
            None => missed.push(fault),
        }
    }
    assert!(missed.is_empty(), "not seen in {FAULT_SEEDS} seeds: {missed:?}");
}
