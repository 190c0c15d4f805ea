//! A browser: a journal that survives being killed, tabs that show it, one outbox. What it does with the journal is
//! the real [`LocalReport`].

use crate::marker::Marker;
use crate::world::{at, id, person, report};
use domain::field::{FieldKey, FieldValue};
use domain::id::{OpId, PersonId};
use domain::json::{self, Object};
use domain::sync::journal::{self, Typed};
use domain::sync::local::{Council, LocalReport};
use domain::sync::op::ContentHash;
use domain::sync::outbox::Queued;
use domain::sync::reconcile::LocalField;
use domain::sync::wire::Seq;
use std::collections::BTreeMap;

/// What a tab shows: the fields as it last read them.
pub type Screen = BTreeMap<FieldKey, LocalField>;

/// A browser.
pub struct Device {
    pub person: PersonId,
    pub journal: LocalReport,
    /// What pages left behind as they went away.
    pub late: Object,
    pub screens: Vec<Screen>,
    /// The push that is waited for.
    pub sending: Option<u64>,
    /// The drafts that were asked for, and what had been heard of before.
    pub asked: BTreeMap<u64, Seq>,
    /// What was handed to the network and is not answered.
    pub unanswered: BTreeMap<OpId, ContentHash>,
    pub clock: i64,
    pub marker: Marker,
}

impl Device {
    pub fn new(of: usize, tabs: usize) -> Self {
        Self {
            person: person(of),
            journal: LocalReport::empty(report()),
            late: Object::new(),
            screens: vec![Screen::new(); tabs],
            sending: None,
            asked: BTreeMap::new(),
            unanswered: BTreeMap::new(),
            clock: 1_700_000_000_000,
            marker: Marker::default(),
        }
    }

    /// A page goes away with something typed on what it showed.
    pub fn leave(&mut self, value: FieldValue, over: FieldValue, op_id: OpId) {
        let typed = Typed { value, over: Some(over) };
        self.late.insert(format!("{}late/{op_id}", self.root()), json::write(&typed));
    }

    /// A page opens: it takes in what others left behind.
    pub fn open(&mut self, ids: &mut Ids) {
        let rows = std::mem::take(&mut self.late);
        let late = journal::late(&self.root(), &rows).into_iter().map(|(_, typed)| typed).collect();
        let clock = self.clock;
        self.journal.take_in(late, &mut || ids.id(clock));
    }

    /// The browser throws everything away.
    pub fn evict(&mut self) {
        self.journal = LocalReport::empty(report());
        self.late.clear();
        self.unanswered.clear();
        self.marker.evict();
        self.reopen();
    }

    /// The person leaves a shared computer.
    pub fn forget(&mut self) {
        let root = self.root();
        let mut rows = journal::rows_of(&root, &self.journal);
        rows.extend(std::mem::take(&mut self.late));
        for write in journal::forget_sent(self.person, &rows) {
            match write.value {
                Some(row) => drop(rows.insert(write.key, row)),
                None => drop(rows.remove(&write.key)),
            }
        }
        self.journal = journal::report_of(&root, report(), &rows);
        rows.retain(|key, _| key.starts_with(&format!("{root}late/")));
        self.late = rows;
        self.reopen();
    }

    fn root(&self) -> String {
        journal::root(self.person, report())
    }

    fn reopen(&mut self) {
        self.sending = None;
        self.marker.crash(self.person);
        self.asked.clear();
        for screen in &mut self.screens {
            screen.clone_from(&self.journal.fields);
        }
    }

    /// The browser is killed and opened again: what is left is what the journal's rows say.
    pub fn crash(&mut self) {
        fn again<T: serde::Serialize + serde::de::DeserializeOwned>(row: &T) -> T {
            serde_json::from_str(&serde_json::to_string(row).expect("JSON")).expect("a row that was written")
        }
        let before = self.journal.clone();
        self.journal = LocalReport {
            report: before.report,
            fields: before.fields.iter().map(|(key, field)| (*key, again::<LocalField>(field))).collect(),
            queue: before.queue.iter().map(again::<Queued>).collect(),
            council: again::<Council>(&before.council),
        };
        assert_eq!(self.journal, before, "a row is read back as it was written");
        self.reopen();
    }
}

/// Makes the ids of operations: unique, whatever the device's clock says.
pub struct Ids {
    pub made: Vec<OpId>,
    pub next: u64,
}

impl Ids {
    pub fn id(&mut self, clock: i64) -> OpId {
        self.next += 1;
        let op_id = OpId::new(at(clock), &id(self.next));
        self.made.push(op_id);
        op_id
    }
}
