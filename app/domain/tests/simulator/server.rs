//! The store's writer (`server/store/src/writer`) in memory: sessions, answers by id, history, backups. What an
//! operation does is decided by the real [`decide`].

use crate::log::{Batch, Entry, Log, replay};
use crate::subjects::{self, Event, State};
use crate::world::{Broken, at, id, report};
use domain::field::{FieldKey, FieldValue, ItemValue};
use domain::id::{InstanceId, OpId, PersonId};
use domain::report::state::{EventKind, ReportState};
use domain::sync::chain::Mark;
use domain::sync::decide::Surroundings;
use domain::sync::dispatch::States;
use domain::sync::op::{KnownChange, Operation};
use domain::sync::wire::{
    Answer, DraftAnswer, KnownOutcome, Outcome, PROTOCOL, Push, PushAnswer, Receipt, Refusal, Rev, Seq,
};
use domain::theme::ThemeId;
use std::collections::{BTreeMap, BTreeSet};

/// What is on the server's disk.
#[derive(Clone)]
pub struct Durable {
    pub instance: InstanceId,
    /// Every subject, as it was decided.
    pub states: States<State>,
    /// The same, made from the log batch by batch.
    applied: States<State>,
    pub log: Log,
    pub seq: Seq,
    answers: BTreeMap<OpId, Answer>,
    /// Every operation that was taken or kept beside: where in the sequence, and with which status.
    pub history: Vec<(Seq, Operation, u16)>,
}

impl Durable {
    fn new(instance: InstanceId) -> Self {
        let mut states = States::default();
        states.of(&report().into(), State::empty);
        let applied = states.clone();
        Self { instance, states, applied, log: Log::new(), seq: 0, answers: BTreeMap::new(), history: Vec::new() }
    }

    /// The report that people draft.
    pub fn report(&self) -> &ReportState {
        match self.states.get(&report().into()) {
            Some(State::Report(state)) => state,
            other => panic!("no report: {other:?}"),
        }
    }

    /// Other reports of the council move the sequence.
    pub fn elsewhere(&mut self, by: u64, now: i64) {
        self.seq += by;
        self.log.write(self.seq, now, Vec::new());
    }

    /// Writes what was taken as a batch, and reads it as any reader of the log does.
    fn write(&mut self, entries: Vec<Entry>, now: i64) -> Result<(), Broken> {
        if entries.is_empty() {
            return Ok(());
        }
        let subjects: BTreeSet<_> = entries.iter().map(|entry| entry.operation.subject.clone()).collect();
        self.log.write(self.seq, now, entries);
        let Some(Batch { link, .. }) = self.log.batches.last() else { return Ok(()) };
        let last = usize::try_from(link.batch).expect("few") - 1;
        replay(&mut self.applied, &self.log.batches[last..])?;
        match subjects.iter().find(|subject| self.states.get(subject) != self.applied.get(subject)) {
            Some(subject) => Err(Broken::new("apply_is_decide", format!("{:?}", self.applied.get(subject)))),
            None => Ok(()),
        }
    }

    fn value_at(&self, key: FieldKey, rev: Rev) -> Option<FieldValue> {
        let written = |(seq, operation, status): &(Seq, Operation, u16)| {
            let value = operation.known().and_then(KnownChange::value)?;
            (*seq == rev && *status == 200 && value.key() == key).then(|| value.clone())
        };
        self.history.iter().find_map(written)
    }
}

/// The server.
pub struct Server {
    pub disk: Durable,
    pub backups: Vec<Durable>,
    pub signed_in: BTreeSet<PersonId>,
    pub open: bool,
    themes: BTreeSet<ThemeId>,
    pub now: i64,
    /// What the push that is carried out has done so far.
    entries: Vec<Entry>,
    instances: u64,
    /// Every value that was ever a head, in any life of the database.
    pub ever: BTreeSet<(FieldKey, String)>,
    /// Every receipt that was ever given.
    pub receipts: Vec<Receipt>,
    /// Every operation id that a device made.
    pub made: BTreeSet<OpId>,
    /// Submissions that were taken since somebody last looked.
    pub submitted: Vec<OpId>,
}

impl Server {
    pub fn new(signed_in: BTreeSet<PersonId>, themes: BTreeSet<ThemeId>) -> Self {
        let instance = InstanceId::new(at(1), &id(1_000));
        Self {
            disk: Durable::new(instance),
            backups: Vec::new(),
            signed_in,
            open: true,
            themes,
            now: 1_000_000,
            entries: Vec::new(),
            instances: 1_000,
            ever: BTreeSet::new(),
            receipts: Vec::new(),
            made: BTreeSet::new(),
            submitted: Vec::new(),
        }
    }

    fn stamp(&mut self) {
        self.instances += 1;
        self.disk.instance = InstanceId::new(at(1), &id(self.instances));
    }

    pub fn empty(&mut self) {
        self.disk = Durable::new(self.disk.instance);
        self.stamp();
    }

    /// Goes back to a backup. `stamped`: by the product's own restore, which names the database anew.
    pub fn restore(&mut self, nth: usize, stamped: bool) -> bool {
        if self.backups.is_empty() {
            return false;
        }
        self.disk = self.backups[nth % self.backups.len()].clone();
        if stamped {
            self.stamp();
        }
        true
    }

