//! The schema as data: what the tables refuse whoever asks.

use surrealdb::Surreal;
use surrealdb::engine::any::{Any, connect};

async fn migrated() -> Surreal<Any> {
    let db = connect("mem://").await.expect("a database");
    db.use_ns("roundtable").use_db("council").await.expect("a namespace");
    for table in ["member", "person", "edition", "item", "sequence"] {
        let path = format!("{}/schema/{table}.surql", env!("CARGO_MANIFEST_DIR"));
        let schema = std::fs::read_to_string(path).expect("the schema");
        db.query(schema).await.expect("an answer").check().expect("the schema");
    }
    db
}

#[tokio::test]
async fn tables_refuse_what_the_domain_would() {
    let db = migrated().await;
    let names = "name = {en: 'A', fr: 'A'}";
    let cases = [
        format!("CREATE member SET kind = 'galactic', {names}, short = {{en: 'A', fr: 'A'}}, position = 1"),
        format!(
            "CREATE member SET kind = 'provincial', parent = member:x, {names}, short = {{en: 'A', fr: 'A'}}, position = 1"
        ),
        "CREATE person SET email = 'A@B', name = 'A', role = 'member', passphrase_hash = '$argon2id$'".to_owned(),
        "CREATE person SET email = 'a@b', name = 'A', role = 'king', passphrase_hash = '$argon2id$'".to_owned(),
        "CREATE person SET email = 'a@b', name = 'A', role = 'member', passphrase_hash = 'plain'".to_owned(),
        format!(
            "CREATE edition SET {names}, opens = '2026-02-01', due = '2026-01-01', meets = '2026-03-01', closes = '2026-03-01', state = 'open'"
        ),
        "UPDATE sequence:council SET n = -1".to_owned(),
        "CREATE item SET report = report:x".to_owned(),
    ];
    for case in cases {
        let response = db.query(&case).await.expect("an answer");
        assert!(response.check().is_err(), "accepted: {case}");
    }
}

#[tokio::test]
async fn an_address_belongs_to_one_person() {
    let db = migrated().await;
    let create = "CREATE person SET email = 'a@b', name = 'A', role = 'observer', passphrase_hash = '$argon2id$x'";
    db.query(create).await.expect("an answer").check().expect("the first");
    assert!(db.query(create).await.expect("an answer").check().is_err());
}
