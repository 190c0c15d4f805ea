//! The named cases of a report on the device.

use super::*;
use crate::field::{ContactValue, ItemValue};
use crate::id::{EditionId, ItemId, MemberId};
use crate::language::Language;
use crate::position::Position;
use crate::report::{Draft, Item};
use crate::section::Section;
use crate::sync::op::ContentHash;
use crate::sync::wire::{Answer, Conflict, DraftAnswer, KnownOutcome, Outcome, PROTOCOL, Refusal};
use std::sync::Arc;

mod items;
mod past;
mod submission;

fn op(n: u8) -> OpId {
    OpId::new(Timestamp::from_millis(i64::from(n)), &[n; 10])
}

fn name(text: &str) -> FieldValue {
    FieldValue::Contact(ContactValue::Name(text.into()))
}

fn local() -> LocalReport {
    let at = Timestamp::from_millis(1);
    LocalReport::empty(ReportId { edition: EditionId::new(at, &[1; 10]), member: MemberId::new(at, &[2; 10]) })
}

fn instance(n: u8) -> InstanceId {
    InstanceId::new(Timestamp::from_millis(1), &[n; 10])
}

/// Ids from 100 on, for what follows by itself.
fn ids() -> impl FnMut() -> OpId {
    let mut next = 99;
    move || {
        next += 1;
        op(next)
    }
}

fn settle(local: &mut LocalReport, answers: &[Answer]) {
    local.settle(instance(1), answers, &mut ids());
}

fn take_over(local: &mut LocalReport, draft: &Draft, seq: Seq) {
    let asked = local.heard();
    let answer = DraftAnswer {
        protocol: PROTOCOL,
        instance: instance(1),
        seq,
        draft: draft.clone(),
        mark: None,
        other_past: false,
    };
    local.take_over(&answer, asked, &mut ids());
}

fn answer(queued: &Queued, outcome: KnownOutcome) -> Answer {
    let outcome = Outcome::Known(outcome);
    let operation = &queued.operation;
    Answer { op_id: operation.op_id, hash: operation.hash.clone(), status: outcome.status(), outcome }
}

#[test]
fn a_value_over_the_limit_is_kept_here_and_not_sent() {
    let mut local = local();
    let long = "a".repeat(300);
    local.write(name(&long), None, op(1));
    assert_eq!(local.fields[&name("").key()].value, name(&long));
    assert_eq!((local.facts().held, local.facts().waiting), (1, 0));
    local.write(name("short"), None, op(2));
    assert_eq!((local.facts().held, local.facts().waiting), (0, 1));
}

#[test]
fn typing_the_same_again_sends_nothing() {
    let mut local = local();
    local.write(name("a"), None, op(1));
    let accepted = KnownOutcome::Accepted { seq: 4, at: Timestamp::from_millis(9), receipt: None };
    let answers = [answer(&local.queue[0], accepted)];
    settle(&mut local, &answers);
    local.write(name("a"), None, op(2));
    assert_eq!(local.facts().waiting, 0);
    assert_eq!(local.council.accepted, Some((4, Timestamp::from_millis(9))));
}

#[test]
fn a_conflict_keeps_both_until_the_person_chooses() {
    let mut local = local();
    local.write(name("mine"), None, op(1));
    let _ = local.hand_over();
    let conflict = Conflict { base: None, theirs: name("theirs"), theirs_rev: 8, mine: name("mine") };
    let answers = [answer(&local.queue[0], KnownOutcome::Conflict(conflict))];
    settle(&mut local, &answers);
    local.write(name("mine, more"), None, op(2));
    assert_eq!((local.facts().conflicts, local.facts().waiting), (1, 0));

    let mut theirs = local.clone();
    theirs.resolve(name("theirs"), None, op(3));
    assert_eq!((theirs.facts().conflicts, theirs.facts().waiting), (0, 0), "nothing to send");
    assert_eq!(theirs.fields[&name("").key()], LocalField::at(name("theirs"), 8));

    local.resolve(name("mine, more"), None, op(3));
    assert_eq!(local.queue[0].operation.known(), Some(&KnownChange::Set { base_rev: 8, value: name("mine, more") }));
}

