//! The server over real HTTP: the router as it is served, on a port of its own, on an in-memory database with the
//! demonstration in it. The modules mirror the routes.

mod amendments;
mod binary;
mod board;
mod connections;
mod council;
mod faults;
mod files;
mod health;
mod history;
mod hostile;
mod killed;
mod operations;
mod pages;
mod permit;
mod presence;
mod projection;
mod report_stream;
mod reports;
mod search;
mod security;
mod session;
mod sse;
mod stream;
mod stream_unread;
mod submitted;
mod support;
#[path = "../../store/tests/it/support/tmpfs.rs"]
mod tmpfs;
