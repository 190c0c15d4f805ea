//! `GET /api/reports/{report}?device=`: a draft, for its member's own people.

use crate::asker::Asker;
use crate::error::ApiError;
use crate::state::AppState;
use app::error::AppError;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use domain::council::permit::{self, Action, Of};
use domain::id::{ReportId, names_a_device};
use domain::sync::wire::DraftAnswer;
use serde::Deserialize;

/// The report of a path, when there may be such a one and the asker is of its member's people.
pub async fn report_of(state: &AppState, asker: &Asker, text: &str) -> Result<ReportId, ApiError> {
    let report: ReportId = text.parse().map_err(|_| AppError::NotFound)?;
    let known = state.store.edition(report.edition).await?.is_some() && state.store.has_member(report.member).await?;
    if !known {
        return Err(AppError::NotFound.into());
    }
    if !permit::may(Some(&asker.identity), Action::ReadDraft, Of::Member(report.member)) {
        return Err(AppError::Forbidden.into());
    }
    Ok(report)
}

/// What a reader of a draft says.
#[derive(Debug, Deserialize)]
pub struct Reader {
    /// Its device, by the name that it drew for itself: what it is told of, it may base on.
    #[serde(default)]
    device: Option<String>,
}

/// The draft as the server has it; an empty one when nobody has written in it.
pub async fn read(
    State(state): State<AppState>,
    asker: Asker,
    Path(report): Path<String>,
    query: Result<Query<Reader>, QueryRejection>,
) -> Result<Json<DraftAnswer>, ApiError> {
    let report = report_of(&state, &asker, &report).await?;
    let Query(Reader { device }) = query.map_err(|_| AppError::Malformed)?;
    if device.as_deref().is_some_and(|device| !names_a_device(device)) {
        return Err(AppError::Malformed.into());
    }
    let answer = state.store.draft(report).await?;
    if let Some(device) = device {
        state.store.tell(report, asker.identity.person, device, answer.seq).await?;
    }
    Ok(Json(answer))
}
