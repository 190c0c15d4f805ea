//! What the process holds of the log's end: the newest batches, the reports in use, the boards that are looked at.
//!
//! The writer alone changes it, one batch at a time and after its commit, so whoever reads under the lock sees the state
//! of one place in the sequence. The tables follow behind (`tables`): a batch stays here until they have it, and so does
//! a report that it changed. A report that is not here is read from the tables and brought to the end by the batches that
//! they lack.

mod boards;
mod parts;

use crate::error::StoreError;
use crate::log::{Changed, Committed, Mark, Replayed};
use boards::BoardMemory;
pub use boards::BoardSnapshot;
use domain::board::Card;
use domain::field::{FieldKey, FieldValue};
use domain::id::{EditionId, OpId, ReportId};
use domain::report::apply::apply;
use domain::report::state::{EventKind, ReportState};
use domain::report::submitted::SubmittedContact;
use domain::sync::chain::ChainHash;
use domain::sync::decide::{Decided, Event};
use domain::sync::wire::{Answer, Outcome, Rev, Seq};
pub use parts::Parts;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Batches that stay although the tables have them, for streams that are a little behind and operations that are
/// repeated: so many, and of no more than so many bytes.
const RECENT: usize = 512;
const RECENT_BYTES: usize = 8 << 20;
/// Reports that stay although nobody writes in them now.
const REPORTS: usize = 256;

/// A report as the server holds it.
#[derive(Debug, Clone)]
pub struct Held {
    pub state: ReportState,
    /// The contact person as submitted; none when nothing is.
    pub contact: Option<SubmittedContact>,
}

impl Held {
    /// Takes over what a decision says of a submission. Asked for after each operation: a later one of the same push may
    /// change the draft's contact, which is not the council's.
    pub fn note(&mut self, events: &[Event<EventKind>]) {
        match events.last().map(|event| &event.kind) {
            Some(EventKind::Submitted(_)) => self.contact = Some(SubmittedContact::of(&self.state.draft.contact)),
            Some(EventKind::Withdrawn) => self.contact = None,
            _ => {}
        }
    }

    /// Carries out what the log says of this report in a batch.
    fn follow(&mut self, batch: &Committed) {
        let report = self.state.draft.report;
        for done in batch.done.iter().filter(|done| done.operation.subject.report() == Some(report)) {
            let Outcome::Known(outcome) = &done.answer.outcome else { continue };
            let decided = Decided { operation: &done.operation, by: done.person, outcome };
            let applied = apply(&mut self.state, decided);
            self.note(&applied.events);
        }
    }
}

#[derive(Debug)]
struct Slot {
    held: Arc<Held>,
    /// The batch that changed it last, or when it was read.
    batch: u64,
    /// When it was last asked for, by the count of such questions.
    used: u64,
}

#[derive(Debug)]
struct Inner {
    head: Mark,
    /// Where the log ended before the first of `recent`.
    tail: Mark,
    /// In order, without a gap, the last one at `head`.
    recent: VecDeque<Arc<Committed>>,
    bytes: usize,
    /// The tables are as of this batch.
    tables: u64,
    /// What the tables lack, in order.
    lacking: VecDeque<Lacking>,
    reports: HashMap<ReportId, Slot>,
    answers: HashMap<OpId, Answer>,
    boards: HashMap<EditionId, BoardMemory>,
    asked: u64,
}

/// Shared by the writer, the reader that keeps the tables, and everybody who reads.
#[derive(Debug, Clone)]
pub struct Memory(Arc<RwLock<Inner>>);

/// A batch that the tables lack, with what it changed as of its end.
#[derive(Debug)]
struct Lacking {
    batch: Arc<Committed>,
    parts: Parts,
}

/// The first of what the tables lack: some batches, and what they changed as of the last of them.
pub struct Pending {
    pub from: u64,
    pub to: Mark,
    pub batches: Vec<Arc<Committed>>,
    pub parts: Parts,
}

impl Memory {
    /// Of a process that knows the log up to where the tables are.
    pub fn new(tables: Mark) -> Self {
        Self(Arc::new(RwLock::new(Inner::new(tables))))
    }

    /// Where the log ends.
    pub fn head(&self) -> Mark {
        self.read().head
    }

