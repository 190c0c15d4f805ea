//! The shell, in either language.

use crate::support::Server;

#[tokio::test]
async fn every_address_of_the_program_opens_the_shell() {
    let nobody = Server::shared().nobody();
    for (path, language) in
        [("/en", "en"), ("/en/", "en"), ("/en/report", "en"), ("/fr", "fr"), ("/fr/", "fr"), ("/fr/rapport", "fr")]
    {
        let response = nobody.get(path).send().await.expect("an answer");
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8");
        assert_eq!(response.headers()["cache-control"], "no-cache");
        assert_eq!(response.headers()["content-language"], language);
        let etag = response.headers()["etag"].clone();
        let html = response.text().await.expect("a body");
        assert!(html.contains(&format!("<html lang=\"{language}\">")), "{html}");
        assert!(html.contains("src=\"/pkg/boot-1.js\""));
        assert!(!html.contains("<style") && !html.contains(" style=") && !html.contains("<script>"), "{html}");
        let again = nobody.get(path).header("if-none-match", etag).send().await.expect("an answer");
        assert_eq!(again.status(), 304, "{path}");
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_said_to_be_none_in_the_persons_language() {
    let nobody = Server::shared().nobody();
    let browser = "text/html,application/xhtml+xml";
    let cases = [
        ("/en/nowhere", browser, "fr", Some("en")),
        ("/fr/rapport/a/b", browser, "en", Some("fr")),
        ("/fr/report", "*/*", "en", Some("fr")),
        ("/xx", browser, "fr-CA, en;q=0.5", Some("fr")),
        ("/report", browser, "en", Some("en")),
        ("/xx", "*/*", "fr", None),
        ("/pkg/app-0.js", browser, "fr", None),
        ("/nowhere.svg", browser, "fr", None),
    ];
    for (path, accept, language, shell) in cases {
        let request = nobody.get(path).header("accept", accept).header("accept-language", language);
        let response = request.send().await.expect("an answer");
        assert_eq!(response.status(), 404, "{path}");
        let found = response.headers().get("content-language").map(|value| value.to_str().expect("text").to_owned());
        assert_eq!(found.as_deref(), shell, "{path}");
        let text = response.text().await.expect("a body");
        assert_eq!(text.contains("<!DOCTYPE html>"), shell.is_some(), "{path}");
    }
}

#[tokio::test]
async fn a_first_visit_starts_with_what_its_page_needs() {
    let nobody = Server::shared().nobody();
    let paths = [
        ("/en/board", "board"),
        ("/fr/tableau?theme=x", "board"),
        ("/fr/projecteur", "room"),
        ("/en/presenter", "room"),
    ];
    for (path, start) in paths {
        let html = nobody.get(path).send().await.expect("an answer").text().await.expect("a body");
        assert!(html.contains(&format!("src=\"/pkg/{start}-1.js\"")), "{path}: {html}");
    }
}

#[tokio::test]
async fn the_root_is_in_the_browsers_language() {
    let nobody = Server::shared().nobody();
    for (accepted, language) in [("fr-CA,fr;q=0.9,en;q=0.8", "fr"), ("en-CA", "en"), ("de", "en")] {
        let response = nobody.get("/").header("accept-language", accepted).send().await.expect("an answer");
        let vary: Vec<_> =
            response.headers().get_all("vary").iter().map(|v| v.to_str().expect("text").to_ascii_lowercase()).collect();
        assert!(vary.join(",").contains("accept-language"), "{vary:?}");
        assert_eq!(response.headers()["content-language"], language, "{accepted}");
    }
}

#[tokio::test]
async fn the_shell_is_compressed_for_those_who_take_it() {
    let nobody = Server::shared().nobody();
    let response = nobody.get("/en").header("accept-encoding", "br").send().await.expect("an answer");
    assert_eq!(response.headers()["content-encoding"], "br");
}

#[tokio::test]
async fn every_response_has_the_security_headers_and_a_name() {
    let person = Server::shared().person("observer").await;
    for path in ["/", "/en/board", "/pkg/app-1.js", "/none", "/api/none", "/api/council", "/healthz", "/sw.js"] {
        let response = person.get(path).send().await.expect("an answer");
        let headers = response.headers();
        let policy = headers["content-security-policy"].to_str().expect("text");
        for part in ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval';", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["referrer-policy"], "same-origin");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
        assert_eq!(headers["cross-origin-resource-policy"], "same-origin");
        assert!(headers.contains_key("permissions-policy") && !headers.contains_key("strict-transport-security"));
        assert_eq!(headers["x-request-id"].len(), 36, "{path}");
    }
}

#[tokio::test]
async fn a_sane_request_id_is_kept_and_another_is_replaced() {
    let nobody = Server::shared().nobody();
    for (sent, kept) in [("probe-1.a_b", true), ("a b", false), ("", false), (&*"x".repeat(65), false)] {
        let response = nobody.get("/healthz").header("x-request-id", sent).send().await.expect("an answer");
        assert_eq!(response.headers()["x-request-id"] == sent, kept, "{sent:?}");
    }
}
