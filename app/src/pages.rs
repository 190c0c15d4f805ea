//! The screens.

pub mod board;
pub mod home;
pub mod not_found;
pub mod presenter;
pub mod projector;
pub mod report;
pub mod safety;
pub mod sign_in;
