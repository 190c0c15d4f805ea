//! `GET /api/reports/{report}/stream`: that a draft changed and who is in it, as server-sent events, for the member's
//! own people.

use crate::asker::Asker;
use crate::error::ApiError;
use crate::live::DraftFeed;
use crate::routes::reports::report_of;
use crate::routes::stream::events;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::response::Response;

/// Opens a stream. It begins with `draft`, because the draft may have changed before, and with `presence`.
pub async fn open(
    State(state): State<AppState>,
    asker: Asker,
    Path(report): Path<String>,
) -> Result<Response, ApiError> {
    let report = report_of(&state, &asker, &report).await?;
    let feed = DraftFeed {
        report,
        session: asker.session.id(),
        heartbeat: state.heartbeat,
        stopping: state.stopping,
        presence: state.rooms.watch(report),
        store: state.store,
    };
    Ok(events(feed.open(&state.hub)))
}
