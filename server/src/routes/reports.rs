//! `GET /api/reports/{report}`: a draft, for its member's own people.

use crate::asker::Asker;
use crate::error::ApiError;
use crate::state::AppState;
use app::error::AppError;
use axum::Json;
use axum::extract::{Path, State};
use domain::id::ReportId;
use domain::sync::wire::DraftAnswer;

/// The report of a path, when there may be such a one and the asker is of its member's people.
pub async fn report_of(state: &AppState, asker: &Asker, text: &str) -> Result<ReportId, ApiError> {
    let report: ReportId = text.parse().map_err(|_| AppError::NotFound)?;
    let known = state.store.edition(report.edition).await?.is_some() && state.store.has_member(report.member).await?;
    if !known {
        return Err(AppError::NotFound.into());
    }
    if !asker.identity.may_draft(report) {
        return Err(AppError::Forbidden.into());
    }
    Ok(report)
}

/// The draft as the server has it; an empty one when nobody has written in it.
pub async fn read(
    State(state): State<AppState>,
    asker: Asker,
    Path(report): Path<String>,
) -> Result<Json<DraftAnswer>, ApiError> {
    let report = report_of(&state, &asker, &report).await?;
    Ok(Json(state.store.draft(report).await?))
}
