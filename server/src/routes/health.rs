//! `GET /healthz`: the process answers. `GET /readyz`: its database answers too.

use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use http::header::CACHE_CONTROL;
use serde_json::{Value, json};
use std::time::Duration;
use store::StoreError;

const PATIENCE: Duration = Duration::from_secs(2);

type Health = (StatusCode, [(http::HeaderName, &'static str); 1], Json<Value>);

fn health(status: StatusCode, word: &str) -> Health {
    (status, [(CACHE_CONTROL, "no-store")], Json(json!({ "status": word })))
}

/// The process answers.
pub async fn alive() -> Health {
    health(StatusCode::OK, "ok")
}

/// The database answers, soon enough.
pub async fn ready(State(state): State<AppState>) -> Health {
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
