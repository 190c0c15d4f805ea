//! `POST /api/sign-out`: ends the session. What the device holds is the device's business.

use crate::error::AppError;
use leptos::prelude::*;
use leptos::server_fn::codec::Json;

/// Ends the session, if there is one.
///
/// # Errors
/// [`AppError::Unavailable`].
#[server(prefix = "/api", endpoint = "sign-out", input = Json, output = Json)]
pub async fn sign_out() -> Result<(), AppError> {
    super::guard::end().await
}