    /// A report and the place in the sequence at which it is so, when it is here.
    pub fn report(&self, report: ReportId) -> Option<(Arc<Held>, Seq)> {
        let mut inner = self.write();
        inner.asked += 1;
        let (asked, seq) = (inner.asked, inner.head.seq);
        let slot = inner.reports.get_mut(&report)?;
        slot.used = asked;
        Some((Arc::clone(&slot.held), seq))
    }

    /// Takes in a report that was read from the tables as of a batch. None: the batches after that are no longer here;
    /// the tables have them by now.
    pub fn take_in(&self, report: ReportId, mut held: Held, batch: u64) -> Option<(Arc<Held>, Seq)> {
        let mut inner = self.write();
        if !inner.reports.contains_key(&report) {
            if batch > inner.head.batch || !inner.reaches_back_to(batch) {
                return None;
            }
            for later in inner.recent.iter().filter(|later| later.mark.batch > batch) {
                held.follow(later);
            }
            let slot = Slot { held: Arc::new(held), batch: inner.head.batch, used: 0 };
            inner.reports.insert(report, slot);
        }
        drop(inner);
        self.report(report)
    }

    /// What an operation was answered lately.
    pub fn answer(&self, op_id: OpId) -> Option<Answer> {
        self.read().answers.get(&op_id).cloned()
    }

    /// Whether the batch of a place in the sequence is here, and so everything after it.
    pub fn holds(&self, seq: Seq) -> bool {
        self.read().tail.seq < seq
    }

    /// The value that a field had at a revision, when that was written lately.
    pub fn value_at(&self, report: ReportId, key: FieldKey, rev: Rev) -> Option<FieldValue> {
        let inner = self.read();
        let batch = inner.recent.iter().find(|batch| batch.before < rev && rev <= batch.mark.seq)?;
        batch.done.iter().find_map(|done| done.value_at(report, key, rev))
    }

    /// A batch that the log has now, with the reports that it changed.
    pub fn publish(&self, batch: Committed, reports: HashMap<ReportId, Held>) -> Arc<Committed> {
        let (parts, batch) = (Parts::of(&batch.changed, &reports), Arc::new(batch));
        let mut inner = self.write();
        inner.head = batch.mark;
        inner.bytes += batch.bytes;
        for done in &batch.done {
            inner.answers.insert(done.operation.op_id, done.answer.clone());
        }
        inner.lacking.push_back(Lacking { batch: Arc::clone(&batch), parts });
        for (report, held) in reports {
            inner.asked += 1;
            let slot = Slot { held: Arc::new(held), batch: batch.mark.batch, used: inner.asked };
            inner.reports.insert(report, slot);
        }
        for board in inner.boards.values() {
            board.follow(&batch);
        }
        inner.recent.push_back(Arc::clone(&batch));
        inner.tidy();
        batch
    }

    /// The tables are as of this batch.
    pub fn tables_are_at(&self, batch: u64) {
        let mut inner = self.write();
        inner.tables = inner.tables.max(batch);
        while inner.lacking.pop_front_if(|lacking| lacking.batch.mark.batch <= batch).is_some() {}
        inner.tidy();
    }

    /// The batch that the tables are as of, and how many bytes of records they lack.
    pub fn behind(&self) -> (u64, usize) {
        let inner = self.read();
        (inner.tables, inner.lacking.iter().map(|lacking| lacking.batch.bytes).sum())
    }

    /// Whether the tables lack something.
    pub fn lacks(&self) -> bool {
        !self.read().lacking.is_empty()
    }

    /// The first batches that the tables lack, of about so many operations; none when they are at the end.
    pub fn pending(&self, operations: usize) -> Option<Pending> {
        let inner = self.read();
        let mut count = 0;
        let fits = |lacking: &&Lacking| {
            let fits = count < operations;
            count += lacking.batch.done.len();
            fits
        };
        let (mut batches, mut parts) = (Vec::new(), Parts::default());
        for lacking in inner.lacking.iter().take_while(fits) {
            batches.push(Arc::clone(&lacking.batch));
            parts.extend(&lacking.parts);
        }
        let to = batches.last()?.mark;
        Some(Pending { from: inner.tables, to, batches, parts })
    }

