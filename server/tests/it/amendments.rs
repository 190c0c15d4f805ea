//! `GET /api/board/{edition}/cards/{item}/amendments`.

use crate::support::{Person, Server, new_item, refused, text};
use domain::board::amendments::Amendments;
use domain::id::{EditionId, ItemId};
use domain::sync::op::KnownChange;
use domain::sync::wire::{KnownOutcome, Outcome};

fn path(edition: EditionId, item: impl std::fmt::Display) -> String {
    format!("/api/board/{edition}/cards/{item}/amendments")
}

async fn read(person: &Person, item: ItemId) -> Amendments {
    let response = person.get(&path(person.edition(), item)).send().await.expect("an answer");
    assert_eq!((response.status().as_u16(), response.headers()["cache-control"].as_bytes()), (200, &b"no-store"[..]));
    response.json().await.expect("amendments")
}

/// Writes a text where the draft has it, and says whether it was accepted.
async fn write(person: &Person, item: ItemId, words: &str) {
    let draft = person.draft().await;
    let items = draft["items"].as_array().expect("items");
    let found = items.iter().find(|found| found["id"] == item.to_string()).expect("the item");
    let (_, answer) = person.take(text(item, found["text"]["rev"].as_u64().expect("a revision"), words)).await;
    assert!(matches!(answer.answers[0].outcome, Outcome::Known(KnownOutcome::Accepted { .. })), "{answer:?}");
}

#[tokio::test]
async fn anybody_signed_in_reads_what_was_submitted_and_never_a_draft() {
    let member = Server::shared().person("victoria").await;
    let item = member.publish("un").await;
    write(&member, item, "deux").await;
    member.take(KnownChange::Submit {}).await;
    write(&member, item, "brouillon").await;
    for key in ["federal", "council", "secretariat", "observer"] {
        let reader = Server::shared().person(key).await;
        let amendments = read(&reader, item).await;
        let texts: Vec<_> = amendments.versions.iter().map(|version| version.text.as_str()).collect();
        assert_eq!((texts, amendments.more, amendments.item), (vec!["un", "deux"], false, item));
        assert_eq!(amendments.instance, reader.view.council.instance);
        assert!(amendments.versions[0].at <= amendments.versions[1].at);
    }
    let nobody = Server::shared().nobody();
    refused(nobody.get(&path(member.edition(), item)), 401, "not_signed_in").await;
}

#[tokio::test]
async fn a_card_that_is_not_on_that_board_is_not_found() {
    let member = Server::shared().person("surrey").await;
    let item = member.publish("ici").await;
    let closed = member.view.editions.iter().find(|edition| !edition.is_open()).expect("a closed edition").id;
    let nowhere = EditionId::new(store::now(), &store::entropy());
    for edition in [closed, nowhere] {
        refused(member.get(&path(edition, item)), 404, "not_found").await;
    }
    for item in [new_item().to_string().as_str(), "x", "%00", "'%20OR%20true"] {
        refused(member.get(&path(member.edition(), item)), 404, "not_found").await;
    }
    member.take(KnownChange::Withdraw {}).await;
    refused(member.get(&path(member.edition(), item)), 404, "not_found").await;
}
