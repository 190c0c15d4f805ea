//! Which address leads where, and through what.

use crate::error::ApiError;
use crate::middleware::{guards, origin, request_id, security};
use crate::routes::{
    board, files, functions, health, history, operations, pages, presence, projection, report_stream, reports, search,
    stream, submitted, worker,
};
use crate::state::AppState;
use app::error::AppError;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post, put};
use domain::limits::{PRESENCE_BYTES, PROJECTION_BYTES, PUSH_BYTES};
use store::Sessions;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, SessionManagerLayer};

/// A session ends after so many days without a visit.
const SESSION_DAYS: i64 = 14;

/// Whether the path is of the API, where every answer is JSON.
pub fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// The whole server.
pub fn router(state: AppState) -> Router {
    let sessions = sessions(&state);
    let streams = Router::new()
        .route("/api/board/{edition}/stream", get(stream::open))
        .route("/api/reports/{report}/stream", get(report_stream::open));
    Router::new()
        .merge(api().layer(CompressionLayer::new()).layer(from_fn(guards::deadline)).merge(streams).layer(sessions))
        .merge(site().layer(from_fn(guards::deadline)))
        .method_not_allowed_fallback(|| async { ApiError(AppError::MethodNotAllowed) })
        .fallback(files::serve)
        .layer(from_fn_with_state(state.clone(), origin::check))
        .layer(CatchPanicLayer::custom(guards::panicked))
        .layer(from_fn_with_state(state.clone(), security::headers))
        .layer(from_fn(request_id::name))
        .with_state(state)
}

fn api() -> Router<AppState> {
    Router::new()
        .route("/api/sign-in", post(functions::sign_in))
        .route("/api/sign-out", post(functions::call))
        .route("/api/council", get(functions::call))
        .layer(DefaultBodyLimit::max(functions::ARGUMENT_BYTES))
        .route("/api/operations", post(operations::push).layer(DefaultBodyLimit::max(PUSH_BYTES)))
        .route("/api/reports/{report}", get(reports::read))
        .route("/api/reports/{report}/history", get(history::read))
        .route("/api/reports/{report}/submitted", get(submitted::read))
        .route("/api/reports/{report}/presence", put(presence::put).layer(DefaultBodyLimit::max(PRESENCE_BYTES)))
        .route(
            "/api/projection/{edition}",
            get(projection::read).post(projection::command).layer(DefaultBodyLimit::max(PROJECTION_BYTES)),
        )
        .route("/api/projection/{edition}/presenters", get(projection::presenters))
        .route("/api/board/{edition}", get(board::read))
        .route("/api/board/{edition}/contacts", get(board::contacts))
        .route("/api/board/{edition}/events", get(board::events))
        .route("/api/board/{edition}/cards/{item}/amendments", get(board::amendments))
        .route("/api/search", get(search::read))
}

fn site() -> Router<AppState> {
    let pages = Router::new()
        .route("/", get(pages::root))
        .route("/en", get(pages::english))
        .route("/en/", get(pages::english))
        .route("/en/{*rest}", get(pages::english))
        .route("/fr", get(pages::french))
        .route("/fr/", get(pages::french))
        .route("/fr/{*rest}", get(pages::french))
        .route("/sw.js", get(worker::serve))
        .layer(CompressionLayer::new());
    let health = Router::new().route("/healthz", get(health::alive)).route("/readyz", get(health::ready));
    pages.merge(health)
}

fn sessions(state: &AppState) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(state.store.sessions())
        .with_name("roundtable")
        .with_http_only(true)
        .with_same_site(SameSite::Strict)
        .with_secure(state.public_url.as_ref().is_some_and(crate::config::PublicUrl::is_https))
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(Duration::days(SESSION_DAYS)))
}
