//! A name for each request: on its response, and on every line that is logged while it is answered.
//!
//! Logged are the method, the path up to a length, the status and the time; never a query, a cookie or a body.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue};
use std::time::Instant;
use tracing::Instrument;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST: usize = 64;
/// Bytes of a path in the log.
const LONGEST_PATH: usize = 200;

/// Names the request, by the name it came with when that is a sane one.
pub async fn name(request: Request, next: Next) -> Response {
    let id = incoming(request.headers()).unwrap_or_else(new);
    let named = id.to_str().unwrap_or_default();
    // An error span, so that a log of errors alone has the name too.
    let path = shortened(request.uri().path());
    let span = tracing::error_span!("request", id = named, method = %request.method(), path);
    async move {
        let start = Instant::now();
        let mut response = next.run(request).await;
        let latency_ms = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(status = response.status().as_u16(), latency_ms, "answered");
        response.headers_mut().insert(REQUEST_ID, id);
        response
    }
    .instrument(span)
    .await
}

/// The beginning of a path: its end is whatever a stranger likes.
fn shortened(path: &str) -> &str {
    if path.len() <= LONGEST_PATH {
        return path;
    }
    // A browser sends ASCII; a stranger may send a character of several bytes across the limit.
    (0..=LONGEST_PATH).rev().find_map(|end| path.get(..end)).unwrap_or_default()
}

fn incoming(headers: &HeaderMap) -> Option<HeaderValue> {
    let sane = |id: &&HeaderValue| {
        let id = id.as_bytes();
        (1..=LONGEST).contains(&id.len())
            && id.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    headers.get(REQUEST_ID).filter(sane).cloned()
}

fn new() -> HeaderValue {
    let millis = u64::try_from(store::now().millis()).unwrap_or(0);
    let id = uuid::Builder::from_unix_timestamp_millis(millis, &store::entropy()).into_uuid();
    HeaderValue::from_str(&id.to_string()).expect("a UUID is a header value")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_cut_wherever_its_characters_end() {
        assert_eq!(shortened("/en/report"), "/en/report");
        for path in ["a".repeat(20_000), format!("/{}{}", "a".repeat(198), "é".repeat(10_000)), "€".repeat(10_000)] {
            let cut = shortened(&path);
            assert!((LONGEST_PATH - 3..=LONGEST_PATH).contains(&cut.len()) && path.starts_with(cut), "{}", cut.len());
        }
    }
}
