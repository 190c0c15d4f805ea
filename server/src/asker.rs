//! Who asks: the signed-in person of a request.

use crate::error::ApiError;
use crate::middleware::limits::Peer;
use crate::state::AppState;
use app::api::session::guard;
use app::error::AppError;
use app::security::{Event, Outcome};
use axum::extract::FromRequestParts;
use domain::person::Identity;
use http::request::Parts;
use std::num::NonZeroU32;
use tower_sessions::Session;

/// A signed-in person, in the limits of what one person may ask. Handlers get theirs from the route's
/// [`permit`](crate::permit).
#[derive(Clone)]
pub struct Asker {
    /// Who.
    pub identity: Identity,
    /// By which session.
    pub session: Session,
}

impl FromRequestParts<AppState> for Asker {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, ApiError> {
        Ok(parts.extensions.get::<Self>().cloned().ok_or(AppError::Internal)?)
    }
}

impl Asker {
    /// Who asks, for something that costs so many units.
    ///
    /// # Errors
    /// [`AppError::NotSignedIn`], [`AppError::TooMany`], or that the database does not answer.
    pub async fn of(parts: &Parts, state: &AppState, cost: NonZeroU32) -> Result<Self, ApiError> {
        let peer = Peer::of(parts, state.behind_proxy);
        let session = parts.extensions.get::<Session>().cloned().ok_or(AppError::Internal)?;
        match guard::identity_of(&session, &state.store).await {
            Ok(identity) => {
                state.limits.person(identity.person, cost).inspect_err(|_| {
                    let event = Event { name: "request", outcome: Outcome::Throttled, peer: peer.address() };
                    event.of_person(identity.person);
                })?;
                guard::put_off_expiry(&session).await?;
                Ok(Self { identity, session })
            }
            Err(AppError::NotSignedIn) => {
                state.limits.stranger(peer)?;
                Err(AppError::NotSignedIn.into())
            }
            Err(error) => Err(error.into()),
        }
    }
}
