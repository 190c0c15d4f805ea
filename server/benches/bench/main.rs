//! `make bench`: the product's timings, against the real server process on a real disk. Prints a table, asserts nothing:
//! these are numbers to know, and a machine's noise must not fail a build.
//!
//! `BENCH_RUNS` sets how many submissions are timed for each number of boards (default 30); `BENCH_ITEMS` how many cards
//! the boards of the cost curve have (default `1000,10000,50000`). `make bench` measures everything; this program alone
//! measures what it is told by name: `start`, `merge`, `push`, `drain`, `board`, `curve`.

mod board;
mod curve;
mod drain;
mod merge;
mod people;
mod process;
mod push;
mod table;

use anyhow::Result;
use process::Process;
use std::time::Duration;
use table::Table;

/// The database's parser and executor need more than the usual two megabytes.
const STACK: usize = 10 << 20;

fn main() -> Result<()> {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.enable_all().thread_stack_size(STACK).build()?;
    runtime.block_on(runtime.spawn(async {
        match std::env::var(curve::FILL) {
            Ok(url) => curve::fill_here(&url).await,
            Err(_) => measure().await,
        }
    }))?
}

async fn measure() -> Result<()> {
    let named: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let wanted = |name: &str| named.is_empty() || named.iter().any(|named| named == name);
    let folder = tempfile::tempdir()?;
    let mut table = Table::new();
    let server = Process::start(folder.path(), &["--demo"]).await?;
    let first = server.ready_after;
    server.stop().await?;
    let server = Process::start(folder.path(), &[]).await?;
    if wanted("start") {
        table.row("first start, demonstration loaded, to /readyz", &[ms(first)]);
        table.row("cold start to /readyz", &[ms(server.ready_after)]);
        table.row("resident memory, idle", &[format!("{} MiB", server.resident_mib()?)]);
    }
    if wanted("merge") {
        merge::measure(&mut table)?;
    }
    if wanted("push") {
        push::measure(&server, &mut table).await?;
    }
    if wanted("drain") {
        drain::measure(&server, &mut table).await?;
    }
    if wanted("board") {
        // One report does not hold the items of all.
        for (writer, boards) in [("federal", 1), ("mb", 50), ("sk", 200), ("ab", 1_000)] {
            board::measure(&server, writer, boards, &mut table).await?;
        }
        table.row("resident memory, after all this", &[format!("{} MiB", server.resident_mib()?)]);
    }
    server.stop().await?;
    if wanted("curve") {
        curve::measure(&mut table).await?;
    }
    table.print();
    Ok(())
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}
