//! `GET /api/reports/{report}`.

use crate::support::{Server, add, new_item, refused, text};
use domain::id::{EditionId, MemberId, ReportId};

#[tokio::test]
async fn only_the_members_own_people_read_the_draft() {
    let owner = Server::shared().person("mb").await;
    let item = new_item();
    assert_eq!(owner.take(add(item)).await.0, 200);
    assert_eq!(owner.take(text(item, 0, "en ébauche")).await.0, 200);
    assert!(owner.draft().await["items"].to_string().contains("en ébauche"));
    let path = format!("/api/reports/{}", owner.report());
    refused(Server::shared().nobody().get(&path), 401, "not_signed_in").await;
    for key in ["sk", "council", "secretariat", "observer"] {
        refused(Server::shared().person(key).await.get(&path), 403, "forbidden").await;
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let person = Server::shared().person("sk").await;
    let nowhere = EditionId::new(store::now(), &store::entropy());
    let no_one = MemberId::new(store::now(), &store::entropy());
    let ours = person.report();
    let unknown = [
        ReportId { edition: nowhere, ..ours }.to_string(),
        ReportId { member: no_one, ..ours }.to_string(),
        "x".to_owned(),
        format!("{ours}0"),
        "..%2f..%2fetc".to_owned(),
    ];
    for report in unknown {
        refused(person.get(&format!("/api/reports/{report}")), 404, "not_found").await;
    }
}

#[tokio::test]
async fn a_device_may_say_its_name_and_an_odd_one_is_malformed() {
    let person = Server::shared().person("sherbrooke").await;
    let plain = person.draft().await;
    for _ in 0..2 {
        let response = person.get(&person.of_report("?device=Zr3-tablet_1")).send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        assert_eq!(response.json::<serde_json::Value>().await.expect("a draft")["draft"], plain);
    }
    for odd in ["?device=", "?device=a%20b", "?device=%3Cscript%3E", "?device=a&device=b"] {
        refused(person.get(&person.of_report(odd)), 400, "malformed").await;
    }
    refused(person.get(&person.of_report(&format!("?device={}", "x".repeat(65)))), 400, "malformed").await;
}
