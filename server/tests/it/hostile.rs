//! What no client of ours sends: cut bodies, other sites' pages, wrong methods.

use crate::support::{Server, add, new_item, refused, session_cookie};
use reqwest::Method;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn a_body_cut_on_the_way_changes_nothing() {
    let person = Server::shared().person("barrie").await;
    let before = person.draft().await;
    let push = person.push(&[person.operation(add(new_item()))]).build().expect("a request");
    let body = push.body().and_then(reqwest::Body::as_bytes).expect("a body").to_vec();
    let signed_in = Server::shared().nobody().sign_in("barrie@demo.example", store::DEMO_PASSPHRASE).await;
    let cookie = session_cookie(&signed_in).split(';').next().expect("a pair").to_owned();
    for sent in [0, 1, body.len() / 2, body.len()] {
        let mut connection = TcpStream::connect(person.server.address).await.expect("a connection");
        let head = format!(
            "POST /api/operations HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            body.len() + 1
        );
        connection.write_all(head.as_bytes()).await.expect("sent");
        connection.write_all(&body[..sent]).await.expect("sent");
        connection.shutdown().await.expect("closed");
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.expect("read");
        assert!(answer.starts_with("HTTP/1.1 400 "), "{sent}: {answer}");
        assert!(answer.ends_with(r#"{"error":"malformed"}"#), "{sent}: {answer}");
    }
    assert_eq!(person.draft().await, before);
}

#[tokio::test]
async fn another_sites_page_changes_nothing() {
    let person = Server::shared().person("thunder-bay").await;
    let before = person.draft().await;
    let operations = [person.operation(add(new_item()))];
    let foreign = [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ];
    for (name, value) in foreign {
        refused(person.push(&operations).header(name, value), 403, "cross_site").await;
        refused(person.post("/api/sign-out").json(&json!({})).header(name, value), 403, "cross_site").await;
    }
    assert_eq!(person.draft().await, before);
    let own = format!("http://{}", person.server.address);
    let response = person.push(&operations).header("origin", own).header("sec-fetch-site", "same-origin").send().await;
    assert_eq!(response.expect("an answer").status(), 200);
}

#[tokio::test]
async fn a_method_that_an_address_does_not_take_is_405() {
    let nobody = Server::shared().nobody();
    let gets = [
        "/api/council",
        "/api/reports/x",
        "/api/reports/x/history",
        "/api/reports/x/submitted",
        "/api/reports/x/stream",
        "/api/board/x",
        "/api/board/x/events",
        "/api/board/x/stream",
        "/api/board/x/cards/x/amendments",
        "/api/search",
        "/healthz",
        "/en",
        "/sw.js",
        "/pkg/app-1.js",
    ];
    for path in gets {
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            refused(nobody.request(method, path), 405, "method_not_allowed").await;
        }
    }
    for path in ["/api/sign-in", "/api/sign-out", "/api/operations"] {
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let headers = refused(nobody.request(method, path), 405, "method_not_allowed").await;
            assert_eq!(headers["allow"], "POST");
        }
    }
    for method in [Method::GET, Method::POST, Method::DELETE] {
        let headers = refused(nobody.request(method, "/api/reports/x/presence"), 405, "method_not_allowed").await;
        assert_eq!(headers["allow"], "PUT");
    }
}

#[tokio::test]
async fn odd_cookies_are_nobodys() {
    let nobody = Server::shared().nobody();
    for cookie in
        ["roundtable=", "roundtable=x", "roundtable=AAAAAAAAAAAAAAAAAAAAAA", "roundtable='; DELETE session; --"]
    {
        refused(nobody.get("/api/council").header("cookie", cookie), 401, "not_signed_in").await;
    }
}

#[tokio::test]
async fn asking_for_the_head_alone_is_answered() {
    let person = Server::shared().person("observer").await;
    for path in ["/api/council", "/en", "/pkg/app-1.js", "/healthz"] {
        let response = person.request(Method::HEAD, path).send().await.expect("an answer");
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.text().await.expect("nothing"), "");
    }
}
