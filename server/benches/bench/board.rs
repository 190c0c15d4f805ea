//! From the moment that a person's submission is due to its card on every open board: a server that falls behind its
//! people is late with the next one too.

use crate::ms;
use crate::people::{Person, contact, item};
use crate::process::Process;
use crate::table::{Table, percentile};
use anyhow::{Context, Result, bail};
use domain::sync::op::KnownChange;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Streams that one person opens: more at once are in the way of a flood.
const STREAMS_OF_ONE: usize = 150;
/// How long a stream may take to say its first word.
const OPENS_WITHIN: Duration = Duration::from_secs(30);
/// After which a person may open as many again.
const BETWEEN: Duration = Duration::from_secs(5);
/// Submissions in a second, while there are few boards and while there are many.
const RATES: [u32; 2] = [20, 5];
/// From so many boards on there are many.
const MANY: usize = 1_000;
/// Who reads.
const READERS: [&str; 8] = ["council", "observer", "secretariat", "on", "ns", "nb", "bc", "qc"];

/// Something that came on one of the streams: what it was, its bytes, and when.
struct Arrival {
    name: Option<String>,
    bytes: usize,
    at: Instant,
}

/// Opens so many streams, submits somebody's report again and again, each time with an item more, and times each
/// arrival.
pub async fn measure(server: &Process, key: &str, boards: usize, table: &mut Table) -> Result<()> {
    let runs: usize = std::env::var("BENCH_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(30);
    let writer = Person::sign_in(&server.base, key).await?;
    let edition = writer.report()?.edition;
    let _ = writer.push(contact().into()).await;
    let memory = server.resident_mib()?;
    let (tell, mut arrivals) = mpsc::unbounded_channel::<Arrival>();
    let mut streams = tokio::task::JoinSet::new();
    for (n, key) in (0..boards).step_by(STREAMS_OF_ONE).zip(READERS) {
        let reader = Person::sign_in(&server.base, key).await?;
        for _ in n..boards.min(n + STREAMS_OF_ONE) {
            let url = format!("{}/api/board/{edition}/stream?after={}", server.base, u32::MAX);
            streams.spawn(read(url, reader.cookie.clone(), tell.clone()));
        }
    }
    for n in 0..boards {
        tokio::select! {
            arrival = tokio::time::timeout(OPENS_WITHIN, arrivals.recv()) => {
                arrival.with_context(|| format!("{n} of {boards} streams are open"))?.context("an open stream")?;
            }
            Some(ended) = streams.join_next() => {
                ended??;
                bail!("a stream ended at once");
            }
        }
    }
    let open = server.resident_mib()?;
    let before = server.cpu()?;
    let (mut times, mut bytes) = (Vec::new(), 0);
    let gap = Duration::from_secs(1) / RATES[usize::from(boards >= MANY)];
    let mut due = Instant::now();
    for n in 0..runs {
        due += gap;
        tokio::time::sleep_until(due.into()).await;
        let name = format!("bench-board-{boards}-{n}");
        let changes = item(&name).into_iter().chain([KnownChange::Submit {}]).collect();
        writer.push(changes).await?;
        let mut missing = boards;
        while missing > 0 {
            let arrival = tokio::time::timeout(Duration::from_secs(10), arrivals.recv()).await?;
            let arrival = arrival.context("an arrival")?;
            if arrival.name.as_ref() == Some(&name) {
                times.push(arrival.at.saturating_duration_since(due));
                bytes += arrival.bytes;
                missing -= 1;
            }
        }
    }
    let cpu = (server.cpu()? - before).as_secs_f64() * 1_000.0;
    let drafting = drafting(server, &writer, runs).await?;
    streams.abort_all();
    // The same people open the next ones, and may ask for only so much in so many seconds.
    tokio::time::sleep(BETWEEN).await;
    times.sort();
    let deliveries = runs * boards;
    #[expect(clippy::cast_precision_loss, reason = "a count of thousands")]
    let each = cpu / deliveries as f64 * 1_000.0;
    let figures = [
        format!("p50 {}", ms(percentile(&times, 0.5))),
        format!("p99 {}", ms(percentile(&times, 0.99))),
        format!("{each:.0} ms of processor for 1,000 deliveries, the submission's share in it"),
        format!("{} bytes a delivery", bytes / deliveries),
        format!("memory {memory} to {open} MiB with the streams open"),
        format!("{} of processor a draft meanwhile", ms(drafting)),
    ];
    table.row(&format!("due to board, {boards} boards open"), &figures);
    Ok(())
}

/// What a change of a draft costs, of which no board hears.
async fn drafting(server: &Process, writer: &Person, runs: usize) -> Result<Duration> {
    let before = server.cpu()?;
    for _ in 0..runs {
        writer.push(item("bench draft").into()).await?;
    }
    Ok((server.cpu()? - before) / u32::try_from(runs)?)
}

/// Reads one stream and tells what comes on it.
async fn read(url: String, cookie: String, tell: mpsc::UnboundedSender<Arrival>) -> Result<()> {
    let request = reqwest::Client::new().get(url).header("cookie", cookie);
    let mut response = request.send().await?.error_for_status()?;
    let mut rest = String::new();
    while let Some(chunk) = response.chunk().await? {
        rest.push_str(&String::from_utf8_lossy(&chunk));
        while let Some(end) = rest.find("\n\n") {
            let event: String = rest.drain(..end + 2).collect();
            let name = event.find("bench-board-").map(|at| event[at..].chars().take_while(|c| *c != '"').collect());
            if name.is_some() || event.contains("heartbeat") {
                let _ = tell.send(Arrival { name, bytes: event.len(), at: Instant::now() });
            }
        }
    }
    Ok(())
}
