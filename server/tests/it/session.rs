//! `POST /api/sign-in`, `POST /api/sign-out`.

use crate::support::{Server, refused};
use serde_json::{Value, json};
use store::DEMO_PASSPHRASE;

#[tokio::test]
async fn a_wrong_passphrase_and_an_unknown_address_are_told_alike() {
    let nobody = Server::shared().nobody();
    for email in ["pe@demo.example", "unknown@demo.example", "not an address"] {
        let response = nobody.sign_in(email, "wrong").await;
        assert_eq!(response.status(), 401);
        assert!(response.headers().get("set-cookie").is_none());
        assert!(response.headers().get("location").is_none());
        assert_eq!(response.json::<Value>().await.expect("JSON"), json!({ "error": "wrong_credentials" }));
    }
    refused(nobody.get("/api/council"), 401, "not_signed_in").await;
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_and_changes_at_every_sign_in() {
    let nobody = Server::shared().nobody();
    let mut cookies = Vec::new();
    for _ in 0..2 {
        let response = nobody.sign_in("observer@demo.example", DEMO_PASSPHRASE).await;
        let cookie = response.headers()["set-cookie"].to_str().expect("a cookie").to_owned();
        for part in ["roundtable=", "HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=1209600"] {
            assert!(cookie.contains(part), "{part} in {cookie}");
        }
        assert!(!cookie.contains("Secure"));
        cookies.push(cookie);
    }
    assert_ne!(cookies[0], cookies[1]);
    let old = cookies[0].split(';').next().expect("a pair").to_owned();
    let request = Server::shared().nobody().get("/api/council").header("cookie", old);
    refused(request, 401, "not_signed_in").await;
}

#[tokio::test]
async fn behind_https_the_cookie_is_secure_and_stays_so() {
    let server = Server::with(|settings| settings.public_url = Some("https://council.example".parse().expect("a URL")));
    let response = server.nobody().sign_in("observer@demo.example", DEMO_PASSPHRASE).await;
    assert!(response.headers()["set-cookie"].to_str().expect("a cookie").contains("Secure"));
    assert_eq!(response.headers()["strict-transport-security"], "max-age=63072000");
}

#[tokio::test]
async fn signing_out_ends_the_session_for_whoever_has_the_cookie() {
    let nobody = Server::shared().nobody();
    let response = nobody.sign_in("observer@demo.example", DEMO_PASSPHRASE).await;
    let cookie =
        response.headers()["set-cookie"].to_str().expect("a cookie").split(';').next().expect("a pair").to_owned();
    let copy = Server::shared().nobody();
    assert_eq!(copy.get("/api/council").header("cookie", &cookie).send().await.expect("an answer").status(), 200);
    assert_eq!(nobody.post("/api/sign-out").json(&json!({})).send().await.expect("an answer").status(), 200);
    refused(nobody.get("/api/council"), 401, "not_signed_in").await;
    refused(copy.get("/api/council").header("cookie", &cookie), 401, "not_signed_in").await;
    let again = nobody.post("/api/sign-out").json(&json!({})).send().await.expect("an answer");
    assert_eq!(again.status(), 200, "nobody can sign out too");
}

#[tokio::test]
async fn repeated_failures_wait() {
    let nobody = Server::with(|_| {}).nobody();
    for _ in 0..5 {
        assert_eq!(nobody.sign_in("nt@demo.example", "wrong").await.status(), 401);
    }
    let told = nobody.sign_in("nt@demo.example", DEMO_PASSPHRASE).await;
    assert_eq!(told.status(), 429, "the right one too");
    let seconds: u64 = told.headers()["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert_eq!(
        told.json::<Value>().await.expect("JSON"),
        json!({ "error": "too_many", "retry_after_seconds": seconds })
    );
    assert_eq!(nobody.sign_in("nu@demo.example", DEMO_PASSPHRASE).await.status(), 200, "nobody else waits");
}

#[tokio::test]
async fn one_peer_has_so_many_attempts_a_minute() {
    let server = Server::with(|settings| settings.sign_in_per_minute = 3.try_into().expect("not zero"));
    let nobody = server.nobody();
    for n in 0..3 {
        assert_eq!(nobody.sign_in(&format!("nobody{n}@demo.example"), "wrong").await.status(), 401);
    }
    let told = nobody.sign_in("nobody4@demo.example", "wrong").await;
    assert_eq!(told.status(), 429);
    assert!(told.headers().contains_key("retry-after"));
}

#[tokio::test]
async fn odd_bodies_are_refused() {
    let nobody = Server::shared().nobody();
    let send = |kind: &str, body: String| nobody.post("/api/sign-in").header("content-type", kind).body(body);
    let right =
        json!({ "credentials": { "email": "observer@demo.example", "passphrase": DEMO_PASSPHRASE } }).to_string();
    refused(send("text/plain", right.clone()), 415, "not_json").await;
    refused(send("application/x-www-form-urlencoded", "credentials[email]=a".to_owned()), 415, "not_json").await;
    refused(send("application/json", "{".to_owned()), 400, "malformed").await;
    refused(send("application/json", "{}".to_owned()), 400, "malformed").await;
    refused(send("application/json", format!("{right}{}", " ".repeat(20_000))), 413, "too_large").await;
    refused(nobody.post("/api/sign-out"), 415, "not_json").await;
    assert_eq!(send("application/json; charset=utf-8", right).send().await.expect("an answer").status(), 200);
}
