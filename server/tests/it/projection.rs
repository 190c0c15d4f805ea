//! `GET` and `POST /api/projection/{edition}`, and `projection` on the board's stream.

use crate::sse::Stream;
use crate::support::{Person, SHARED, Server, refused};
use domain::id::EditionId;
use domain::limits::PROJECTION_BYTES;
use domain::projection::{Projection, ProjectionAnswer, Refused};
use reqwest::Response;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// The editions of the demonstration, so that tests that run at once do not present the same one.
fn edition(person: &Person, nth: usize) -> EditionId {
    person.view.editions[nth].id
}

async fn ask(person: &Person, edition: EditionId, body: Value) -> Response {
    person.post(&format!("/api/projection/{edition}")).json(&body).send().await.expect("an answer")
}

async fn command(person: &Person, edition: EditionId, base_rev: u64, commands: Value) -> (u16, ProjectionAnswer) {
    let response = ask(person, edition, json!({ "base_rev": base_rev, "commands": commands })).await;
    (response.status().as_u16(), response.json().await.expect("a projection"))
}

async fn shown(person: &Person, edition: EditionId) -> Projection {
    let response = person.get(&format!("/api/projection/{edition}")).send().await.expect("an answer");
    assert_eq!(response.headers()["cache-control"], "no-store");
    response.json::<ProjectionAnswer>().await.expect("a projection").projection
}

#[tokio::test]
async fn anybody_signed_in_may_be_the_wall_and_only_council_and_secretariat_present() {
    let server = Server::shared();
    let reader = server.person("observer").await;
    let path = format!("/api/projection/{}", reader.edition());
    let take = json!({ "base_rev": 0, "commands": [{ "kind": "take" }] });
    for key in ["federal", "observer", "on"] {
        let person = server.person(key).await;
        assert_eq!(person.get(&path).send().await.expect("an answer").status(), 200);
        refused(person.post(&path).json(&take), 403, "forbidden").await;
        refused(person.get(&format!("{path}/presenters")), 403, "forbidden").await;
    }
    let nobody = server.nobody();
    refused(nobody.get(&path), 401, "not_signed_in").await;
    refused(nobody.post(&path).json(&take), 401, "not_signed_in").await;
    refused(nobody.get(&format!("{path}/presenters")), 401, "not_signed_in").await;
    let council = server.person("council").await;
    let named: Vec<Value> =
        council.get(&format!("{path}/presenters")).send().await.expect("an answer").json().await.expect("people");
    assert_eq!(named.len(), 2, "{named:?}");
}

#[tokio::test]
async fn what_is_not_of_the_form_is_refused() {
    let council = Server::shared().person("council").await;
    let path = format!("/api/projection/{}", council.edition());
    let nowhere = EditionId::new(store::now(), &store::entropy()).to_string();
    for other in [nowhere.as_str(), "x", "%00"] {
        refused(council.get(&format!("/api/projection/{other}")), 404, "not_found").await;
        refused(council.post(&format!("/api/projection/{other}")).json(&json!({})), 404, "not_found").await;
    }
    for body in [json!([]), json!({}), json!({ "commands": 7 }), json!({ "base_rev": -1, "commands": [] })] {
        refused(council.post(&path).json(&body), 400, "malformed").await;
    }
    let send = |kind: &str, body: String| council.post(&path).header("content-type", kind).body(body);
    refused(send("text/plain", "{}".to_owned()), 415, "not_json").await;
    refused(send("application/json", " ".repeat(PROJECTION_BYTES + 1)), 413, "too_large").await;
    let take = json!({ "commands": [{ "kind": "take" }] });
    refused(council.post(&path).json(&take).header("origin", "https://evil.example"), 403, "cross_site").await;
    for commands in [json!([{ "kind": "dance" }]), json!(vec![json!({ "kind": "take" }); 17])] {
        let (status, answer) = command(&council, council.edition(), 0, commands).await;
        assert_eq!((status, answer.refused), (422, Some(Refused::Invalid)));
    }
}

