//! What an address names: an edition or a report, when there is such a one.

use crate::error::ApiError;
use crate::state::AppState;
use app::error::AppError;
use domain::id::{EditionId, ReportId};

/// The edition of this name.
///
/// # Errors
/// [`AppError::NotFound`], or that the database does not answer.
pub async fn edition(state: &AppState, text: &str) -> Result<EditionId, ApiError> {
    let edition = text.parse().map_err(|_| AppError::NotFound)?;
    match state.store.edition(edition).await? {
        Some(_) => Ok(edition),
        None => Err(AppError::NotFound.into()),
    }
}

/// The report of this name. It may be there before anybody has written in it.
///
/// # Errors
/// As for [`edition`].
pub async fn report(state: &AppState, text: &str) -> Result<ReportId, ApiError> {
    let report: ReportId = text.parse().map_err(|_| AppError::NotFound)?;
    let known = state.store.edition(report.edition).await?.is_some() && state.store.has_member(report.member).await?;
    if known { Ok(report) } else { Err(AppError::NotFound.into()) }
}
