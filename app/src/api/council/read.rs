//! `GET /api/council`: what the signed-in person's screens need to know; kept on the device for later.

use crate::error::AppError;
use domain::council::CouncilView;
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};

/// The council, its members, editions and themes, and who is asking.
///
/// # Errors
/// [`AppError::NotSignedIn`], [`AppError::Unavailable`].
#[server(prefix = "/api", endpoint = "council", input = GetUrl, output = Json)]
pub async fn read_council() -> Result<CouncilView, AppError> {
    use crate::api::session::guard;

    let identity = guard::signed_in()?;
    Ok(guard::store()?.council_view(identity).await?)
}
