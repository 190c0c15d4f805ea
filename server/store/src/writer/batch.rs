//! What a batch reads, decides, and leaves to be written.

use super::Command;
use crate::drafts;
use crate::error::StoreError;
use crate::events;
use crate::rows::rows;
use domain::council::permit::{self, Action, Of};
use domain::field::FieldKey;
use domain::id::{ItemId, OpId, PersonId, ReportId};
use domain::report::decide::decide;
use domain::report::state::{EventKind, ReportState, Touched};
use domain::report::submitted::SubmittedContact;
use domain::sync::decide::{Decision, Event, Surroundings};
use domain::sync::op::{ContentHash, KnownChange, Operation};
use domain::sync::wire::{Answer, KnownOutcome, Outcome, Refusal, Seq};
use domain::theme::ThemeId;
use domain::time::Timestamp;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use surrealdb::Surreal;
use surrealdb::engine::any::Any;

/// An operation with its answer, for the history.
pub struct Done {
    pub operation: Operation,
    pub person: PersonId,
    pub device: Option<String>,
    pub field: Option<FieldKey>,
    pub seq: Seq,
    pub answer: Answer,
}

/// One batch between its reading and its commit.
pub struct Batch {
    /// The sequence as it was read.
    pub first: Seq,
    /// The sequence after the batch.
    pub last: Seq,
    pub now: Timestamp,
    pub states: BTreeMap<ReportId, ReportState>,
    pub touched_reports: BTreeSet<ReportId>,
    pub touched_items: BTreeSet<(ReportId, ItemId)>,
    pub touched_cards: BTreeSet<(ReportId, ItemId)>,
    /// The contact person as last submitted in this batch; none where the report was withdrawn.
    pub submitted: BTreeMap<ReportId, Option<SubmittedContact>>,
    pub events: Vec<Event<EventKind>>,
    pub done: Vec<Done>,
    answered: HashMap<OpId, Answer>,
    open: BTreeMap<ReportId, Option<bool>>,
    themes: BTreeSet<ThemeId>,
    foreign: BTreeSet<ItemId>,
}

#[derive(Deserialize)]
struct ItemOwner {
    item: ItemId,
    report: ReportId,
}

impl Batch {
    /// Reads the sequence, then everything that the commands' operations may touch.
    pub async fn read(db: &Surreal<Any>, commands: &[Command]) -> Result<Self, StoreError> {
        let first = events::head(db).await?;
        let operations = || commands.iter().flat_map(|command| &command.operations);
        let ids: Vec<String> = operations().map(|operation| operation.op_id.to_string()).collect();
        let added = |operation: &Operation| match operation.known() {
            Some(KnownChange::AddItem { item, .. }) => Some(item.to_string()),
            _ => None,
        };
        let items: Vec<String> = operations().filter_map(added).collect();
        let query = "SELECT VALUE answer FROM $ids.map(|$id| type::record('operation', $id));
            SELECT VALUE record::id(id) FROM theme;
            SELECT record::id(id) AS item, record::id(report) AS report FROM $items.map(|$id| type::record('item', $id));";
        let mut response = db.query(query).bind(("ids", ids)).bind(("items", items)).await?;
        let mut answered = HashMap::new();
        for json in rows::<String>(&mut response, 0)? {
            let answer: Answer = serde_json::from_str(&json)?;
            answered.insert(answer.op_id, answer);
        }
        let themes = rows::<ThemeId>(&mut response, 1)?.into_iter().collect();
        let owners: HashMap<ItemId, ReportId> =
            rows::<ItemOwner>(&mut response, 2)?.into_iter().map(|owner| (owner.item, owner.report)).collect();
        let foreign = |operation: &Operation| match operation.known() {
            Some(KnownChange::AddItem { item, .. }) => {
                owners.get(item).filter(|of| operation.subject.report() != Some(**of)).map(|_| *item)
            }
            _ => None,
        };
        let foreign = operations().filter_map(foreign).collect();
        let mut batch = Self {
            first,
            last: first,
            now: crate::now(),
            states: BTreeMap::new(),
            touched_reports: BTreeSet::new(),
            touched_items: BTreeSet::new(),
            touched_cards: BTreeSet::new(),
            submitted: BTreeMap::new(),
            events: Vec::new(),
            done: Vec::new(),
            answered,
            open: BTreeMap::new(),
            themes,
            foreign,
        };
        for command in commands {
            for report in command.operations.iter().filter_map(|operation| operation.subject.report()) {
                if drafts(command, report) {
                    batch.read_report(db, report).await?;
                }
            }
        }
        Ok(batch)
    }

