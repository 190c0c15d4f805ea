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
    use domain::person::Email;

    let throttle = guard::throttle()?;
    let email = Email::parse(&credentials.email).ok();
    let key = email.as_ref().map_or_else(String::new, |email| email.as_str().to_owned());
    throttle.attempt(&key, store::now()).map_err(|retry_after_seconds| AppError::TooMany { retry_after_seconds })?;
    let person = guard::store()?.authenticate(email, credentials.passphrase.0).await?;
    let identity = person.ok_or(AppError::WrongCredentials)?;
    throttle.succeeded(&key);
    guard::begin(&identity, credentials.shared).await?;
    Ok(identity)
}
