//! `GET /api/reports/{report}/submitted`: what the council has of a report, for the member's own people.

use crate::error::ApiError;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use domain::id::ReportId;
use domain::report::submitted::Submitted;

/// The receipt and what it is about; nothing of it before the first submission and after a withdrawal.
pub async fn read(State(state): State<AppState>, Path(report): Path<ReportId>) -> Result<Json<Submitted>, ApiError> {
    Ok(Json(state.store.submitted(report).await?))
}