    /// The answer to a push. `None`: the person must sign in.
    pub fn push(&mut self, body: &str) -> Result<Option<String>, Broken> {
        let push: Push = serde_json::from_str(body).expect("a device's push");
        if !self.signed_in.contains(&push.person) {
            return Ok(None);
        }
        self.now += 7;
        let other_past = self.disk.log.is_other(push.mark);
        let foreign = other_past || push.instance.is_some_and(|instance| instance != self.disk.instance);
        let mut answers = Vec::with_capacity(push.operations.len());
        for operation in &push.operations {
            answers.push(self.answer(operation, push.person, foreign)?);
        }
        let entries = std::mem::take(&mut self.entries);
        self.disk.write(entries, self.now)?;
        let answer = PushAnswer {
            protocol: PROTOCOL,
            instance: self.disk.instance,
            answers,
            mark: self.disk.log.mark(),
            other_past,
        };
        Ok(Some(serde_json::to_string(&answer).expect("JSON")))
    }

    pub fn draft(&self, person: PersonId, mark: Option<Mark>) -> Option<String> {
        self.signed_in.contains(&person).then(|| {
            let Durable { instance, seq, .. } = &self.disk;
            let (instance, seq) = (*instance, *seq);
            let answer = DraftAnswer {
                protocol: PROTOCOL,
                instance,
                seq,
                draft: self.disk.report().draft.clone(),
                mark: self.disk.log.mark(),
                other_past: self.disk.log.is_other(mark),
            };
            serde_json::to_string(&answer).expect("JSON")
        })
    }

    fn answer(&mut self, operation: &Operation, by: PersonId, foreign: bool) -> Result<Answer, Broken> {
        if !self.made.contains(&operation.op_id) {
            return Err(Broken::new("every_operation_was_made_by_somebody", format!("{operation:?}")));
        }
        let outcome = match self.disk.answers.get(&operation.op_id) {
            Some(before) if before.hash == operation.hash && operation.is_whole() => return Ok(before.clone()),
            Some(_) => KnownOutcome::Refused(Refusal::OpIdReused),
            None => self.decide(operation, by, foreign)?,
        };
        if let KnownOutcome::Refused(Refusal::OpIdReused | Refusal::HashMismatch) = outcome {
            return Err(Broken::new("a_sent_operation_never_changes", format!("{operation:?}")));
        }
        Ok(self.record(operation, outcome))
    }

    fn decide(&mut self, operation: &Operation, by: PersonId, foreign: bool) -> Result<KnownOutcome, Broken> {
        let disk = &mut self.disk;
        let around = Surroundings {
            by,
            open: self.open,
            themes: &self.themes,
            now: at(self.now),
            foreign,
            whole: operation.is_whole(),
        };
        let Some(state) = disk.states.of(&operation.subject, State::empty) else {
            return Ok(KnownOutcome::Refused(Refusal::NotUnderstood));
        };
        let decision = subjects::decide(state, operation, around, disk.seq);
        disk.seq += decision.done.events.len() as u64;
        for event in &decision.done.events {
            if let Event::Report(EventKind::Submitted(receipt)) = &event.kind {
                self.receipts.push(receipt.clone());
            }
        }
        if !matches!(decision.outcome, KnownOutcome::Refused(_)) {
            let (operation, outcome, events) = (operation.clone(), decision.outcome.clone(), decision.done.events);
            self.entries.push(Entry { operation, by, outcome, events });
        }
        let items = &disk.report().draft.items;
        let ids: BTreeSet<_> = items.iter().map(|item| item.id).collect();
        if ids.len() != items.len() {
            return Err(Broken::new("no_item_is_doubled", format!("{operation:?}")));
        }
        match (decision.outcome, operation.known()) {
            (KnownOutcome::Conflict(mut conflict), Some(KnownChange::Set { base_rev, value })) => {
                conflict.base = disk.value_at(value.key(), *base_rev).filter(|_| !foreign);
                Ok(KnownOutcome::Conflict(conflict))
            }
            (outcome, _) => Ok(outcome),
        }
    }

    fn record(&mut self, operation: &Operation, outcome: KnownOutcome) -> Answer {
        let seq = match &outcome {
            KnownOutcome::Accepted { seq, .. } => Some(*seq),
            KnownOutcome::Conflict(_) => Some(self.disk.seq),
            KnownOutcome::Refused(_) => None,
        };
        if matches!(outcome, KnownOutcome::Accepted { .. }) {
            self.note(operation);
        }
        let outcome = Outcome::Known(outcome);
        let (op_id, hash) = (operation.op_id, operation.hash.clone());
        let answer = Answer { op_id, hash, status: outcome.status(), outcome };
        if let Some(seq) = seq {
            self.disk.answers.insert(op_id, answer.clone());
            self.disk.history.push((seq, operation.clone(), answer.status));
        }
        answer
    }

    fn note(&mut self, operation: &Operation) {
        let mut ever = |value: FieldValue| {
            self.ever.insert((value.key(), serde_json::to_string(&value).expect("JSON")));
        };
        match operation.known() {
            Some(KnownChange::Set { value, .. }) => {
                ever(value.clone());
                if let FieldValue::Item(item, ItemValue::Title(_) | ItemValue::Text(_)) = value {
                    ever(FieldValue::Item(*item, ItemValue::Deleted(false)));
                }
            }
            Some(KnownChange::AddItem { item, section, position, language }) => {
                ever(FieldValue::Item(*item, ItemValue::Section(*section)));
                ever(FieldValue::Item(*item, ItemValue::Position(position.clone())));
                ever(FieldValue::Item(*item, ItemValue::Language(*language)));
            }
            Some(KnownChange::Submit {}) => self.submitted.push(operation.op_id),
            _ => {}
        }
    }
}
