//! The queue's named cases, and an adversarial server.

use super::*;
use crate::field::{ContactValue, ItemField, ItemValue};
use crate::id::{EditionId, ItemId, MemberId};
use crate::language::Language;
use crate::position::Position;
use crate::section::Section;
use crate::sync::op::ContentHash;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn report() -> ReportId {
    ReportId { edition: EditionId::new(at(1), &[1; 10]), member: MemberId::new(at(1), &[2; 10]) }
}

fn op(n: u8) -> OpId {
    OpId::new(at(i64::from(n)), &[n; 10])
}

fn item() -> ItemId {
    ItemId::new(at(1), &[5; 10])
}

fn text(words: &str) -> FieldValue {
    FieldValue::Item(item(), ItemValue::Text(words.into()))
}

fn name(words: &str) -> FieldValue {
    FieldValue::Contact(ContactValue::Name(words.into()))
}

/// Applies planned writes the way the journal does.
fn apply(queue: &mut Vec<Queued>, writes: Vec<QueueWrite>) {
    for write in writes {
        match write {
            QueueWrite::Put(entry) => {
                queue.retain(|queued| queued.n != entry.n);
                queue.push(entry);
                queue.sort_by_key(|queued| queued.n);
            }
            QueueWrite::Remove(n) => queue.retain(|queued| queued.n != n),
        }
    }
}

fn typed(queue: &mut Vec<Queued>, rev: Rev, value: FieldValue, id: u8) {
    let writes = enqueue(queue, report(), rev, value, op(id));
    apply(queue, writes);
}

fn changed(queue: &mut Vec<Queued>, change: KnownChange, id: u8) {
    let writes = enqueue_change(queue, report(), change, op(id));
    apply(queue, writes);
}

fn add() -> KnownChange {
    let (section, position, language) = (Section::Priorities, Position::first(), Language::En);
    KnownChange::AddItem { item: item(), section, position, language }
}

fn accept(queued: &Queued, seq: Seq) -> Answer {
    answer(queued, KnownOutcome::Accepted { seq, at: at(50), receipt: None })
}

fn answer(queued: &Queued, outcome: KnownOutcome) -> Answer {
    let outcome = Outcome::Known(outcome);
    let operation = &queued.operation;
    Answer { op_id: operation.op_id, hash: operation.hash.clone(), status: outcome.status(), outcome }
}

fn settled(queue: &mut Vec<Queued>, answers: &[Answer]) -> Settlement {
    let settlement = settle(queue, answers);
    apply(queue, settlement.queue.clone());
    settlement
}

fn ids(queue: &[Queued]) -> Vec<OpId> {
    queue.iter().map(|queued| queued.operation.op_id).collect()
}

fn written(queued: &Queued) -> Option<(FieldValue, Rev)> {
    match queued.operation.known() {
        Some(KnownChange::Set { base_rev, value }) => Some((value.clone(), *base_rev)),
        _ => None,
    }
}

#[test]
fn typing_on_is_one_operation_until_it_is_sent() {
    let mut queue = vec![];
    typed(&mut queue, 4, text("a"), 1);
    typed(&mut queue, 4, text("ab"), 2);
    assert_eq!(ids(&queue), [op(1)]);
    assert_eq!(written(&queue[0]), Some((text("ab"), 4)));
    assert!(queue[0].operation.is_whole());

    queue[0].sent = true;
    typed(&mut queue, 4, text("abc"), 3);
    assert_eq!(ids(&queue), [op(1), op(3)]);
    assert_eq!(queue[1].after, Some(op(1)));
    typed(&mut queue, 4, text("abcd"), 4);
    assert_eq!(ids(&queue), [op(1), op(3)], "the unsent one is replaced");
}

#[test]
fn what_is_typed_after_a_submission_is_not_part_of_it() {
    let mut queue = vec![];
    typed(&mut queue, 0, text("before"), 1);
    changed(&mut queue, KnownChange::Submit {}, 2);
    typed(&mut queue, 0, text("after"), 3);
    assert_eq!(ids(&queue), [op(1), op(2), op(3)]);
    assert_eq!(written(&queue[0]), Some((text("before"), 0)));
}

