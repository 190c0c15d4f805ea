//! Carries a schedule out, step by step.

use crate::board::Board;
use crate::checks;
use crate::device::{Device, Ids};
use crate::network::{Ask, Network, PORTAL, Reply, Request, forged};
use crate::people::theme;
use crate::schedule::{Kind, Schedule, Step};
use crate::server::Server;
use crate::words::Typist;
use domain::id::{EditionId, Entropy, MemberId, OpId, PersonId, ReportId};
use domain::person::Role;
use domain::sync::op::KnownChange;
use domain::sync::wire::{DraftAnswer, Outcome, PROTOCOL, Push, PushAnswer};
use domain::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// A promise that was not kept.
#[derive(Debug, Clone)]
pub struct Broken {
    pub check: &'static str,
    pub detail: String,
}

impl Broken {
    pub fn new(check: &'static str, detail: impl Into<String>) -> Self {
        Self { check, detail: detail.into() }
    }
}

pub fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

pub fn id(n: u64) -> Entropy {
    let mut entropy = [0; 10];
    entropy[..8].copy_from_slice(&n.to_be_bytes());
    entropy
}

pub fn report() -> ReportId {
    ReportId { edition: EditionId::new(at(1), &id(1)), member: MemberId::new(at(1), &id(2)) }
}

pub fn person(n: usize) -> PersonId {
    PersonId::new(at(1), &id(10 + n as u64))
}

/// Everybody, and what they typed.
pub struct World {
    pub server: Server,
    pub network: Network,
    pub devices: Vec<Device>,
    /// The screens that follow the log.
    pub boards: Vec<Board>,
    pub ids: Ids,
    pub typist: Typist,
    pub items: u64,
    /// Every word that a device showed as saved, and the device.
    pub saved: BTreeMap<String, usize>,
    /// The words that somebody took out on purpose.
    pub dropped: BTreeSet<String>,
    /// The words that a browser threw away before they were sent.
    pub at_risk: BTreeSet<String>,
    /// The words that a browser threw away or a shared computer erased, and that no other had: the council has them, in a head or, where they lost a
    /// conflict of which nobody was told, in the history. A backup takes them away again: nobody can offer them.
    pub evicted: BTreeSet<String>,
    /// Whether the server ever forgot anything.
    pub forgot: bool,
    /// Whether every step is told.
    pub traced: bool,
    /// What a person saw in the report when they submitted it.
    pub submits: BTreeMap<OpId, Vec<String>>,
}

/// Bytes of a field that the simulator fills: as many as the council takes of the shortest.
pub const LONGEST: usize = 200;

impl World {
    pub fn new(schedule: &Schedule) -> Self {
        let people: BTreeSet<PersonId> = schedule.people.iter().map(|n| person(*n)).collect();
        let devices = schedule.people.iter().enumerate().map(|(n, of)| Device::new(*of, 1 + n % 2)).collect();
        Self {
            server: Server::new(people, (0..3).map(theme).collect()),
            network: Network::default(),
            devices,
            boards: [Role::Member, Role::Observer]
                .into_iter()
                .enumerate()
                .map(|(n, role)| Board::of(n, role))
                .collect(),
            ids: Ids { made: Vec::new(), next: 5_000 },
            typist: Typist::default(),
            items: 100,
            saved: BTreeMap::new(),
            dropped: BTreeSet::new(),
            at_risk: BTreeSet::new(),
            evicted: BTreeSet::new(),
            forgot: false,
            traced: false,
            submits: BTreeMap::new(),
        }
    }

    pub fn live(mut self, steps: &[Step]) -> Result<(), Broken> {
        for step in steps {
            self.step(*step)?;
            self.server.made.extend(self.ids.made.drain(..));
            if self.traced {
                let device = step.a % self.devices.len();
                let journals = self.devices.iter().map(|device| checks::brief(&device.journal));
                println!("{step:?} (device {device})\n{}", journals.collect::<Vec<_>>().join("  --\n"));
            }
            checks::always(&self)?;
        }
        self.finish()
    }

