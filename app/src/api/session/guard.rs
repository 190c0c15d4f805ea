//! Who is asking. Every route that is not for everybody goes through here; the session holds only the person's id,
//! and the person is read from the database each time, so that a changed role counts at once.

use super::sign_in_guard::{Caller, SignInGuard};
use crate::error::AppError;
use domain::id::PersonId;
use domain::person::Identity;
use domain::session::Agent;
use domain::time::Date;
use http::HeaderMap;
use http::header::{SET_COOKIE, USER_AGENT};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use serde_json::Value;
use std::sync::Arc;
use store::{SessionData, Store};
use tower_sessions::{Expiry, Session};

/// Columns of [`SessionData`].
const PERSON: &str = "person";
const SHARED: &str = "shared";
const SEEN: &str = "seen";

/// The store, which the router hands to every server function.
///
/// # Errors
/// When the router did not: a fault of the program.
pub fn store() -> Result<Store, AppError> {
    use_context::<Store>().ok_or(AppError::Internal)
}

/// What guards the way in, handed over likewise.
///
/// # Errors
/// As for [`store`].
pub fn sign_in_guard() -> Result<Arc<SignInGuard>, AppError> {
    use_context::<Arc<SignInGuard>>().ok_or(AppError::Internal)
}

/// Who asks, as far as the network tells; handed over likewise.
///
/// # Errors
/// As for [`store`].
pub fn caller() -> Result<Caller, AppError> {
    use_context::<Caller>().ok_or(AppError::Internal)
}

/// The session of the request.
///
/// # Errors
/// When there is no session layer: a fault of the program.
pub async fn session() -> Result<Session, AppError> {
    leptos_axum::extract::<Session>().await.map_err(|_| AppError::Internal)
}

/// Makes the person the one of this session, under a new session id. On a shared computer it ends with the browser, and the
/// browser is not known the next time.
///
/// # Errors
/// When the session cannot be stored.
pub async fn begin(identity: &Identity, shared: bool) -> Result<(), AppError> {
    let headers = leptos_axum::extract::<HeaderMap>().await.map_err(|_| AppError::Internal)?;
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).map(Agent::of).unwrap_or_default();
    let session = session().await?;
    session.clear().await;
    session.cycle_id().await.map_err(unavailable)?;
    if shared {
        session.set_expiry(Some(Expiry::OnSessionEnd));
    } else {
        let (guards, before) = (sign_in_guard()?, caller()?.device);
        let device = guards.devices.signed_in(before.as_ref(), &identity.email, store::random());
        let answer = use_context::<ResponseOptions>().ok_or(AppError::Internal)?;
        answer.append_header(SET_COOKIE, guards.devices.cookie(&device));
    }
    let data = SessionData { person: identity.person, shared, seen: Date::of(store::now()), agent };
    let Ok(Value::Object(columns)) = serde_json::to_value(data) else { return Err(AppError::Internal) };
    for (column, value) in columns {
        session.insert_value(&column, value).await.map_err(unavailable)?;
    }
    Ok(())
}

/// A session lives on while it is used; on a shared computer its cookie ends with the browser all the same. It is written,
/// with a new end, once a day and not at every request.
///
/// # Errors
/// When the session cannot be read.
pub async fn put_off_expiry(session: &Session) -> Result<(), AppError> {
    let today = Date::of(store::now());
    if session.get::<Date>(SEEN).await.map_err(unavailable)? == Some(today) {
        return Ok(());
    }
    if session.get(SHARED).await.map_err(unavailable)?.unwrap_or(false) {
        session.set_expiry(Some(Expiry::OnSessionEnd));
    }
    session.insert(SEEN, today).await.map_err(unavailable)
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