#[test]
fn a_queued_submission_is_not_overwritten_by_an_older_draft() {
    let mut local = local();
    local.change(KnownChange::Withdraw {}, op(1));
    let mut draft = Draft::empty(local.report);
    let hash = local.queue[0].operation.hash.clone();
    draft.submission = Some(Receipt { seq: 3, at: Timestamp::from_millis(1), hash, items: 1 });
    take_over(&mut local, &draft, 5);
    assert_eq!(local.council.submission, None);
}

fn text(words: &str) -> FieldValue {
    FieldValue::Item(item(), ItemValue::Text(words.into()))
}

fn item() -> ItemId {
    ItemId::new(Timestamp::from_millis(1), &[7; 10])
}

fn accepted(seq: Seq) -> KnownOutcome {
    KnownOutcome::Accepted { seq, at: Timestamp::from_millis(9), receipt: None }
}

fn sets(local: &LocalReport) -> Vec<(Rev, FieldValue)> {
    let set = |queued: &Queued| match queued.operation.known() {
        Some(KnownChange::Set { base_rev, value }) => Some((*base_rev, value.clone())),
        _ => None,
    };
    local.queue.iter().filter_map(set).collect()
}

/// A report whose item and text the council has at revisions 3 and 4.
fn settled(words: &str) -> (LocalReport, Draft) {
    let mut local = local();
    let mut draft = Draft::empty(local.report);
    let mut item = Item::new(item(), Section::Priorities, Position::first(), Language::Fr, 3);
    item.set(ItemValue::Text(words.into()), 4);
    draft.items.push(Arc::new(item));
    take_over(&mut local, &draft, 4);
    (local, draft)
}

#[test]
fn a_conflict_of_changes_that_are_apart_merges_with_what_was_typed_on_since() {
    let (mut local, _) = settled("un deux trois");
    local.write(text("un MINE deux trois"), None, op(1));
    let _ = local.hand_over();
    local.write(text("un MINE MORE deux trois"), None, op(2));
    let conflict = Conflict {
        base: Some(text("un deux trois")),
        theirs: text("un deux trois THEIRS"),
        theirs_rev: 8,
        mine: text("un MINE deux trois"),
    };
    let answers = [answer(&local.queue[0], KnownOutcome::Conflict(conflict))];
    settle(&mut local, &answers);
    assert_eq!(local.facts().conflicts, 0);
    assert_eq!(sets(&local), [(8, text("un MINE MORE deux trois THEIRS"))]);
    assert_eq!(local.fields[&text("").key()], LocalField::at(text("un MINE MORE deux trois THEIRS"), 8));
    assert_eq!(local.queue[0].operation.op_id, op(100), "the operation that was answered keeps its id for ever");
}

#[test]
fn where_nobody_knows_the_base_what_holds_all_words_of_the_other_takes_its_place() {
    for (mine, conflicts) in [("un deux trois quatre", 0), ("un trois quatre", 1)] {
        // The journal was thrown away under an open page: the screen says more than the device knows.
        let mut local = local();
        local.write(text(mine), Some(&text("un deux trois")), op(1));
        let _ = local.hand_over();
        let conflict = Conflict { base: None, theirs: text("un deux trois"), theirs_rev: 8, mine: text(mine) };
        let answers = [answer(&local.queue[0], KnownOutcome::Conflict(conflict))];
        settle(&mut local, &answers);
        assert_eq!(local.facts().conflicts, conflicts, "{mine}");
        assert_eq!(local.fields[&text("").key()].value, text(mine));
        assert_eq!(local.queue.len(), 1 - conflicts);
    }
}

#[test]
fn a_submission_between_two_texts_gets_the_first_merged_and_not_the_second() {
    let (mut local, _) = settled("un deux trois");
    local.write(text("un MINE deux trois"), None, op(1));
    let _ = local.hand_over();
    local.change(KnownChange::Submit {}, op(2));
    local.write(text("un MINE LATER deux trois"), None, op(3));
    let (base, theirs) = (Some(text("un deux trois")), text("un deux trois THEIRS"));
    let conflict = Conflict { base, theirs, theirs_rev: 8, mine: text("un MINE deux trois") };
    let answers = [answer(&local.queue[0], KnownOutcome::Conflict(conflict))];
    settle(&mut local, &answers);
    let merged = [text("un MINE deux trois THEIRS"), text("un MINE LATER deux trois THEIRS")];
    assert_eq!(sets(&local), merged.map(|value| (8, value)));
    assert!(local.queue[1].operation.is_barrier());
    assert_eq!(local.queue[2].after, Some(op(100)));
}

