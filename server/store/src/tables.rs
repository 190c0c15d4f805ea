//! The tables that follow from the log: reports, items, cards, submissions, the boards' events, and where in the log
//! the history of a field stands.
//!
//! They are typed and can be queried with the database's own tools, and nothing is lost with them: `reader:tables` says
//! up to which batch they are, and a reader of the log brings them on, several batches in one transaction, after the
//! operations were acknowledged. Whoever reads a table right after a change waits until it has it ([`Tables::reach`]).

mod read;
mod write;

pub use read::{all_cards, board, report};

use crate::error::StoreError;
use crate::gather;
use crate::keeper::Keeper;
use crate::log::{self, Mark};
use crate::memory::Memory;
use crate::rows::row;
use std::sync::Arc;
use std::time::Duration;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;
use tokio::sync::{Notify, watch};

/// Operations in one transaction, about, in whole batches.
const AT_ONCE: usize = 100;
/// How long to wait when the database did not take them.
const PAUSE: Duration = Duration::from_millis(250);
/// How long somebody waits for the tables.
const PATIENCE: Duration = Duration::from_secs(10);

/// How far the tables are. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Tables {
    memory: Memory,
    wanted: Arc<Notify>,
    reached: watch::Receiver<u64>,
}

/// Where the log was when the tables were last written.
pub async fn mark(db: &Surreal<Any>) -> Result<Mark, StoreError> {
    let mut response = db.query("SELECT VALUE batch FROM reader:tables").await?;
    let batch = row::<u64>(&mut response, 0)?.unwrap_or_default();
    log::mark_at(db, batch).await?.ok_or(StoreError::LogMissing { batch })
}

/// Brings the tables on by one transaction. `false`: they lacked nothing.
///
/// # Errors
/// When the database does not take it.
pub async fn bring_on(db: &Surreal<Any>, memory: &Memory) -> Result<bool, StoreError> {
    let Some(pending) = memory.pending(AT_ONCE) else { return Ok(false) };
    if write::write(db, &pending).await? {
        memory.tables_are_at(pending.to.batch);
        return Ok(true);
    }
    // Another process brought them on, perhaps to where this one has not read yet.
    let at = mark(db).await?.batch;
    if at <= memory.head().batch {
        memory.tables_are_at(at);
    } else {
        tokio::time::sleep(PAUSE).await;
    }
    Ok(true)
}

impl Tables {
    /// Starts the reader. It ends with the writer.
    pub fn start(db: Arc<Surreal<Any>>, memory: Memory, keeper: Keeper, head: watch::Receiver<Mark>) -> Self {
        let wanted = Arc::new(Notify::new());
        let (tell, reached) = watch::channel(memory.behind().0);
        tokio::spawn(run(db, memory.clone(), keeper, head, Arc::clone(&wanted), tell));
        Self { memory, wanted, reached }
    }

    /// Waits until the tables have everything that the log has now.
    ///
    /// # Errors
    /// When they do not get there.
    pub async fn reach(&self) -> Result<(), StoreError> {
        let batch = self.memory.head().batch;
        let mut reached = self.reached.clone();
        if *reached.borrow_and_update() >= batch {
            return Ok(());
        }
        self.wanted.notify_one();
        match tokio::time::timeout(PATIENCE, reached.wait_for(|at| *at >= batch)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) => Err(StoreError::Stopped),
            Err(_) => Err(StoreError::TablesBehind { at: *self.reached.borrow(), log: batch }),
        }
    }

    /// The same, however long it takes: after a great many changes at once.
    ///
    /// # Errors
    /// When the writer has ended.
    pub async fn reach_at_last(&self) -> Result<(), StoreError> {
        loop {
            match self.reach().await {
                Err(StoreError::TablesBehind { .. }) => {}
                reached => return reached,
            }
        }
    }

    /// Waits until the tables are past a batch.
    pub async fn pass(&self, batch: u64) {
        self.wanted.notify_one();
        let mut reached = self.reached.clone();
        // Where the reader has ended, there is nothing to wait for.
        let _ = reached.wait_for(|at| *at > batch).await;
    }
}

async fn run(
    db: Arc<Surreal<Any>>,
    memory: Memory,
    keeper: Keeper,
    mut head: watch::Receiver<Mark>,
    wanted: Arc<Notify>,
    tell: watch::Sender<u64>,
) {
    loop {
        while memory.lacks() {
            let failed = |error: &StoreError| {
                tracing::error!(%error, from = memory.behind().0, "the tables could not follow");
            };
            match keeper.write(async { bring_on(&db, &memory).await.inspect_err(failed) }).await {
                Ok(true) => {}
                Ok(false) => break,
                // Whoever closes the database does not wait for what cannot be written.
                Err(_) if head.has_changed().is_err() => return,
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
            tell.send_replace(memory.behind().0);
        }
        tell.send_replace(memory.behind().0);
        if !gather::next(&mut head, &wanted, gather::BURST_ENDS).await {
            return;
        }
    }
}
