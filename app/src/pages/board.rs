//! The theme board: what the members have in common, live.

mod card;
mod group;
mod state;
mod view;

pub use view::Board;
