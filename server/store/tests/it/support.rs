//! A council with two members and an open edition, made through the demonstration's own loader.

mod database;
mod server;
pub mod tmpfs;

pub use database::{Database, Kind, closed, copy, loaded};
pub use server::user_of;

use domain::board::Board;
use domain::council::CouncilView;
use domain::field::{ContactValue, FieldValue, ItemValue};
use domain::id::{ItemId, OpId, ReportId};
use domain::language::Language;
use domain::person::{Email, Identity};
use domain::position::Position;
use domain::report::Item;
use domain::section::Section;
use domain::sync::op::{KnownChange, Operation};
use domain::sync::wire::{Answer, Conflict, KnownOutcome, Outcome, Refusal, Rev, Seq};
use store::{DEMO_PASSPHRASE, Source, Store};

/// An open database with the demonstration in it.
pub struct Council {
    pub store: Store,
    pub view: CouncilView,
    pub federal: Identity,
    pub database: Database,
}

impl Council {
    /// In memory.
    pub async fn new() -> Self {
        Self::on(Database::empty(Kind::Memory).await).await
    }

    /// In a folder that somebody else keeps.
    pub async fn open(url: &str) -> Self {
        Self::on(Database::at(url)).await
    }

    pub async fn on(database: Database) -> Self {
        let store = database.open().await.expect("a database");
        store.load_demo().await.expect("the demonstration");
        Self::of(store, database).await
    }

    /// What is in a database that is open.
    pub async fn of(store: Store, database: Database) -> Self {
        let federal = sign_in(&store, "federal").await;
        let view = store.council_view(federal.clone()).await.expect("the council");
        Self { store, view, federal, database }
    }

    /// Closes the store and opens its database again.
    pub async fn reopened(self) -> Self {
        let Self { store, view, federal, database } = self;
        drop(store);
        let store = database.reopen().await;
        Self { store, view, federal, database }
    }

    pub fn report(&self) -> ReportId {
        self.report_of(&self.federal)
    }

    pub fn report_of(&self, identity: &Identity) -> ReportId {
        let edition = self.view.current_edition().expect("an open edition").id;
        ReportId { edition, member: identity.member.expect("a member") }
    }

    pub async fn board(&self) -> Board {
        self.store.board(self.report().edition).await.expect("the board")
    }

    /// One operation by the federal person.
    pub async fn take(&self, change: KnownChange) -> KnownOutcome {
        self.push(vec![operation(self.report(), change)]).await.remove(0)
    }

    /// The same, on a device that says its name.
    pub async fn take_from(&self, device: &str, change: KnownChange) -> KnownOutcome {
        let operations = vec![operation(self.report(), change)];
        let answers = self.store.push_from(self.federal.clone(), on(device), operations).await.expect("answers");
        known(answers.into_iter().next().expect("one answer"))
    }

    /// The revision of an item's field in the federal draft.
    pub async fn rev(&self, item: ItemId, of: impl Fn(&Item) -> Rev) -> Rev {
        let draft = self.store.draft(self.report()).await.expect("the draft").draft;
        draft.items.iter().find(|found| found.id == item).map(|found| of(found)).expect("the item")
    }

    pub async fn push(&self, operations: Vec<Operation>) -> Vec<KnownOutcome> {
        let answers = self.store.push(self.federal.clone(), operations).await.expect("answers");
        answers.into_iter().map(known).collect()
    }
}

/// A device that says its name.
pub fn on(device: &str) -> Source {
    Source { device: Some(device.to_owned()), ..Source::default() }
}

pub async fn sign_in(store: &Store, key: &str) -> Identity {
    let email = Email::parse(&format!("{key}@demo.example")).expect("an address");
    let person = store.authenticate(Some(email), DEMO_PASSPHRASE.to_owned(), ()).await.expect("an answer");
    person.expect("the demonstration's passphrase")
}

pub fn known(answer: Answer) -> KnownOutcome {
    match answer.outcome {
        Outcome::Known(known) => known,
        Outcome::Unknown(value) => panic!("not understood: {value}"),
    }
}

pub fn operation(report: ReportId, change: KnownChange) -> Operation {
    Operation::new(OpId::new(store::now(), &store::entropy()), report, change)
}

pub fn new_item() -> ItemId {
    ItemId::new(store::now(), &store::entropy())
}

pub fn add(item: ItemId) -> KnownChange {
    KnownChange::AddItem { item, section: Section::Priorities, position: Position::first(), language: Language::Fr }
}

pub fn text(item: ItemId, base_rev: Rev, words: &str) -> KnownChange {
    KnownChange::Set { base_rev, value: FieldValue::Item(item, ItemValue::Text(words.to_owned())) }
}

pub fn title(item: ItemId, words: &str) -> KnownChange {
    KnownChange::Set { base_rev: 0, value: FieldValue::Item(item, ItemValue::Title(words.to_owned())) }
}

pub fn contact() -> [KnownChange; 2] {
    let set = |value| KnownChange::Set { base_rev: 0, value: FieldValue::Contact(value) };
    [set(ContactValue::Name("Camille Exemple".to_owned())), set(ContactValue::Phone("555-0100".to_owned()))]
}

pub fn seq(outcome: &KnownOutcome) -> Seq {
    match outcome {
        KnownOutcome::Accepted { seq, .. } => *seq,
        other => panic!("not accepted: {other:?}"),
    }
}

pub fn conflict(outcome: KnownOutcome) -> Conflict {
    match outcome {
        KnownOutcome::Conflict(conflict) => conflict,
        other => panic!("no conflict: {other:?}"),
    }
}

pub fn refusal(outcome: KnownOutcome) -> Refusal {
    match outcome {
        KnownOutcome::Refused(refusal) => refusal,
        other => panic!("not refused: {other:?}"),
    }
}
