//! `GET /api/board/{edition}`, `GET /api/board/{edition}/events`.

use crate::support::{Server, refused};
use domain::board::Board;
use domain::board::contacts::Contacts;
use domain::board::events::EventsPage;
use domain::field::{ContactValue, FieldValue};
use domain::id::EditionId;
use domain::sync::op::KnownChange;

#[tokio::test]
async fn anybody_signed_in_reads_the_board_and_nobody_else() {
    let edition = Server::shared().person("observer").await.edition();
    for path in ["", "/contacts", "/events", "/stream"].map(|rest| format!("/api/board/{edition}{rest}")) {
        refused(Server::shared().nobody().get(&path), 401, "not_signed_in").await;
        for key in ["federal", "council", "secretariat", "observer"] {
            let response = Server::shared().person(key).await.get(&path).send().await.expect("an answer");
            assert_eq!(
                (response.status().as_u16(), &response.headers()["cache-control"]),
                (200, &"no-store".parse().expect("a value"))
            );
        }
    }
}

#[tokio::test]
async fn an_edition_that_is_not_there_is_not_found() {
    let person = Server::shared().person("observer").await;
    let nowhere = EditionId::new(store::now(), &store::entropy()).to_string();
    for edition in [nowhere.as_str(), "x", "%00"] {
        for rest in ["", "/contacts", "/events", "/stream"] {
            refused(person.get(&format!("/api/board/{edition}{rest}")), 404, "not_found").await;
        }
    }
    let edition = person.edition();
    for query in ["after=x", "after=-1", "after=99999999999999999999999", "after=1&seq=1&chain=x", "seq=x"] {
        for rest in ["events", "stream"] {
            refused(person.get(&format!("/api/board/{edition}/{rest}?{query}")), 400, "malformed").await;
        }
    }
}

#[tokio::test]
async fn the_log_by_pages_leads_to_the_same_board() {
    let person = Server::shared().person("brampton").await;
    let item = person.publish("au tableau").await;
    let edition = person.edition();
    let snapshot: Board =
        person.get(&format!("/api/board/{edition}")).send().await.expect("an answer").json().await.expect("a board");
    assert_eq!(snapshot.cards[&item].text, "au tableau");
    let mut replica = Board::empty(snapshot.instance, edition, 0, snapshot.as_of);
    let mut pages = 0;
    while replica.cursor < snapshot.cursor {
        let path = format!("/api/board/{edition}/events?after={}", replica.cursor);
        let page: EventsPage = person.get(&path).send().await.expect("an answer").json().await.expect("a page");
        assert_eq!(page.instance, snapshot.instance);
        for event in page.events.iter().filter(|event| event.seq <= snapshot.cursor) {
            replica.apply(event);
        }
        replica.advance(page.cursor, snapshot.as_of, page.mark);
        pages += 1;
        assert!(page.more || replica.cursor >= snapshot.cursor);
    }
    assert!(pages > 1, "the demonstration is longer than a page");
    // What others withdrew meanwhile is no longer in the log's pages.
    let ours = |board: Board| board.cards.into_values().filter(|card| card.member == person.report().member);
    assert_eq!(ours(replica).collect::<Vec<_>>(), ours(snapshot).collect::<Vec<_>>());
}

#[tokio::test]
async fn whom_to_call_is_as_it_was_submitted_and_gone_with_the_report() {
    let person = Server::shared().person("nl").await;
    let reader = Server::shared().person("observer").await;
    let contact = async |person: &crate::support::Person| {
        let path = format!("/api/board/{}/contacts", person.edition());
        let answer = reader.get(&path).send().await.expect("an answer").json::<Contacts>().await;
        answer.expect("contacts").of(person.report().member).map(|contact| contact.name.clone())
    };
    person.publish("Counter").await;
    let submitted = contact(&person).await.expect("a submitted contact");
    let name = FieldValue::Contact(ContactValue::Name("Only drafted".into()));
    let base_rev = person.draft().await["contact"]["name"]["rev"].as_u64().expect("a revision");
    assert_eq!(person.take(KnownChange::Set { base_rev, value: name }).await.0, 200);
    assert_eq!(contact(&person).await.as_ref(), Some(&submitted), "a draft is nobody else's");
    assert_eq!(person.take(KnownChange::Submit {}).await.0, 200);
    assert_eq!(contact(&person).await.as_deref(), Some("Only drafted"));
    assert_eq!(person.take(KnownChange::Withdraw {}).await.0, 200);
    assert_eq!(contact(&person).await, None);
}
