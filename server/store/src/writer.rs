//! The writer: one task that decides and commits operations, several pushes to a transaction.
//!
//! Reading, deciding and committing are held together by the sequence. It is read first; the transaction moves it
//! only from where it was read. Every accepted change moves it, so if it has not moved, nothing that was read has
//! changed, whichever process writes. A lost race is tried again, a bounded number of times.
//!
//! The task is spawned, and a push only waits for its answer: a connection that closes never cuts a write in half.

mod batch;
pub(crate) mod commit;

use crate::compact::Busy;
use crate::connect::Store;
use crate::error::StoreError;
use batch::Batch;
use domain::id::InstanceId;
use domain::person::Identity;
use domain::sync::op::Operation;
use domain::sync::wire::{Answer, Seq};
use std::sync::Arc;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;
use tokio::sync::{mpsc, oneshot, watch};

/// Operations in one transaction, at most about so many.
const BATCH_OPERATIONS: usize = 256;
/// How often one batch is tried when other processes move the sequence.
const ATTEMPTS: u32 = 12;

/// What a push says of where it comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// Which of the person's devices.
    pub device: Option<String>,
    /// The database that gave the revisions on which the operations are based.
    pub instance: Option<InstanceId>,
}

/// One push on its way to the writer.
#[derive(Debug)]
pub struct Command {
    identity: Identity,
    device: Option<String>,
    /// Its revisions are another database's.
    foreign: bool,
    operations: Vec<Operation>,
    answer: oneshot::Sender<Result<Vec<Answer>, StoreError>>,
}

impl Store {
    /// [`Store::push_from`] a device that says nothing of itself.
    ///
    /// # Errors
    /// As for [`Store::push_from`].
    pub async fn push(&self, identity: Identity, operations: Vec<Operation>) -> Result<Vec<Answer>, StoreError> {
        self.push_from(identity, Source::default(), operations).await
    }

    /// Carries out operations in order and answers each. An operation that was answered before gets the same
    /// answer; one for a report of another member is refused.
    ///
    /// # Errors
    /// When the database does not answer; then nothing of the push was committed, or all of it was and the same
    /// push gets the answers later.
    pub async fn push_from(
        &self,
        identity: Identity,
        source: Source,
        operations: Vec<Operation>,
    ) -> Result<Vec<Answer>, StoreError> {
        let (answer, answered) = oneshot::channel();
        let foreign = source.instance.is_some_and(|instance| instance != self.instance);
        let command = Command { identity, device: source.device, foreign, operations, answer };
        self.writer.send(command).await.map_err(|_| StoreError::Stopped)?;
        answered.await.map_err(|_| StoreError::Stopped)?
    }
}

/// Runs until every [`Store`] is dropped.
pub async fn run(db: Arc<Surreal<Any>>, mut commands: mpsc::Receiver<Command>, head: watch::Sender<Seq>, busy: Busy) {
    while let Some(first) = commands.recv().await {
        let mut batch = vec![first];
        while batch.iter().map(|command| command.operations.len()).sum::<usize>() < BATCH_OPERATIONS {
            let Ok(next) = commands.try_recv() else { break };
            batch.push(next);
        }
        carry_out(&db, batch, &head, &busy).await;
    }
}

/// Commits a batch and answers it. When a batch of several fails, each push is tried by itself, so that one that
/// cannot be written does not take the others with it.
async fn carry_out(db: &Surreal<Any>, commands: Vec<Command>, head: &watch::Sender<Seq>, busy: &Busy) {
    match process(db, &commands, head, busy).await {
        Ok(answers) => {
            for (command, answers) in commands.into_iter().zip(answers) {
                let _ = command.answer.send(Ok(answers));
            }
        }
        Err(error) if commands.len() > 1 => {
            tracing::warn!(%error, pushes = commands.len(), "a batch failed; trying its pushes one by one");
            for command in commands {
                let answers = process(db, std::slice::from_ref(&command), head, busy).await;
                let _ = command.answer.send(answers.map(|mut all| all.pop().unwrap_or_default()));
            }
        }
        Err(error) => {
            // There is at most one.
            if let Some(command) = commands.into_iter().next() {
                let _ = command.answer.send(Err(error));
            }
        }
    }
}

async fn process(
    db: &Surreal<Any>,
    commands: &[Command],
    head: &watch::Sender<Seq>,
    busy: &Busy,
) -> Result<Vec<Vec<Answer>>, StoreError> {
    for _ in 0..ATTEMPTS {
        let mut batch = Batch::read(db, commands).await?;
        let mut answers = Vec::with_capacity(commands.len());
        for command in commands {
            answers.push(batch.decide_all(db, command).await?);
        }
        if commit::commit(db, &batch).await? {
            head.send_replace(batch.last);
            for done in &batch.done {
                if let Some(report) = done.operation.subject.report() {
                    busy.note(report, done.field);
                }
            }
            return Ok(answers);
        }
    }
    Err(StoreError::Contended { attempts: ATTEMPTS })
}
