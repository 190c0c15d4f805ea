//! Sessions, on every kind of database.

use crate::support::Council;
use domain::id::PersonId;
use domain::session::Agent;
use domain::time::Date;
use store::{LONGEST, SessionData, key_of};
use tower_sessions::SessionStore;
use tower_sessions::cookie::time::{Duration, OffsetDateTime};
use tower_sessions::session::{Id, Record};

/// A session of somebody, as the middleware has it.
pub fn record(expiry_date: OffsetDateTime) -> Record {
    let data = SessionData {
        person: PersonId::new(store::now(), &store::entropy()),
        shared: false,
        seen: Date::of(store::now()),
        agent: Agent::of("Firefox/140.0 (Windows NT 10.0)"),
    };
    let data = serde_json::to_value(data).expect("JSON");
    Record { id: Id::default(), data: serde_json::from_value(data).expect("columns"), expiry_date }
}

fn of_an_hour() -> Record {
    record(OffsetDateTime::now_utc() + Duration::hours(1))
}

pub async fn a_session_that_ended_is_not_found_whoever_read_it_meanwhile(council: Council) {
    let sessions = council.store.sessions();
    for _ in 0..30 {
        let mut session = of_an_hour();
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
    let mut session = of_an_hour();
    sessions.create(&mut session).await.expect("created");
    for day in ["2026-11-27", "2026-11-28", "2026-11-29"] {
        assert!(others.load(&session.id).await.expect("an answer").is_some());
        session.data.insert("seen".to_owned(), day.into());
        sessions.save(&session).await.expect("saved");
        let found = others.load(&session.id).await.expect("an answer").expect("the session");
        assert_eq!(found.data, session.data);
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
        let mut session = of_an_hour();
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

/// A request that was under way when its person signed out saves its session afterwards.
pub async fn a_session_that_ended_does_not_come_back(council: Council) {
    let sessions = council.store.sessions();
    for _ in 0..6 {
        let mut session = of_an_hour();
        sessions.create(&mut session).await.expect("created");
        let under_way = sessions.load(&session.id).await.expect("an answer").expect("the session");
        sessions.delete(&session.id).await.expect("ended");
        sessions.save(&under_way).await.expect("there is nothing to save, and that is no fault");
        assert_eq!(sessions.load(&session.id).await.expect("an answer"), None);
    }
}

pub async fn a_session_ends_a_month_after_it_began(council: Council) {
    let sessions = council.store.sessions();
    let mut session = record(OffsetDateTime::now_utc() + Duration::days(40));
    let latest = OffsetDateTime::now_utc() + LONGEST + Duration::minutes(5);
    sessions.create(&mut session).await.expect("created");
    for _ in 0..2 {
        let found = sessions.load(&session.id).await.expect("an answer").expect("the session");
        assert!(found.expiry_date < latest, "{}", found.expiry_date);
        sessions.save(&session).await.expect("saved");
    }
}

pub async fn a_person_has_sessions_and_ends_them(council: Council) {
    let sessions = council.store.sessions();
    let (mut here, other) = (of_an_hour(), of_an_hour());
    let mut there = Record { id: Id::default(), ..here.clone() };
    for session in [&mut here, &mut there, &mut other.clone()] {
        sessions.create(session).await.expect("created");
        assert!(sessions.load(&session.id).await.expect("an answer").is_some());
    }
    let person = serde_json::from_value(here.data["person"].clone()).expect("a person");
    let found = sessions.of(person, Some(here.id)).await.expect("sessions");
    let current = |current| found.iter().filter(|session| session.current == current).map(|s| s.key.clone()).collect();
    let (these, others): (Vec<_>, Vec<_>) = (current(true), current(false));
    assert_eq!((these, others), (vec![key_of(here.id)], vec![key_of(there.id)]));
    assert_eq!(sessions.end(person, Some(key_of(other.id)), Some(here.id)).await.expect("an answer"), 0);
    assert_eq!(sessions.end(person, None, Some(here.id)).await.expect("an answer"), 1);
    assert_eq!(sessions.load(&there.id).await.expect("an answer"), None);
    assert!(sessions.load(&here.id).await.expect("an answer").is_some());
    assert!(sessions.load(&other.id).await.expect("an answer").is_some());
    assert_eq!(sessions.end(person, Some(key_of(here.id)), Some(here.id)).await.expect("an answer"), 1);
    assert_eq!(sessions.load(&here.id).await.expect("an answer"), None);
}
