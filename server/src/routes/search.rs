//! `GET /api/search?q=&edition=&limit=`: cards by their words.

use crate::error::ApiError;
use crate::state::AppState;
use crate::subject;
use app::error::AppError;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use domain::board::found::Found;
use domain::limits::SEARCH_HITS;
use serde::Deserialize;
use store::SearchQuery;

/// Cards that are shown when it is not said how many.
const USUALLY: usize = 20;

/// What is looked for, and where.
#[derive(Debug, Deserialize)]
pub struct Search {
    /// As somebody typed it.
    q: String,
    /// Only on this board; on all of them when not said.
    #[serde(default)]
    edition: Option<String>,
    /// Cards that are shown, at most; no more than [`SEARCH_HITS`] in any case.
    #[serde(default)]
    limit: Option<usize>,
}

/// The cards that were found, the best first.
pub async fn read(
    State(state): State<AppState>,
    query: Result<Query<Search>, QueryRejection>,
) -> Result<Json<Found>, ApiError> {
    let Query(Search { q, edition, limit }) = query.map_err(|_| AppError::Malformed)?;
    let query = SearchQuery::parse(&q).map_err(|_| AppError::Malformed)?;
    let edition = match edition {
        Some(edition) => Some(subject::edition(&state, &edition).await?),
        None => None,
    };
    let limit = limit.unwrap_or(USUALLY).min(SEARCH_HITS);
    Ok(Json(state.store.search(&query, edition, limit).await?))
}
