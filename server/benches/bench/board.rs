//! From the acknowledgement of a submission to the card on every open board.

use crate::ms;
use crate::people::{Person, contact, item};
use crate::process::Process;
use crate::table::{Table, percentile};
use anyhow::{Context, Result};
use domain::sync::op::KnownChange;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Opens so many streams, submits again and again, and times each arrival.
pub async fn measure(server: &Process, boards: usize, table: &mut Table) -> Result<()> {
    let runs: usize = std::env::var("BENCH_RUNS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(30);
    let reader = Person::sign_in(&server.base, "council").await?;
    let writer = Person::sign_in(&server.base, "federal").await?;
    let edition = writer.report()?.edition;
    let _ = writer.push(contact().into()).await;
    let (tell, mut arrivals) = mpsc::unbounded_channel::<(String, Instant)>();
    let mut streams = tokio::task::JoinSet::new();
    for _ in 0..boards {
        let (tell, reader) = (tell.clone(), reader.clone());
        let url = format!("{}/api/board/{edition}/stream?after={}", server.base, u32::MAX);
        streams.spawn(async move {
            let request = reqwest::Client::new().get(url).header("cookie", &reader.cookie);
            let mut response = request.send().await?.error_for_status()?;
            let mut rest = String::new();
            while let Some(chunk) = response.chunk().await? {
                rest.push_str(&String::from_utf8_lossy(&chunk));
                while let Some(end) = rest.find("\n\n") {
                    let event: String = rest.drain(..end + 2).collect();
                    if let Some(at) = event.find("bench-board-") {
                        let name: String = event[at..].chars().take_while(|c| *c != '"').collect();
                        let _ = tell.send((name, Instant::now()));
                    } else if event.contains("heartbeat") {
                        let _ = tell.send(("open".to_owned(), Instant::now()));
                    }
                }
            }
            anyhow::Ok(())
        });
    }
    for _ in 0..boards {
        arrivals.recv().await.context("an open stream")?;
    }
    let before = server.cpu()?;
    let mut times = Vec::new();
    for n in 0..runs {
        let name = format!("bench-board-{boards}-{n}");
        let changes = item(&name).into_iter().chain([KnownChange::Submit {}]).collect();
        writer.push(changes).await?;
        let acknowledged = Instant::now();
        let mut missing = boards;
        while missing > 0 {
            let arrival = tokio::time::timeout(Duration::from_secs(10), arrivals.recv()).await?;
            let (arrived, at) = arrival.context("an arrival")?;
            if arrived == name {
                times.push(at.saturating_duration_since(acknowledged));
                missing -= 1;
            }
        }
    }
    let cpu = (server.cpu()? - before).as_secs_f64() * 1_000.0;
    streams.abort_all();
    times.sort();
    #[expect(clippy::cast_precision_loss, reason = "a count of thousands")]
    let each = cpu / (runs * boards) as f64;
    let figures = [
        format!("p50 {}", ms(percentile(&times, 0.5))),
        format!("p99 {}", ms(percentile(&times, 0.99))),
        format!("{each:.2} ms of processor a delivery"),
    ];
    table.row(&format!("acknowledged to board, {boards} boards open"), &figures);
    Ok(())
}
