//! `GET /api/reports/{report}/stream`.

use crate::sse::{Frame, Stream};
use crate::support::{Person, Server, add, new_item, only_for_the_members_people, text};
use domain::field::{FieldKey, ItemField};
use domain::sync::op::KnownChange;
use domain::sync::presence::{Presence, Present};
use domain::sync::wire::{KnownOutcome, Outcome, Seq};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

async fn open(person: &Person) -> Stream {
    Stream::at(person, &person.of_report("/stream"), None).await
}

fn drafts(frames: &[Frame]) -> Vec<Seq> {
    let drafts = frames.iter().filter(|frame| frame.event == "draft");
    drafts.map(|frame| frame.data["seq"].as_u64().expect("a number")).collect()
}

fn present(frame: &Frame) -> Option<Vec<Present>> {
    let is_it = frame.event == "presence";
    is_it.then(|| serde_json::from_value::<Presence>(frame.data.clone()).expect("a list").people)
}

async fn sign(person: &Person, body: Value) {
    let response = person.request(Method::PUT, &person.of_report("/presence")).json(&body).send().await;
    assert_eq!(response.expect("an answer").status(), 204);
}

/// Reads until the people shown are those, by device and field.
async fn until_shown(stream: &mut Stream, expected: &[(&str, Option<&str>)]) -> Vec<Present> {
    let shown = |frame: &Frame| {
        present(frame).is_some_and(|people| {
            people.iter().map(|one| (one.device.as_str(), one.field.as_deref())).eq(expected.iter().copied())
        })
    };
    let frames = stream.until(shown).await;
    frames.last().and_then(present).expect("the list")
}

#[tokio::test]
async fn a_colleagues_change_is_told_at_once_and_what_it_says_is_not() {
    let (person, colleague) = (Server::shared().person("federal").await, Server::shared().person("federal.2").await);
    let mut stream = open(&colleague).await;
    let begun = stream.until(|frame| frame.event == "presence").await;
    assert!(drafts(&begun)[0] > 0, "first of all to look once: {begun:?}");
    let item = new_item();
    person.take(add(item)).await;
    let (mut base, mut waits) = (0, Vec::new());
    for n in 0..6 {
        let (status, answer) = person.take(text(item, base, &format!("à ne pas ébruiter {n}"))).await;
        let acknowledged = Instant::now();
        let Outcome::Known(KnownOutcome::Accepted { seq, .. }) = answer.answers[0].outcome else { panic!("{status}") };
        let frames = stream.until(|frame| drafts(std::slice::from_ref(frame)).iter().any(|told| *told >= seq)).await;
        waits.push(acknowledged.elapsed());
        assert!(frames.iter().all(|frame| !frame.data.to_string().contains("ébruiter")), "{frames:?}");
        base = seq;
    }
    waits.sort();
    assert!(waits[2] < Duration::from_millis(200), "half of them, on a busy machine too: {waits:?}");
}

#[tokio::test]
async fn submitting_and_withdrawing_change_the_draft_and_another_members_report_does_not() {
    let (person, other) = (Server::shared().person("halifax").await, Server::shared().person("cape-breton").await);
    let mut stream = open(&person).await;
    let begun = drafts(&stream.until(|frame| frame.event == "presence").await);
    other.publish("ailleurs").await;
    person.publish("ici").await;
    let frames = stream.until(|frame| frame.event == "draft").await;
    let ours = drafts(&frames)[0];
    assert!(ours > begun[0]);
    assert!(frames.iter().all(|frame| frame.event != "board"), "{frames:?}");
    person.take(KnownChange::Withdraw {}).await;
    let head = crate::support::SHARED.store.head().await.expect("the sequence");
    let frames = stream.until(|frame| frame.event == "draft" && frame.data["seq"].as_u64() > Some(ours)).await;
    assert!(drafts(&frames).last().expect("one") <= &head);
}

