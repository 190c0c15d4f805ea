//! `GET /api/search`.

use crate::support::{Person, Server, refused};
use domain::board::found::{Found, Piece};
use domain::id::{EditionId, ItemId};
use reqwest::Response;

/// Every byte escaped, whatever is in it.
fn path(query: &[(&str, &str)]) -> String {
    let escaped = |value: &str| value.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let pairs: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    format!("/api/search?{}", pairs.join("&"))
}

async fn ask(person: &Person, query: &[(&str, &str)]) -> Response {
    person.get(&path(query)).send().await.expect("an answer")
}

async fn found(person: &Person, query: &[(&str, &str)]) -> Found {
    let response = ask(person, query).await;
    assert_eq!((response.status().as_u16(), response.headers()["cache-control"].as_bytes()), (200, &b"no-store"[..]));
    response.json().await.expect("what was found")
}

fn items(found: &Found) -> Vec<ItemId> {
    found.hits.iter().map(|hit| hit.item).collect()
}

fn shown(pieces: &[Piece]) -> String {
    pieces.iter().map(|Piece { text, hit }| if *hit { format!("[{text}]") } else { text.clone() }).collect()
}

#[tokio::test]
async fn anybody_signed_in_searches_and_nobody_else() {
    refused(Server::shared().nobody().get("/api/search?q=service"), 401, "not_signed_in").await;
    for key in ["federal", "council", "secretariat", "observer"] {
        let person = Server::shared().person(key).await;
        let services = found(&person, &[("q", "services")]).await;
        assert!(services.total > 20, "{key}: {}", services.total);
        assert_eq!((services.hits.len(), services.instance), (20, person.view.council.instance));
    }
}

#[tokio::test]
async fn a_submission_is_found_as_soon_as_it_is_answered_and_marked_and_gone_when_withdrawn() {
    let member = Server::shared().person("gatineau").await;
    let reader = Server::shared().person("observer").await;
    let item = member.publish("Les mésanges bricolées d’« Iqaluit » & <b>Whitehorse</b> 🍁.").await;
    let edition = member.edition().to_string();
    for words in ["mésanges", "MESANGE bricolé", "l'iqaluit des mésanges", "iqaluit whitehorse"] {
        let found = found(&reader, &[("q", words), ("edition", &edition)]).await;
        assert_eq!((items(&found), found.total, found.more), (vec![item], 1, false), "{words}");
    }
    let hit = found(&reader, &[("q", "mesange whitehorse"), ("limit", "1")]).await.hits.remove(0);
    assert_eq!((hit.member, hit.edition), (member.report().member, member.edition()));
    assert_eq!(shown(&hit.title), "Guichet");
    assert_eq!(shown(&hit.excerpt), "Les [mésanges] bricolées d’« Iqaluit » & <b>[Whitehorse]</b> 🍁.");
    let other =
        reader.view.editions.iter().find(|edition| !edition.is_open()).expect("a closed edition").id.to_string();
    assert_eq!(found(&reader, &[("q", "mésange"), ("edition", &other)]).await.total, 0);
    member.take(domain::sync::op::KnownChange::Withdraw {}).await;
    assert_eq!(found(&reader, &[("q", "mésange")]).await.total, 0);
}

#[tokio::test]
async fn the_limit_is_kept_and_has_an_end() {
    let person = Server::shared().person("observer").await;
    for (limit, hits) in [("0", 0), ("3", 3), ("50", 50), ("100000", 50)] {
        let found = found(&person, &[("q", "service"), ("limit", limit)]).await;
        assert_eq!(found.hits.len(), hits, "{limit}");
        assert!(found.total >= 50 && found.hits.is_sorted_by(|a, b| a.score >= b.score));
    }
}

#[tokio::test]
async fn what_is_not_of_the_form_is_malformed_and_an_edition_that_is_not_there_not_found() {
    let person = Server::shared().person("observer").await;
    for query in ["", "?", "?q", "?q=", "?q=%20%09", "?q=!%3F", "?q=a&q=b", "?q=a&limit=-1", "?q=a&limit=x", "?q=%FF"] {
        refused(person.get(&format!("/api/search{query}")), 400, "malformed").await;
    }
    refused(person.get(&path(&[("q", &"é".repeat(201))])), 400, "malformed").await;
    let nowhere = EditionId::new(store::now(), &store::entropy()).to_string();
    for edition in [nowhere.as_str(), "x", "", "' OR true"] {
        refused(person.get(&path(&[("q", "service"), ("edition", edition)])), 404, "not_found").await;
    }
}

#[tokio::test]
async fn a_query_is_words_and_never_a_statement() {
    let person = Server::shared().person("observer").await;
    let before = found(&person, &[("q", "services")]).await.total;
    let odd = [
        "'; DELETE card; --",
        "services' OR true OR 'x",
        "services\"}; REMOVE TABLE words; {\"",
        "$words",
        "@0@ services",
        "services\0",
        "type::record('card', 'x')",
        "\u{202e}services\u{1f468}\u{200d}\u{1f469}",
        "𝕤𝕖𝕣𝕧𝕚𝕔𝕖 Ⅷ ½ ﬁ İ ß 龍 ا",
        &"a ".repeat(100),
        &"🍁é".repeat(100),
        &"x".repeat(200),
    ];
    for words in odd {
        assert_eq!(ask(&person, &[("q", words)]).await.status(), 200, "{words}");
    }
    assert!(found(&person, &[("q", "services")]).await.total >= before);
}
