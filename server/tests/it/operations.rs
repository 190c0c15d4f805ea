//! `POST /api/operations`.

use crate::support::{Server, add, new_item, refused, text};
use domain::field::{FieldValue, ItemValue};
use domain::limits::PUSH_BYTES;
use domain::sync::op::KnownChange;
use domain::sync::wire::{KnownOutcome, Outcome, PushAnswer, Refusal};
use serde_json::{Value, json};

#[tokio::test]
async fn a_push_is_answered_operation_by_operation_and_done_once() {
    let person = Server::shared().person("ab").await;
    let item = new_item();
    let operations = [person.operation(add(item)), person.operation(text(item, 0, "une fois"))];
    let mut told = Vec::new();
    for _ in 0..3 {
        let response = person.push(&operations).send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["cache-control"], "no-store");
        told.push(response.json::<PushAnswer>().await.expect("answers"));
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(told[1], told[2]);
    for (operation, answer) in operations.iter().zip(&told[0].answers) {
        assert_eq!((answer.op_id, &answer.hash, answer.status), (operation.op_id, &operation.hash, 200));
    }
    let items = person.draft().await["items"].take();
    assert_eq!(items.as_array().expect("a list").iter().filter(|found| found["id"] == json!(item)).count(), 1);
}

#[tokio::test]
async fn the_same_op_id_with_another_body_is_422() {
    let person = Server::shared().person("nb").await;
    let item = new_item();
    assert_eq!(person.take(add(item)).await.0, 200);
    let first = person.operation(text(item, 0, "a"));
    assert_eq!(person.push(std::slice::from_ref(&first)).send().await.expect("an answer").status(), 200);
    let mut other = person.operation(text(item, 0, "b"));
    other.op_id = first.op_id;
    let response = person.push(&[other]).send().await.expect("an answer");
    assert_eq!(response.status(), 422);
    let answer: PushAnswer = response.json().await.expect("answers");
    assert_eq!(answer.answers[0].outcome, Outcome::Known(KnownOutcome::Refused(Refusal::OpIdReused)));
}

#[tokio::test]
async fn a_stale_base_is_409_with_base_and_both() {
    let person = Server::shared().person("nl").await;
    let item = new_item();
    person.take(add(item)).await;
    let (_, first) = person.take(text(item, 0, "the base")).await;
    let Outcome::Known(KnownOutcome::Accepted { seq, .. }) = first.answers[0].outcome else { panic!("{first:?}") };
    assert_eq!(person.take(text(item, seq, "theirs")).await.0, 200);
    let (status, told) = person.take(text(item, seq, "mine")).await;
    assert_eq!(status, 409);
    let Outcome::Known(KnownOutcome::Conflict(conflict)) = &told.answers[0].outcome else { panic!("{told:?}") };
    let words = |words: &str| FieldValue::Item(item, ItemValue::Text(words.to_owned()));
    assert_eq!(conflict.base, Some(words("the base")));
    assert_eq!((&conflict.theirs, &conflict.mine), (&words("theirs"), &words("mine")));
}

#[tokio::test]
async fn nobody_and_the_wrong_people_write_nothing() {
    let owner = Server::shared().person("yt").await;
    let before = owner.draft().await;
    let operation = owner.operation(add(new_item()));
    let push = json!({ "protocol": 1, "person": owner.identity.person, "operations": [operation.clone()] });
    refused(Server::shared().nobody().post("/api/operations").json(&push), 401, "not_signed_in").await;
    for key in ["ns", "council", "secretariat", "observer"] {
        let somebody = Server::shared().person(key).await;
        refused(somebody.post("/api/operations").json(&push), 401, "somebody_else").await;
        let response = somebody.push(std::slice::from_ref(&operation)).send().await.expect("an answer");
        assert_eq!(response.status(), 403, "{key}");
        let answer: PushAnswer = response.json().await.expect("answers");
        assert_eq!(answer.answers[0].outcome, Outcome::Known(KnownOutcome::Refused(Refusal::Forbidden)), "{key}");
    }
    assert_eq!(owner.draft().await, before);
}

#[tokio::test]
async fn the_status_is_that_of_the_first_that_was_not_taken() {
    let person = Server::shared().person("guelph").await;
    let item = new_item();
    let operations = [
        person.operation(add(item)),
        person.operation(text(new_item(), 0, "x")),
        person.operation(KnownChange::Submit {}),
    ];
    let response = person.push(&operations).send().await.expect("an answer");
    assert_eq!(response.status(), 404);
    let answer: PushAnswer = response.json().await.expect("answers");
    assert_eq!(answer.answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [200, 404, 422]);
}

