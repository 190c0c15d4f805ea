//! Reading JSON.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads a text through the library's general form. Each type's reader is then compiled for one source instead of
/// two (the wire keeps what it does not know in that form already), which the browser does not have to download.
pub fn parse<T: DeserializeOwned>(text: &str) -> Option<T> {
    let value: Value = serde_json::from_str(text).ok()?;
    T::deserialize(value).ok()
}