#[test]
fn an_operation_waits_for_the_revision_that_the_one_before_it_gets() {
    let mut queue = vec![];
    typed(&mut queue, 4, text("a"), 1);
    queue[0].sent = true;
    typed(&mut queue, 4, text("b"), 2);
    typed(&mut queue, 0, name("n"), 3);
    let batch: Vec<_> = next_batch(&queue, false, true).iter().map(|queued| queued.operation.op_id).collect();
    assert_eq!(batch, [op(1)]);

    let answers = [accept(&queue[0], 9)];
    let settlement = settled(&mut queue, &answers);
    assert_eq!(settlement.fields, [FieldWrite::Rev(text("").key(), 9)]);
    assert_eq!(written(&queue[0]), Some((text("b"), 9)));
    assert!(queue[0].operation.is_whole() && queue[0].after.is_none());
    assert_eq!(next_batch(&queue, false, true).len(), 2);
}

#[test]
fn a_new_items_own_fields_wait_for_it() {
    let mut queue = vec![];
    changed(&mut queue, add(), 1);
    typed(&mut queue, 0, text("a"), 2);
    typed(&mut queue, 0, FieldValue::Item(item(), ItemValue::Language(Language::Fr)), 3);
    assert_eq!(queue[1].after, None, "the text has never been written");
    assert_eq!(queue[2].after, Some(op(1)), "the language was written when the item was added");
    let answers = [accept(&queue[0], 5)];
    let settlement = settled(&mut queue, &answers);
    let revs = ADDED_FIELDS.map(|field| FieldWrite::Rev(FieldKey::Item(item(), field), 5));
    assert_eq!(settlement.fields, revs);
    assert_eq!(written(&queue[1]).map(|w| w.1), Some(5));
}

#[test]
fn an_answer_that_does_not_echo_the_operation_is_not_an_answer() {
    let mut queue = vec![];
    typed(&mut queue, 0, text("a"), 1);
    let other = ContentHash::of_value(&serde_json::json!("other"));
    let good = accept(&queue[0], 5);
    let bad = [
        Answer { hash: other, ..good.clone() },
        Answer { op_id: op(9), ..good.clone() },
        Answer { outcome: Outcome::Unknown(serde_json::json!({"outcome": "deferred"})), ..good.clone() },
    ];
    let before = queue.clone();
    assert_eq!(settled(&mut queue, &bad), Settlement::default());
    assert_eq!(queue, before);
    assert_eq!(settled(&mut queue, &[good.clone(), good]).answered, 1, "a doubled answer counts once");
    assert!(queue.is_empty());
}

#[test]
fn a_conflict_takes_the_operation_out_and_gives_the_field_both_texts() {
    let mut queue = vec![];
    typed(&mut queue, 3, text("mine"), 1);
    queue[0].sent = true;
    typed(&mut queue, 3, text("mine, typed on"), 2);
    changed(&mut queue, KnownChange::Submit {}, 3);
    let conflict = Conflict { base: None, theirs: text("theirs"), theirs_rev: 8, mine: text("mine") };
    let answers = [answer(&queue[0], KnownOutcome::Conflict(conflict.clone()))];
    let settlement = settled(&mut queue, &answers);
    assert_eq!(settlement.fields, [FieldWrite::Conflict(text("").key(), conflict)]);
    assert_eq!(ids(&queue), [op(3)], "the typed-on text is in the field and waits for the person's choice");
    assert!(next_batch(&queue, true, true).is_empty(), "the submission waits for it too");
    assert_eq!(next_batch(&queue, false, true).len(), 1);
}

