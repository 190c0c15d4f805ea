//! Signing in and out, and where one is signed in.

#[cfg(feature = "ssr")]
pub mod device;
#[cfg(feature = "ssr")]
pub mod door;
pub mod end;
#[cfg(feature = "ssr")]
pub mod guard;
pub mod list;
pub mod sign_in;
pub mod sign_out;
#[cfg(feature = "ssr")]
pub mod throttle;
