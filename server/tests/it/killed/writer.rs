//! Somebody who writes without a pause, and sends again what was not answered.

use crate::support::{Person, add, new_item, text};
use domain::board::events::EventsPage;
use domain::field::{ContactValue, FieldKey, FieldValue, ItemField, ItemValue};
use domain::id::{ItemId, ReportId};
use domain::limits::PUSH_OPERATIONS;
use domain::sync::history::HistoryPage;
use domain::sync::op::{KnownChange, Operation};
use domain::sync::wire::{Answer, DraftAnswer, KnownOutcome, Outcome, PushAnswer, Rev, Seq};
use serde_json::json;
use tokio::sync::mpsc::UnboundedSender;

/// A new item after so many texts, so that reports and histories stay of a size that people make.
const TEXTS_OF_AN_ITEM: usize = 60;
/// Every so many pushes, the report is submitted.
const SUBMITTED_EVERY: u64 = 7;

/// A push, and what was answered to each of its operations.
type Answered = (Vec<Operation>, Vec<Answer>);

/// The item that is written in.
struct Item {
    id: ItemId,
    rev: Rev,
    /// Every text that was acknowledged, with its revision; the oldest first.
    texts: Vec<(Rev, String)>,
}

/// One of the people.
pub struct Writer {
    person: Person,
    name: String,
    count: u64,
    item: Option<Item>,
    /// Sent and not answered.
    waiting: Option<Vec<Operation>>,
    /// What was answered since [`Writer::check`].
    answered: Vec<Answered>,
    /// The places that its operations have in the sequence, of all rounds.
    pub places: Vec<Seq>,
}

fn accepted(answer: &Answer) -> Option<Seq> {
    match &answer.outcome {
        Outcome::Known(KnownOutcome::Accepted { seq, .. }) => Some(*seq),
        _ => None,
    }
}

fn text_of(operation: &Operation) -> Option<&str> {
    match operation.known() {
        Some(KnownChange::Set { value: FieldValue::Item(_, ItemValue::Text(words)), .. }) => Some(words),
        _ => None,
    }
}

impl Writer {
    pub fn new(name: &str, person: Person) -> Self {
        let (item, waiting) = (None, None);
        Self { person, name: name.to_owned(), count: 0, item, waiting, answered: Vec::new(), places: Vec::new() }
    }

    pub fn report(&self) -> ReportId {
        self.person.report()
    }

    /// Fills in what a submission asks for.
    pub async fn introduce(&mut self) {
        let draft = self.person.draft().await;
        let rev = |field: &str| draft["contact"][field]["rev"].as_u64().expect("a revision");
        let set = |base_rev, value| KnownChange::Set { base_rev, value: FieldValue::Contact(value) };
        let changes = [
            set(rev("name"), ContactValue::Name(self.name.clone())),
            set(rev("phone"), ContactValue::Phone(format!("555-0100, {}", self.name))),
        ];
        self.waiting = Some(changes.into_iter().map(|change| self.person.operation(change)).collect());
        assert!(self.send().await, "nobody has killed it yet");
    }

    /// Pushes one change after the other until the server is gone, and tells of every answer.
    pub async fn write(&mut self, tell: &UnboundedSender<()>) {
        loop {
            let operations = self.next();
            self.waiting = Some(operations);
            if !self.send().await {
                return;
            }
            let _ = tell.send(());
        }
    }

    fn next(&mut self) -> Vec<Operation> {
        self.count += 1;
        let words = format!("{} has written this, {} times by now. ", self.name, self.count).repeat(8);
        let mut changes = Vec::new();
        let (item, rev) = match &self.item {
            Some(item) => (item.id, item.rev),
            None => {
                let item = Item { id: new_item(), rev: 0, texts: Vec::new() };
                let title = FieldValue::Item(item.id, ItemValue::Title(format!("After {}", self.count)));
                changes.extend([add(item.id), KnownChange::Set { base_rev: 0, value: title }]);
                let id = self.item.insert(item).id;
                (id, 0)
            }
        };
        changes.push(text(item, rev, &words));
        if self.count.is_multiple_of(SUBMITTED_EVERY) {
            changes.push(KnownChange::Submit {});
        }
        changes.into_iter().map(|change| self.person.operation(change)).collect()
    }

    /// Sends what waits; false when no answer came. What was answered waits no more.
    async fn send(&mut self) -> bool {
        let Some(operations) = self.waiting.take() else { return true };
        match self.push(&operations).await {
            Some(answers) => {
                self.heard(&operations, &answers);
                self.answered.push((operations, answers));
                true
            }
            None => {
                self.waiting = Some(operations);
                false
            }
        }
    }

