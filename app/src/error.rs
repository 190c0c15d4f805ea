//! The errors that cross the wire, and the one table from error to HTTP status.
//!
//! Every error body is JSON with an `error` name, for example `{"error":"too_large","limit_bytes":1048576}`. It
//! says what the person can do, never what broke inside: that goes to the log.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// Why a request was not served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum AppError {
    /// Nobody is signed in, or the session has ended.
    #[error("nobody is signed in")]
    NotSignedIn,
    /// Somebody else is signed in on this browser than the one who typed.
    #[error("somebody else is signed in")]
    SomebodyElse,
    /// The person's role or member does not allow it.
    #[error("not allowed")]
    Forbidden,
    /// The address and the passphrase do not go together.
    #[error("wrong address or passphrase")]
    WrongCredentials,
    /// Too many attempts or requests in a short time.
    #[error("too many attempts")]
    TooMany {
        /// When to try again, in seconds; also in `Retry-After`.
        retry_after_seconds: u64,
    },
    /// There is no such thing at this address.
    #[error("no such thing")]
    NotFound,
    /// The address does not take this method.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// The body or the address is not of the documented form.
    #[error("not of the documented form")]
    Malformed,
    /// The body is larger than the limit.
    #[error("too large")]
    TooLarge {
        /// Bytes accepted.
        limit_bytes: usize,
    },
    /// The body is not `application/json`.
    #[error("not JSON")]
    NotJson,
    /// The message is of a newer version than this server speaks.
    #[error("protocol not supported")]
    ProtocolNotSupported {
        /// The newest version that this server speaks.
        supported: u32,
    },
    /// The request comes from a page of another site.
    #[error("from another site")]
    CrossSite,
    /// The server cannot do it now: its database does not answer, or it is starting or stopping.
    #[error("unavailable")]
    Unavailable,
    /// There is no room on the server's disk: nothing was written. It goes on by itself when there is.
    #[error("no room")]
    NoRoom,
    /// Something broke inside.
    #[error("internal error")]
    Internal,
    /// Only on the device: no answer came, or it was not this server's.
    #[error("unreachable")]
    Unreachable,
}

domain::tagged!(AppError, "error");

impl AppError {
    /// The HTTP status of each error.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Malformed | Self::ProtocolNotSupported { .. } => 400,
            Self::NotSignedIn | Self::SomebodyElse | Self::WrongCredentials => 401,
            Self::Forbidden | Self::CrossSite => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::TooLarge { .. } => 413,
            Self::NotJson => 415,
            Self::TooMany { .. } => 429,
            Self::Internal => 500,
            Self::Unavailable | Self::Unreachable => 503,
            Self::NoRoom => 507,
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                Self::Malformed
            }
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::Unreachable,
            ServerFnErrorErr::UnsupportedRequestMethod(_) => Self::MethodNotAllowed,
            ServerFnErrorErr::Registration(_)
            | ServerFnErrorErr::ServerError(_)
            | ServerFnErrorErr::MiddlewareError(_)
            | ServerFnErrorErr::Serialization(_) => Self::Internal,
        }
    }
}

#[cfg(feature = "ssr")]
impl From<store::StoreError> for AppError {
    fn from(error: store::StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        if matches!(error, store::StoreError::Full(_)) { Self::NoRoom } else { Self::Unavailable }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_a_named_json_object() {
        let cases = [
            (AppError::NotSignedIn, r#"{"error":"not_signed_in"}"#, 401),
            (AppError::TooLarge { limit_bytes: 9 }, r#"{"error":"too_large","limit_bytes":9}"#, 413),
            (AppError::TooMany { retry_after_seconds: 3 }, r#"{"error":"too_many","retry_after_seconds":3}"#, 429),
        ];
        for (error, json, status) in cases {
            assert_eq!(serde_json::to_string(&error).expect("JSON"), json);
            assert_eq!(error.status(), status);
        }
    }
}
