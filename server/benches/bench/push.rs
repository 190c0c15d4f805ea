//! Operations per second into the embedded database, every commit on the disk before its answer.

use crate::people::{Person, item};
use crate::process::Process;
use crate::table::Table;
use anyhow::Result;
use std::time::Instant;

/// Members whose reports are still small.
const WRITERS: [&str; 8] = ["yt", "nt", "pe", "ab", "nl", "mb", "sk", "nu"];
/// Pushes by each.
const PUSHES: usize = 20;

/// Times one writer and eight at once, one item (two operations) and ten to a push.
pub async fn measure(server: &Process, table: &mut Table) -> Result<()> {
    let mut people = Vec::new();
    for key in WRITERS {
        people.push(Person::sign_in(&server.base, key).await?);
    }
    for (writers, items) in [(1, 1), (8, 1), (8, 5)] {
        let pushes = if items == 1 { PUSHES / 4 } else { PUSHES / 5 };
        let before = server.cpu()?;
        let started = Instant::now();
        let mut tasks = tokio::task::JoinSet::new();
        let crew: Vec<Person> = people[..writers].to_vec();
        for person in crew {
            tasks.spawn(async move {
                for n in 0..pushes {
                    let changes = (0..items).flat_map(|i| item(&format!("bench {n} {i}"))).collect();
                    person.push(changes).await?;
                }
                anyhow::Ok(())
            });
        }
        while let Some(done) = tasks.join_next().await {
            done??;
        }
        let operations = writers * pushes * items * 2;
        let (seconds, cpu) = (started.elapsed().as_secs_f64(), server.cpu()? - before);
        #[expect(clippy::cast_precision_loss, reason = "a count of hundreds")]
        let count = operations as f64;
        let figures = [
            format!("{:.0} operations/s", count / seconds),
            format!("{:.1} ms of processor each", cpu.as_secs_f64() * 1_000.0 / count),
        ];
        table.row(&format!("writing with fsync: {writers} writers, {} operations a push", items * 2), &figures);
    }
    Ok(())
}