    fn step(&mut self, Step { kind, a, b, c }: Step) -> Result<(), Broken> {
        let d = a % self.devices.len();
        match kind {
            Kind::Type => self.type_in(d, b, c, false),
            Kind::Leave => self.type_in(d, b, c, true),
            Kind::Evict => self.evict(d),
            Kind::Forget => return self.forget(d),
            Kind::Elsewhere => self.server.disk.elsewhere(1 + b as u64 % 9, self.server.now),
            Kind::Mark => self.mark(d, b, c),
            Kind::SendMark => self.send_marks(d, c),
            Kind::Watch => {
                let board = b % self.boards.len();
                return self.boards[board].read(&self.server.disk, 1 + c % 6);
            }
            Kind::Derive => return self.server.disk.log.derive(b.is_multiple_of(3), 1 + c % 4),
            Kind::Add => self.add(d, b, c),
            Kind::Delete | Kind::Move | Kind::Theme | Kind::Language => self.touch(kind, d, b, c),
            Kind::Submit => self.submit(d),
            Kind::Withdraw => self.change(d, KnownChange::Withdraw {}),
            Kind::Resolve => self.resolve(d, b, c),
            Kind::Show => self.show(d, b),
            Kind::Send => self.send(d, c),
            Kind::Ask => {
                let request = self.network.send(d, Ask::Draft(self.devices[d].journal.council.mark));
                let heard = self.devices[d].journal.heard();
                self.devices[d].asked.insert(request, heard);
            }
            Kind::Arrive => return self.arrive(a, b),
            Kind::Answer => self.answer(a, b, c),
            Kind::GiveUp => {
                self.devices[d].sending = None;
                self.devices[d].marker.sending = None;
            }
            Kind::Crash => self.devices[d].crash(),
            Kind::Expire => {
                self.server.signed_in.remove(&self.devices[d].person);
            }
            Kind::SignIn => {
                self.server.signed_in.insert(self.devices[d].person);
            }
            Kind::Clock => self.devices[d].clock += (b as i64 - 2_520) * 86_400_000,
            Kind::Close => self.server.open = !b.is_multiple_of(3),
            Kind::Retry => {
                self.devices[d].journal.retry_refused();
                self.devices[d].marker.retry();
            }
            Kind::Restart => self.network.cut(),
            Kind::Backup => self.server.backups.push(self.server.disk.clone()),
            Kind::Restore => self.restore(b, !c.is_multiple_of(4)),
            Kind::Empty => {
                self.forgot = true;
                self.server.empty();
            }
        }
        Ok(())
    }

    fn send(&mut self, d: usize, c: usize) {
        let device = &mut self.devices[d];
        if device.sending.is_some() {
            return;
        }
        let operations = device.journal.hand_over();
        if operations.is_empty() {
            return;
        }
        let handed = operations.iter().map(|operation| (operation.op_id, operation.hash.clone()));
        device.unanswered.extend(handed);
        if c.is_multiple_of(23) {
            return device.crash();
        }
        let (instance, mark) = (device.journal.council.instance, device.journal.council.mark);
        let push = Push { protocol: PROTOCOL, person: device.person, device: None, instance, mark, operations };
        let body = serde_json::to_string(&push).expect("JSON");
        device.sending = Some(self.network.send(d, Ask::Push(body)));
        if c.is_multiple_of(19) {
            device.crash();
        }
    }

    fn arrive(&mut self, a: usize, how: usize) -> Result<(), Broken> {
        if self.network.requests.is_empty() {
            return Ok(());
        }
        let at = a % self.network.requests.len();
        let request = if how % 20 < 2 { self.network.requests[at].clone() } else { self.network.requests.remove(at) };
        let Request { device, id, ask } = request;
        let (body, genuine) = match (how % 20, &ask) {
            (2..=4, _) => return Ok(()),
            (5, _) => (Some(PORTAL.to_owned()), false),
            (6, Ask::Push(push)) => (Some(forged(push, self.server.disk.instance)), false),
            _ => (self.serve(device, &ask)?, true),
        };
        // Killed after the commit, before the answer.
        if how % 20 != 7 {
            self.network.replies.push(Reply { device, id, body, genuine });
        }
        Ok(())
    }

    pub fn serve(&mut self, device: usize, ask: &Ask) -> Result<Option<String>, Broken> {
        match ask {
            Ask::Draft(mark) => Ok(self.server.draft(self.devices[device].person, *mark)),
            Ask::Push(body) => {
                let answer = self.server.push(body)?;
                checks::submissions(self)?;
                Ok(answer)
            }
        }
    }

