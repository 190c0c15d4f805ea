//! `GET /api/board/{edition}/stream`: what happens on a board, as server-sent events.

use crate::asker::Asker;
use crate::error::ApiError;
use crate::live::{Feed, Stream};
use crate::routes::board::After;
use crate::state::AppState;
use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use domain::id::EditionId;
use domain::sync::wire::Seq;
use http::HeaderMap;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

/// Opens a stream from `Last-Event-ID`, which a browser sends when it comes back, or else from `after`. A reader of another
/// past is told that it is set back, and no more.
pub async fn open(
    State(state): State<AppState>,
    asker: Asker,
    Path(edition): Path<EditionId>,
    query: Result<Query<After>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let mut after = After::of(query)?;
    after.after = last_event_id(&headers).unwrap_or(after.after);
    let place = state.limits.stream(asker.identity.person)?;
    let other_past = after.is_of_another_past(&state.store).await?;
    let feed = Feed {
        edition,
        cursor: if other_past { 0 } else { after.after },
        other_past,
        session: asker.session.id(),
        heartbeat: state.heartbeat,
        wall: state.walls.watch(&state.store, edition).await?,
        stopping: state.stopping,
        store: state.store,
    };
    Ok(events(feed.open(&state.hub, place)))
}

/// The answer that carries a stream: never kept, never held back by a proxy.
pub fn events(stream: Stream) -> Response {
    let headers = [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store")];
    (headers, [("x-accel-buffering", "no")], Body::from_stream(stream)).into_response()
}

fn last_event_id(headers: &HeaderMap) -> Option<Seq> {
    headers.get("last-event-id")?.to_str().ok()?.parse().ok()
}
