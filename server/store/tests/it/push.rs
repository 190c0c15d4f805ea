//! Pushing operations: once and only once, in order, by the right people.

use crate::support::{Council, add, conflict, contact, new_item, operation, refusal, seq, sign_in, text, title};
use domain::id::{EditionId, ReportId};
use domain::sync::op::KnownChange;
use domain::sync::wire::{KnownOutcome, Refusal};
use std::collections::BTreeSet;
use store::Store;

pub async fn the_same_operation_gets_the_same_answer_and_is_done_once(council: Council) {
    let item = new_item();
    let operations =
        vec![operation(council.report(), add(item)), operation(council.report(), text(item, 0, "une fois"))];
    let first = council.push(operations.clone()).await;
    let head = council.store.head().await.expect("the sequence");
    let again = council.push(operations.clone()).await;
    let doubled = council.push([operations.clone(), operations].concat()).await;
    assert_eq!(first, again);
    assert_eq!([first.clone(), first].concat(), doubled);
    assert_eq!(council.store.head().await.expect("the sequence"), head);
    let draft = council.store.draft(council.report()).await.expect("the draft").draft;
    assert_eq!(draft.items.len(), 1);
    assert_eq!(draft.items[0].text.value, "une fois");
}

pub async fn the_same_id_with_other_content_is_refused(council: Council) {
    let item = new_item();
    council.take(add(item)).await;
    let mut first = operation(council.report(), text(item, 0, "a"));
    council.push(vec![first.clone()]).await;
    let other = operation(council.report(), text(item, 0, "b"));
    first.change = other.change.clone();
    first.hash = other.hash;
    assert_eq!(refusal(council.push(vec![first]).await.remove(0)), Refusal::OpIdReused);
    let draft = council.store.draft(council.report()).await.expect("the draft").draft;
    assert_eq!(draft.items[0].text.value, "a");
}

pub async fn a_stale_text_is_answered_with_base_and_both_and_kept(council: Council) {
    let item = new_item();
    council.take(add(item)).await;
    let base = seq(&council.take(text(item, 0, "the base")).await);
    council.take(text(item, base, "theirs")).await;
    let mine = operation(council.report(), text(item, base, "mine"));
    let told = conflict(council.push(vec![mine.clone()]).await.remove(0));
    assert_eq!(told.base.as_ref().and_then(|value| value.text()), Some("the base"));
    assert_eq!(told.theirs.text(), Some("theirs"));
    assert_eq!(told.mine.text(), Some("mine"));
    assert_eq!(conflict(council.push(vec![mine]).await.remove(0)), told, "and it is stored");
    let resolved = council.take(text(item, told.theirs_rev, "both, merged")).await;
    assert!(matches!(resolved, KnownOutcome::Accepted { .. }));
}

pub async fn only_the_members_own_people_write(council: Council) {
    let ours = operation(council.report(), add(new_item()));
    for key in ["on", "council", "secretariat", "observer"] {
        let somebody = sign_in(&council.store, key).await;
        let answers = council.store.push(somebody, vec![ours.clone()]).await.expect("answers");
        assert_eq!(answers[0].status, 403, "{key}");
    }
    let colleague = sign_in(&council.store, "federal.2").await;
    let answers = council.store.push(colleague, vec![ours.clone()]).await.expect("answers");
    assert_eq!(answers[0].status, 200);
    // With an id and a content that were taken, nobody else is told that they were.
    for key in ["on", "council", "secretariat", "observer"] {
        let somebody = sign_in(&council.store, key).await;
        let answers = council.store.push(somebody, vec![ours.clone()]).await.expect("answers");
        assert_eq!(answers[0].status, 403, "{key}");
    }
}

pub async fn an_item_of_another_report_cannot_be_taken_over(council: Council) {
    let item = new_item();
    council.take(add(item)).await;
    council.take(text(item, 0, "ours")).await;
    let ontario = sign_in(&council.store, "on").await;
    let theirs = council.report_of(&ontario);
    let hostile = vec![operation(theirs, add(item)), operation(theirs, text(item, 2, "theirs now"))];
    let answers = council.store.push(ontario, hostile).await.expect("answers");
    assert_eq!(answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [403, 404]);
    let draft = council.store.draft(council.report()).await.expect("the draft").draft;
    assert_eq!(draft.items[0].text.value, "ours");
}

