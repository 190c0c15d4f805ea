//! `make bench`: the product's timings, against the real server process on a real disk. Prints a table, asserts nothing:
//! these are numbers to know, and a machine's noise must not fail a build.
//!
//! `BENCH_RUNS` sets how many submissions are timed for each number of boards (default 30); `BENCH_ITEMS` how many cards
//! the boards of the cost curve have (default `1000,10000,50000`).

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

#[tokio::main]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut table = Table::new();
    let server = Process::start(folder.path(), &["--demo"]).await?;
    table.row("first start, demonstration loaded, to /readyz", &[ms(server.ready_after)]);
    server.stop().await?;
    let server = Process::start(folder.path(), &[]).await?;
    table.row("cold start to /readyz", &[ms(server.ready_after)]);
    table.row("resident memory, idle", &[format!("{} MiB", server.resident_mib()?)]);
    merge::measure(&mut table)?;
    push::measure(&server, &mut table).await?;
    drain::measure(&server, &mut table).await?;
    for boards in [1, 50, 200, 1_000] {
        board::measure(&server, boards, &mut table).await?;
    }
    table.row("resident memory, after all this", &[format!("{} MiB", server.resident_mib()?)]);
    server.stop().await?;
    curve::measure(&mut table).await?;
    table.print();
    Ok(())
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1_000.0)
}
