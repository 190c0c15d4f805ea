//! Requests that change something come from this site's own pages, or from programs that are no browsers.
//!
//! The cookie is `SameSite=Strict` already; this refuses, too, a page on a sibling host.

use crate::config::PublicUrl;
use crate::error::ApiError;
use crate::state::AppState;
use app::error::AppError;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{HOST, ORIGIN};
use http::{HeaderMap, Method};

/// Refuses what a page of another site sends.
pub async fn check(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if is_foreign(request.method(), request.headers(), state.public_url.as_ref()) {
        return ApiError(AppError::CrossSite).into_response();
    }
    next.run(request).await
}

fn is_foreign(method: &Method, headers: &HeaderMap, public_url: Option<&PublicUrl>) -> bool {
    if matches!(*method, Method::GET | Method::HEAD) {
        return false;
    }
    let site = headers.get("sec-fetch-site").map(http::HeaderValue::as_bytes);
    if site.is_some_and(|site| !matches!(site, b"same-origin" | b"none")) {
        return true;
    }
    let Some(origin) = headers.get(ORIGIN) else { return false };
    let Ok(origin) = origin.to_str() else { return true };
    if public_url.is_some_and(|public| public.origin().eq_ignore_ascii_case(origin)) {
        return false;
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    let asked_from = origin.split_once("://").map(|(_, host)| host);
    !matches!((asked_from, host), (Some(from), Some(host)) if from.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_sites_pages_and_no_pages_at_all() {
        let public: PublicUrl = "https://council.example".parse().expect("a URL");
        type Case = (&'static str, Method, &'static [(&'static str, &'static str)], bool);
        let cases: [Case; 10] = [
            ("a program", Method::POST, &[], false),
            ("reading", Method::GET, &[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")], false),
            (
                "our page",
                Method::POST,
                &[("origin", "http://localhost:3000"), ("sec-fetch-site", "same-origin")],
                false,
            ),
            ("our page behind a proxy", Method::POST, &[("origin", "https://council.example")], false),
            ("typed by hand", Method::POST, &[("sec-fetch-site", "none")], false),
            ("another site", Method::POST, &[("origin", "https://evil.example")], true),
            ("another port", Method::POST, &[("origin", "http://localhost:3001")], true),
            ("a sibling", Method::DELETE, &[("sec-fetch-site", "same-site")], true),
            ("a sandbox", Method::PUT, &[("origin", "null")], true),
            ("another site that hides its origin", Method::POST, &[("sec-fetch-site", "cross-site")], true),
        ];
        for (name, method, pairs, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(HOST, "localhost:3000".parse().expect("a value"));
            for (key, value) in pairs {
                headers.insert(
                    http::HeaderName::from_bytes(key.as_bytes()).expect("a name"),
                    value.parse().expect("a value"),
                );
            }
            assert_eq!(is_foreign(&method, &headers, Some(&public)), expected, "{name}");
        }
    }
}
