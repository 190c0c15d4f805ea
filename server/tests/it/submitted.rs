//! `GET /api/reports/{report}/submitted`.

use crate::support::{Person, Server, add, new_item, only_for_the_members_people, text};
use domain::field::{ContactValue, FieldValue};
use domain::report::submitted::Submitted;
use domain::sync::op::KnownChange;
use reqwest::Method;

async fn submitted(person: &Person) -> Submitted {
    let response = person.get(&person.of_report("/submitted")).send().await.expect("an answer");
    assert_eq!((response.status().as_u16(), response.headers()["cache-control"].as_bytes()), (200, &b"no-store"[..]));
    response.json().await.expect("what the council has")
}

fn rename(name: &str, base_rev: u64) -> KnownChange {
    KnownChange::Set { base_rev, value: FieldValue::Contact(ContactValue::Name(name.to_owned())) }
}

#[tokio::test]
async fn it_is_what_was_submitted_whatever_the_draft_became() {
    let person = Server::shared().person("moncton").await;
    let nothing = submitted(&person).await;
    assert_eq!((&nothing.receipt, &nothing.contact, nothing.items.len(), nothing.hash()), (&None, &None, 0, None));
    let item = person.publish("Un « guichet » : \u{1F341}\r\nfin").await;
    let first = submitted(&person).await;
    let receipt = first.receipt.clone().expect("a receipt");
    assert_eq!(first.hash().as_ref(), Some(&receipt.hash));
    assert_eq!((first.instance, first.items.len(), receipt.items), (person.view.council.instance, 1, 1));
    assert_eq!(first.contact.as_ref().map(|contact| contact.name.as_str()), Some("Camille Exemple"));
    assert_eq!(first.items[0].text, "Un « guichet » : \u{1F341}\r\nfin");

    let draft = person.draft().await;
    let name = draft["contact"]["name"]["rev"].as_u64().expect("a revision");
    let words = draft["items"][0]["text"]["rev"].as_u64().expect("a revision");
    let later = new_item();
    for change in [rename("Alex Exemple", name), text(item, words, "pas encore"), add(later), text(later, 0, "ni ceci")]
    {
        assert_eq!(person.take(change).await.0, 200);
    }
    let still = submitted(&person).await;
    assert!(still.seq > first.seq);
    assert_eq!((&still.receipt, &still.contact, &still.items), (&first.receipt, &first.contact, &first.items));
    assert_eq!(still.hash(), Some(receipt.hash));
}

#[tokio::test]
async fn a_contact_changed_in_the_same_push_after_the_submission_is_not_the_councils() {
    let person = Server::shared().person("fredericton").await;
    person.publish("une fois").await;
    let name = person.draft().await["contact"]["name"]["rev"].as_u64().expect("a revision");
    let changes = [rename("Avant", name), KnownChange::Submit {}];
    let operations: Vec<_> = changes.into_iter().map(|change| person.operation(change)).collect();
    assert_eq!(person.push(&operations).send().await.expect("an answer").status(), 200);
    let name = person.draft().await["contact"]["name"]["rev"].as_u64().expect("a revision");
    let changes = [KnownChange::Submit {}, rename("Après", name)];
    let operations: Vec<_> = changes.into_iter().map(|change| person.operation(change)).collect();
    assert_eq!(person.push(&operations).send().await.expect("an answer").status(), 200);
    let council = submitted(&person).await;
    assert_eq!(council.contact.as_ref().map(|contact| contact.name.as_str()), Some("Avant"));
    assert_eq!(council.hash(), council.receipt.map(|receipt| receipt.hash));
    assert_eq!(person.draft().await["contact"]["name"]["value"], "Après");
}

#[tokio::test]
async fn after_a_withdrawal_the_council_has_nothing_and_then_what_is_submitted_next() {
    let person = Server::shared().person("dieppe").await;
    person.publish("une fois").await;
    assert_eq!(person.take(KnownChange::Withdraw {}).await.0, 200);
    let nothing = submitted(&person).await;
    assert_eq!((&nothing.receipt, &nothing.contact, nothing.items.len(), nothing.hash()), (&None, &None, 0, None));
    assert_eq!(person.take(KnownChange::Submit {}).await.0, 200);
    let again = submitted(&person).await;
    assert_eq!(again.hash(), again.receipt.map(|receipt| receipt.hash));
    assert_eq!(again.items.len(), 1);
}

#[tokio::test]
async fn it_is_for_the_members_own_people() {
    let owner = Server::shared().person("qc").await;
    only_for_the_members_people(&owner, Method::GET, "/submitted").await;
}