#[test]
fn typing_over_a_screen_that_is_behind_merges_or_keeps_both() {
    let (mut local, _) = settled("un deux trois THEIRS");
    let mut apart = local.clone();
    apart.write(text("MINE un deux trois"), Some(&text("un deux trois")), op(1));
    assert_eq!(sets(&apart), [(4, text("MINE un deux trois THEIRS"))]);

    local.write(text("un deux trois MINE"), Some(&text("un deux trois")), op(1));
    let field = &local.fields[&text("").key()];
    assert_eq!(field.value, text("un deux trois MINE"));
    let conflict = field.conflict.as_ref().expect("two texts");
    assert_eq!((&conflict.theirs, conflict.theirs_rev), (&text("un deux trois THEIRS"), 4));
    assert!(local.queue.is_empty() && local.is_held());
}

#[test]
fn a_choice_made_on_texts_that_have_changed_waits_beside_them() {
    let (mut local, _) = settled("THEIRS");
    local.write(text("MINE"), Some(&text("")), op(1));
    let shown = Shown { mine: text("MINE"), theirs: text("THEIRS"), aside: vec![] };
    local.write(text("MINE MORE"), Some(&text("MINE")), op(2));
    let mut late = local.clone();
    late.resolve(text("THEIRS"), Some(&shown), op(3));
    assert_eq!(late.facts().conflicts, 1, "MORE was not on the screen");
    local.resolve(text("MINE THEIRS"), Some(&Shown { mine: text("MINE MORE"), ..shown }), op(3));
    assert_eq!(sets(&local), [(4, text("MINE THEIRS"))]);
    local.resolve(text("MINE THEIRS AGAIN"), None, op(4));
    assert_eq!(sets(&local), [(4, text("MINE THEIRS AGAIN"))], "a second choice is not lost");
}

#[test]
fn an_emptied_server_is_offered_everything_again() {
    let (mut local, _) = settled("words");
    let empty = Draft::empty(local.report);
    let answer =
        DraftAnswer { protocol: PROTOCOL, instance: instance(2), seq: 0, draft: empty, mark: None, other_past: false };
    local.council.submission = Some(Receipt {
        seq: 4,
        at: Timestamp::from_millis(1),
        hash: ContentHash::of_value(&serde_json::json!(1)),
        items: 1,
    });
    local.take_over(&answer, local.heard(), &mut ids());
    assert!(matches!(local.queue[0].operation.known(), Some(KnownChange::AddItem { .. })));
    assert_eq!(sets(&local), [(0, text("words"))]);
    assert_eq!((local.council.submission.clone(), local.council.instance), (None, Some(instance(2))));
    assert!(local.facts().submission_gone, "the receipt is not shown as if it held");
    assert!(!local.council.doubt);
}

#[test]
fn a_server_restored_from_an_older_backup_gets_the_newer_text_again() {
    let cases = [
        ("the older text", "un", vec![(2, text("un deux"))], text("un deux"), 0),
        ("a longer text", "un deux trois", vec![], text("un deux trois"), 0),
        ("another text", "autre", vec![], text("un deux"), 1),
    ];
    for (name, theirs, queued, value, conflicts) in cases {
        let (mut local, mut draft) = settled("un deux");
        for (value, rev) in [(ItemValue::Section(Section::Priorities), 1), (ItemValue::Text(theirs.into()), 2)] {
            Arc::make_mut(&mut draft.items[0]).set(value, rev);
        }
        let item = Arc::make_mut(&mut draft.items[0]);
        (item.position.rev, item.language.rev) = (1, 1);
        take_over(&mut local, &draft, 2);
        assert_eq!(sets(&local), queued, "{name}");
        assert_eq!(local.fields[&text("").key()].value, value, "{name}");
        assert_eq!(local.facts().conflicts, conflicts, "{name}");
        assert_eq!(local.council.seq, 2, "{name}");
    }
}

