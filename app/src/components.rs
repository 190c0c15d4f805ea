//! Pieces that several screens use.

pub mod alerts;
pub mod header;
pub mod more;
pub mod sight;
pub mod text_field;
pub mod when;
