//! The member's report: the form they know, saved on this device as they type.

pub mod caret;
pub mod conflict;
mod contact;
mod facts;
mod item;
mod item_state;
mod reorder;
pub mod rescue;
mod section;
pub mod state;
mod status_bar;
mod submission;
pub mod together;
mod typing;
mod view;

pub use view::Report;
