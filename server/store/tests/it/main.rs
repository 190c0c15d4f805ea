//! The store against real databases: `contract` on `mem://`, `surrealkv://` and a `ws://` server, fresh for each test; the
//! rest where the disk, or several stores on one server, matter.

mod amendments;
mod backup;
mod compact;
mod concurrent;
mod contract;
mod demo;
mod disk;
mod durability;
mod earlier;
mod events;
mod history;
mod projection;
mod push;
mod quota;
mod schema;
mod search;
mod sessions;
mod sign_in;
mod support;
mod two_stores;
