//! Signing in and out.

#[cfg(feature = "ssr")]
pub mod guard;
pub mod sign_in;
pub mod sign_out;
#[cfg(feature = "ssr")]
pub mod throttle;
