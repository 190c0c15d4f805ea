//! The theme board: what the members have in common, live.
//!
//! The cards under their themes are one part, and are there first. What stands around them (the views, the search, the
//! filters, a card's detail, the other editions) is another, which comes right after.

mod arrivals;
pub mod bar;
mod beside;
mod card;
pub mod charts;
mod columns;
mod connection;
pub mod detail;
mod edition;
mod filters;
mod follow;
mod found;
mod give_way;
pub mod marked;
pub mod matrix;
mod named;
pub mod rest;
mod seek;
pub mod state;
mod strayed;
pub mod tour;
pub mod trend;
mod view;

pub use view::Board;
