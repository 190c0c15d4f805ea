//! `GET` and `POST /api/projection/{edition}`: what the wall of the meeting room shows, and the presenter's commands.

use crate::asker::Asker;
use crate::error::ApiError;
use crate::routes::board::edition_of;
use crate::routes::operations::{body, check_json};
use crate::state::AppState;
use app::error::AppError;
use axum::Json;
use axum::extract::{Path, Request, State};
use domain::council::permit::{self, Action, Of};
use domain::limits::PROJECTION_BYTES;
use domain::projection::{By, Command, KnownCommand, Named, ProjectionAnswer, ProjectionPush};
use http::StatusCode;

/// What is shown, for anybody who is signed in: any of their devices may be the wall.
pub async fn read(
    State(state): State<AppState>,
    _: Asker,
    Path(edition): Path<String>,
) -> Result<Json<ProjectionAnswer>, ApiError> {
    let edition = edition_of(&state, &edition).await?;
    let projection = state.store.projection(edition).await?;
    Ok(Json(ProjectionAnswer { now: store::now(), projection, refused: None }))
}

/// Who may present, for those who may: to whom the place can be offered.
pub async fn presenters(
    State(state): State<AppState>,
    asker: Asker,
    Path(edition): Path<String>,
) -> Result<Json<Vec<Named>>, ApiError> {
    edition_of(&state, &edition).await?;
    may_present(&asker)?;
    Ok(Json(state.store.presenters().await?))
}

/// Carries out a presenter's request. A refusal comes with what is shown now, and with the status of its reason.
pub async fn command(
    State(state): State<AppState>,
    asker: Asker,
    Path(edition): Path<String>,
    request: Request,
) -> Result<(StatusCode, Json<ProjectionAnswer>), ApiError> {
    let edition = edition_of(&state, &edition).await?;
    may_present(&asker)?;
    check_json(request.headers())?;
    let push: ProjectionPush =
        serde_json::from_slice(&body(request, PROJECTION_BYTES).await?).map_err(|_| AppError::Malformed)?;
    // Owned by a task of its own: a connection that closes does not cut it in half.
    let answer = tokio::spawn(async move { carry_out(&state, &asker, edition, &push).await });
    answer.await.map_err(|_| AppError::Internal)?
}

async fn carry_out(
    state: &AppState,
    asker: &Asker,
    edition: domain::id::EditionId,
    push: &ProjectionPush,
) -> Result<(StatusCode, Json<ProjectionAnswer>), ApiError> {
    let names_somebody = |command: &Command| matches!(command, Command::Known(KnownCommand::Offer { .. }));
    let people = if push.commands.iter().any(names_somebody) { state.store.presenters().await? } else { Vec::new() };
    let by = By { person: &asker.identity, now: store::now(), people: &people };
    let (projection, refused) = match state.store.project(edition, push, by).await? {
        Ok(projection) => {
            state.walls.show(edition, projection.clone());
            (projection, None)
        }
        Err(refused) => (state.store.projection(edition).await?, Some(refused)),
    };
    let status = refused.and_then(|refused| StatusCode::from_u16(refused.status()).ok()).unwrap_or(StatusCode::OK);
    Ok((status, Json(ProjectionAnswer { now: store::now(), projection, refused })))
}

fn may_present(asker: &Asker) -> Result<(), AppError> {
    let may = permit::may(Some(&asker.identity), Action::Present, Of::Council);
    if may { Ok(()) } else { Err(AppError::Forbidden) }
}
