//! `GET /api/reports/{report}?device=`: a draft, for its member's own people.

use crate::asker::Asker;
use crate::error::ApiError;
use crate::state::AppState;
use app::error::AppError;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use domain::id::{ReportId, names_a_device};
use domain::sync::chain::{ChainHash, Mark};
use domain::sync::wire::{DraftAnswer, Seq};
use serde::Deserialize;

/// What a reader of a draft says.
#[derive(Debug, Deserialize)]
pub struct Reader {
    /// Its device, by the name that it drew for itself: what it is told of, it may base on.
    #[serde(default)]
    device: Option<String>,
    /// The newest place of the log that the device has heard of, and the chain there.
    #[serde(default)]
    seq: Option<Seq>,
    /// See `seq`.
    #[serde(default)]
    chain: Option<ChainHash>,
}

/// The mark that a query names.
pub fn mark(seq: Option<Seq>, chain: Option<ChainHash>) -> Option<Mark> {
    Some(Mark { seq: seq?, hash: chain? })
}

/// The draft as the server has it; an empty one when nobody has written in it.
pub async fn read(
    State(state): State<AppState>,
    asker: Asker,
    Path(report): Path<ReportId>,
    query: Result<Query<Reader>, QueryRejection>,
) -> Result<Json<DraftAnswer>, ApiError> {
    let Query(Reader { device, seq, chain }) = query.map_err(|_| AppError::Malformed)?;
    if device.as_deref().is_some_and(|device| !names_a_device(device)) {
        return Err(AppError::Malformed.into());
    }
    let mut answer = state.store.draft(report).await?;
    answer.other_past = state.store.is_other_past(mark(seq, chain)).await?;
    if let Some(device) = device {
        state.store.tell(report, asker.identity.person, device, answer.seq).await?;
    }
    Ok(Json(answer))
}
