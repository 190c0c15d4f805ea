//! The server functions, one to a file. Sync and the board's stream have routes of their own in the server,
//! because they are a documented wire format with its own statuses.
//!
//! Each has an explicit endpoint: the default one hashes the module's path, and a cached client would lose it at
//! the next refactor.

pub mod council;
pub mod session;
