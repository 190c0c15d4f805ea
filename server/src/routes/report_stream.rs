//! `GET /api/reports/{report}/stream`: that a draft changed and who is in it, as server-sent events, for the member's
//! own people.

use crate::asker::Asker;
use crate::error::ApiError;
use crate::live::DraftFeed;
use crate::routes::stream::events;
use crate::state::AppState;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::ReportId;

/// Opens a stream. It begins with `draft`, because the draft may have changed before, and with `presence`.
pub async fn open(
    State(state): State<AppState>,
    asker: Asker,
    Path(report): Path<ReportId>,
) -> Result<Response, ApiError> {
    let place = state.limits.stream(asker.identity.person)?;
    let feed = DraftFeed {
        report,
        session: asker.session.id(),
        heartbeat: state.heartbeat,
        stopping: state.stopping,
        presence: state.rooms.watch(report),
        store: state.store,
    };
    Ok(events(feed.open(&state.hub, place)))
}
