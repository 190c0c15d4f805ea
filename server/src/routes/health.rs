//! `GET /healthz`: the process answers. `GET /readyz`: its database answers too.

use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use http::header::CACHE_CONTROL;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use store::StoreError;
use tokio::sync::Mutex;

const PATIENCE: Duration = Duration::from_secs(2);

/// How long an answer holds.
const LATELY: Duration = Duration::from_millis(200);

type Health = (StatusCode, [(http::HeaderName, &'static str); 1], Json<Value>);

fn health(status: StatusCode, word: &str) -> Health {
    (status, [(CACHE_CONTROL, "no-store")], Json(json!({ "status": word })))
}

/// The process answers.
pub async fn alive() -> Health {
    health(StatusCode::OK, "ok")
}

/// What was found lately. Whoever asks more often gets the same answer: nothing that a stranger asks for reaches the
/// database as often as they like, and who watches the server is never told to come again later.
#[derive(Debug, Default)]
pub struct Readiness(Mutex<Option<(Instant, Health)>>);

/// The database answers, soon enough.
pub async fn ready(State(state): State<AppState>) -> Health {
    let mut lately = state.readiness.0.lock().await;
    if let Some((_, health)) = lately.as_ref().filter(|(at, _)| at.elapsed() < LATELY) {
        return health.clone();
    }
    let health = look(&state).await;
    *lately = Some((Instant::now(), health.clone()));
    health
}

async fn look(state: &AppState) -> Health {
    match tokio::time::timeout(PATIENCE, state.store.ping()).await {
        Ok(Ok(())) => health(StatusCode::OK, "ok"),
        Ok(Err(StoreError::Full(full))) => {
            tracing::error!(%full, "answering /readyz");
            health(StatusCode::SERVICE_UNAVAILABLE, "the disk is full: what is stored can be read, nothing is taken")
        }
        Ok(Err(error)) => {
            crate::error::log("answering /readyz", &error);
            health(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
        }
        Err(_) => health(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer in time"),
    }
}
