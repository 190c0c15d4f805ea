//! The wall of the meeting room: what the presenter chose, large, in the screen's own language. It has no controls.

pub(in crate::pages) mod cards;
pub(in crate::pages) mod fit;
pub(in crate::pages) mod room;
pub(in crate::pages) mod state;
mod tables;
pub(in crate::pages) mod view;

pub use view::Projector;
