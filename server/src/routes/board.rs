//! `GET /api/board/{edition}`, `…/events` and `…/cards/{item}/amendments`: a board as it stands, its log by pages, and
//! the versions of one card.

use crate::error::ApiError;
use crate::routes::reports::mark;
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
use domain::sync::chain::ChainHash;
use domain::sync::wire::{PROTOCOL, Seq};
use http::HeaderMap;
use serde::Deserialize;
use store::Store;

/// Where a reader of the log stands; at its beginning when it does not say.
#[derive(Debug, Clone, Copy, Deserialize)]
pub struct After {
    /// The last number that the reader has.
    #[serde(default)]
    pub after: Seq,
    /// The newest place of the log that it has heard of, and the chain there. Older programs do not say.
    #[serde(default)]
    seq: Option<Seq>,
    /// See `seq`.
    #[serde(default)]
    chain: Option<ChainHash>,
}

impl After {
    /// Of a query.
    pub fn of(query: Result<Query<Self>, QueryRejection>) -> Result<Self, ApiError> {
        let Query(after) = query.map_err(|_| AppError::Malformed)?;
        Ok(after)
    }

    /// Whether what it has read is of another past; whoever is at the beginning has read nothing.
    pub async fn is_of_another_past(&self, store: &Store) -> Result<bool, ApiError> {
        Ok(self.after > 0 && store.is_other_past(mark(self.seq, self.chain)).await?)
    }
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

/// What happened after a place in the sequence. A reader of another past is set back to the beginning, which it has
/// passed: it takes a snapshot.
pub async fn events(
    State(state): State<AppState>,
    Path(edition): Path<EditionId>,
    query: Result<Query<After>, QueryRejection>,
) -> Result<Json<EventsPage>, ApiError> {
    let after = After::of(query)?;
    if after.is_of_another_past(&state.store).await? {
        let (instance, events) = (state.store.instance(), Vec::new());
        return Ok(Json(EventsPage { protocol: PROTOCOL, instance, events, cursor: 0, more: false, mark: None }));
    }
    Ok(Json(state.store.board_events(edition, after.after).await?))
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
