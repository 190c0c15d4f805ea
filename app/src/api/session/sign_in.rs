//! `POST /api/sign-in`: an address and a passphrase for a session.

use crate::error::AppError;
use domain::person::Identity;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a person types to sign in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Credentials {
    /// As typed; an address that is none is a wrong one.
    pub email: String,
    /// As typed.
    pub passphrase: Passphrase,
    /// Whether others use this computer: the session then ends with the browser.
    #[serde(default)]
    pub shared: bool,
}

/// A passphrase; it never shows in a log.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Passphrase(pub String);

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

/// Signs in and sets the session cookie. One message for a wrong address and a wrong passphrase, after the same
/// work; slowed after repeated failures.
///
/// # Errors
/// [`AppError::WrongCredentials`], [`AppError::TooMany`], [`AppError::Unavailable`].
#[server(prefix = "/api", endpoint = "sign-in", input = Json, output = Json)]
pub async fn sign_in(
    /// What was typed.
    credentials: Credentials,
) -> Result<Identity, AppError> {
    use super::guard;
    use crate::security::{Event, Outcome};
    use domain::person::Email;

    let (guards, caller) = (guard::sign_in_guard()?, guard::caller()?);
    let failed = |error: AppError| {
        let outcome = if error == AppError::WrongCredentials { Outcome::Refused } else { Outcome::Throttled };
        let account = guards.devices.pseudonym(&credentials.email.trim().to_lowercase());
        Event { name: "sign_in", outcome, peer: caller.peer }.of_account(&account);
        error
    };
    let email = Email::parse(&credentials.email).ok();
    let attempt = guards.attempt(email.as_ref(), &caller, store::now()).map_err(&failed)?;
    tokio::time::sleep(attempt.pause).await;
    // Whoever was not looked at has not failed.
    let unseen = |error: AppError| {
        guards.withdraw(&attempt);
        error
    };
    let permit = guards.permit(&attempt).await.map_err(|error| unseen(failed(error)))?;
    let person = guard::store()?.authenticate(email, credentials.passphrase.0.clone(), permit).await;
    let person = person.map_err(|error| unseen(error.into()))?;
    let identity = person.ok_or(AppError::WrongCredentials).map_err(&failed)?;
    guards.succeeded(&attempt);
    guard::begin(&identity, credentials.shared).await?;
    Event { name: "sign_in", outcome: Outcome::Done, peer: caller.peer }.of_person(identity.person);
    Ok(identity)
}
