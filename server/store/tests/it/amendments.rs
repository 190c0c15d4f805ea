//! The versions of a card.

use crate::support::{Council, add, contact, new_item, operation, seq, text, title};
use domain::board::amendments::Amendments;
use domain::field::{FieldValue, ItemValue};
use domain::id::{EditionId, ItemId};
use domain::limits::AMENDMENTS;
use domain::position::Position;
use domain::sync::op::KnownChange;

async fn published(council: &Council, words: &str) -> ItemId {
    let item = new_item();
    let mut changes: Vec<KnownChange> = contact().into();
    changes.extend([add(item), title(item, "Guichet"), text(item, 0, words), KnownChange::Submit {}]);
    council.push(changes.into_iter().map(|change| operation(council.report(), change)).collect()).await;
    item
}

/// Writes a text on what is there and submits it.
async fn amend(council: &Council, item: ItemId, words: &str) {
    let rev = council.rev(item, |item| item.text.rev).await;
    seq(&council.take(text(item, rev, words)).await);
    seq(&council.take(KnownChange::Submit {}).await);
}

async fn versions(council: &Council, item: ItemId) -> Amendments {
    let found = council.store.amendments(council.report().edition, item).await.expect("an answer");
    found.expect("a card on the board")
}

fn texts(amendments: &Amendments) -> Vec<&str> {
    amendments.versions.iter().map(|version| version.text.as_str()).collect()
}

pub async fn they_are_what_was_submitted_and_never_a_draft(council: Council) {
    let item = published(&council, "un").await;
    let other = published(&council, "autre").await;
    let rev = council.rev(item, |item| item.text.rev).await;
    seq(&council.take(text(item, rev, "brouillon")).await);
    amend(&council, item, "deux").await;
    let rev = council.rev(item, |item| item.position.rev).await;
    let moved = FieldValue::Item(item, ItemValue::Position(Position::between(Some(&Position::first()), None)));
    seq(&council.take(KnownChange::Set { base_rev: rev, value: moved }).await);
    seq(&council.take(KnownChange::Submit {}).await);
    amend(&council, item, "trois").await;
    let rev = council.rev(item, |item| item.text.rev).await;
    seq(&council.take(text(item, rev, "pas encore soumis")).await);

    let amendments = versions(&council, item).await;
    assert_eq!(texts(&amendments), ["un", "deux", "trois"]);
    assert!(!amendments.more);
    assert!(amendments.versions.is_sorted_by(|a, b| a.seq < b.seq && a.at <= b.at));
    let card = &council.board().await.cards[&item];
    let last = amendments.versions.last().expect("a version");
    assert_eq!((&last.title, &last.text, Some(last.at)), (&card.title, &card.text, card.amended_at));
    assert_eq!(amendments.versions[0].at, card.submitted_at);
    assert_eq!(texts(&versions(&council, other).await), ["autre"]);
}

pub async fn what_was_taken_back_is_not_shown_again(council: Council) {
    let item = published(&council, "avant").await;
    council.take(KnownChange::Withdraw {}).await;
    let gone = council.store.amendments(council.report().edition, item).await.expect("an answer");
    assert_eq!(gone, None);
    amend(&council, item, "après").await;
    assert_eq!(texts(&versions(&council, item).await), ["après"]);
    let elsewhere = EditionId::new(store::now(), &store::entropy());
    assert_eq!(council.store.amendments(elsewhere, item).await.expect("an answer"), None);
    assert_eq!(council.store.amendments(council.report().edition, new_item()).await.expect("an answer"), None);
}

pub async fn they_are_bounded(council: Council) {
    let item = published(&council, "0").await;
    for n in 1..=AMENDMENTS {
        amend(&council, item, &n.to_string()).await;
    }
    let amendments = versions(&council, item).await;
    assert_eq!((amendments.versions.len(), amendments.more), (AMENDMENTS, true));
    assert_eq!((texts(&amendments)[0], texts(&amendments)[AMENDMENTS - 1]), ("1", "100"));
}