#[tokio::test]
async fn a_presenter_drives_hands_over_and_is_refused_what_they_did_not_see() {
    let server = Server::shared();
    let (council, secretariat) = (server.person("council").await, server.person("secretariat").await);
    let edition = edition(&council, 1);
    let (status, answer) = command(&council, edition, 0, json!([{ "kind": "take" }])).await;
    assert_eq!((status, answer.projection.rev), (200, 1));
    assert!(answer.projection.is_presented_by(council.identity.person));
    let show = |place: &str| json!([{ "kind": "show", "place": place, "step": 3 }]);
    let (status, answer) = command(&council, edition, 1, show("view=matrix")).await;
    assert_eq!((status, answer.projection.place.as_str(), answer.projection.step.part()), (200, "view=matrix", 3));
    let (status, answer) = command(&council, edition, 1, show("view=trend")).await;
    assert_eq!((status, answer.refused), (409, Some(Refused::Stale)));
    assert_eq!(answer.projection.place.as_str(), "view=matrix", "it comes with what is shown");
    let (status, answer) = command(&secretariat, edition, 2, show("")).await;
    assert_eq!((status, answer.refused), (403, Some(Refused::NotPresenting)));

    let to = secretariat.identity.person;
    let (status, answer) = command(&council, edition, 2, json!([{ "kind": "offer", "to": to }])).await;
    assert!(status == 200 && answer.projection.is_offered_to(to));
    let somebody = server.person("federal").await.identity.person;
    let (status, answer) = command(&council, edition, 3, json!([{ "kind": "offer", "to": somebody }])).await;
    assert_eq!((status, answer.refused), (422, Some(Refused::NoSuchPerson)), "who may not present");
    let (_, answer) = command(&secretariat, edition, 0, json!([{ "kind": "take" }])).await;
    assert!(answer.projection.is_presented_by(to));
    let (status, answer) = command(&council, edition, 4, json!([{ "kind": "take" }])).await;
    assert!(status == 409 && matches!(answer.refused, Some(Refused::Presenting { .. })), "{answer:?}");
    assert_eq!(shown(&server.person("observer").await, edition).await, answer.projection);
}

#[tokio::test]
async fn every_open_board_is_told_at_once_and_whoever_comes_later_when_they_open() {
    let server = Server::shared();
    let (presenter, reader) = (server.person("secretariat").await, server.person("observer").await);
    let edition = edition(&presenter, 2);
    let path = format!("/api/board/{edition}/stream?after={}", SHARED.store.head().await.expect("the sequence"));
    let mut streams = Vec::new();
    for _ in 0..3 {
        let mut stream = Stream::at(&reader, &path, None).await;
        let seen = stream.until(|frame| frame.event == "projection").await;
        assert_eq!(seen.last().map(|frame| frame.data["rev"].clone()), Some(json!(0)), "nobody has presented it");
        streams.push(stream);
    }
    let start = Instant::now();
    command(&presenter, edition, 0, json!([{ "kind": "take" }, { "kind": "show", "place": "view=member", "step": 2 }]))
        .await;
    for stream in &mut streams {
        let seen = stream.until(|frame| frame.event == "projection").await;
        let frame = seen.last().expect("a projection");
        assert_eq!((frame.data["rev"].clone(), frame.data["place"].clone()), (json!(1), json!("view=member")));
        assert_eq!(frame.id, None, "the board's cursor is another thing");
    }
    assert!(start.elapsed() < Duration::from_millis(300), "{:?}", start.elapsed());
    let (status, _) = command(&presenter, edition, 1, json!([{ "kind": "sign" }])).await;
    assert_eq!(status, 200);
    let mut late = Stream::at(&reader, &path, None).await;
    let seen = late.until(|frame| frame.event == "projection").await;
    assert_eq!(seen.last().map(|frame| frame.data["rev"].clone()), Some(json!(1)), "a sign is no news");
}
