//! The server functions, through Leptos, with its answers put into this server's form.
//!
//! Leptos answers an error with 500; the client of its functions decides by the status being 400 or more and reads
//! the body, so the error's own status can be told. Leptos also redirects a form's post to its `Referer`; an API
//! never redirects, so the two headers that make it do so are taken away.

use crate::asker::Asker;
use crate::error::ApiError;
use crate::middleware::limits::Peer;
use crate::routes::operations::{body, check_json};
use crate::state::AppState;
use app::api::council::read::ReadCouncil;
use app::api::session::end::EndSessions;
use app::api::session::guard;
use app::api::session::list::ListSessions;
use app::api::session::sign_in::SignIn;
use app::api::session::sign_in_guard::Caller;
use app::api::session::sign_out::SignOut;
use app::error::AppError;
use app::security::{Event, Outcome};
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use domain::id::PersonId;
use http::Method;
use http::header::{ACCEPT, REFERER};
use http::request::Parts;
use leptos::prelude::provide_context;
use leptos::server_fn::axum::register_explicit;
use std::sync::{Arc, Once};
use tower_sessions::Session;

/// Bytes in the arguments of a server function; its route sets it as the limit.
pub const ARGUMENT_BYTES: usize = 16 << 10;
/// Bytes in the body of an error.
const ERROR_BYTES: usize = 4 << 10;
const ERROR_MARK: &str = "serverfnerror";

/// `POST /api/sign-in`, so many times a minute.
pub async fn sign_in(state: State<AppState>, request: Request) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let caller = caller(&state, &parts);
    state.limits.sign_in(&caller).inspect_err(|_| {
        Event { name: "sign_in", outcome: Outcome::Throttled, peer: caller.peer }.of_nobody();
    })?;
    call(state, Request::from_parts(parts, body)).await
}

/// `POST /api/sign-out`.
pub async fn sign_out(state: State<AppState>, request: Request) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    state.limits.stranger(Peer::of(&parts, state.behind_proxy))?;
    let person = signed_in(&parts, &state).await;
    let event = Event { name: "sign_out", outcome: Outcome::Done, peer: caller(&state, &parts).peer };
    let answer = call(state, Request::from_parts(parts, body)).await?;
    if let Some(person) = person {
        event.of_person(person);
    }
    Ok(answer)
}

/// Who is signed in, as far as can be told.
async fn signed_in(parts: &Parts, state: &AppState) -> Option<PersonId> {
    let session = parts.extensions.get::<Session>()?;
    Some(guard::identity_of(session, &state.store).await.ok()?.person)
}

/// Who asks, as far as the network and a cookie tell.
fn caller(state: &AppState, parts: &Parts) -> Caller {
    Caller {
        peer: Peer::of(parts, state.behind_proxy).address(),
        device: state.sign_in_guard.devices.of(&parts.headers),
    }
}

/// Any server function, by its path. It is handed the person whom the route let in, if it asked for one.
pub async fn call(State(state): State<AppState>, request: Request) -> Result<Response, ApiError> {
    register();
    let (parts, body) = request.into_parts();
    let caller = caller(&state, &parts);
    let identity = parts.extensions.get::<Asker>().map(|asker| asker.identity.clone());
    let request = prepare(Request::from_parts(parts, body)).await?;
    let give = move || {
        if let Some(identity) = identity.clone() {
            provide_context(identity);
        }
        provide_context(state.store.clone());
        provide_context(Arc::clone(&state.sign_in_guard));
        provide_context(caller.clone());
    };
    let response = leptos_axum::handle_server_fns_with_context(give, request).await.into_response();
    answer(response).await
}

/// By name, and not by what the linker kept.
fn register() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        register_explicit::<SignIn>();
        register_explicit::<SignOut>();
        register_explicit::<ReadCouncil>();
        register_explicit::<ListSessions>();
        register_explicit::<EndSessions>();
    });
}

async fn prepare(request: Request) -> Result<Request, AppError> {
    let (mut parts, incoming) = request.into_parts();
    parts.headers.remove(REFERER);
    parts.headers.remove(ACCEPT);
    if parts.method == Method::HEAD {
        parts.method = Method::GET;
    }
    if parts.method == Method::GET {
        return Ok(Request::from_parts(parts, Body::empty()));
    }
    check_json(&parts.headers)?;
    let bytes = body(Request::from_parts(parts.clone(), incoming), ARGUMENT_BYTES).await?;
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

async fn answer(response: Response) -> Result<Response, ApiError> {
    if !response.status().is_client_error() && !response.status().is_server_error() {
        return Ok(response);
    }
    let marked = response.headers().contains_key(ERROR_MARK);
    let body = to_bytes(response.into_body(), ERROR_BYTES).await.unwrap_or_default();
    match serde_json::from_slice::<AppError>(&body) {
        Ok(error) if marked => Err(ApiError(error)),
        _ => {
            tracing::error!("a server function answered in an unknown form");
            Err(ApiError(AppError::Internal))
        }
    }
}
