//! Several devices, one server, a network that loses, doubles, delays and reorders: afterwards everybody has the
//! same, nothing is doubled, and every text that a device called saved is found again.
//!
//! Devices and server run the real core: [`LocalReport`], [`decide`].

use domain::field::{FieldKey, FieldValue, ItemField, ItemValue};
use domain::id::{EditionId, InstanceId, ItemId, MemberId, OpId, PersonId, ReportId};
use domain::language::Language;
use domain::position::Position;
use domain::report::decide::decide;
use domain::report::state::ReportState;
use domain::section::Section;
use domain::sync::decide::Surroundings;
use domain::sync::local::LocalReport;
use domain::sync::op::{KnownChange, Operation};
use domain::sync::wire::{Answer, DraftAnswer, KnownOutcome, Outcome, PROTOCOL, Seq};
use domain::time::Timestamp;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn report() -> ReportId {
    ReportId { edition: EditionId::new(at(1), &[1; 10]), member: MemberId::new(at(1), &[2; 10]) }
}

fn item(n: u8) -> ItemId {
    ItemId::new(at(1), &[n; 10])
}

fn instance() -> InstanceId {
    InstanceId::new(at(1), &[3; 10])
}

fn numbered(made: &mut u32) -> OpId {
    *made += 1;
    let mut entropy = [0; 10];
    entropy[..4].copy_from_slice(&made.to_be_bytes());
    OpId::new(at(1), &entropy)
}

/// What the store does: answers are remembered by id, the losing text of a conflict is kept.
struct Server {
    state: ReportState,
    seq: Seq,
    answers: BTreeMap<OpId, Answer>,
    texts: BTreeSet<String>,
}

impl Server {
    fn new() -> Self {
        let state = ReportState::empty(report());
        Self { state, seq: 0, answers: BTreeMap::new(), texts: BTreeSet::new() }
    }

    fn take(&mut self, operation: &Operation) -> Answer {
        if let Some(answer) = self.answers.get(&operation.op_id) {
            assert_eq!(answer.hash, operation.hash, "an operation that was sent never changes");
            return answer.clone();
        }
        let around = Surroundings {
            by: PersonId::new(at(1), &[4; 10]),
            open: true,
            themes: &BTreeSet::new(),
            now: at(9),
            foreign: false,
            whole: operation.is_whole(),
        };
        let decision = decide(&mut self.state, operation, around, self.seq);
        self.seq += decision.done.events.len() as u64;
        let refused = matches!(&decision.outcome, KnownOutcome::Refused(_));
        let outcome = Outcome::Known(decision.outcome);
        let (op_id, hash) = (operation.op_id, operation.hash.clone());
        let answer = Answer { op_id, hash, status: outcome.status(), outcome };
        if !refused {
            let text = operation.known().and_then(KnownChange::value).and_then(FieldValue::text);
            self.texts.extend(text.map(str::to_owned));
            self.answers.insert(op_id, answer.clone());
        }
        answer
    }
}

/// What happens next. Devices are numbered; so are items, of which each device may add any.
#[derive(Debug, Clone)]
enum Step {
    Add {
        device: usize,
        item: u8,
    },
    Type {
        device: usize,
        item: u8,
        text: String,
    },
    Delete {
        device: usize,
        item: u8,
    },
    /// The push arrives; the answer may be lost.
    Push {
        device: usize,
        lost: bool,
    },
    /// An old push arrives again, as a whole.
    Repeat {
        nth: prop::sample::Index,
    },
    Pull {
        device: usize,
    },
}

fn step(devices: usize) -> impl Strategy<Value = Step> {
    let device = 0..devices;
    let (of, text) = (0..4_u8, "[a-e é]{0,6}");
    prop_oneof![
        2 => (device.clone(), of.clone()).prop_map(|(device, item)| Step::Add { device, item }),
        6 => (device.clone(), of.clone(), text).prop_map(|(device, item, text)| Step::Type { device, item, text }),
        1 => (device.clone(), of).prop_map(|(device, item)| Step::Delete { device, item }),
        4 => (device.clone(), any::<bool>()).prop_map(|(device, lost)| Step::Push { device, lost }),
        1 => any::<prop::sample::Index>().prop_map(|nth| Step::Repeat { nth }),
        2 => device.prop_map(|device| Step::Pull { device }),
    ]
}

struct World {
    server: Server,
    devices: Vec<LocalReport>,
    pushes: Vec<Vec<Operation>>,
    made: u32,
}

impl World {
    fn new(devices: usize) -> Self {
        let devices = (0..devices).map(|_| LocalReport::empty(report())).collect();
        Self { server: Server::new(), devices, pushes: vec![], made: 0 }
    }

    fn op_id(&mut self) -> OpId {
        numbered(&mut self.made)
    }

