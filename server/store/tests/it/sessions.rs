//! Sessions, on every kind of database.

use crate::support::Council;
use tower_sessions::SessionStore;
use tower_sessions::cookie::time::{Duration, OffsetDateTime};
use tower_sessions::session::{Id, Record};

fn record() -> Record {
    let expiry_date = OffsetDateTime::now_utc() + Duration::hours(1);
    Record { id: Id::default(), data: [("a".to_owned(), serde_json::json!(1))].into(), expiry_date }
}

pub async fn a_session_that_ended_is_not_found_whoever_read_it_meanwhile(council: Council) {
    let sessions = council.store.sessions();
    for _ in 0..30 {
        let mut session = record();
        sessions.create(&mut session).await.expect("created");
        let mut reading = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (sessions, id) = (council.store.sessions(), session.id);
            reading.spawn(async move { sessions.load(&id).await.expect("an answer").is_some() });
        }
        sessions.delete(&session.id).await.expect("ended");
        reading.join_all().await;
        assert_eq!(sessions.load(&session.id).await.expect("an answer"), None);
    }
}

pub async fn a_session_is_as_it_was_saved_last_and_ends_by_its_date(council: Council) {
    let (sessions, others) = (council.store.sessions(), council.store.sessions());
    let mut session = record();
    sessions.create(&mut session).await.expect("created");
    for n in 2..5 {
        assert!(others.load(&session.id).await.expect("an answer").is_some());
        session.data.insert("a".to_owned(), serde_json::json!(n));
        sessions.save(&session).await.expect("saved");
        let found = others.load(&session.id).await.expect("an answer").expect("the session");
        assert_eq!(found.data["a"], serde_json::json!(n));
    }
    session.expiry_date = OffsetDateTime::now_utc() + Duration::seconds(2);
    sessions.save(&session).await.expect("saved");
    assert!(others.load(&session.id).await.expect("an answer").is_some());
    tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
    assert_eq!(others.load(&session.id).await.expect("an answer"), None);
}

pub async fn a_session_ends_though_its_client_leaves_meanwhile(council: Council) {
    let sessions = council.store.sessions();
    for _ in 0..10 {
        let mut session = record();
        sessions.create(&mut session).await.expect("created");
        assert!(sessions.load(&session.id).await.expect("an answer").is_some());
        // The request is begun, and dropped with its connection.
        let _ = tokio::time::timeout(std::time::Duration::ZERO, sessions.delete(&session.id)).await;
        let ended = async {
            while sessions.load(&session.id).await.expect("an answer").is_some() {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(10), ended).await.expect("it has ended");
    }
}
