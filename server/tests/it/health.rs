//! `/healthz`, `/readyz`.

use crate::support::Server;

#[tokio::test]
async fn the_process_and_its_database_answer() {
    let nobody = Server::shared().nobody();
    for path in ["/healthz", "/readyz"] {
        let response = nobody.get(path).send().await.expect("an answer");
        assert_eq!(response.status(), 200);
        assert_eq!(response.text().await.expect("a body"), r#"{"status":"ok"}"#);
    }
}
