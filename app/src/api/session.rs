//! Signing in and out, and where one is signed in.

#[cfg(feature = "ssr")]
pub mod device;
pub mod end;
#[cfg(feature = "ssr")]
pub mod guard;
pub mod list;
pub mod sign_in;
#[cfg(feature = "ssr")]
pub mod sign_in_guard;
pub mod sign_out;
#[cfg(feature = "ssr")]
pub mod throttle;
