//! Two stores on one database server, as two processes of the product have them: both write, either is read.

use crate::push::many_people_at_once;
use crate::support::{Council, Database, Kind, add, contact, known, new_item, operation, seq, sign_in, text, title};
use domain::board::Board;
use domain::field::{FieldKey, ItemField};
use domain::id::{ItemId, ReportId};
use domain::report::Draft;
use domain::sync::history::Before;
use domain::sync::op::{KnownChange, Operation};
use domain::sync::wire::{KnownOutcome, Rev};
use std::collections::BTreeSet;
use std::time::Duration;
use store::{SearchQuery, Store};
use tower_sessions::SessionStore;
use tower_sessions::cookie::time::OffsetDateTime;

/// A council, and the two stores that its database is opened with.
async fn both() -> (Council, [Store; 2]) {
    let council = Council::on(Database::with_demo(Kind::Server).await).await;
    let stores = [council.store.clone(), council.database.open().await.expect("a second store")];
    (council, stores)
}

/// The texts that a field has had, accepted or not.
async fn texts(store: &Store, council: &Council, item: ItemId) -> Vec<String> {
    let key = FieldKey::Item(item, ItemField::Text);
    let page = store.history(council.report(), key, Before::END).await.expect("a page");
    page.versions.iter().map(|version| version.value.text().expect("a text").to_owned()).collect()
}

/// A draft, its items by their ids: in memory they are as they were added, and where they stand is their position's.
async fn draft(store: &Store, report: ReportId) -> Draft {
    let mut draft = store.draft(report).await.expect("the draft").draft;
    draft.items.sort_by_key(|item| item.id);
    draft
}

