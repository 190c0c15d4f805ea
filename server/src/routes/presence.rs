//! `PUT /api/reports/{report}/presence`: a device says that it is in a report, and in which field.

use crate::asker::Asker;
use crate::error::ApiError;
use crate::presence::Device;
use crate::routes::operations::{body, check_json};
use crate::state::AppState;
use app::error::AppError;
use axum::extract::{Path, Request, State};
use domain::field::FieldKey;
use domain::id::{ReportId, names_a_device};
use domain::limits::PRESENCE_BYTES;
use domain::sync::presence::PresencePut;
use http::StatusCode;

/// Takes a sign. Who gives it is the signed-in person, whatever the body says.
pub async fn put(
    State(state): State<AppState>,
    asker: Asker,
    Path(report): Path<ReportId>,
    request: Request,
) -> Result<StatusCode, ApiError> {
    check_json(request.headers())?;
    let put: PresencePut =
        serde_json::from_slice(&body(request, PRESENCE_BYTES).await?).map_err(|_| AppError::Malformed)?;
    let field: Option<FieldKey> = put.field.as_deref().map(str::parse).transpose().map_err(|_| AppError::Malformed)?;
    if !names_a_device(&put.device) {
        return Err(AppError::Malformed.into());
    }
    let (person, name, device) = (asker.identity.person, asker.identity.name, put.device);
    if put.left {
        state.rooms.leave(report, person, &device);
    } else {
        state.rooms.enter(report, Device { person, name, device, field });
    }
    Ok(StatusCode::NO_CONTENT)
}
