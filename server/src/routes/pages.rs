//! The shell, at every address of the program. What is there, the program in it knows.

use crate::site::Document;
use crate::state::AppState;
use app::routes::{self, Page};
use app::shell::Start;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::language::Language;
use http::header::{ACCEPT, ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use http::{HeaderMap, HeaderValue, StatusCode, Uri};

/// A document, or word that the client has it.
pub fn document(document: &Document, content_type: &'static str, asked: &HeaderMap) -> Response {
    let known = asked.get_all(IF_NONE_MATCH).iter().filter_map(|tags| tags.to_str().ok());
    let known = known.flat_map(|tags| tags.split(',')).any(|tag| tag.trim() == document.etag || tag.trim() == "*");
    let headers = [(CACHE_CONTROL, "no-cache"), (ETAG, document.etag.as_str())];
    if known {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, [(CONTENT_TYPE, content_type)], document.text.clone()).into_response()
}

fn shell(state: &AppState, language: Language, path: &str, asked: &HeaderMap) -> Response {
    let page = routes::parse(path).1;
    // What is not there is 404 with its body, whatever the client has of it.
    let nothing = HeaderMap::new();
    let asked = if page == Page::NotFound { &nothing } else { asked };
    let mut response = document(state.site.shell(language, Start::of(page)), "text/html; charset=utf-8", asked);
    response.headers_mut().insert(CONTENT_LANGUAGE, HeaderValue::from_static(language.code()));
    if page == Page::NotFound {
        // The program is there, and says so in the person's language; what was asked for is not.
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}

/// For a person who has strayed, the program, which says so; none for a program that asks for a file.
pub fn strayed(state: &AppState, path: &str, asked: &HeaderMap) -> Option<Response> {
    let accepts = asked.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_a_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    if !accepts.contains("text/html") || is_a_file || path.starts_with("/pkg") {
        return None;
    }
    let accepted = asked.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut response = shell(state, preferred(accepted), path, asked);
    *response.status_mut() = StatusCode::NOT_FOUND;
    response.headers_mut().append(VARY, HeaderValue::from_static("Accept-Language"));
    Some(response)
}

/// `/`: in the language that the browser asks for.
pub async fn root(State(state): State<AppState>, uri: Uri, headers: HeaderMap) -> Response {
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut response = shell(&state, preferred(accepted), uri.path(), &headers);
    response.headers_mut().append(VARY, HeaderValue::from_static("Accept-Language"));
    response
}

/// `/en` and everything under it.
pub async fn english(State(state): State<AppState>, uri: Uri, headers: HeaderMap) -> Response {
    shell(&state, Language::En, uri.path(), &headers)
}

/// `/fr` et tout ce qui s'y trouve.
pub async fn french(State(state): State<AppState>, uri: Uri, headers: HeaderMap) -> Response {
    shell(&state, Language::Fr, uri.path(), &headers)
}

/// The one of the two languages with the higher weight; the first of equals; English when neither is asked for.
fn preferred(accepted: &str) -> Language {
    let mut best = (Language::En, 0.0);
    for range in accepted.split(',') {
        let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
        let weight = parameters.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).unwrap_or(1.0);
        if let Some(language) = Language::from_tag(tag.trim())
            && weight > best.1
        {
            best = (language, weight);
        }
    }
    best.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_language_is_weighed() {
        let cases = [
            ("", Language::En),
            ("fr", Language::Fr),
            ("fr-CA,fr;q=0.9,en;q=0.8", Language::Fr),
            ("en-CA, fr-CA;q=0.9", Language::En),
            ("de, fr;q=0.4, en;q=0.3", Language::Fr),
            ("en;q=0.3,fr;q=0.9", Language::Fr),
            ("fr;q=0, en;q=0.1", Language::En),
            ("de,*;q=0.5", Language::En),
            (";;;q=x,,", Language::En),
        ];
        for (accepted, expected) in cases {
            assert_eq!(preferred(accepted), expected, "{accepted}");
        }
    }
}