pub async fn an_item_that_several_add_at_once_is_in_one_report(council: Council) {
    let item = new_item();
    let mut people = Vec::new();
    for key in ["federal", "on", "qc", "bc", "ns", "yt", "msdo"] {
        people.push(sign_in(&council.store, key).await);
    }
    let mut tasks = tokio::task::JoinSet::new();
    // The first keeps the writer busy, so that the others meet in one batch.
    for identity in people {
        let (store, report) = (council.store.clone(), council.report_of(&identity));
        tasks.spawn(async move {
            let answers = store.push(identity, vec![operation(report, add(item))]).await.expect("answers");
            (answers[0].status, report)
        });
    }
    let answers = tasks.join_all().await;
    let added: Vec<ReportId> = answers.iter().filter(|(status, _)| *status == 200).map(|(_, report)| *report).collect();
    assert_eq!((added.len(), answers.iter().filter(|(status, _)| *status == 403).count()), (1, 6), "{answers:?}");
    let mut with_it = Vec::new();
    for (_, report) in &answers {
        let draft = council.store.draft(*report).await.expect("the draft").draft;
        with_it.extend(draft.items.iter().filter(|held| held.id == item).map(|_| *report));
    }
    assert_eq!(with_it, added);
}

pub async fn a_closed_or_unheard_of_edition_takes_nothing(council: Council) {
    let closed = council.view.editions.iter().find(|edition| !edition.is_open()).expect("a closed edition");
    let member = council.report().member;
    let late = operation(ReportId { edition: closed.id, member }, add(new_item()));
    assert_eq!(refusal(council.push(vec![late]).await.remove(0)), Refusal::EditionClosed);
    let nowhere = EditionId::new(store::now(), &store::entropy());
    let lost = operation(ReportId { edition: nowhere, member }, add(new_item()));
    assert_eq!(refusal(council.push(vec![lost]).await.remove(0)), Refusal::NoSuchReport);
}

pub async fn a_submission_has_a_receipt_and_shows_on_the_board(council: Council) {
    let before = council.board().await.cards.len();
    let item = new_item();
    let mut operations: Vec<_> = contact().into_iter().map(|change| operation(council.report(), change)).collect();
    let more = [
        add(item),
        title(item, "Guichet"),
        text(item, 0, "Un « guichet » : déjà ! \u{1F341}\r\nfin"),
        KnownChange::Submit {},
    ];
    operations.extend(more.into_iter().map(|change| operation(council.report(), change)));
    let outcomes = council.push(operations).await;
    let Some(KnownOutcome::Accepted { receipt: Some(receipt), .. }) = outcomes.last() else { panic!("{outcomes:?}") };
    assert_eq!(receipt.items, 1);
    let board = council.board().await;
    assert_eq!(board.cards.len(), before + 1);
    assert_eq!(board.cards[&item].text, "Un « guichet » : déjà ! \u{1F341}\r\nfin");
    let draft = council.store.draft(council.report()).await.expect("the draft").draft;
    assert_eq!(draft.submission.as_ref(), Some(receipt));

    council.take(KnownChange::Withdraw {}).await;
    assert_eq!(council.board().await.cards.len(), before);
    assert_eq!(council.store.draft(council.report()).await.expect("the draft").draft.submission, None);
}

pub async fn many_people_at_once_leave_no_hole_and_no_double(council: Council) {
    many_people_at_once(&council, std::slice::from_ref(&council.store)).await;
}

/// Eight people push at once, by turns through the stores that one database is opened with.
pub async fn many_people_at_once(council: &Council, stores: &[Store]) {
    let first = council.store.head().await.expect("the sequence");
    let mut tasks = tokio::task::JoinSet::new();
    let people = ["federal", "federal.2", "on", "qc", "bc", "ns", "yt", "msdo"];
    for (key, store) in people.into_iter().zip(stores.iter().cycle()) {
        let (store, identity) = (store.clone(), sign_in(store, key).await);
        let report = council.report_of(&identity);
        tasks.spawn(async move {
            let mut taken = Vec::new();
            for _ in 0..5 {
                let item = new_item();
                let operations = vec![operation(report, add(item)), operation(report, text(item, 0, "x"))];
                for answer in store.push(identity.clone(), operations).await.expect("answers") {
                    taken.push(seq(&crate::support::known(answer)));
                }
            }
            taken
        });
    }
    let taken: Vec<u64> = tasks.join_all().await.concat();
    let distinct: BTreeSet<u64> = taken.iter().copied().collect();
    assert_eq!(distinct.len(), 80);
    assert_eq!(distinct.into_iter().collect::<Vec<_>>(), (first + 1..=first + 80).collect::<Vec<_>>());
}

pub async fn control_characters_and_endless_texts_are_refused_whole(council: Council) {
    let item = new_item();
    council.take(add(item)).await;
    for hostile in ["a\u{0}b".to_owned(), "é".repeat(20_001)] {
        let outcome = council.take(text(item, 0, &hostile)).await;
        assert!(matches!(refusal(outcome), Refusal::Invalid(_)));
    }
    let odd = "`'; DELETE item; --\\ $x <script> \u{202e}";
    council.take(text(item, 0, odd)).await;
    let draft = council.store.draft(council.report()).await.expect("the draft").draft;
    assert_eq!(draft.items[0].text.value, odd);
    assert_eq!(
        council.take(text(item, 1, &"\u{1F341}".repeat(20_000))).await.clone(),
        council.take(text(item, 1, &"\u{1F341}".repeat(20_000))).await
    );
}
