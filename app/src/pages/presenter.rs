//! The presenter's remote control: what the wall shows and what comes next in words, and everything that changes it, by
//! touch, keyboard or clicker.

mod drive;
mod floor;
mod keys;
mod place;
mod remote;
mod view;

pub use view::Presenting;
