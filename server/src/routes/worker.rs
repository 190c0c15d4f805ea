//! `GET /sw.js`: the service worker, with the version and the files of this build.

use crate::routes::pages::document;
use crate::state::AppState;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;

/// The service worker.
pub async fn serve(State(state): State<AppState>, headers: HeaderMap) -> Response {
    document(&state.site.worker, "text/javascript; charset=utf-8", &headers)
}
