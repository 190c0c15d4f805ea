//! Through what every request goes. Which address leads where is in [`routes`](crate::routes).

use crate::config::PublicUrl;
use crate::error::ApiError;
use crate::middleware::{cookies, guards, host, origin, request_id, security};
use crate::route::{Group, mount};
use crate::routes::{files, table};
use crate::state::AppState;
use app::error::AppError;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use http::header::CONNECTION;
use store::Sessions;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, SessionManagerLayer};

/// A session ends after so many days without a visit, and in any case [some days](store::LONGEST) after it began.
const SESSION_DAYS: i64 = 14;

/// Whether the path is of the API, where every answer is JSON.
pub fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// The whole server.
pub fn router(state: AppState) -> Router {
    let group = |group| mount(table(), group, &state);
    let cookies = from_fn_with_state(state.clone(), cookies::session_first);
    let api = group(Group::Api).layer(CompressionLayer::new()).layer(from_fn(guards::deadline));
    let pages =
        group(Group::Page).layer(CompressionLayer::new()).layer(from_fn_with_state(state.clone(), guards::files));
    let site = pages.merge(group(Group::Health));
    Router::new()
        .merge(api.merge(group(Group::Stream)).layer(sessions(&state)).layer(cookies))
        .merge(site.layer(from_fn(guards::deadline)))
        .method_not_allowed_fallback(|| async { ApiError(AppError::MethodNotAllowed) })
        .fallback(files::serve)
        .layer(from_fn_with_state(state.clone(), origin::check))
        .layer(CatchPanicLayer::custom(guards::panicked))
        .layer(from_fn(host::check))
        .layer(from_fn_with_state(state.clone(), security::headers))
        .layer(from_fn(request_id::name))
        .with_state(state)
}

/// For connections beyond those that there may be: how the server is, and for all else that it is busy.
pub fn health(state: &AppState) -> Router {
    let busy = || async { ([(CONNECTION, "close")], ApiError(AppError::Unavailable)) };
    mount(table(), Group::Health, state).fallback(busy).with_state(state.clone())
}

/// With https, the cookie has a name that no other host and no page without https can set.
fn sessions(state: &AppState) -> SessionManagerLayer<Sessions> {
    let https = state.public_url.as_ref().is_some_and(PublicUrl::is_https);
    SessionManagerLayer::new(state.store.sessions())
        .with_name(if https { "__Host-roundtable" } else { "roundtable" })
        .with_http_only(true)
        .with_same_site(SameSite::Strict)
        .with_secure(https)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(Duration::days(SESSION_DAYS)))
}
