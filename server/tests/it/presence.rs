//! `PUT /api/reports/{report}/presence`. What it shows is tested with the stream.

use crate::support::{Server, only_for_the_members_people, refused};
use domain::limits::PRESENCE_BYTES;
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn it_is_for_the_members_own_people() {
    let owner = Server::shared().person("pe").await;
    only_for_the_members_people(&owner, Method::PUT, "/presence").await;
}

#[tokio::test]
async fn a_sign_of_the_form_is_taken_and_another_is_not() {
    let person = Server::shared().person("pe").await;
    let path = person.of_report("/presence");
    let put = |body: &Value| person.request(Method::PUT, &path).json(body);
    let good = [
        json!({ "device": "a" }),
        json!({ "device": "a", "field": null, "newer": [1] }),
        json!({ "device": "a", "field": "contact/name" }),
        json!({ "device": "a", "left": true }),
        json!({ "device": "never-here", "left": true }),
    ];
    for body in &good {
        let response = put(body).send().await.expect("an answer");
        assert_eq!(response.status(), 204, "{body}");
        assert_eq!(response.text().await.expect("nothing"), "");
    }
    let odd = [
        json!([]),
        json!({}),
        json!({ "device": 1 }),
        json!({ "device": "" }),
        json!({ "device": "a b" }),
        json!({ "device": "x".repeat(65) }),
        json!({ "device": "a", "field": "item/x/text" }),
        json!({ "device": "a", "field": "<script>" }),
        json!({ "device": "a", "left": "yes" }),
    ];
    for body in &odd {
        refused(put(body), 400, "malformed").await;
    }
    let send = |kind: &str, body: String| person.request(Method::PUT, &path).header("content-type", kind).body(body);
    refused(send("application/json", "{".to_owned()), 400, "malformed").await;
    refused(send("text/plain", good[0].to_string()), 415, "not_json").await;
    refused(send("application/json", format!("{}{}", good[0], " ".repeat(PRESENCE_BYTES))), 413, "too_large").await;
    refused(put(&good[0]).header("origin", "https://evil.example"), 403, "cross_site").await;
}

#[tokio::test]
async fn a_flood_is_told_to_wait() {
    let server = Server::with(|settings| settings.per_second = 1.try_into().expect("not zero"));
    let person = server.person("york").await;
    let path = person.of_report("/presence");
    let mut statuses = Vec::new();
    for _ in 0..20 {
        let response = person.request(Method::PUT, &path).json(&json!({ "device": "a" })).send().await;
        statuses.push(response.expect("an answer").status().as_u16());
    }
    assert!(statuses.contains(&429), "{statuses:?}");
}
