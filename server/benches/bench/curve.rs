//! What a board costs as it grows: its snapshot, a page of its log, and searching it.

use crate::ms;
use crate::people::Person;
use crate::process::Process;
use crate::table::{Table, percentile};
use anyhow::{Context, Result, ensure};
use domain::board::Board;
use domain::limits::EVENTS_PAGE;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use store::Store;

const RUNS: usize = 5;
/// Times that each query is asked.
const SEARCHES: usize = 5;
/// Words of the demonstration: some that few cards have, some that a good part of them has, in both languages, as typed
/// in full, without accents, in another form, or only begun.
const QUERIES: [&str; 12] = [
    "guichet",
    "identité numérique",
    "identite numerique",
    "satellite kits",
    "portefeuille de justificatifs",
    "status page",
    "services en ligne",
    "online services",
    "communautés éloignées",
    "identi",
    "service",
    "services",
];

/// For each number of cards: a database of its own, a server on it, and what it answers.
pub async fn measure(table: &mut Table) -> Result<()> {
    let counts = std::env::var("BENCH_ITEMS").unwrap_or_else(|_| "1000,10000,50000".to_owned());
    for count in counts.split(',') {
        let count: usize = count.trim().parse().context("BENCH_ITEMS")?;
        let folder = tempfile::tempdir()?;
        let filled = fill(folder.path(), count).await?;
        #[expect(clippy::cast_precision_loss, reason = "a count of thousands")]
        let each = filled.as_secs_f64() * 1_000.0 / count as f64;
        let server = Process::start(folder.path(), &[]).await?;
        let figures =
            [format!("{each:.2} ms a card, its search included"), format!("start {}", ms(server.ready_after))];
        table.row(&format!("{count} cards: writing them past the reports"), &figures);
        let person = Person::sign_in(&server.base, "council").await?;
        let edition = person.edition()?;
        let snapshot = format!("/api/board/{edition}");
        let board = person.client.get(format!("{}{snapshot}", person.base)).header("cookie", &person.cookie);
        let board: Board = board.send().await?.error_for_status()?.json().await?;
        let after = board.cursor.saturating_sub(EVENTS_PAGE as u64);
        let page = format!("{snapshot}/events?after={after}");
        for (name, path) in [("snapshot", snapshot), ("a page of the log", page)] {
            let raw = get(&person, &path, "identity").await?;
            let brotli = get(&person, &path, "br").await?;
            let figures =
                [format!("{} bytes, {}", raw.0, ms(raw.1)), format!("brotli {} bytes, {}", brotli.0, ms(brotli.1))];
            table.row(&format!("{count} cards: {name}"), &figures);
        }
        search(&person, &format!("{count} cards: search in all editions"), "", table).await?;
        search(&person, &format!("{count} cards: search in one"), &format!("&edition={edition}"), table).await?;
        table.row(&format!("{count} cards: resident memory"), &[format!("{} MiB", server.resident_mib()?)]);
        server.stop().await?;
    }
    Ok(())
}

/// The demonstration and so many cards more; by a process of its own, because only its end lets the database go.
async fn fill(folder: &Path, count: usize) -> Result<Duration> {
    let mut filling = Command::new(std::env::current_exe()?);
    let url = format!("surrealkv://{}", folder.join("db").display());
    filling.env(FILL, url).env("BENCH_ITEMS", count.to_string());
    let filled = tokio::task::spawn_blocking(move || filling.output()).await??;
    let said = String::from_utf8_lossy(&filled.stdout);
    let micros = said.trim().parse().with_context(|| String::from_utf8_lossy(&filled.stderr).into_owned())?;
    Ok(Duration::from_micros(micros))
}

/// Says which database a process of the bench is to fill, with `BENCH_ITEMS` cards.
pub const FILL: &str = "BENCH_FILL";

/// What that process does; it says how many microseconds the cards took.
pub async fn fill_here(url: &str) -> Result<()> {
    let count = std::env::var("BENCH_ITEMS")?.parse()?;
    let store = Store::open(url).await?;
    store.load_demo().await?;
    let email = domain::person::Email::parse("council@demo.example")?;
    let council = store.authenticate(Some(email), store::DEMO_PASSPHRASE.to_owned(), ()).await?;
    let view = store.council_view(council.context("the demonstration's passphrase")?).await?;
    let edition = view.current_edition().context("an open edition")?.id;
    let started = Instant::now();
    store.load_crowd(edition, count).await?;
    println!("{}", started.elapsed().as_micros());
    Ok(())
}

/// The bytes of an answer, and the median time to its last one.
async fn get(person: &Person, path: &str, encoding: &str) -> Result<(usize, Duration)> {
    let mut times = Vec::new();
    let mut bytes = 0;
    for _ in 0..RUNS {
        let started = Instant::now();
        let request = person.client.get(format!("{}{path}", person.base)).header("cookie", &person.cookie);
        let answer = request.header("accept-encoding", encoding).send().await?.error_for_status()?;
        bytes = answer.bytes().await?.len();
        times.push(started.elapsed());
    }
    times.sort();
    Ok((bytes, percentile(&times, 0.5)))
}

async fn search(person: &Person, name: &str, within: &str, table: &mut Table) -> Result<()> {
    let (mut times, mut slowest) = (Vec::new(), (Duration::ZERO, ""));
    for query in QUERIES {
        let escaped: String = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let url = format!("{}/api/search?q={escaped}{within}", person.base);
        for _ in 0..SEARCHES {
            let started = Instant::now();
            let answer = person.client.get(&url).header("cookie", &person.cookie).send().await?.error_for_status()?;
            ensure!(!answer.bytes().await?.is_empty(), "an answer");
            let took = started.elapsed();
            times.push(took);
            slowest = slowest.max((took, query));
        }
    }
    times.sort();
    let figures = [
        format!("p50 {}", ms(percentile(&times, 0.5))),
        format!("p99 {}", ms(percentile(&times, 0.99))),
        format!("slowest «{}»", slowest.1),
    ];
    table.row(name, &figures);
    Ok(())
}
