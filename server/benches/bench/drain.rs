//! Many devices come back at once, each with what it kept; some of it had arrived before, and its answer was lost.

use crate::people::{Person, item};
use crate::process::Process;
use crate::table::Table;
use anyhow::{Context, Result, ensure};
use domain::sync::op::Operation;
use std::time::Instant;

const DEVICES: usize = 50;
/// Items that wait on each: two operations to an item.
const ITEMS: usize = 10;
/// Operations in one push.
const PUSH: usize = 10;
/// Every so many devices, the first of the two pushes goes out twice: one operation in ten.
const LOST_EVERY: usize = 5;

/// Times it from the first push to the last answer.
pub async fn measure(server: &Process, table: &mut Table) -> Result<()> {
    let mut devices = Vec::new();
    for key in keys()?.iter().take(DEVICES) {
        let person = Person::sign_in(&server.base, key).await?;
        let changes = (0..ITEMS).flat_map(|n| item(&format!("bench drain {n}"))).collect();
        let queue = person.queue(changes)?;
        devices.push((person, queue));
    }
    let operations = devices.iter().map(|(_, queue)| queue.len()).sum::<usize>();
    let before = server.cpu()?;
    let started = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for (n, (person, queue)) in devices.into_iter().enumerate() {
        tasks.spawn(drain(person, queue, n % LOST_EVERY == 0));
    }
    let mut repeated = 0;
    while let Some(done) = tasks.join_next().await {
        repeated += done??;
    }
    let (seconds, cpu) = (started.elapsed().as_secs_f64(), server.cpu()? - before);
    #[expect(clippy::cast_precision_loss, reason = "a count of thousands")]
    let rate = (operations + repeated) as f64 / seconds;
    let figures = [
        format!("{seconds:.2} s"),
        format!("{rate:.0} operations/s"),
        format!("{:.2} s of processor", cpu.as_secs_f64()),
    ];
    let name = format!("drain of {DEVICES} devices, {operations} operations queued, {repeated} of them sent twice");
    table.row(&name, &figures);
    Ok(())
}

/// Sends a queue push by push. Says how many operations went out a second time.
async fn drain(person: Person, queue: Vec<Operation>, answer_lost: bool) -> Result<usize> {
    let mut repeated = 0;
    for (n, push) in queue.chunks(PUSH).enumerate() {
        let answer = person.send(push).await?;
        if n == 0 && answer_lost {
            ensure!(person.send(push).await? == answer, "the same again is answered the same");
            repeated += push.len();
        }
    }
    Ok(repeated)
}

/// The members of the demonstration: each has a person of that name.
fn keys() -> Result<Vec<String>> {
    let members: Vec<serde_json::Value> = serde_json::from_str(include_str!("../../store/demo/members.json"))?;
    members.iter().map(|member| Ok(member["key"].as_str().context("a key")?.to_owned())).collect()
}