    fn knows(&self, device: usize, n: u8) -> bool {
        self.devices[device].fields.contains_key(&FieldKey::Item(item(n), ItemField::Section))
    }

    fn run(&mut self, step: Step) {
        match step {
            Step::Add { device, item: n } => {
                let op_id = self.op_id();
                if !self.knows(device, n) {
                    let (position, language) = (Position::first(), Language::En);
                    let add = KnownChange::AddItem { item: item(n), section: Section::Priorities, position, language };
                    self.devices[device].change(add, op_id);
                }
            }
            Step::Type { device, item: n, text } => {
                let op_id = self.op_id();
                if self.knows(device, n) {
                    self.devices[device].write(FieldValue::Item(item(n), ItemValue::Text(text)), None, op_id);
                }
            }
            Step::Delete { device, item: n } => {
                let op_id = self.op_id();
                if self.knows(device, n) {
                    self.devices[device].write(FieldValue::Item(item(n), ItemValue::Deleted(true)), None, op_id);
                }
            }
            Step::Push { device, lost } => self.push(device, lost),
            Step::Repeat { nth } if !self.pushes.is_empty() => {
                for operation in nth.get(&self.pushes).clone() {
                    self.server.take(&operation);
                }
            }
            Step::Repeat { .. } => {}
            Step::Pull { device } => {
                let draft = self.server.state.draft.clone();
                let answer = DraftAnswer {
                    protocol: PROTOCOL,
                    instance: instance(),
                    seq: self.server.seq,
                    draft,
                    mark: None,
                    other_past: false,
                };
                let asked = self.devices[device].heard();
                let mut made = self.made;
                self.devices[device].take_over(&answer, asked, &mut || numbered(&mut made));
                self.made = made;
            }
        }
    }

    fn push(&mut self, device: usize, lost: bool) {
        let batch = self.devices[device].hand_over();
        let answers: Vec<Answer> = batch.iter().map(|operation| self.server.take(operation)).collect();
        if !lost {
            let mut made = self.made;
            self.devices[device].settle(instance(), &answers, &mut || numbered(&mut made));
            self.made = made;
        }
        self.pushes.push(batch);
    }

    /// The faults stop: everything goes out, conflicts are chosen, everybody hears of it.
    fn settle(&mut self) {
        for device in 0..self.devices.len() {
            for _ in 0..6 {
                for _ in 0..10 {
                    self.push(device, false);
                }
                self.choose(device);
            }
            let local = &self.devices[device];
            assert!(local.queue.is_empty(), "{:?}", local.queue);
        }
        for device in 0..self.devices.len() {
            self.run(Step::Pull { device });
        }
    }

    /// The person keeps their own version of every conflict.
    fn choose(&mut self, device: usize) {
        let conflicts = self.devices[device].fields.values().filter(|field| field.conflict.is_some());
        let mine: Vec<FieldValue> = conflicts.map(|field| field.value.clone()).collect();
        for value in mine {
            let op_id = self.op_id();
            self.devices[device].resolve(value, None, op_id);
        }
    }

    fn texts(&self) -> BTreeSet<String> {
        let heads = self.server.state.draft.values().filter_map(|(value, _)| value.text().map(str::to_owned));
        let devices = self.devices.iter().flat_map(|local| local.fields.values());
        let here = devices.filter_map(|field| field.value.text().map(str::to_owned));
        heads.chain(here).chain(self.server.texts.iter().cloned()).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn everybody_ends_with_the_same_and_nothing_is_doubled(steps in prop::collection::vec(step(3), 1..60)) {
        let mut world = World::new(3);
        for step in steps {
            world.run(step);
        }
        world.settle();
        let draft = &world.server.state.draft;
        let distinct: BTreeSet<ItemId> = draft.items.iter().map(|item| item.id).collect();
        prop_assert_eq!(distinct.len(), draft.items.len());
        for local in &world.devices {
            for (value, rev) in draft.values().filter(|(_, rev)| *rev > 0) {
                let field = &local.fields[&value.key()];
                prop_assert_eq!((&field.value, field.rev), (&value, rev));
            }
        }
    }

    #[test]
    fn the_last_text_typed_on_a_device_is_found_again(steps in prop::collection::vec(step(3), 1..60)) {
        let mut world = World::new(3);
        let mut last: BTreeMap<(usize, u8), String> = BTreeMap::new();
        for step in steps {
            if let Step::Type { device, item: n, text } = &step
                && world.knows(*device, *n)
            {
                last.insert((*device, *n), text.clone());
            }
            world.run(step);
        }
        world.settle();
        let found = world.texts();
        for text in last.values() {
            prop_assert!(found.contains(text), "{text:?} is lost");
        }
    }
}
