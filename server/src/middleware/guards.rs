//! Against what goes wrong in a handler: a panic, or no end.

use crate::error::ApiError;
use app::error::AppError;
use axum::extract::Request;
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

/// Answers a panic. The panic's own words are in the log, by the panic hook.
pub fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a handler panicked");
    ApiError(AppError::Internal).into_response()
}