#[tokio::test]
async fn people_see_each_other_by_the_session_and_not_by_the_body() {
    let (person, colleague) = (Server::shared().person("windsor").await, Server::shared().person("windsor").await);
    let mut stream = open(&person).await;
    until_shown(&mut stream, &[]).await;
    let field = FieldKey::Item(new_item(), ItemField::Text).to_string();
    sign(&colleague, json!({ "device": "b", "field": field, "person": "x", "name": "Quelqu'un d'autre" })).await;
    let shown = until_shown(&mut stream, &[("b", Some(field.as_str()))]).await;
    assert_eq!((&shown[0].person, &shown[0].name), (&colleague.identity.person, &colleague.identity.name));
    sign(&person, json!({ "device": "a", "field": null })).await;
    until_shown(&mut stream, &[("a", None), ("b", Some(field.as_str()))]).await;
    until_shown(&mut open(&colleague).await, &[("a", None), ("b", Some(field.as_str()))]).await;
    sign(&colleague, json!({ "device": "b", "left": true })).await;
    until_shown(&mut stream, &[("a", None)]).await;
}

#[tokio::test]
async fn somebody_leaves_only_their_own_devices() {
    let (person, colleague) = (Server::shared().person("federal").await, Server::shared().person("federal.2").await);
    sign(&person, json!({ "device": "shared-name" })).await;
    sign(&colleague, json!({ "device": "shared-name", "left": true })).await;
    let shown = open(&colleague).await.until(|frame| frame.event == "presence").await;
    let people = shown.last().and_then(present).expect("the list");
    assert!(people.iter().any(|one| one.person == person.identity.person && one.device == "shared-name"), "{people:?}");
    sign(&person, json!({ "device": "shared-name", "left": true })).await;
}

#[tokio::test]
async fn whoever_gives_no_sign_is_gone_and_everybody_is_told() {
    let server = Server::with(|settings| settings.away = Duration::from_millis(300));
    let person = server.person("oakville").await;
    let mut stream = open(&person).await;
    sign(&person, json!({ "device": "a", "field": "contact/name" })).await;
    until_shown(&mut stream, &[("a", Some("contact/name"))]).await;
    let shown = Instant::now();
    until_shown(&mut stream, &[]).await;
    assert!(shown.elapsed() < Duration::from_secs(2), "{:?}", shown.elapsed());
}

#[tokio::test]
async fn a_heartbeat_comes_at_once_and_again() {
    let server = Server::with(|settings| settings.heartbeat = Duration::from_millis(50));
    let person = server.person("newmarket").await;
    let mut stream = open(&person).await;
    for _ in 0..3 {
        let seen = stream.until(|frame| frame.event == "heartbeat").await;
        let data = &seen.last().expect("a heartbeat").data;
        assert_eq!(data["instance"], json!(person.view.council.instance));
        assert!(data["cursor"].is_u64() && data["at"].is_i64(), "{data}");
    }
}

#[tokio::test]
async fn it_is_for_the_members_own_people_and_ends_with_the_session() {
    let server = Server::with(|settings| settings.heartbeat = Duration::from_millis(50));
    let person = server.person("kenora").await;
    only_for_the_members_people(&person, Method::GET, "/stream").await;
    let mut stream = open(&person).await;
    stream.until(|frame| frame.event == "heartbeat").await;
    person.post("/api/sign-out").json(&json!({})).send().await.expect("an answer");
    while stream.next().await.is_some() {}
}

#[tokio::test]
async fn stopping_the_server_ends_its_streams_promptly() {
    let (server, stop) = Server::stoppable(|_| {});
    let person = server.person("laval").await;
    let mut stream = open(&person).await;
    stream.until(|frame| frame.event == "heartbeat").await;
    let told = Instant::now();
    stop.send(()).expect("running");
    while stream.next().await.is_some() {}
    assert!(told.elapsed() < Duration::from_secs(1), "{:?}", told.elapsed());
}
