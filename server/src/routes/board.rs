//! `GET /api/board/{edition}`, `…/events` and `…/cards/{item}/amendments`: a board as it stands, its log by pages, and
//! the versions of one card.

use crate::error::ApiError;
use crate::state::AppState;
use app::error::AppError;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::board::amendments::Amendments;
use domain::board::contacts::Contacts;
use domain::board::events::EventsPage;
use domain::id::EditionId;
use domain::sync::wire::Seq;
use http::HeaderMap;
use serde::Deserialize;

/// Where a reader of the log stands; at its beginning when it does not say.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct After {
    /// The last number that the reader has.
    #[serde(default)]
    pub after: Seq,
}

/// The `after` of a query.
pub fn after_of(query: Result<Query<After>, QueryRejection>) -> Result<Seq, ApiError> {
    let Query(query) = query.map_err(|_| AppError::Malformed)?;
    Ok(query.after)
}

/// Every card, and where in the sequence that is.
pub async fn read(
    State(state): State<AppState>,
    Path(edition): Path<EditionId>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let snapshot = state.store.board_snapshot(edition).await?;
    state.boards.answer(edition, snapshot, state.store.instance(), &headers).await
}

/// Whom to call about the reports that the board shows.
pub async fn contacts(
    State(state): State<AppState>,
    Path(edition): Path<EditionId>,
) -> Result<Json<Contacts>, ApiError> {
    Ok(Json(state.store.contacts(edition).await?))
}

/// What happened after a place in the sequence.
pub async fn events(
    State(state): State<AppState>,
    Path(edition): Path<EditionId>,
    query: Result<Query<After>, QueryRejection>,
) -> Result<Json<EventsPage>, ApiError> {
    Ok(Json(state.store.board_events(edition, after_of(query)?).await?))
}

/// What a card has said since it came to the board.
pub async fn amendments(
    State(state): State<AppState>,
    Path((edition, item)): Path<(EditionId, String)>,
) -> Result<Json<Amendments>, ApiError> {
    let item = item.parse().map_err(|_| AppError::NotFound)?;
    let found = state.store.amendments(edition, item).await?;
    Ok(Json(found.ok_or(AppError::NotFound)?))
}
