//! What the wall shows: kept over a restart, and never written over by somebody who did not see it.

use crate::support::{Council, sign_in};
use domain::person::Identity;
use domain::projection::{By, Command, KnownCommand, PlaceQuery, Projection, ProjectionPush, Refused, Step};
use domain::sync::wire::Rev;
use store::Store;

fn push(base_rev: Rev, commands: Vec<KnownCommand>) -> ProjectionPush {
    ProjectionPush { base_rev: Some(base_rev), commands: commands.into_iter().map(Command::Known).collect() }
}

fn show(query: &str, part: usize) -> KnownCommand {
    KnownCommand::Show { place: PlaceQuery::try_from(query.to_owned()).expect("a place"), step: Step::of(part) }
}

async fn ask(council: &Council, person: &Identity, push: &ProjectionPush) -> Result<Projection, Refused> {
    let by = By { person, now: store::now(), people: &[] };
    council.store.project(council.report().edition, push, by).await.expect("an answer")
}

pub async fn an_edition_that_nobody_presented_shows_nothing_chosen(council: Council) {
    let edition = council.report().edition;
    assert_eq!(council.store.projection(edition).await.expect("a projection"), Projection::default());
    assert!(council.store.projections(&[edition]).await.expect("none").is_empty());
}

pub async fn a_projection_is_there_after_a_reopen_and_moves_nothing_of_the_sequence(council: Council) {
    let (edition, head) = (council.report().edition, council.store.head().await.expect("the sequence"));
    let presenter = sign_in(&council.store, "council").await;
    let first = push(0, vec![KnownCommand::Take {}, show("view=matrix", 0), KnownCommand::Countdown { seconds: 300 }]);
    ask(&council, &presenter, &first).await.expect("taken");
    let shown = ask(&council, &presenter, &push(1, vec![show("view=member", 7)])).await.expect("shown");
    assert_eq!(council.store.head().await.expect("the sequence"), head);

    let council = council.reopened().await;
    let store = &council.store;
    assert_eq!(store.projection(edition).await.expect("a projection"), shown);
    assert_eq!(store.projections(&[edition]).await.expect("one"), [(edition, shown)]);
}

pub async fn of_many_who_saw_the_same_one_is_followed(council: Council) {
    of_many_one_is_followed(&council, std::slice::from_ref(&council.store)).await;
}

/// Twelve ask at once, by turns through the stores that one database is opened with.
pub async fn of_many_one_is_followed(council: &Council, stores: &[Store]) {
    let presenter = sign_in(&council.store, "secretariat").await;
    ask(council, &presenter, &push(0, vec![KnownCommand::Take {}])).await.expect("free");
    let edition = council.report().edition;
    // Part 0 is what is shown already: who asks for it changes nothing, and is right.
    let asked = (1..=12).zip(stores.iter().cycle()).map(|(n, store)| {
        let (store, presenter) = (store.clone(), presenter.clone());
        tokio::spawn(async move {
            let push = push(1, vec![show("", n)]);
            let by = By { person: &presenter, now: store::now(), people: &[] };
            store.project(edition, &push, by).await.expect("an answer")
        })
    });
    let mut followed = Vec::new();
    for asked in asked.collect::<Vec<_>>() {
        match asked.await.expect("no panic") {
            Ok(projection) => followed.push(projection),
            Err(refused) => assert_eq!(refused, Refused::Stale),
        }
    }
    assert_eq!(followed.len(), 1);
    for store in stores {
        assert_eq!(store.projection(edition).await.expect("a projection"), followed[0]);
    }
    assert_eq!(followed[0].rev, 2);
}

pub async fn a_free_place_is_taken_by_one(council: Council) {
    let (one, other) = (sign_in(&council.store, "council").await, sign_in(&council.store, "council").await);
    let other = Identity { person: domain::id::PersonId::new(store::now(), &store::entropy()), ..other };
    let take = push(0, vec![KnownCommand::Take {}]);
    let (a, b) = tokio::join!(ask(&council, &one, &take), ask(&council, &other, &take));
    assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
    let lost = a.err().or(b.err());
    assert!(matches!(lost, Some(Refused::Presenting { free_in_seconds: 170.. })), "{lost:?}");
}

pub async fn those_who_may_present_are_named(council: Council) {
    let named = council.store.presenters().await.expect("people");
    let mut expected = Vec::new();
    for key in ["council", "secretariat"] {
        expected.push(sign_in(&council.store, key).await.person);
    }
    assert_eq!(named.iter().map(|named| named.person).collect::<Vec<_>>(), expected);
}
