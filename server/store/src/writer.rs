//! The writer: one task that decides operations on the reports in memory and appends them to the log, several pushes to
//! a batch.
//!
//! A batch moves the sequence only from where this process knows it, so if that has not moved, nothing that was decided
//! on has changed, whichever process writes. A lost race reads the batches that it missed and decides anew, a bounded
//! number of times. What was appended is published to [`Memory`] and only then acknowledged.
//!
//! The task is spawned, and a push only waits for its answer: a connection that closes never cuts a write in half.

mod decided;
mod follow;
mod spent;

pub use follow::{follow, held};
pub use spent::Spent;

use crate::compact::Busy;
use crate::connect::Store;
use crate::directory::Directory;
use crate::error::StoreError;
use crate::keeper::Keeper;
use crate::log::taken::{self, Before};
use crate::log::{self, Appended, Mark};
use crate::memory::Memory;
use crate::tables::Tables;
use decided::Decided;
use domain::council::permit::{self, Action, Of};
use domain::id::{InstanceId, ReportId};
use domain::person::Identity;
use domain::sync::op::Operation;
use domain::sync::wire::Answer;
use spent::text_bytes;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use surrealdb::Surreal;
use surrealdb::engine::any::Any;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::MissedTickBehavior;

/// Operations in one batch, at most about so many, and bytes of text.
const BATCH_OPERATIONS: usize = 256;
const BATCH_BYTES: usize = 1 << 20;
/// How often one batch is tried when other processes move the sequence.
const ATTEMPTS: u32 = 12;
/// How often to look for what other processes appended.
const LOOK: Duration = Duration::from_millis(500);
/// Bytes of the log that the tables may lack before a push waits for them.
const TABLES_BEHIND: usize = 64 << 20;
/// How long a push waits for them.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a push says of where it comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// Which of the person's devices.
    pub device: Option<String>,
    /// The database that gave the revisions on which the operations are based.
    pub instance: Option<InstanceId>,
    /// Whether the device was found to have read another past of this database.
    pub other_past: bool,
}

/// Something for the writer to do.
#[derive(Debug)]
pub enum Command {
    /// Carry out a push.
    Push(Push),
    /// Take in what other processes appended.
    Follow(oneshot::Sender<Result<(), StoreError>>),
}

/// One push on its way to the writer.
#[derive(Debug)]
pub struct Push {
    identity: Identity,
    device: Option<String>,
    /// Its revisions are another database's.
    foreign: bool,
    operations: Vec<Arrived>,
    answer: oneshot::Sender<Result<Vec<Answer>, StoreError>>,
}

/// An operation of a push.
#[derive(Debug)]
struct Arrived {
    operation: Operation,
    /// Whether its hash is that of its content. Looked at before the writer has it: others wait for the writer.
    whole: bool,
}

impl From<Operation> for Arrived {
    fn from(operation: Operation) -> Self {
        Self { whole: operation.is_whole(), operation }
    }
}

impl Push {
    /// The operations that its person may make at all, with the reports that they are about.
    fn permitted(&self) -> impl Iterator<Item = (ReportId, &Operation)> {
        let of_report = |operation: &'_ Operation| operation.subject.report();
        let operations = self.operations.iter().map(|arrived| &arrived.operation);
        let operations = operations.filter_map(move |operation| Some((of_report(operation)?, operation)));
        operations.filter(|(report, _)| self.permits(*report))
    }

    /// Whether its person may write in a report.
    fn permits(&self, report: ReportId) -> bool {
        permit::may(Some(&self.identity), Action::Draft, Of::Member(report.member))
    }

    fn bytes(&self) -> usize {
        self.operations.iter().map(|arrived| text_bytes(&arrived.operation)).sum()
    }
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
        let foreign = source.other_past || source.instance.is_some_and(|instance| instance != self.instance);
        let operations = operations.into_iter().map(Arrived::from).collect();
        let push = Push { identity, device: source.device, foreign, operations, answer };
        self.writer.send(Command::Push(push)).await.map_err(|_| StoreError::Stopped)?;
        answered.await.map_err(|_| StoreError::Stopped)?
    }

    /// On a database that other processes write to: takes in what they did.
    pub(crate) async fn follow(&self) -> Result<(), StoreError> {
        if !self.is_remote() {
            return Ok(());
        }
        let (answer, answered) = oneshot::channel();
        self.writer.send(Command::Follow(answer)).await.map_err(|_| StoreError::Stopped)?;
        answered.await.map_err(|_| StoreError::Stopped)?
    }
}

/// The writer task's own.
pub struct Writer {
    pub db: Arc<Surreal<Any>>,
    pub memory: Memory,
    pub directory: Directory,
    pub tables: Tables,
    pub head: watch::Sender<Mark>,
    pub busy: Busy,
    pub keeper: Keeper,
    /// Whether other processes write to the same database.
    pub shared: bool,
    /// How much was written into each report today.
    pub spent: Spent,
}

