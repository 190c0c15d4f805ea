//! The same database with another past: a folder that was copied back by hand, under the same instance id.

use super::*;
use crate::sync::chain::{ChainHash, Link, link};
use crate::sync::wire::PushAnswer;

fn mark(seq: Seq, batch: u64) -> Option<Mark> {
    let at = Timestamp::from_millis(1);
    let batch = Link { batch, first: seq, last: seq, at, operations: vec![] };
    Some(Mark { seq, hash: link(&ChainHash::GENESIS, &batch) })
}

fn draft_answer(draft: &Draft, seq: Seq, other_past: bool) -> DraftAnswer {
    let (instance, draft) = (instance(1), draft.clone());
    DraftAnswer { protocol: PROTOCOL, instance, seq, draft, mark: mark(seq, 1), other_past }
}

fn push_answer(answers: Vec<Answer>, mark: Option<Mark>, other_past: bool) -> PushAnswer {
    PushAnswer { protocol: PROTOCOL, instance: instance(1), answers, mark, other_past }
}

#[test]
fn a_text_of_another_past_does_not_take_the_place_of_this_devices() {
    // The same field at a higher revision: by the numbers alone, a colleague's newer text.
    let (mut local, mut draft) = settled("un deux");
    Arc::make_mut(&mut draft.items[0]).set(ItemValue::Text("autre".into()), 8);
    let asked = local.heard();
    let mut believed = local.clone();
    believed.take_over(&draft_answer(&draft, 9, false), asked, &mut ids());
    assert_eq!(believed.fields[&text("").key()].value, text("autre"));

    assert!(local.take_over(&draft_answer(&draft, 9, true), asked, &mut ids()));
    let field = &local.fields[&text("").key()];
    assert_eq!((&field.value, field.conflict.is_some()), (&text("un deux"), true));
    assert_eq!((local.council.mark, local.council.doubt), (mark(9, 1), false));
}

#[test]
fn a_push_that_meets_another_past_stops_the_queue_until_the_drafts_are_compared() {
    let (mut local, _) = settled("un");
    local.council.mark = mark(4, 1);
    local.write(text("un deux"), None, op(1));
    let _ = local.hand_over();
    local.hear(&push_answer(vec![], mark(9, 2), true), &mut ids());
    assert!(local.council.doubt && local.hand_over().is_empty());
    assert_eq!(local.council.mark, mark(4, 1), "the next request still says which past this device knows");
}

#[test]
fn an_answer_moves_the_mark_and_one_that_is_older_is_not_relied_on() {
    let answered = |held, given| {
        let (mut local, _) = settled("un");
        local.council.mark = held;
        local.write(text("un deux"), None, op(1));
        let _ = local.hand_over();
        let answers = vec![answer(&local.queue[0], accepted(9))];
        local.hear(&push_answer(answers, given, false), &mut ids());
        (local.council.mark, local.council.doubt)
    };
    assert_eq!(answered(mark(4, 1), mark(9, 1)), (mark(9, 1), false));
    assert_eq!(answered(None, mark(9, 1)), (mark(9, 1), false));
    assert_eq!(answered(mark(4, 1), None), (mark(4, 1), false), "an older server");
    assert_eq!(answered(mark(12, 2), mark(9, 1)), (mark(9, 1), true));
}
