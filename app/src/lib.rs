//! What the browser and the server share above the domain: errors, server functions, the shell, and the screens.

pub mod api;
pub mod error;
pub mod routes;
#[cfg(feature = "ssr")]
pub mod security;
#[cfg(feature = "ssr")]
pub mod shell;

#[cfg(feature = "csr")]
pub mod app;
#[cfg(feature = "csr")]
pub mod client;
#[cfg(feature = "csr")]
pub mod components;
#[cfg(feature = "csr")]
pub mod pages;
#[cfg(feature = "csr")]
pub mod parts;
#[cfg(feature = "csr")]
pub mod reactive;
#[cfg(feature = "csr")]
pub mod words;

#[cfg(feature = "csr")]
#[expect(missing_docs, reason = "generated from the translations")]
mod translations {
    include!(concat!(env!("OUT_DIR"), "/i18n/mod.rs"));
}
#[cfg(feature = "csr")]
pub use translations::i18n;