impl Writer {
    /// Runs until every [`Store`] is dropped.
    pub async fn run(self, mut commands: mpsc::Receiver<Command>) {
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let first = tokio::select! {
                command = commands.recv() => command,
                _ = look.tick(), if self.shared => {
                    if let Err(error) = self.follow().await {
                        tracing::warn!(%error, "what other servers wrote could not be read");
                    }
                    continue;
                }
            };
            let Some(first) = first else { return };
            let (mut pushes, mut waiting) = (Vec::new(), Vec::new());
            let (mut operations, mut bytes) = (0, 0);
            let mut next = Some(first);
            while let Some(command) = next {
                match command {
                    Command::Push(push) => {
                        operations += push.operations.len();
                        bytes += push.bytes();
                        pushes.push(push);
                    }
                    Command::Follow(answer) => waiting.push(answer),
                }
                let full = operations >= BATCH_OPERATIONS || bytes >= BATCH_BYTES;
                next = if full { None } else { commands.try_recv().ok() };
            }
            self.let_followers_go(waiting).await;
            if !pushes.is_empty() {
                self.carry_out(pushes).await;
            }
        }
    }

    async fn let_followers_go(&self, waiting: Vec<oneshot::Sender<Result<(), StoreError>>>) {
        if waiting.is_empty() {
            return;
        }
        let done = self.follow().await;
        if let Err(error) = &done {
            tracing::warn!(%error, "what other servers wrote could not be read");
        }
        for answer in waiting {
            let _ = answer.send(if done.is_ok() { Ok(()) } else { Err(StoreError::Stopped) });
        }
    }

    /// Appends a batch and answers it. When a batch of several fails, each push is tried by itself, so that one that
    /// cannot be written does not take the others with it.
    async fn carry_out(&self, pushes: Vec<Push>) {
        let (at, behind) = self.memory.behind();
        if behind > TABLES_BEHIND {
            // Tables that cannot be written keep nobody from an answer.
            let _ = tokio::time::timeout(PATIENCE, self.tables.pass(at)).await;
        }
        match self.process(&pushes).await {
            Ok(answers) => {
                for (push, answers) in pushes.into_iter().zip(answers) {
                    let _ = push.answer.send(Ok(answers));
                }
            }
            Err(error) if pushes.len() > 1 => {
                tracing::warn!(%error, pushes = pushes.len(), "a batch failed; trying its pushes one by one");
                for push in pushes {
                    let answers = self.process(std::slice::from_ref(&push)).await;
                    let _ = push.answer.send(answers.map(|mut all| all.pop().unwrap_or_default()));
                }
            }
            Err(error) => {
                // There is at most one.
                if let Some(push) = pushes.into_iter().next() {
                    let _ = push.answer.send(Err(error));
                }
            }
        }
    }

    async fn process(&self, pushes: &[Push]) -> Result<Vec<Vec<Answer>>, StoreError> {
        let lists = self.directory.lists(&self.db).await?;
        let mut before = Before::default();
        let mut followed = !self.shared;
        for _ in 0..ATTEMPTS {
            let mut standing = HashMap::new();
            for (report, _) in pushes.iter().flat_map(Push::permitted) {
                if lists.open(report).is_some() && !standing.contains_key(&report) {
                    standing.insert(report, self.held(report).await?.0);
                }
            }
            let mut decided = Decided::on(&self.memory, &lists, &standing, &before, &self.spent);
            let mut answers = Vec::with_capacity(pushes.len());
            for push in pushes {
                answers.push(decided.answer_all(&self.db, push).await?);
            }
            let Some((head, mut batch, reports)) = decided.batch() else {
                // Nothing is appended, so nothing says whether it was decided on what other processes wrote: what is
                // refused here may be about an item that one of them has just added.
                if followed {
                    return Ok(answers);
                }
                self.follow().await?;
                followed = true;
                continue;
            };
            match self.keeper.write(log::append(&self.db, head, &mut batch)).await {
                Ok(Appended::Yes) => {
                    self.keeper.committed(batch.mark).await?;
                    let batch = self.memory.publish(batch, reports);
                    self.head.send_replace(batch.mark);
                    for done in &batch.done {
                        self.busy.note(&done.operation, done.field());
                        self.spent.note(done, batch.at);
                    }
                    return Ok(answers);
                }
                Ok(Appended::Moved) => {
                    self.follow().await?;
                    followed = true;
                }
                Err(error @ (StoreError::Full(_) | StoreError::Disk(_))) => return Err(error),
                // Perhaps an id of it is taken.
                Err(error) => {
                    let operations: Vec<&Operation> =
                        pushes.iter().flat_map(Push::permitted).map(|(_, op)| op).collect();
                    let found = taken::before(&self.db, &operations).await?;
                    if found == before {
                        return Err(error);
                    }
                    before = found;
                }
            }
        }
        Err(StoreError::Contended { attempts: ATTEMPTS })
    }
}
