//! Items that are added late, and what the person is told meanwhile.

use super::*;
use crate::report::Versioned;

/// A new item, and what adds it.
fn added() -> (ItemId, KnownChange) {
    let item = ItemId::new(Timestamp::from_millis(1), &[7; 10]);
    let (section, position, language) = (Section::Priorities, Position::first(), Language::En);
    (item, KnownChange::AddItem { item, section, position, language })
}

#[test]
fn an_item_goes_before_what_was_typed_in_it() {
    let mut local = local();
    let (item, add) = added();
    let title = FieldValue::Item(item, ItemValue::Title("typed".into()));
    local.write(title.clone(), None, op(1));
    local.write(name("a"), None, op(2));
    local.change(add, op(3));
    let order: Vec<(u64, OpId)> = local.queue.iter().map(|queued| (queued.n, queued.operation.op_id)).collect();
    assert_eq!(order, [(1, op(3)), (2, op(1)), (3, op(2))]);
}

#[test]
fn an_item_that_a_page_left_behind_is_added_before_what_was_typed_in_it() {
    let mut local = local();
    let (item, add) = added();
    let title = FieldValue::Item(item, ItemValue::Title("typed".into()));
    let left = |value| Typed { value, over: None };
    let late = std::iter::once(title.clone()).chain(add.added()).map(left).collect();
    local.take_in(late, &mut ids());
    let changes: Vec<&KnownChange> = local.queue.iter().filter_map(|queued| queued.operation.known()).collect();
    assert_eq!(changes, [&add, &KnownChange::Set { base_rev: 0, value: title }]);
    // A known item is moved, and not added again.
    let moved = FieldValue::Item(item, ItemValue::Section(Section::ALL[3]));
    local.take_in(vec![left(moved)], &mut ids());
    assert_eq!(
        local
            .queue
            .iter()
            .filter(|queued| matches!(queued.operation.known(), Some(KnownChange::AddItem { .. })))
            .count(),
        1
    );
}

#[test]
fn nobody_is_told_that_all_is_with_the_council_before_its_draft_was_read() {
    let mut local = local();
    local.write(name("a"), None, op(1));
    let queued = local.queue[0].clone();
    local.queue[0].sent = true;
    settle(&mut local, &[answer(&queued, accepted(1))]);
    assert_eq!(local.facts().accepted, None);
    let mut draft = Draft::empty(local.report);
    draft.contact.name = Versioned::new("a".to_owned(), 1);
    take_over(&mut local, &draft, 1);
    assert!(local.facts().accepted.is_some());
}

#[test]
fn what_one_person_typed_is_no_conflict_when_an_item_was_not_added_yet() {
    let mut local = local();
    let (item, add) = added();
    local.write(name("while the di"), None, op(1));
    local.write(FieldValue::Item(item, ItemValue::Title("typed".into())), None, op(2));
    let sent = local.hand_over();
    local.write(name("while the disk"), Some(&name("while the di")), op(3));
    let (first, second) = (local.queue[0].clone(), local.queue[1].clone());
    assert_eq!(sent.len(), 2);
    settle(&mut local, &[answer(&first, accepted(1)), answer(&second, KnownOutcome::Refused(Refusal::NoSuchItem))]);
    let mut draft = Draft::empty(local.report);
    draft.contact.name = Versioned::new("while the di".to_owned(), 1);
    take_over(&mut local, &draft, 1);
    assert_eq!(local.facts().conflicts, 0);
    local.change(add, op(4));
    assert_eq!(local.facts().refused, None);
    assert!(local.queue.iter().position(|queued| queued.operation.op_id == op(4)) < Some(1));
}