#[tokio::test]
async fn bodies_that_are_not_of_the_form_change_nothing() {
    let person = Server::shared().person("timmins").await;
    let before = person.draft().await;
    let whole =
        json!({ "protocol": 1, "person": person.identity.person, "operations": [person.operation(add(new_item()))] });
    let send = |kind: &str, body: String| person.post("/api/operations").header("content-type", kind).body(body);
    let json = |value: &Value| send("application/json", value.to_string());
    refused(send("text/plain", whole.to_string()), 415, "not_json").await;
    refused(person.post("/api/operations").body(whole.to_string()), 415, "not_json").await;
    for body in ["", "{", "[]", "null", "\"x\"", "{\"protocol\":1}", "<html></html>", "\u{feff}{}"] {
        refused(send("application/json", body.to_owned()), 400, "malformed").await;
    }
    let cut = whole.to_string();
    refused(send("application/json", cut[..cut.len() - 2].to_owned()), 400, "malformed").await;
    refused(send("application/json", "[".repeat(100_000)), 400, "malformed").await;
    refused(
        person.post("/api/operations").header("content-type", "application/json").body(vec![0xff, 0xfe]),
        400,
        "malformed",
    )
    .await;
    for protocol in [json!(0), json!(2), json!(4_000_000_000_u32)] {
        let mut newer = whole.clone();
        newer["protocol"] = protocol;
        newer["operations"] = json!("of another form");
        refused(json(&newer), 400, "protocol_not_supported").await;
    }
    let mut odd = whole.clone();
    odd["operations"][0]["report"] = json!("../../etc");
    refused(json(&odd), 400, "malformed").await;
    let many: Vec<_> = (0..101).map(|_| person.operation(add(new_item()))).collect();
    refused(person.push(&many), 400, "malformed").await;
    refused(send("application/json", format!("{whole}{}", " ".repeat(PUSH_BYTES))), 413, "too_large").await;
    assert_eq!(person.draft().await, before);
}

#[tokio::test]
async fn a_kind_of_a_newer_program_is_answered_and_not_done() {
    let person = Server::shared().person("halton").await;
    let mut operation = serde_json::to_value(person.operation(KnownChange::Submit {})).expect("JSON");
    operation["change"] = json!({ "kind": "endorse", "by": "x" });
    let change = domain::sync::op::Change::from(operation["change"].clone());
    operation["hash"] = json!(domain::sync::op::ContentHash::of(&person.report().into(), &change));
    let push = json!({ "protocol": 1, "person": person.identity.person, "operations": [operation], "newer": [] });
    let response = person.post("/api/operations").json(&push).send().await.expect("an answer");
    assert_eq!(response.status(), 422);
    let answer: PushAnswer = response.json().await.expect("answers");
    assert_eq!(answer.answers[0].outcome, Outcome::Known(KnownOutcome::Refused(Refusal::NotUnderstood)));
}

#[tokio::test]
async fn a_flood_is_told_to_wait() {
    let person =
        Server::with(|settings| settings.per_second = 1.try_into().expect("not zero")).person("waterloo").await;
    let mut told = None;
    for _ in 0..200 {
        let response = person.push(&[]).send().await.expect("an answer");
        if response.status() == 429 {
            told = Some(response);
            break;
        }
        assert_eq!(response.status(), 200);
    }
    assert!(told.expect("a limit").headers().contains_key("retry-after"));
    let other = person.server.person("aurora").await;
    assert_eq!(other.push(&[]).send().await.expect("an answer").status(), 200, "nobody else waits");
}

#[tokio::test]
async fn a_push_may_say_its_device_and_an_odd_name_is_malformed() {
    let person = Server::shared().person("peel").await;
    let item = new_item();
    for device in [None, Some("Zr3-tablet_1")] {
        let response = person.push_from(device, &[person.operation(add(item))]).send().await.expect("an answer");
        assert_eq!(response.status(), 200);
    }
    for device in ["", "a b", "é", "<script>", &"x".repeat(65)] {
        refused(person.push_from(Some(device), &[person.operation(add(item))]), 400, "malformed").await;
    }
}
