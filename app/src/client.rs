//! What only the browser has: its storage, its network, its clock and its events. One thin adapter for each; the
//! decisions are the domain's.

pub mod address;
pub mod amendments;
pub mod archive;
pub mod channel;
pub mod context;
pub mod device;
pub mod format;
pub mod http;
pub mod journal;
pub mod json;
pub mod live;
pub mod local;
pub mod locks;
pub mod outbox;
pub mod replica;
pub mod reports;
pub mod session;
pub mod stream;
pub mod tabs;
pub mod wake;
pub mod wall;
pub mod worker;