    /// The batches after a place in the sequence, when all of them are here.
    pub fn since(&self, seq: Seq) -> Option<Vec<Arc<Committed>>> {
        let inner = self.read();
        if inner.tail.seq > seq {
            return None;
        }
        Some(inner.recent.iter().filter(|batch| batch.mark.seq > seq).map(Arc::clone).collect())
    }

    /// Whether one of the newest batches ended at a place in the sequence with this chain.
    pub fn ended(&self, seq: Seq, chain: &ChainHash) -> bool {
        let inner = self.read();
        let mut marks = inner.recent.iter().rev().map(|batch| batch.mark).chain([inner.tail]);
        marks.any(|mark| mark.seq == seq && mark.hash == *chain)
    }

    /// The board of an edition as of the end of the log, when it is here.
    pub fn board(&self, edition: EditionId) -> Option<BoardSnapshot> {
        let inner = self.read();
        Some(inner.boards.get(&edition)?.snapshot(inner.head.of_reader()))
    }

    /// Takes in the cards of an edition that were read from the tables as of a batch; none as for [`Memory::take_in`].
    pub fn take_in_board(&self, edition: EditionId, cards: Vec<Card>, batch: u64) -> Option<BoardSnapshot> {
        let mut inner = self.write();
        if !inner.boards.contains_key(&edition) {
            if batch > inner.head.batch || !inner.reaches_back_to(batch) {
                return None;
            }
            let board = BoardMemory::new(edition, cards);
            for later in inner.recent.iter().filter(|later| later.mark.batch > batch) {
                board.follow(later);
            }
            inner.boards.insert(edition, board);
        }
        drop(inner);
        self.board(edition)
    }

    /// Whatever was read from another past is forgotten.
    pub fn forget(&self, tables: Mark) {
        *self.write() = Inner::new(tables);
    }

    /// Nothing panics while it is held, and a batch is never half taken in.
    fn read(&self) -> RwLockReadGuard<'_, Inner> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Inner> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn new(tables: Mark) -> Self {
        Self {
            head: tables,
            tail: tables,
            recent: VecDeque::new(),
            bytes: 0,
            tables: tables.batch,
            lacking: VecDeque::new(),
            reports: HashMap::new(),
            answers: HashMap::new(),
            boards: HashMap::new(),
            asked: 0,
        }
    }

    /// Whether every batch after this one is here.
    fn reaches_back_to(&self, batch: u64) -> bool {
        self.tail.batch <= batch
    }

    /// Lets go of what the tables have.
    fn tidy(&mut self) {
        while self.recent.len() > RECENT || self.bytes > RECENT_BYTES {
            let Some(batch) = self.recent.pop_front_if(|batch| batch.mark.batch <= self.tables) else { break };
            self.bytes -= batch.bytes;
            self.tail = batch.mark;
            for done in &batch.done {
                self.answers.remove(&done.operation.op_id);
            }
        }
        if self.reports.len() > 2 * REPORTS {
            let mut settled: Vec<(u64, ReportId)> = self
                .reports
                .iter()
                .filter(|(_, slot)| slot.batch <= self.tables)
                .map(|(report, slot)| (slot.used, *report))
                .collect();
            settled.sort_unstable();
            for (_, report) in settled.iter().take(self.reports.len() - REPORTS) {
                self.reports.remove(report);
            }
        }
    }
}

/// What a batch of another process, or of the process before this one, did: its reports are changed, and its events and
/// what it touched are found again. `reports` holds each report that it is about, as of the batch before.
///
/// # Errors
/// When a report is missing: a fault of the program.
pub fn replay(batch: Replayed, reports: &mut HashMap<ReportId, Held>) -> Result<Committed, StoreError> {
    let (mut events, mut changed) = (Vec::new(), Changed::default());
    for done in &batch.done {
        let Outcome::Known(outcome) = &done.answer.outcome else { continue };
        let Some(report) = done.operation.subject.report() else { continue };
        let held = reports.get_mut(&report).ok_or(StoreError::NotExecuted)?;
        let applied = apply(&mut held.state, Decided { operation: &done.operation, by: done.person, outcome });
        held.note(&applied.events);
        changed.note(report, &done.operation, &applied);
        events.extend(applied.events);
    }
    Ok(batch.with(events, changed))
}