    /// Whoever is told to wait waits; a connection that ended is no answer.
    async fn push(&self, operations: &[Operation]) -> Option<Vec<Answer>> {
        loop {
            let response = self.person.push(operations).send().await.ok()?;
            let status = response.status().as_u16();
            let body = response.bytes().await.ok()?;
            if status == 429 {
                tokio::task::yield_now().await;
                continue;
            }
            let answer: PushAnswer = serde_json::from_slice(&body).unwrap_or_else(|_| panic!("{status}: {body:?}"));
            return Some(answer.answers);
        }
    }

    fn heard(&mut self, operations: &[Operation], answers: &[Answer]) {
        assert_eq!(operations.len(), answers.len());
        for (operation, answer) in operations.iter().zip(answers) {
            assert_eq!((operation.op_id, &operation.hash), (answer.op_id, &answer.hash));
            let seq = accepted(answer).unwrap_or_else(|| panic!("{}: {operation:?} {answer:?}", self.name));
            self.places.push(seq);
            if let (Some(words), Some(item)) = (text_of(operation), &mut self.item) {
                item.rev = seq;
                item.texts.push((seq, words.to_owned()));
            }
        }
    }

    /// After the restart: sends again what was not answered. Says whether something was not, and whether the server
    /// had done it all the same.
    pub async fn resend(&mut self, head: Seq) -> (bool, bool) {
        let in_flight = self.waiting.is_some();
        let before = self.places.len();
        assert!(self.send().await, "{}: the server is there", self.name);
        (in_flight, self.places[before..].iter().any(|place| *place <= head))
    }

    /// Everything that was answered since the last time is there, once, and is answered the same. Says how many
    /// operations that were.
    pub async fn check(&mut self, last: bool) -> usize {
        let (operations, answers): (Vec<_>, Vec<_>) = std::mem::take(&mut self.answered).into_iter().unzip();
        let (operations, answers) = (operations.concat(), answers.concat());
        for (operations, answers) in operations.chunks(PUSH_OPERATIONS).zip(answers.chunks(PUSH_OPERATIONS)) {
            assert_eq!(self.push(operations).await.as_deref(), Some(answers), "{}: the same again", self.name);
        }
        if let Some(item) = self.item.take() {
            let draft = self.person.draft().await;
            let items = draft["items"].as_array().expect("a list");
            let found: Vec<_> = items.iter().filter(|found| found["id"] == item.id.to_string()).collect();
            assert_eq!(found.len(), 1, "{}: once", self.name);
            let (rev, words) = item.texts.last().expect("an item is added with its text");
            assert_eq!(found[0]["text"], json!({ "value": words, "rev": rev }), "{}", self.name);
            let finished = last || item.texts.len() > TEXTS_OF_AN_ITEM;
            if finished {
                assert_eq!(self.history(item.id).await, item.texts, "{}: every text, once", self.name);
            }
            self.item = Some(item).filter(|_| !finished);
        }
        operations.len()
    }

    /// Every text of an item that the server has; the oldest first.
    async fn history(&self, item: ItemId) -> Vec<(Rev, String)> {
        let field = FieldKey::Item(item, ItemField::Text);
        let mut texts = Vec::new();
        let mut from = String::new();
        loop {
            let path = self.person.of_report(&format!("/history?field={field}{from}"));
            let response = self.person.get(&path).send().await.expect("an answer");
            let page: HistoryPage = response.json().await.expect("a page");
            texts.extend(page.versions.into_iter().map(|version| {
                let words = version.value.text().expect("a text").to_owned();
                (version.seq.expect("nothing was in conflict"), words)
            }));
            let Some(next) = page.next else { break };
            from = format!("&before={next}");
        }
        texts.reverse();
        texts
    }

    /// The last place that the server has given out.
    pub async fn head(&self) -> Seq {
        let response = self.person.get(&self.person.of_report("")).send().await.expect("an answer");
        response.json::<DraftAnswer>().await.expect("a draft").seq
    }

    /// The places of the board's events after one, as the board reads them.
    pub async fn board_after(&self, mut cursor: Seq) -> Vec<Seq> {
        let mut places = Vec::new();
        loop {
            let path = format!("/api/board/{}/events?after={cursor}", self.person.edition());
            let response = self.person.get(&path).send().await.expect("an answer");
            let page: EventsPage = response.json().await.expect("a page");
            places.extend(page.events.iter().map(|event| event.seq));
            cursor = page.cursor;
            if !page.more {
                return places;
            }
        }
    }
}
