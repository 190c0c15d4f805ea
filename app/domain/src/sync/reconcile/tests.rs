//! The named cases of taking over the council's draft.

use super::*;
use crate::field::{ContactValue, ItemValue};
use crate::id::{EditionId, ItemId, MemberId, OpId, ReportId};
use crate::language::Language;
use crate::position::Position;
use crate::report::Item;
use crate::section::Section;
use crate::sync::outbox::{QueueWrite, enqueue};
use crate::time::Timestamp;
use std::sync::Arc;

fn name(text: &str) -> FieldValue {
    FieldValue::Contact(ContactValue::Name(text.into()))
}

fn council(text: &str, rev: Rev) -> Draft {
    let at = Timestamp::from_millis(1);
    let report = ReportId { edition: EditionId::new(at, &[1; 10]), member: MemberId::new(at, &[2; 10]) };
    let mut draft = Draft::empty(report);
    draft.contact.set(ContactValue::Name(text.into()), rev);
    draft
}

fn local(field: LocalField) -> BTreeMap<FieldKey, LocalField> {
    BTreeMap::from([(field.value.key(), field)])
}

#[test]
fn named_cases() {
    let council = council("council", 5);
    let unsent = enqueue(&[], council.report, 3, name("mine"), OpId::new(Timestamp::from_millis(1), &[1; 10]));
    let Some(QueueWrite::Put(unsent)) = unsent.into_iter().next() else { panic!("one entry") };
    let held = LocalField { held: Some(Invalid::ControlCharacter), ..LocalField::at(name("mine"), 3) };
    let both = Conflict { base: None, theirs: name("council"), theirs_rev: 5, mine: name("mine") };
    let newer_theirs = LocalField { rev: 5, conflict: Some(both), ..held.clone() };
    let cases = [
        ("never seen here", BTreeMap::new(), vec![], vec![LocalField::at(name("council"), 5)]),
        ("council_ahead", local(LocalField::at(name("old"), 3)), vec![], vec![LocalField::at(name("council"), 5)]),
        ("neither", local(LocalField::at(name("council"), 5)), vec![], vec![]),
        ("local_ahead: the council was restored", local(LocalField::at(name("new"), 9)), vec![], vec![]),
        ("unsent here", local(LocalField::at(name("mine"), 3)), vec![unsent], vec![]),
        ("held here", local(held), vec![], vec![newer_theirs]),
    ];
    for (case, fields, queue, expected) in cases {
        assert_eq!(reconcile(&fields, &queue, &council), expected, "{case}");
    }
}

#[test]
fn fields_that_nobody_wrote_are_not_taken_over() {
    let mut council = council("", 0);
    let at = Timestamp::from_millis(1);
    let item = Item::new(ItemId::new(at, &[3; 10]), Section::Priorities, Position::first(), Language::Fr, 4);
    council.items.push(Arc::new(item.clone()));
    let taken = reconcile(&BTreeMap::new(), &[], &council);
    assert_eq!(taken.len(), 3, "section, position and language of the item");
    assert!(taken.contains(&LocalField::at(FieldValue::Item(item.id, ItemValue::Language(Language::Fr)), 4)));
}
