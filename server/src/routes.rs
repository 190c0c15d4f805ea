//! One module for each group of addresses.

pub mod board;
pub mod files;
pub mod functions;
pub mod health;
pub mod operations;
pub mod pages;
pub mod reports;
pub mod stream;
pub mod worker;
