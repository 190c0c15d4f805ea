//! The built files, and every address that leads nowhere. A missing file is 404, never the shell.

use crate::error::ApiError;
use crate::middleware::limits::Peer;
use crate::router::is_api;
use crate::routes::pages;
use crate::state::AppState;
use app::error::AppError;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Method, StatusCode};
use percent_encoding::percent_decode_str;
use tower::ServiceExt;

/// What the bundler leaves for the server: its list, and the worker before it was filled in.
const NOT_SERVED: [&str; 2] = ["/site.json", "/sw.js"];

const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// A file of the site; what is under `/pkg` has its content's hash in its name and never changes.
pub async fn serve(State(state): State<AppState>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Err(error) = state.limits.file(Peer::of(&parts, state.behind_proxy)) {
        return ApiError(error).into_response();
    }
    let request = Request::from_parts(parts, body);
    let path = decoded(request.uri().path());
    if is_api(&path) {
        return ApiError(AppError::NotFound).into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return ApiError(AppError::MethodNotAllowed).into_response();
    }
    if NOT_SERVED.contains(&path.as_str()) {
        return missing();
    }
    let caching = if path.starts_with("/pkg/") { FOR_EVER } else { ASK_AGAIN };
    let asked = request.headers().clone();
    let Ok(response) = state.files.clone().oneshot(request).await;
    match response.status() {
        StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED => {
            let mut response = response.map(Body::new);
            response.headers_mut().insert(CACHE_CONTROL, caching);
            response
        }
        StatusCode::RANGE_NOT_SATISFIABLE | StatusCode::PRECONDITION_FAILED => response.map(Body::new),
        _ => pages::strayed(&state, &path, &asked).unwrap_or_else(missing),
    }
}

/// A path as the file system would take it: `/%73ite.json`, `//site.json` and `/./site.json` are `/site.json`.
fn decoded(path: &str) -> String {
    let text = percent_decode_str(path).decode_utf8_lossy();
    let parts = text.split('/').filter(|part| !matches!(*part, "" | "."));
    parts.fold(String::new(), |path, part| path + "/" + part)
}

fn missing() -> Response {
    let words = "Not found. Go to / to open Roundtable.\nIntrouvable. Allez à / pour ouvrir Tour de table.\n";
    let headers = [(CONTENT_TYPE, "text/plain; charset=utf-8"), (CACHE_CONTROL, "no-cache")];
    (StatusCode::NOT_FOUND, headers, words).into_response()
}