#[test]
fn a_refused_operation_stays_and_holds_the_submission_back() {
    let mut queue = vec![];
    typed(&mut queue, 0, text("a"), 1);
    typed(&mut queue, 0, name("n"), 2);
    changed(&mut queue, KnownChange::Submit {}, 3);
    let answers = [answer(&queue[0], KnownOutcome::Refused(Refusal::NoSuchItem))];
    settled(&mut queue, &answers);
    assert_eq!(queue[0].refusal, Some(Refusal::NoSuchItem));
    let batch: Vec<_> = next_batch(&queue, false, true).iter().map(|queued| queued.operation.op_id).collect();
    assert_eq!(batch, [op(2)]);

    typed(&mut queue, 0, text("b"), 4);
    assert_eq!(ids(&queue), [op(4), op(2), op(3)], "the corrected text takes the refused one's place");
    assert_eq!(next_batch(&queue, false, true).len(), 2, "the submission waits for the answers to both");
}

#[test]
fn a_submission_is_queued_once_and_can_be_tried_again() {
    let mut queue = vec![];
    changed(&mut queue, KnownChange::Submit {}, 1);
    changed(&mut queue, KnownChange::Submit {}, 2);
    assert_eq!(ids(&queue), [op(1)]);
    let answers = [answer(&queue[0], KnownOutcome::Refused(Refusal::EditionClosed))];
    settled(&mut queue, &answers);
    changed(&mut queue, KnownChange::Submit {}, 3);
    assert_eq!(ids(&queue), [op(3)]);
    let receipt = Receipt { seq: 7, at: at(9), hash: queue[0].operation.hash.clone(), items: 3 };
    let outcome = KnownOutcome::Accepted { seq: 7, at: at(9), receipt: Some(receipt.clone()) };
    let answers = [answer(&queue[0], outcome)];
    assert_eq!(settled(&mut queue, &answers).submission, Some(Some(receipt)));
}

#[test]
fn a_batch_is_bounded_in_number_and_in_bytes() {
    let mut queue = vec![];
    for n in 0..150_u8 {
        let value = FieldValue::Item(ItemId::new(at(1), &[n; 10]), ItemValue::Title("t".into()));
        typed(&mut queue, 0, value, n);
    }
    assert_eq!(next_batch(&queue, false, true).len(), PUSH_OPERATIONS);

    let mut queue = vec![];
    for n in 0..40_u8 {
        let value = FieldValue::Item(ItemId::new(at(1), &[n; 10]), ItemValue::Text("\u{1F341}".repeat(20_000)));
        typed(&mut queue, 0, value, n);
    }
    let batch = next_batch(&queue, false, true);
    let bytes: usize = batch.iter().map(|q| serde_json::to_string(&q.operation).expect("JSON").len()).sum();
    assert!(!batch.is_empty() && bytes < PUSH_BYTES, "{bytes}");
}

#[test]
fn a_stored_entry_survives_its_own_json() {
    let mut queue = vec![];
    typed(&mut queue, 0, FieldValue::Item(item(), ItemValue::Deleted(true)), 1);
    queue[0].refusal = Some(Refusal::Incomplete { missing: vec![] });
    let json = serde_json::to_string(&queue[0]).expect("JSON");
    assert_eq!(serde_json::from_str::<Queued>(&json).expect("an entry"), queue[0]);
    assert!(queue[0].operation.writes(FieldKey::Item(item(), ItemField::Deleted)));
}

#[test]
fn a_submission_goes_alone_and_a_refused_one_holds_nothing_back() {
    let mut queue = vec![];
    changed(&mut queue, KnownChange::Withdraw {}, 1);
    let answers = [answer(&queue[0], KnownOutcome::Refused(Refusal::NotSubmitted))];
    settled(&mut queue, &answers);
    changed(&mut queue, KnownChange::Submit {}, 2);
    typed(&mut queue, 0, text("after"), 3);
    let batch: Vec<_> = next_batch(&queue, false, true).iter().map(|queued| queued.operation.op_id).collect();
    assert_eq!(batch, [op(2), op(3)]);
}
