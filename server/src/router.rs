//! Through what every request goes. Which address leads where is in [`routes`](crate::routes).

use crate::error::ApiError;
use crate::middleware::{guards, origin, request_id, security};
use crate::route::{Group, mount};
use crate::routes::{files, table};
use crate::state::AppState;
use app::error::AppError;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
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
    let group = |group| mount(table(), group, &state);
    let api = group(Group::Api).layer(CompressionLayer::new()).layer(from_fn(guards::deadline));
    let site = group(Group::Page).layer(CompressionLayer::new()).merge(group(Group::Health));
    Router::new()
        .merge(api.merge(group(Group::Stream)).layer(sessions(&state)))
        .merge(site.layer(from_fn(guards::deadline)))
        .method_not_allowed_fallback(|| async { ApiError(AppError::MethodNotAllowed) })
        .fallback(files::serve)
        .layer(from_fn_with_state(state.clone(), origin::check))
        .layer(CatchPanicLayer::custom(guards::panicked))
        .layer(from_fn_with_state(state.clone(), security::headers))
        .layer(from_fn(request_id::name))
        .with_state(state)
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
