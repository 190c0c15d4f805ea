//! `GET /api/reports/{report}/submitted`: what the council has of a report, for the member's own people.

use crate::asker::Asker;
use crate::error::ApiError;
use crate::routes::reports::report_of;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use domain::report::submitted::Submitted;

/// The receipt and what it is about; nothing of it before the first submission and after a withdrawal.
pub async fn read(
    State(state): State<AppState>,
    asker: Asker,
    Path(report): Path<String>,
) -> Result<Json<Submitted>, ApiError> {
    let report = report_of(&state, &asker, &report).await?;
    Ok(Json(state.store.submitted(report).await?))
}
