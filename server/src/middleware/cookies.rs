//! The session's cookie comes before all others of an answer: simple programs take the first one.

use crate::state::AppState;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use http::header::SET_COOKIE;

/// Puts it first.
pub async fn session_first(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let mut cookies: Vec<HeaderValue> = response.headers().get_all(SET_COOKIE).iter().cloned().collect();
    if cookies.len() > 1 {
        let device = state.sign_in_guard.devices.name().as_bytes();
        cookies.sort_by_key(|cookie| cookie.as_bytes().starts_with(device));
        response.headers_mut().remove(SET_COOKIE);
        for cookie in cookies {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
    }
    response
}