/// That the stores say the same of the sequence, the draft and the board.
async fn agree(council: &Council, [one, other]: &[Store; 2]) {
    let (report, edition) = (council.report(), council.report().edition);
    assert_eq!(one.head().await.expect("the sequence"), other.head().await.expect("the sequence"));
    assert_eq!(one.end(), other.end(), "one chain");
    assert_eq!(draft(one, report).await, draft(other, report).await);
    let board = one.board(edition).await.expect("the board");
    assert_eq!(board.cards, other.board(edition).await.expect("the board").cards);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_people_at_once_leave_no_hole_and_no_double() {
    let (council, stores) = both().await;
    many_people_at_once(&council, &stores).await;
    agree(&council, &stores).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_who_write_in_one_field_lose_no_text() {
    const EACH: usize = 15;
    let (council, stores) = both().await;
    let (report, item) = (council.report(), new_item());
    council.take(add(item)).await;
    let mut writing = tokio::task::JoinSet::new();
    for (store, key) in stores.iter().zip(["federal", "federal.2"]) {
        let (store, person) = (store.clone(), sign_in(store, key).await);
        writing.spawn(async move {
            let (mut base, mut taken): (Rev, Vec<Rev>) = (0, Vec::new());
            for n in 0..EACH {
                let one = vec![operation(report, text(item, base, &format!("{key} {n}")))];
                let answers = store.push(person.clone(), one).await.expect("answers");
                base = match known(answers.into_iter().next().expect("one answer")) {
                    KnownOutcome::Accepted { seq, .. } => {
                        taken.push(seq);
                        seq
                    }
                    KnownOutcome::Conflict(conflict) => conflict.theirs_rev,
                    other => panic!("{other:?}"),
                };
            }
            taken
        });
    }
    let taken = writing.join_all().await;
    assert!(taken.iter().all(|taken| !taken.is_empty()), "both were heard: {taken:?}");
    let taken = taken.concat();
    assert_eq!(taken.iter().collect::<BTreeSet<_>>().len(), taken.len(), "no place is given out twice");
    agree(&council, &stores).await;
    for store in &stores {
        let found: BTreeSet<String> = texts(store, &council, item).await.into_iter().collect();
        assert_eq!(found.len(), 2 * EACH, "{found:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_push_to_both_at_once_is_done_once() {
    let (council, [one, other]) = both().await;
    for round in 0..10 {
        let item = new_item();
        let words = text(item, 0, &format!("once {round}"));
        let push: Vec<Operation> = [add(item), words].map(|change| operation(council.report(), change)).into();
        let (head, person) = (council.store.head().await.expect("the sequence"), council.federal.clone());
        let (here, there) = tokio::join!(one.push(person.clone(), push.clone()), other.push(person, push));
        assert_eq!(here.expect("answers"), there.expect("answers"));
        assert_eq!(other.head().await.expect("the sequence"), head + 2);
    }
    agree(&council, &[one, other]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_one_has_just_added_the_other_does_not_refuse() {
    let (council, [one, other]) = both().await;
    for round in 0..10 {
        let item = new_item();
        let [adding, writing] = [add(item), text(item, 0, &format!("at once {round}"))];
        for (store, change) in [(&one, adding), (&other, writing)] {
            let push = vec![operation(council.report(), change)];
            let answers = store.push(council.federal.clone(), push).await.expect("answers");
            seq(&known(answers.into_iter().next().expect("one answer")));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_one_writes_the_other_follows_by_itself() {
    let (council, [one, other]) = both().await;
    let mut head = other.watch_head();
    let before = head.borrow_and_update().seq;
    let taken = seq(&council.take(add(new_item())).await);
    assert_eq!(taken, before + 1);
    let told = tokio::time::timeout(Duration::from_secs(10), head.wait_for(|mark| mark.seq >= taken)).await;
    told.expect("in time").expect("the writer runs");
    assert_eq!(one.end(), other.end());
    let lately = other.lately(before).expect("it is in memory");
    assert_eq!(lately.drafts.get(&council.report()), Some(&taken), "an open page is told of the draft");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_tables_are_written_by_either_and_read_by_both() {
    let (council, stores) = both().await;
    let edition = council.report().edition;
    let mut replicas = stores.each_ref().map(|store| Board::empty(store.instance(), edition, 0, store::now()));
    let item = new_item();
    let mut changes: Vec<KnownChange> = contact().into();
    changes.extend([add(item), title(item, "Guichet"), text(item, 0, "version 0"), KnownChange::Submit {}]);
    let push = changes.into_iter().map(|change| operation(council.report(), change)).collect();
    let mut base = stores[0].push(council.federal.clone(), push).await.expect("answers").len() as Rev;
    for (n, store) in (1..=8).zip(stores.iter().rev().cycle()) {
        base = draft(store, council.report())
            .await
            .items
            .iter()
            .find(|found| found.id == item)
            .map_or(base, |found| found.text.rev);
        let changes = [text(item, base, &format!("version {n} zygomatique")), KnownChange::Submit {}];
        let push = changes.map(|change| operation(council.report(), change)).into();
        for answer in store.push(council.federal.clone(), push).await.expect("answers") {
            seq(&known(answer));
        }
    }
    agree(&council, &stores).await;
    let query = SearchQuery::parse("zygomatique").expect("words");
    for (store, replica) in stores.iter().zip(&mut replicas) {
        let amendments = store.amendments(edition, item).await.expect("an answer").expect("a card");
        assert_eq!(amendments.versions.len(), 9);
        assert_eq!(amendments.versions[8].text, "version 8 zygomatique");
        assert_eq!(texts(store, &council, item).await.len(), 9);
        let found = store.search(&query, Some(edition), 10).await.expect("what was found");
        assert_eq!(found.hits.iter().map(|hit| hit.item).collect::<Vec<_>>(), [item]);
        loop {
            let page = store.board_events(edition, replica.cursor).await.expect("a page");
            for event in &page.events {
                replica.apply(event);
            }
            replica.advance(page.cursor, store::now(), page.mark);
            if !page.more {
                break;
            }
        }
        assert_eq!(replica.cards, council.board().await.cards);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_presenters_at_both_one_is_followed() {
    let (council, stores) = both().await;
    crate::projection::of_many_one_is_followed(&council, &stores).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_of_one_is_known_to_the_other() {
    let (_council, [one, other]) = both().await;
    let expiry_date = OffsetDateTime::now_utc().replace_nanosecond(0).expect("a time") + Duration::from_secs(600);
    let mut record = crate::sessions::record(expiry_date);
    one.sessions().create(&mut record).await.expect("created");
    assert_eq!(other.sessions().load(&record.id).await.expect("an answer"), Some(record.clone()));
    other.sessions().delete(&record.id).await.expect("deleted");
    assert_eq!(one.sessions().load(&record.id).await.expect("an answer"), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_that_open_an_empty_database_at_once_make_one_council() {
    let database = Database::empty(Kind::Server).await;
    let (one, other) = tokio::join!(database.open(), database.open());
    let (one, other) = (one.expect("a store"), other.expect("a store"));
    assert_eq!(one.instance(), other.instance());
}
