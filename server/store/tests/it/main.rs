//! The store against real embedded databases: `mem://`, fresh for each test, and `surrealkv://` where the disk matters.

mod amendments;
mod backup;
mod compact;
mod concurrent;
mod demo;
mod disk;
mod durability;
mod earlier;
mod events;
mod projection;
mod push;
mod schema;
mod search;
mod support;
