//! `GET /api/sessions`: where the person is signed in.

use crate::error::AppError;
use domain::session::SessionView;
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};

/// The person's sessions, the newest first.
///
/// # Errors
/// [`AppError::NotSignedIn`], [`AppError::Unavailable`].
#[server(prefix = "/api", endpoint = "sessions", input = GetUrl, output = Json)]
pub async fn list_sessions() -> Result<Vec<SessionView>, AppError> {
    use super::guard;

    let person = guard::signed_in()?.person;
    let current = guard::session().await?.id();
    Ok(guard::store()?.sessions().of(person, current).await?)
}
