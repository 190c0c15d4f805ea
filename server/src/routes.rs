//! One module for each group of addresses.

pub mod board;
pub mod files;
pub mod functions;
pub mod health;
pub mod history;
pub mod operations;
pub mod pages;
pub mod presence;
pub mod projection;
pub mod report_stream;
pub mod reports;
pub mod search;
pub mod stream;
pub mod submitted;
pub mod worker;
