//! `POST /api/sessions/end`: ends sessions of the person who asks.

use crate::error::AppError;
use domain::session::SessionKey;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

/// Ends one of the person's sessions, or all but the one that asks; says how many. A stream of theirs ends at its next
/// heartbeat.
///
/// # Errors
/// [`AppError::NotSignedIn`], [`AppError::Unavailable`].
#[server(prefix = "/api", endpoint = "sessions/end", input = Json, output = Json)]
pub async fn end_sessions(
    /// Which; without it, all others.
    which: Option<SessionKey>,
) -> Result<usize, AppError> {
    use super::guard;
    use crate::security::{Event, Outcome};

    let person = guard::signed_in()?.person;
    let current = guard::session().await?.id();
    let ended = guard::store()?.sessions().end(person, which, current).await?;
    Event { name: "end_sessions", outcome: Outcome::Done, peer: guard::caller()?.peer }.of_person(person);
    Ok(ended)
}
