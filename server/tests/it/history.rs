//! `GET /api/reports/{report}/history`.

use crate::support::{Person, Server, add, new_item, only_for_the_members_people, refused, text};
use domain::field::{FieldKey, ItemField};
use domain::id::ItemId;
use domain::sync::history::{HistoryPage, Version};
use domain::sync::wire::{KnownOutcome, Outcome, Rev};
use reqwest::Method;

fn key(item: ItemId) -> FieldKey {
    FieldKey::Item(item, ItemField::Text)
}

async fn page(person: &Person, query: &str) -> HistoryPage {
    let path = person.of_report(&format!("/history?field={query}"));
    let response = person.get(&path).send().await.expect("an answer");
    assert_eq!((response.status().as_u16(), response.headers()["cache-control"].as_bytes()), (200, &b"no-store"[..]));
    response.json().await.expect("a page")
}

async fn write(person: &Person, item: ItemId, base: Rev, words: &str, device: Option<&str>) -> (u16, Rev) {
    let response = person.push_from(device, &[person.operation(text(item, base, words))]).send().await;
    let mut answer: domain::sync::wire::PushAnswer = response.expect("an answer").json().await.expect("a push answer");
    let answer = answer.answers.remove(0);
    match answer.outcome {
        Outcome::Known(KnownOutcome::Accepted { seq, .. }) => (answer.status, seq),
        _ => (answer.status, 0),
    }
}

fn words(version: &Version) -> &str {
    version.value.text().expect("a text")
}

#[tokio::test]
async fn who_wrote_what_on_which_device_and_what_a_conflict_kept_newest_first() {
    let person = Server::shared().person("federal").await;
    let colleague = Server::shared().person("federal.2").await;
    let item = new_item();
    person.take(add(item)).await;
    let (_, first) = write(&person, item, 0, "un", Some("tablet")).await;
    let (_, second) = write(&colleague, item, first, "deux", None).await;
    assert_eq!(write(&person, item, first, "perdu ?", Some("tablet")).await.0, 409);
    let (_, third) = write(&person, item, second, "trois", Some("phone")).await;
    let page = page(&colleague, &key(item).to_string()).await;
    assert_eq!((page.instance, page.more, page.next), (person.view.council.instance, false, None));
    let told: Vec<_> = page
        .versions
        .iter()
        .map(|version| (words(version), version.seq, version.base_rev, version.device.as_deref(), version.person))
        .collect();
    let (me, they) = (person.identity.person, colleague.identity.person);
    assert_eq!(
        told,
        [
            ("trois", Some(third), second, Some("phone"), me),
            ("perdu ?", None, first, Some("tablet"), me),
            ("deux", Some(second), first, None, they),
            ("un", Some(first), 0, Some("tablet"), me),
        ]
    );
    assert_eq!(page.versions[2].name, colleague.identity.name);
    assert!(page.versions.iter().all(|version| (store::now().millis() - version.at.millis()).abs() < 60_000));
    let before = crate::history::page(&person, &format!("{}&before={third}", key(item))).await;
    assert_eq!(before.versions, page.versions[1..]);
    let first_of_all = crate::history::page(&person, &format!("{}&before={first}", key(item))).await;
    assert_eq!((first_of_all.versions.len(), first_of_all.more), (0, false));
}

#[tokio::test]
async fn pages_hold_every_text_once_also_where_many_stand_at_one_place() {
    let person = Server::shared().person("bc").await;
    let item = new_item();
    person.take(add(item)).await;
    let (_, first) = write(&person, item, 0, "base", None).await;
    let (_, head) = write(&person, item, first, "head", None).await;
    let mut written = vec!["base".to_owned(), "head".to_owned()];
    let lost: Vec<String> = (0..90).map(|n| format!("conflict {n}")).collect();
    let operations: Vec<_> = lost.iter().map(|words| person.operation(text(item, first, words))).collect();
    assert_eq!(person.push(&operations).send().await.expect("an answer").status(), 409);
    written.extend(lost);
    let (_, last) = write(&person, item, head, "last", None).await;
    assert!(last > head);
    written.push("last".to_owned());
    let (mut found, mut query, mut pages) = (Vec::new(), key(item).to_string(), 0);
    loop {
        let page = page(&person, &query).await;
        assert_eq!(page.more, page.next.is_some());
        assert!(page.versions.len() <= 50);
        found.extend(page.versions.iter().map(|version| words(version).to_owned()));
        pages += 1;
        let Some(next) = page.next else { break };
        query = format!("{}&before={next}", key(item));
    }
    assert_eq!(
        (pages, found.first().map(String::as_str), found.last().map(String::as_str)),
        (2, Some("last"), Some("base"))
    );
    found.sort();
    written.sort();
    assert_eq!(found, written);
}

#[tokio::test]
async fn it_is_for_the_members_own_people() {
    let owner = Server::shared().person("qc").await;
    only_for_the_members_people(&owner, Method::GET, "/history?field=contact/name").await;
    let item = new_item();
    owner.take(add(item)).await;
    write(&owner, item, 0, "à nous", None).await;
    assert_eq!(page(&owner, &key(item).to_string()).await.versions.len(), 1);
    let somebody = Server::shared().person("ns").await;
    assert!(page(&somebody, &key(item).to_string()).await.versions.is_empty(), "not by way of their own report");
}

#[tokio::test]
async fn a_query_that_is_not_of_the_form_is_malformed() {
    let owner = Server::shared().person("qc").await;
    let odd = [
        "",
        "?",
        "?before=3",
        "?field=",
        "?field=contact",
        "?field=contact/fax",
        "?field=item/x/text",
        "?field=contact/name&field=contact/name",
        "?field=contact/name&before=",
        "?field=contact/name&before=-1",
        "?field=contact/name&before=x",
        "?field=contact/name&before=1.x",
        "?field=contact/name&before=99999999999999999999",
    ];
    for query in odd {
        refused(owner.get(&owner.of_report(&format!("/history{query}"))), 400, "malformed").await;
    }
    for place in ["18446744073709551615", "18446744073709551615.18446744073709551615", "0"] {
        page(&owner, &format!("contact/name&before={place}")).await;
    }
}