    fn answer(&mut self, a: usize, how: usize, c: usize) {
        if self.network.replies.is_empty() {
            return;
        }
        let at = a % self.network.replies.len();
        let mut reply =
            if how.is_multiple_of(16) { self.network.replies[at].clone() } else { self.network.replies.remove(at) };
        match how % 16 {
            1 | 2 => return,
            3 => {
                let cut = reply.body.as_ref().map_or(0, |body| c % body.len().max(1));
                let end = reply.body.as_ref().map_or(0, |body| body.floor_char_boundary(cut));
                reply.body = reply.body.map(|body| body[..end].to_owned());
            }
            4 => return self.devices[reply.device].crash(),
            _ => {}
        }
        self.hear(&reply);
        if c.is_multiple_of(29) {
            self.devices[reply.device].crash();
        }
    }

    /// A device hears an answer, when it still waits for it.
    pub fn hear(&mut self, reply: &Reply) {
        let device = &mut self.devices[reply.device];
        let (ids, clock) = (&mut self.ids, device.clock);
        let body = reply.body.as_deref().unwrap_or_default();
        if device.sending == Some(reply.id) {
            device.sending = None;
            let Ok(answer) = serde_json::from_str::<PushAnswer>(body) else { return };
            device.journal.hear(&answer, &mut || ids.id(clock));
            for answer in answer.answers.iter().filter(|_| reply.genuine) {
                if device.unanswered.get(&answer.op_id) == Some(&answer.hash)
                    && matches!(answer.outcome, Outcome::Known(_))
                {
                    device.unanswered.remove(&answer.op_id);
                }
            }
        } else if device.marker.sending.as_ref().is_some_and(|(id, _)| *id == reply.id) {
            let Some((_, subject)) = device.marker.sending.take() else { return };
            let Ok(answer) = serde_json::from_str::<PushAnswer>(body) else { return };
            device.marker.hear(&subject, &answer.answers);
        } else if let Some(asked) = device.asked.remove(&reply.id) {
            let Ok(answer) = serde_json::from_str::<DraftAnswer>(body) else { return };
            if device.journal.take_over(&answer, asked, &mut || ids.id(clock)) {
                // What was under way to a database that is gone goes out again as another operation.
                let queue = &device.journal.queue;
                device.unanswered.retain(|op_id, _| queue.iter().any(|queued| queued.operation.op_id == *op_id));
            }
        }
    }

    /// The words that this browser stores and no other does.
    fn only_on(&self, d: usize) -> BTreeSet<String> {
        let mut only_here = checks::words_on_device(&self.devices[d]);
        for other in self.devices.iter().enumerate().filter(|(n, _)| *n != d).map(|(_, device)| device) {
            for word in checks::words_on_device(other) {
                only_here.remove(&word);
            }
        }
        only_here
    }

    /// A shared computer erases only what the council has taken.
    fn forget(&mut self, d: usize) -> Result<(), Broken> {
        let before = self.only_on(d);
        self.devices[d].forget();
        let after = checks::words_on_device(&self.devices[d]);
        let gone: BTreeSet<String> = before.into_iter().filter(|word| !after.contains(word)).collect();
        let has = checks::words_on_disk(&self.server.disk);
        if let Some(word) =
            gone.iter().find(|word| !has.contains(*word) && !self.dropped.contains(*word) && !self.forgot)
        {
            return Err(Broken::new("what_is_erased_was_sent", format!("{word} of device {d}")));
        }
        self.evicted.extend(gone);
        Ok(())
    }

    /// What only this browser had is gone with it; what it had sent must be there again.
    fn evict(&mut self, d: usize) {
        let only_here = self.only_on(d);
        let on_disk = checks::words_on_disk(&self.server.disk);
        let (sent, lost): (BTreeSet<_>, BTreeSet<_>) = only_here.into_iter().partition(|word| on_disk.contains(word));
        self.at_risk.extend(lost);
        self.evicted.extend(sent);
        self.devices[d].evict();
    }

    fn restore(&mut self, nth: usize, stamped: bool) {
        if !self.server.restore(nth, stamped) {
            return;
        }
        self.forgot = true;
    }
}
