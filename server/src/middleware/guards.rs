//! Against what goes wrong around a handler: a panic, no end, or too many requests of one peer.

use crate::error::ApiError;
use crate::middleware::limits::Peer;
use crate::state::AppState;
use app::error::AppError;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::any::Any;
use std::time::Duration;

/// How long a request may take, reading its body included. Not for streams.
const LONGEST: Duration = Duration::from_secs(30);

/// Answers 503 when a request takes too long. What the writer has begun, it finishes.
pub async fn deadline(request: Request, next: Next) -> Response {
    match tokio::time::timeout(LONGEST, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            tracing::warn!("took too long");
            ApiError(AppError::Unavailable).into_response()
        }
    }
}

/// Counts a request for a document of the program.
pub async fn files(State(state): State<AppState>, request: Request, next: Next) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    state.limits.file(Peer::of(&parts, state.behind_proxy))?;
    Ok(next.run(Request::from_parts(parts, body)).await)
}

/// Answers a panic. The panic's own words are in the log, by the panic hook.
pub fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    ApiError(AppError::Internal).into_response()
}
