//! Built files, the service worker, and addresses that lead nowhere.

use crate::support::{Server, refused};

#[tokio::test]
async fn hashed_files_are_for_ever_and_others_are_asked_for_again() {
    let nobody = Server::shared().nobody();
    let cases = [
        ("/pkg/app-1.js", "public, max-age=31536000, immutable", "text/javascript"),
        ("/pkg/app-1.wasm", "public, max-age=31536000, immutable", "application/wasm"),
        ("/pkg/app-1.css", "public, max-age=31536000, immutable", "text/css"),
        ("/icons/icon.svg", "no-cache", "image/svg+xml"),
        ("/manifest.webmanifest", "no-cache", "application/manifest+json"),
    ];
    for (path, caching, kind) in cases {
        let response = nobody.get(path).send().await.expect("an answer");
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["cache-control"], caching, "{path}");
        assert_eq!(response.headers()["content-type"], kind, "{path}");
        let etag = response.headers()["etag"].clone();
        let again = nobody.get(path).header("if-none-match", etag).send().await.expect("an answer");
        assert_eq!(again.status(), 304, "{path}");
    }
}

#[tokio::test]
async fn compressed_files_are_sent_to_those_who_take_them() {
    let nobody = Server::shared().nobody();
    for (accepted, encoding, body) in
        [("gzip, br", Some("br"), "brotli"), ("gzip", Some("gzip"), "gzip"), ("", None, "export default 1;")]
    {
        let response = nobody.get("/pkg/app-1.js").header("accept-encoding", accepted).send().await.expect("an answer");
        assert_eq!(response.headers().get("content-encoding").map(|v| v.to_str().expect("text")), encoding);
        let vary = response.headers()["vary"].to_str().expect("text").to_ascii_lowercase();
        assert!(vary.contains("accept-encoding"), "{accepted}");
        assert_eq!(response.text().await.expect("a body"), body);
    }
}

#[tokio::test]
async fn a_missing_file_is_not_the_shell() {
    let nobody = Server::shared().nobody();
    for path in [
        "/pkg/app-0.js",
        "/pkg/",
        "/pkg",
        "/icons/none.svg",
        "/report",
        "/en.html",
        "/site.json",
        "/%2e%2e/Cargo.toml",
        "/index.html",
    ] {
        let response = nobody.get(path).send().await.expect("an answer");
        assert_eq!(response.status(), 404, "{path}");
        assert_eq!(response.headers()["content-type"], "text/plain; charset=utf-8", "{path}");
        assert!(response.text().await.expect("a body").contains("Introuvable"));
    }
}

#[tokio::test]
async fn an_unknown_address_of_the_api_says_so_in_json() {
    let nobody = Server::shared().nobody();
    for path in ["/api", "/api/", "/api/none", "/api/reports", "/api/board/a/b"] {
        refused(nobody.get(path), 404, "not_found").await;
    }
}

#[tokio::test]
async fn the_service_worker_names_this_build() {
    let nobody = Server::shared().nobody();
    let response = nobody.get("/sw.js").send().await.expect("an answer");
    assert_eq!(response.headers()["cache-control"], "no-cache");
    assert_eq!(response.headers()["content-type"], "text/javascript; charset=utf-8");
    let etag = response.headers()["etag"].clone();
    let worker = response.text().await.expect("a body");
    assert!(worker.contains(r#"const VERSION = "v1-"#));
    assert!(worker.contains(r#"const PRECACHE = ["/pkg/app-1.js","/icons/icon.svg","/en","/fr"];"#));
    assert!(worker.contains(
        r#"const STARTS = [{"files":["/pkg/board-1.js","/pkg/app-1.wasm"],"pages":["/en/board","/fr/tableau"]}];"#
    ));
    assert!(!worker.contains("__"));
    let again = nobody.get("/sw.js").header("if-none-match", etag).send().await.expect("an answer");
    assert_eq!(again.status(), 304);
}
