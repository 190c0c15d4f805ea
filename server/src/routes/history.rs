//! `GET /api/reports/{report}/history?field=&before=`: who wrote what in a field, for the member's own people.

use crate::error::ApiError;
use crate::state::AppState;
use app::error::AppError;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use domain::id::ReportId;
use domain::sync::history::{Before, HistoryPage};
use serde::Deserialize;

/// What a reader of a history says.
#[derive(Debug, Deserialize)]
pub struct Which {
    /// The field, as its key is written.
    field: String,
    /// Where the page begins; at the newest version when not said.
    #[serde(default)]
    before: Option<String>,
}

/// A page of the history, newest first; an empty one for a field that nobody has written in.
pub async fn read(
    State(state): State<AppState>,
    Path(report): Path<ReportId>,
    query: Result<Query<Which>, QueryRejection>,
) -> Result<Json<HistoryPage>, ApiError> {
    let Query(Which { field, before }) = query.map_err(|_| AppError::Malformed)?;
    let field = field.parse().map_err(|_| AppError::Malformed)?;
    let before = before.map_or(Ok(Before::END), |place| place.parse()).map_err(|_| AppError::Malformed)?;
    Ok(Json(state.store.history(report, field, before).await?))
}
