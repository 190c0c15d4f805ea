//! A request of HTTP/1.1 says once which host it is for (RFC 9112, 3.2): what is said twice is understood differently by
//! two programs on the way.

use crate::error::ApiError;
use app::error::AppError;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::HOST;
use http::{HeaderMap, Version};

/// Refuses a request that names no host, or several.
pub async fn check(request: Request, next: Next) -> Result<Response, ApiError> {
    if is_sane(request.version(), request.headers()) {
        Ok(next.run(request).await)
    } else {
        Err(AppError::Malformed.into())
    }
}

fn is_sane(version: Version, headers: &HeaderMap) -> bool {
    match headers.get_all(HOST).iter().count() {
        0 => version < Version::HTTP_11,
        1 => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_host_and_only_an_old_program_may_leave_it_out() {
        let with = |count: usize| {
            let mut headers = HeaderMap::new();
            for n in 0..count {
                headers.append(HOST, format!("host{n}").parse().expect("a value"));
            }
            headers
        };
        let cases = [
            (Version::HTTP_10, 0, true),
            (Version::HTTP_11, 0, false),
            (Version::HTTP_11, 1, true),
            (Version::HTTP_11, 2, false),
        ];
        for (version, hosts, sane) in cases {
            assert_eq!(is_sane(version, &with(hosts)), sane, "{version:?} with {hosts}");
        }
    }
}
