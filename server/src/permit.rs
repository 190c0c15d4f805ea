//! Asks the council's table of permits before a route's handler runs.

use crate::asker::Asker;
use crate::error::ApiError;
use crate::middleware::limits::Peer;
use crate::state::AppState;
use crate::subject;
use app::error::AppError;
use app::security::{Event, Outcome};
use axum::extract::{FromRequestParts, RawPathParams, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use domain::council::permit::{self, Action, Of};
use std::num::NonZeroU32;

/// Who may come in at a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Everybody, without being asked who they are: the program's own files hold nothing of the council.
    Public,
    /// Whoever may do this action with what the address names.
    Permit(Action),
}

/// Lets a request through when its person may do the route's action. The handler finds them as [`Asker`]; that an
/// `{edition}` or a `{report}` of the address is there has been looked up.
///
/// In this order: 401 for who is signed out, 404 for what is not there, 403 for who may not.
pub async fn check(
    State((state, action, cost)): State<(AppState, Action, NonZeroU32)>,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    if permit::may(None, action, Of::Council) {
        return Ok(next.run(request).await);
    }
    let (mut parts, body) = request.into_parts();
    let peer = Peer::of(&parts, state.behind_proxy).address();
    let event = |outcome| Event { name: action.name(), outcome, peer };
    let asker = Asker::of(&parts, &state, cost).await.inspect_err(|ApiError(error)| {
        if *error == AppError::NotSignedIn {
            event(Outcome::Refused).of_nobody();
        }
    })?;
    let params = RawPathParams::from_request_parts(&mut parts, &state).await.map_err(|_| AppError::Malformed)?;
    let of = owner(&state, &params).await?;
    if !permit::may(Some(&asker.identity), action, of) {
        event(Outcome::Refused).of_person(asker.identity.person);
        return Err(AppError::Forbidden.into());
    }
    parts.extensions.insert(asker);
    Ok(next.run(Request::from_parts(parts, body)).await)
}

/// Whose the thing is that an address names.
async fn owner(state: &AppState, params: &RawPathParams) -> Result<Of, ApiError> {
    let mut of = Of::Council;
    for (name, text) in params {
        match name {
            "edition" => drop(subject::edition(state, text).await?),
            "report" => of = Of::Member(subject::report(state, text).await?.member),
            _ => {}
        }
    }
    Ok(of)
}
