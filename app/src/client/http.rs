//! Talking to the server, and telling its answers from those of a portal, a proxy or nobody.

use crate::error::AppError;
use domain::json;
use domain::sync::status::Reach;
use futures::future::{Either, select};
use gloo_net::http::{RequestBuilder, Response};
use gloo_timers::future::TimeoutFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::pin::pin;
use std::time::Duration;
use web_sys::AbortController;

/// How long an answer is waited for, in milliseconds.
const PATIENCE: u32 = 20_000;

/// Why there is no answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Nobody answered in time, or somebody else did: a portal's page, a redirection, a cut body.
    Unreachable,
    /// The server, or what stands before it, is in trouble or overloaded.
    Troubled(Option<Duration>),
    /// The server has no room to write.
    NoRoom,
    /// The person must sign in.
    SignedOut,
    /// The server will not do this.
    Refused(AppError),
}

impl Failure {
    /// What it says about the connection.
    #[must_use]
    pub const fn reach(&self) -> Reach {
        match self {
            Self::Unreachable => Reach::Unreachable,
            Self::Troubled(_) => Reach::Troubled,
            Self::NoRoom => Reach::NoRoom,
            Self::SignedOut => Reach::SignedOut,
            Self::Refused(_) => Reach::Answered,
        }
    }
}

/// `GET`s JSON.
///
/// # Errors
/// See [`Failure`].
pub async fn get<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    answer(RequestBuilder::new(path), None).await
}

/// `POST`s JSON for JSON. A body of the expected form is taken whatever its status: a push says 409 or 422 that way.
///
/// # Errors
/// See [`Failure`].
pub async fn post<B: Serialize, T: DeserializeOwned>(path: &str, body: &B) -> Result<T, Failure> {
    let body = json::write(body).to_string();
    let request = RequestBuilder::new(path).method(gloo_net::http::Method::POST);
    answer(request.header("content-type", "application/json"), Some(body)).await
}

async fn answer<T: DeserializeOwned>(request: RequestBuilder, body: Option<String>) -> Result<T, Failure> {
    let controller = AbortController::new().ok();
    let signal = controller.as_ref().map(AbortController::signal);
    let request = request.abort_signal(signal.as_ref()).header("accept", "application/json");
    let request = match body {
        Some(body) => request.body(body),
        None => request.build(),
    };
    let request = request.map_err(|_| Failure::Unreachable)?;
    let exchange = pin!(async {
        let response = request.send().await.map_err(|_| Failure::Unreachable)?;
        read(response).await
    });
    match select(exchange, TimeoutFuture::new(PATIENCE)).await {
        Either::Left((answer, _)) => answer,
        Either::Right(_) => {
            if let Some(controller) = controller {
                controller.abort();
            }
            Err(Failure::Unreachable)
        }
    }
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, Failure> {
    let status = response.status();
    let json = response.headers().get("content-type").is_some_and(|kind| kind.starts_with("application/json"));
    if !json || response.redirected() {
        return Err(if status >= 500 { Failure::Troubled(None) } else { Failure::Unreachable });
    }
    let text = response.text().await.map_err(|_| Failure::Unreachable)?;
    let trouble = || if status >= 500 { Failure::Troubled(None) } else { Failure::Unreachable };
    let body: Value = serde_json::from_str(&text).map_err(|_| trouble())?;
    if body.get("error").is_some()
        && let Ok(error) = json::read::<AppError>(&body)
    {
        return Err(match error {
            AppError::NotSignedIn | AppError::SomebodyElse => Failure::SignedOut,
            AppError::TooMany { retry_after_seconds } => {
                Failure::Troubled(Some(Duration::from_secs(retry_after_seconds)))
            }
            AppError::NoRoom => Failure::NoRoom,
            AppError::Unavailable | AppError::Internal => Failure::Troubled(None),
            other => Failure::Refused(other),
        });
    }
    T::deserialize(body).map_err(|_| trouble())
}