#[test]
fn a_slow_answer_is_not_a_restored_server() {
    let (mut local, draft) = settled("un");
    let asked = local.heard();
    local.write(text("un deux"), None, op(1));
    let _ = local.hand_over();
    let answers = [answer(&local.queue[0], accepted(9))];
    settle(&mut local, &answers);
    let before = local.clone();
    let slow = DraftAnswer { protocol: PROTOCOL, instance: instance(1), seq: 4, draft, mark: None, other_past: false };
    local.take_over(&slow, asked, &mut ids());
    assert_eq!(local, before);
}

#[test]
fn an_item_that_the_server_has_lost_is_added_again_before_the_change_of_it() {
    let (mut local, _) = settled("words");
    local.write(FieldValue::Item(item(), ItemValue::Title("title".into())), None, op(1));
    local.change(KnownChange::Submit {}, op(2));
    let _ = local.hand_over();
    let answers = [answer(&local.queue[0], KnownOutcome::Refused(Refusal::NoSuchItem))];
    settle(&mut local, &answers);
    assert!(matches!(local.queue[0].operation.known(), Some(KnownChange::AddItem { .. })));
    assert_eq!(sets(&local)[0], (0, text("words")), "what the server had and lost");
    assert_eq!(local.queue.iter().filter(|queued| queued.refusal.is_some()).count(), 0);
    assert_eq!(local.queue[2].operation.op_id, op(1), "the refused operation goes out again as it is");
    assert!(local.queue[3].operation.is_barrier());
    assert!(local.council.doubt, "the next draft is compared text by text");
}

#[test]
fn an_unknown_outcome_leaves_the_operation_queued() {
    let (mut local, _) = settled("words");
    local.write(text("more words"), None, op(1));
    let _ = local.hand_over();
    let unknown = Outcome::Unknown(serde_json::json!({"outcome": "deferred"}));
    let answers = [Answer { outcome: unknown, ..answer(&local.queue[0], accepted(9)) }];
    settle(&mut local, &answers);
    let refused = [answer(&local.queue[0], KnownOutcome::Refused(Refusal::NotUnderstood))];
    assert_eq!(local.facts().waiting, 1);
    settle(&mut local, &refused);
    assert_eq!(local.facts().refused, Some(Refusal::NotUnderstood), "kept, with the reason");
    assert_eq!(local.queue.len(), 1);
}

#[test]
fn rows_of_an_older_program_are_read() {
    let council: Council = serde_json::from_str(r#"{"accepted":[4,9],"submission":null}"#).expect("an older row");
    assert_eq!(council, Council { accepted: Some((4, Timestamp::from_millis(9))), ..Council::default() });
    let field: LocalField = serde_json::from_str(r#"{"field":"name","value":"a","rev":3}"#).expect("an older row");
    assert_eq!(field, LocalField::at(name("a"), 3));
}

#[test]
fn a_choice_about_an_item_that_is_added_after_a_submission_goes_after_the_item() {
    let mut local = local();
    let item = ItemId::new(Timestamp::from_millis(1), &[7; 10]);
    let title = |text: &str| FieldValue::Item(item, ItemValue::Title(text.into()));
    local.change(KnownChange::Submit {}, op(1));
    let add = KnownChange::AddItem {
        item,
        section: Section::Priorities,
        position: Position::first(),
        language: Language::En,
    };
    local.change(add, op(2));
    local.fields.insert(title("").key(), LocalField::at(title("typed in one tab"), 0));
    // Another tab showed the title empty.
    local.write(title("and in another"), Some(&title("")), op(3));
    let field = local.fields[&title("").key()].clone();
    let theirs = field.conflict.expect("two texts").theirs;
    let shown = Shown { mine: field.value.clone(), theirs, aside: field.aside };
    local.resolve(field.value, Some(&shown), op(4));
    let kinds: Vec<bool> = local.queue.iter().map(|queued| queued.operation.adds(title("").key())).collect();
    assert_eq!(kinds, [false, true, false], "the submission, the item, its title");
}
