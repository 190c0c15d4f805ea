//! `GET /api/council`.

use crate::support::{Server, refused};

#[tokio::test]
async fn nobody_sees_nothing() {
    refused(Server::shared().nobody().get("/api/council"), 401, "not_signed_in").await;
}

#[tokio::test]
async fn every_role_sees_the_council_and_itself() {
    for key in ["council", "secretariat", "observer", "federal"] {
        let person = Server::shared().person(key).await;
        assert_eq!(person.view.identity, person.identity, "{key}");
        assert!(person.view.members.len() > 50 && person.view.editions.len() == 3);
    }
}

#[tokio::test]
async fn an_api_never_redirects() {
    let nobody = Server::shared().nobody();
    let request =
        nobody.get("/api/council").header("accept", "text/html").header("referer", "http://elsewhere.example/");
    refused(request, 401, "not_signed_in").await;
    let person = Server::shared().person("observer").await;
    let request =
        person.get("/api/council").header("accept", "text/html").header("referer", "http://elsewhere.example/");
    let response = request.send().await.expect("an answer");
    assert_eq!((response.status().as_u16(), response.headers().get("location")), (200, None));
    assert_eq!(response.headers()["cache-control"], "no-store");
}
