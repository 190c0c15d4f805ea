//! Who is asking. Every route that is not for everybody goes through here; the session holds only the person's id,
//! and the person is read from the database each time, so that a changed role counts at once.

use super::throttle::Throttle;
use crate::error::AppError;
use domain::id::PersonId;
use domain::person::Identity;
use leptos::prelude::use_context;
use std::sync::Arc;
use store::Store;
use tower_sessions::{Expiry, Session};

const PERSON: &str = "person";
/// Set when the computer is shared: the session ends with the browser.
const SHARED: &str = "shared";

/// The store, which the router hands to every server function.
///
/// # Errors
/// When the router did not: a fault of the program.
pub fn store() -> Result<Store, AppError> {
    use_context::<Store>().ok_or(AppError::Internal)
}

/// The sign-in throttle, handed over likewise.
///
/// # Errors
/// As for [`store`].
pub fn throttle() -> Result<Arc<Throttle>, AppError> {
    use_context::<Arc<Throttle>>().ok_or(AppError::Internal)
}

async fn session() -> Result<Session, AppError> {
    leptos_axum::extract::<Session>().await.map_err(|_| AppError::Internal)
}

/// Makes the person the one of this session, under a new session id. On a shared computer it ends with the browser.
///
/// # Errors
/// When the session cannot be stored.
pub async fn begin(identity: &Identity, shared: bool) -> Result<(), AppError> {
    let session = session().await?;
    session.clear().await;
    session.cycle_id().await.map_err(unavailable)?;
    if shared {
        session.set_expiry(Some(Expiry::OnSessionEnd));
        session.insert(SHARED, true).await.map_err(unavailable)?;
    }
    session.insert(PERSON, identity.person).await.map_err(unavailable)
}

/// Whether the session ends with the browser: nothing may put that off.
///
/// # Errors
/// When the session cannot be read.
pub async fn ends_with_browser(session: &Session) -> Result<bool, AppError> {
    Ok(session.get(SHARED).await.map_err(unavailable)?.unwrap_or(false))
}

/// Ends the session.
///
/// # Errors
/// When the session cannot be removed.
pub async fn end() -> Result<(), AppError> {
    session().await?.flush().await.map_err(unavailable)
}

/// Who is signed in, for a server function: the person whom its route let in.
///
/// # Errors
/// [`AppError::NotSignedIn`], also when the route lets in everybody.
pub fn signed_in() -> Result<Identity, AppError> {
    use_context::<Identity>().ok_or(AppError::NotSignedIn)
}

/// Who a session belongs to.
///
/// # Errors
/// [`AppError::NotSignedIn`] when nobody, or when the person was removed; [`AppError::Unavailable`].
pub async fn identity_of(session: &Session, store: &Store) -> Result<Identity, AppError> {
    let person: Option<PersonId> = session.get(PERSON).await.map_err(unavailable)?;
    let person = person.ok_or(AppError::NotSignedIn)?;
    store.person(person).await?.ok_or(AppError::NotSignedIn)
}

fn unavailable(error: tower_sessions::session::Error) -> AppError {
    tracing::error!(%error, "the session store failed");
    AppError::Unavailable
}
