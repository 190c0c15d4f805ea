//! What the browser and the server share above the domain: errors, server functions, the shell, and the screens.

pub mod api;
pub mod error;
#[cfg(feature = "ssr")]
pub mod shell;
