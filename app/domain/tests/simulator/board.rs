//! A board on somebody's screen: it follows the log with a cursor and a mark, and shows what it was given.

use crate::server::Durable;
use crate::subjects::{Event as Kind, State};
use crate::world::{Broken, at, id, report};
use domain::board::{BoardChange, Card, KnownBoardChange};
use domain::council::permit::hears;
use domain::id::{InstanceId, ItemId, PersonId};
use domain::person::{Email, Identity, Role};
use domain::report::state::EventKind;
use domain::sync::chain::Mark;
use domain::sync::subject::Subject;
use domain::sync::wire::Seq;
use std::collections::{BTreeMap, BTreeSet};

/// What a board shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shown {
    pub cards: BTreeMap<ItemId, Card>,
    pub marks: BTreeSet<(Subject, PersonId)>,
}

/// A screen that follows the log.
pub struct Board {
    identity: Identity,
    instance: Option<InstanceId>,
    cursor: Seq,
    mark: Option<Mark>,
    pub shown: Shown,
}

impl Board {
    /// The board of an observer, or of somebody of the member whose report it is.
    pub fn of(n: usize, role: Role) -> Self {
        let member = (role == Role::Member).then(|| report().member);
        let (person, email) = (PersonId::new(at(1), &id(900 + n as u64)), Email::parse("a@demo.example"));
        let identity = Identity { person, name: "A".into(), email: email.expect("an address"), role, member };
        Self { identity, instance: None, cursor: 0, mark: None, shown: Shown::default() }
    }

    /// Reads on, at most so many events; from a snapshot, when the log is not the one that was read before.
    pub fn read(&mut self, disk: &Durable, most: usize) -> Result<(), Broken> {
        let log = &disk.log;
        let same = self.instance == Some(disk.instance) && (self.cursor == 0 || !log.is_other(self.mark));
        if !same {
            (self.instance, self.cursor, self.shown) = (Some(disk.instance), log.head(), snapshot(disk));
        } else {
            let events: Vec<_> = log.after(self.cursor).take(most).collect();
            for (event, audience) in &events {
                if hears(&self.identity, audience) {
                    self.hear(&event.subject, &event.kind)?;
                }
            }
            self.cursor = events.last().map_or(log.head(), |(event, _)| event.seq);
        }
        // The end of the log, which may be after the cursor: whoever has read a part of this log has not read another.
        self.mark = log.mark();
        Ok(())
    }

    fn hear(&mut self, subject: &Subject, kind: &Kind) -> Result<(), Broken> {
        match kind {
            Kind::Report(EventKind::Board(BoardChange::Known(KnownBoardChange::Card { card }))) => {
                self.shown.cards.insert(card.item, card.clone());
            }
            Kind::Report(EventKind::Board(BoardChange::Known(KnownBoardChange::CardRemoved { item }))) => {
                self.shown.cards.remove(item);
            }
            Kind::Report(_) if self.identity.member != subject.report().map(|report| report.member) => {
                return Err(Broken::new("nobody_hears_of_a_draft_of_others", format!("{kind:?}")));
            }
            Kind::Report(_) => {}
            Kind::Marks(marking) => {
                let mark = (subject.clone(), marking.by);
                if marking.on {
                    self.shown.marks.insert(mark)
                } else {
                    self.shown.marks.remove(&mark)
                };
            }
        }
        Ok(())
    }
}

/// What the server has of all that a board shows.
pub fn snapshot(disk: &Durable) -> Shown {
    let mut shown = Shown::default();
    for (subject, state) in disk.states.iter() {
        match state {
            State::Report(report) => {
                shown.cards.extend(report.cards.values().map(|card| (card.item, Card::clone(card))))
            }
            State::Marks(marked) => shown.marks.extend(marked.by.keys().map(|by| (subject.clone(), *by))),
        }
    }
    shown
}
