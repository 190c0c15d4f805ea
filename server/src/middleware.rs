//! What holds for every request.

pub mod cookies;
pub mod guards;
pub mod host;
pub mod limits;
pub mod origin;
pub mod request_id;
pub mod security;
