//! The server functions of signing in and out, as this browser calls them.
//!
//! Through the same few lines as every other request: they tell a portal from the server, and the functions' own
//! client would bring a second way to fetch and to read JSON, 10 KB to download.

use super::http::{self, Failure};
use domain::person::Identity;
use domain::session::{SessionKey, SessionView};
use serde_json::{Value, json};

/// Asks for a session.
///
/// # Errors
/// See [`Failure`]; a wrong address or passphrase is a refusal.
pub async fn sign_in(email: &str, passphrase: &str, shared: bool) -> Result<Identity, Failure> {
    let credentials = json!({ "email": email, "passphrase": passphrase, "shared": shared });
    http::post("/api/sign-in", &json!({ "credentials": credentials })).await
}

/// Where the person is signed in.
///
/// # Errors
/// See [`Failure`].
pub async fn list() -> Result<Vec<SessionView>, Failure> {
    http::get("/api/sessions").await
}

/// Ends one of the person's sessions, or all but this one; says how many.
///
/// # Errors
/// See [`Failure`].
pub async fn end(which: Option<&SessionKey>) -> Result<usize, Failure> {
    http::post("/api/sessions/end", &json!({ "which": which })).await
}

/// Ends the session.
///
/// # Errors
/// See [`Failure`].
pub async fn sign_out() -> Result<(), Failure> {
    http::post::<Value, Value>("/api/sign-out", &json!({})).await.map(drop)
}