    async fn read_report(&mut self, db: &Surreal<Any>, report: ReportId) -> Result<(), StoreError> {
        if self.open.contains_key(&report) {
            return Ok(());
        }
        let query = "SELECT VALUE state = 'open' FROM type::record('edition', $edition);
            SELECT VALUE record::id(id) FROM type::record('member', $member);";
        let bound = db.query(query).bind(("edition", report.edition.to_string()));
        let mut response = bound.bind(("member", report.member.to_string())).await?;
        let open = rows::<bool>(&mut response, 0)?.pop();
        let member = rows::<String>(&mut response, 1)?.pop();
        self.open.insert(report, open.filter(|_| member.is_some()));
        let (state, _) = drafts::load(db, report).await?;
        self.states.insert(report, state);
        Ok(())
    }

    /// Answers a command's operations in order.
    pub async fn decide_all(&mut self, db: &Surreal<Any>, command: &Command) -> Result<Vec<Answer>, StoreError> {
        let mut answers = Vec::with_capacity(command.operations.len());
        for operation in &command.operations {
            let outcome = match self.answered.get(&operation.op_id) {
                Some(before) if before.hash == operation.hash && operation.is_whole() => {
                    answers.push(before.clone());
                    continue;
                }
                Some(_) => KnownOutcome::Refused(Refusal::OpIdReused),
                None => match operation.subject.report() {
                    None => KnownOutcome::Refused(Refusal::NotUnderstood),
                    Some(report) if !drafts(command, report) => KnownOutcome::Refused(Refusal::Forbidden),
                    Some(report) => {
                        let outcome = self.decide(report, operation, command);
                        if command.foreign { outcome } else { with_base(db, report, operation, outcome).await? }
                    }
                },
            };
            answers.push(self.record(operation, command, outcome));
        }
        Ok(answers)
    }

    fn decide(&mut self, report: ReportId, operation: &Operation, command: &Command) -> KnownOutcome {
        let open = self.open.get(&report).copied().flatten();
        let (Some(open), Some(state)) = (open, self.states.get_mut(&report)) else {
            return KnownOutcome::Refused(Refusal::NoSuchReport);
        };
        if let Some(KnownChange::AddItem { item, .. }) = operation.known()
            && self.foreign.contains(item)
        {
            return KnownOutcome::Refused(Refusal::Forbidden);
        }
        let (by, foreign) = (command.identity.person, command.foreign);
        let around = Surroundings { by, open, themes: &self.themes, now: self.now, foreign };
        let Decision { outcome, done } = decide(state, operation, around, self.last);
        let (events, touched) = (done.events, done.touched);
        self.last += events.len() as u64;
        // Taken now: an operation later in the batch may change the draft's contact, which is not the council's.
        match events.last().map(|event| &event.kind) {
            Some(EventKind::Submitted(_)) => {
                self.submitted.insert(report, Some(SubmittedContact::of(&state.draft.contact)));
            }
            Some(EventKind::Withdrawn) => {
                self.submitted.insert(report, None);
            }
            _ => {}
        }
        self.events.extend(events);
        match touched {
            None => {}
            Some(Touched::Contact) => {
                self.touched_reports.insert(report);
            }
            Some(Touched::Item(item)) => {
                self.touched_reports.insert(report);
                self.touched_items.insert((report, item));
            }
            Some(Touched::Board(items)) => {
                self.touched_reports.insert(report);
                self.touched_cards.extend(items.into_iter().map(|item| (report, item)));
            }
        }
        outcome
    }

    /// Makes the answer, and remembers it for the history unless it is a refusal.
    fn record(&mut self, operation: &Operation, command: &Command, outcome: KnownOutcome) -> Answer {
        let seq = match &outcome {
            KnownOutcome::Accepted { seq, .. } => Some(*seq),
            KnownOutcome::Conflict(_) => Some(self.last),
            KnownOutcome::Refused(_) => None,
        };
        let outcome = Outcome::Known(outcome);
        let (op_id, hash): (OpId, ContentHash) = (operation.op_id, operation.hash.clone());
        let answer = Answer { op_id, hash, status: outcome.status(), outcome };
        if let Some(seq) = seq {
            let field = operation.known().and_then(KnownChange::value).map(domain::field::FieldValue::key);
            self.answered.insert(op_id, answer.clone());
            let (person, device) = (command.identity.person, command.device.clone());
            self.done.push(Done { operation: operation.clone(), person, device, field, seq, answer: answer.clone() });
            self.touched_reports.extend(operation.subject.report());
        }
        answer
    }
}

/// A conflict is told with the text that both sides started from.
async fn with_base(
    db: &Surreal<Any>,
    report: ReportId,
    operation: &Operation,
    outcome: KnownOutcome,
) -> Result<KnownOutcome, StoreError> {
    match (outcome, operation.known()) {
        (KnownOutcome::Conflict(mut conflict), Some(KnownChange::Set { base_rev, value })) => {
            conflict.base = drafts::value_at(db, report, value.key(), *base_rev).await?;
            Ok(KnownOutcome::Conflict(conflict))
        }
        (outcome, _) => Ok(outcome),
    }
}

/// Whether the person of a push may write in a report.
fn drafts(command: &Command, report: ReportId) -> bool {
    permit::may(Some(&command.identity), Action::Draft, Of::Member(report.member))
}
