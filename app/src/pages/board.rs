//! The theme board: what the members have in common, live.
//!
//! The cards under their themes are one part; what draws more than cards (the matrix, the charts, the tour de table,
//! a card's detail) is another, fetched when it is first needed.

mod bar;
mod beside;
mod card;
pub mod charts;
mod columns;
pub mod detail;
mod filters;
pub mod found;
pub mod matrix;
mod seek;
pub mod state;
pub mod tour;
pub mod trend;
mod view;

pub use view::Board;
