//! `POST /api/sign-in`, `POST /api/sign-out`.

use crate::support::{Server, Somebody, refused, session_cookie, set_cookies};
use domain::session::SessionView;
use reqwest::Response;
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
        let cookie = session_cookie(&response);
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
    let cookies = set_cookies(&response);
    assert_eq!(cookies.len(), 2);
    for (cookie, name) in cookies.iter().zip(["__Host-roundtable=", "__Host-roundtable-device="]) {
        assert!(cookie.starts_with(name) && cookie.contains("; Secure") && cookie.contains("; Path=/"), "{cookie}");
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    assert_eq!(response.headers()["strict-transport-security"], "max-age=63072000");
}

#[tokio::test]
async fn signing_out_ends_the_session_for_whoever_has_the_cookie() {
    let nobody = Server::shared().nobody();
    let response = nobody.sign_in("observer@demo.example", DEMO_PASSPHRASE).await;
    let cookie = session_cookie(&response).split(';').next().expect("a pair").to_owned();
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

/// Asks from an address behind a proxy.
async fn sign_in_from(address: &str, who: &Somebody, passphrase: &str) -> Response {
    let body = json!({ "credentials": { "email": "yt@demo.example", "passphrase": passphrase } });
    let answer = who.post("/api/sign-in").header("x-forwarded-for", address).json(&body);
    let answer = answer.send().await.expect("an answer");
    who.keep_cookies(&answer);
    answer
}

#[tokio::test]
async fn a_stranger_locks_nobody_out() {
    let server = Server::with(|settings| settings.behind_proxy = true);
    let (stranger, person, at_home) = (server.nobody(), server.nobody(), server.nobody());
    assert_eq!(sign_in_from("10.0.0.1", &at_home, DEMO_PASSPHRASE).await.status(), 200);
    let mut told = Vec::new();
    for _ in 0..18 {
        told.push(sign_in_from("10.0.0.1", &stranger, "wrong").await.status().as_u16());
    }
    assert_eq!(told[..6], [401, 401, 401, 401, 401, 429], "the stranger waits");
    assert_eq!(sign_in_from("10.0.0.2", &person, DEMO_PASSPHRASE).await.status(), 200);
    assert_eq!(sign_in_from("10.0.0.1", &at_home, DEMO_PASSPHRASE).await.status(), 200, "a browser that is known");
}

#[tokio::test]
async fn many_who_sign_in_at_once_are_let_in_or_told_when_to_come_again() {
    let server = Server::with(|_| {});
    let attempts: Vec<_> = (0..60)
        .map(|n| {
            let nobody = server.nobody();
            tokio::spawn(async move { nobody.sign_in(&format!("nobody{n}@demo.example"), "wrong").await })
        })
        .collect();
    let (mut wrong, mut later) = (0, 0);
    for attempt in attempts {
        let answer = attempt.await.expect("no panic");
        match answer.status().as_u16() {
            401 => wrong += 1,
            429 => {
                later += 1;
                assert!(answer.headers().contains_key("retry-after"));
            }
            other => panic!("{other}"),
        }
    }
    assert_eq!(wrong + later, 60);
    assert!(wrong > 0, "some had their turn");
}

/// Where a person is signed in.
async fn sessions(who: &Somebody) -> Vec<SessionView> {
    who.get("/api/sessions").send().await.expect("an answer").json().await.expect("sessions")
}

#[tokio::test]
async fn a_person_sees_where_they_are_signed_in_and_ends_it_there() {
    let (here, there, elsewhere) = (Server::shared().nobody(), Server::shared().nobody(), Server::shared().nobody());
    for (who, agent) in [(&here, "Firefox/140.0 (Windows NT 10.0)"), (&there, "curl"), (&elsewhere, "Chrome/1 Linux")] {
        let body = json!({ "credentials": { "email": "lethbridge@demo.example", "passphrase": DEMO_PASSPHRASE } });
        let answer = who.post("/api/sign-in").header("user-agent", agent).json(&body).send().await.expect("an answer");
        who.keep_cookies(&answer);
    }
    let found = sessions(&here).await;
    assert_eq!(found.len(), 3);
    let current: Vec<_> = found.iter().filter(|session| session.current).collect();
    assert_eq!(current.len(), 1);
    assert_eq!(current[0].agent.browser.as_deref(), Some("Firefox"));
    let cookie = here.cookies.lock().expect("no panic").get("roundtable").cloned().expect("a session");
    assert!(!serde_json::to_string(&found).expect("JSON").contains(&cookie), "what is shown opens nothing");

    let end = |which: Value| here.post("/api/sessions/end").json(&json!({ "which": which })).send();
    let of_linux = found.iter().find(|session| session.agent.system.as_deref() == Some("Linux")).expect("a session");
    assert_eq!(end(json!(of_linux.key)).await.expect("an answer").json::<usize>().await.expect("a count"), 1);
    refused(elsewhere.get("/api/council"), 401, "not_signed_in").await;
    assert_eq!(there.get("/api/council").send().await.expect("an answer").status(), 200);

    let other = Server::shared().person("pe").await;
    let of_another = sessions(&other).await.pop().expect("a session");
    assert_eq!(end(json!(of_another.key)).await.expect("an answer").json::<usize>().await.expect("a count"), 0);
    assert_eq!(other.get("/api/council").send().await.expect("an answer").status(), 200, "nobody ends another's");

    assert_eq!(end(Value::Null).await.expect("an answer").json::<usize>().await.expect("a count"), 1);
    refused(there.get("/api/council"), 401, "not_signed_in").await;
    assert_eq!(here.get("/api/council").send().await.expect("an answer").status(), 200, "the one that asked goes on");
    refused(here.post("/api/sessions/end").json(&json!({ "which": "x" })), 400, "malformed").await;
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
