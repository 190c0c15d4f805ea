//! `POST /api/operations`: what a device has written down, in order, each operation answered by itself.

use crate::asker::Asker;
use crate::error::ApiError;
use crate::middleware::limits::Peer;
use crate::state::AppState;
use app::error::AppError;
use app::security::{Event, Outcome};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request, State};
use domain::council::permit::Action;
use domain::id::names_a_device;
use domain::limits::{PUSH_BYTES, PUSH_OPERATIONS};
use domain::sync::wire::{PROTOCOL, Push, PushAnswer};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use store::Source;

/// The status of an operation that its person may not make.
const FORBIDDEN: u16 = 403;

/// What is read first, because the rest of a newer message may have another form.
#[derive(Deserialize)]
struct Envelope {
    protocol: u32,
}

/// Takes a push. The status is 200 when every operation was accepted, else that of the first that was not.
///
/// The writer owns the operations once they are sent to it: a connection that closes does not cut them.
pub async fn push(
    State(state): State<AppState>,
    asker: Asker,
    request: Request,
) -> Result<(StatusCode, Json<PushAnswer>), ApiError> {
    check_json(request.headers())?;
    let (parts, text) = request.into_parts();
    let peer = Peer::of(&parts, state.behind_proxy).address();
    let request = Request::from_parts(parts, text);
    let push = parse(&body(request, PUSH_BYTES).await?)?;
    if push.person != asker.identity.person {
        return Err(AppError::SomebodyElse.into());
    }
    // What it is based on is of another past: a folder was copied back by hand, or the log has lost its end.
    let other_past = state.store.is_other_past(push.mark).await?;
    let source = Source { device: push.device, instance: push.instance, other_past };
    let person = asker.identity.person;
    let answers = state.store.push_from(asker.identity, source, push.operations).await?;
    if answers.iter().any(|answer| answer.status == FORBIDDEN) {
        Event { name: Action::Draft.name(), outcome: Outcome::Refused, peer }.of_person(person);
    }
    let first_refusal = answers.iter().map(|answer| answer.status).find(|status| *status != 200);
    let status = first_refusal.and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::OK);
    let (instance, mark) = (state.store.instance(), Some(state.store.end()));
    Ok((status, Json(PushAnswer { protocol: PROTOCOL, instance, answers, mark, other_past })))
}

/// Whether a body says that it is JSON.
pub fn check_json(headers: &HeaderMap) -> Result<(), AppError> {
    let said = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = said.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") { Ok(()) } else { Err(AppError::NotJson) }
}

/// A whole body. The route's `DefaultBodyLimit` sets how large it may be; `limit_bytes` is what the answer says.
pub async fn body(request: Request, limit_bytes: usize) -> Result<Bytes, AppError> {
    Bytes::from_request(request, &()).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            AppError::TooLarge { limit_bytes }
        } else {
            AppError::Malformed
        }
    })
}

fn parse(body: &[u8]) -> Result<Push, AppError> {
    let Envelope { protocol } = serde_json::from_slice(body).map_err(|_| AppError::Malformed)?;
    if !(1..=PROTOCOL).contains(&protocol) {
        return Err(AppError::ProtocolNotSupported { supported: PROTOCOL });
    }
    let push: Push = serde_json::from_slice(body).map_err(|_| AppError::Malformed)?;
    let of_the_form = push.operations.len() <= PUSH_OPERATIONS && push.device.as_deref().is_none_or(names_a_device);
    if of_the_form { Ok(push) } else { Err(AppError::Malformed) }
}
