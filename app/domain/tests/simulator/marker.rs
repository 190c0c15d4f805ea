//! A device's marks: a queue for each card, with the real outbox, beside the queue of the report.

use crate::device::Device;
use crate::marks::Change;
use crate::network::Ask;
use crate::world::{Broken, World, at, id, report};
use domain::id::{ItemId, OpId, PersonId};
use domain::json::Object;
use domain::sync::journal;
use domain::sync::op::Operation;
use domain::sync::plain::Plain;
use domain::sync::subject::Subject;
use domain::sync::wire::{Answer, PROTOCOL, Push};
use std::collections::BTreeMap;

/// The queues, and what is waited for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Marker {
    pub queues: BTreeMap<Subject, Plain>,
    /// The push that is waited for, and the card that it is about.
    pub sending: Option<(u64, Subject)>,
    /// What this device last said of a card.
    pub wants: BTreeMap<Subject, bool>,
    /// The browser threw away what was not sent.
    pub evicted: bool,
}

impl Marker {
    /// The person marks a card, or takes the mark away.
    pub fn mark(&mut self, subject: Subject, on: bool, op_id: OpId) {
        let plain = self.queues.entry(subject.clone()).or_insert_with(|| Plain::empty(subject.clone()));
        plain.ask(&Change::Mark { on }, op_id);
        self.wants.insert(subject, on);
    }

    /// The next operations to send, all about one card.
    pub fn hand_over(&mut self) -> Option<(Subject, Vec<Operation>)> {
        let mut handed = self.queues.iter_mut().map(|(subject, plain)| (subject.clone(), plain.hand_over()));
        handed.find(|(_, operations)| !operations.is_empty())
    }

    /// The server answered.
    pub fn hear(&mut self, subject: &Subject, answers: &[Answer]) {
        if let Some(plain) = self.queues.get_mut(subject) {
            plain.settle(answers);
        }
        self.queues.retain(|_, plain| !plain.queue.is_empty());
    }

    /// What was refused is tried again.
    pub fn retry(&mut self) {
        self.queues.values_mut().for_each(Plain::retry_refused);
    }

    /// The browser is killed and opened again: what is left is what the journal's rows say.
    pub fn crash(&mut self, person: PersonId) {
        self.sending = None;
        let rows: Object = self
            .queues
            .iter()
            .flat_map(|(subject, plain)| plain.rows(&journal::root(person, subject.clone())))
            .collect();
        let again =
            |subject: Subject| (subject.clone(), Plain::of(&journal::root(person, subject.clone()), subject, &rows));
        let queues: BTreeMap<Subject, Plain> = journal::subjects(person, &rows).into_iter().map(again).collect();
        assert_eq!(queues, self.queues, "a row is read back as it was written");
        self.queues = queues;
    }

    /// The browser throws everything away.
    pub fn evict(&mut self) {
        *self = Self { evicted: true, ..Self::default() };
    }
}

impl World {
    /// A person marks one of a few cards, or takes the mark away.
    pub fn mark(&mut self, d: usize, b: usize, c: usize) {
        let edition = report().edition;
        let subject = Subject::Card { edition, item: ItemId::new(at(1), &id(200 + b as u64 % 3)) };
        let op_id = self.ids.id(self.devices[d].clock);
        self.devices[d].marker.mark(subject, !c.is_multiple_of(3), op_id);
    }

    pub fn send_marks(&mut self, d: usize, c: usize) {
        let device = &mut self.devices[d];
        if device.marker.sending.is_some() {
            return;
        }
        let Some((subject, operations)) = device.marker.hand_over() else { return };
        let (person, instance) = (device.person, device.journal.council.instance);
        let mark = device.journal.council.mark;
        let push = Push { protocol: PROTOCOL, person, device: None, instance, mark, operations };
        let body = serde_json::to_string(&push).expect("JSON");
        device.marker.sending = Some((self.network.send(d, Ask::Push(body)), subject));
        if c.is_multiple_of(19) {
            device.crash();
        }
    }

    /// What an outbox does with marks in one turn, with nothing in its way.
    pub fn turn_marks(&mut self, d: usize) -> Result<(), Broken> {
        for _ in 0..20 {
            self.server.made.extend(self.ids.made.drain(..));
            let Some((subject, operations)) = self.devices[d].marker.hand_over() else { break };
            let Device { person, journal, .. } = &self.devices[d];
            let (person, instance, mark) = (*person, journal.council.instance, journal.council.mark);
            let push = Push { protocol: PROTOCOL, person, device: None, instance, mark, operations };
            self.devices[d].marker.sending = Some((0, subject));
            self.exchange(d, &Ask::Push(serde_json::to_string(&push).expect("JSON")))?;
        }
        Ok(())
    }
}
