//! The member's report: the form they know, saved on this device as they type.

mod conflict;
mod contact;
mod facts;
mod item;
mod reorder;
pub mod rescue;
mod section;
mod state;
mod status_bar;
mod submission;
mod view;

pub use view::Report;
